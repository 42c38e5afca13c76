import Base
import SASL
import Testing

@Suite struct PlainCredentialsTests {
    @Test(arguments: [
        ("\0ann\0secret", "", "ann", "secret"), ("team\0ann\0s p", "team", "ann", "s p"),
        ("\0müller\0ü", "", "müller", "ü"),
    ])
    func `the message of PLAIN is read and written`(
        message: String,
        authorization: String,
        name: String,
        password: String
    ) {
        let credentials = PlainCredentials(plain: Array(message.utf8))
        #expect(credentials?.authorization == authorization)
        #expect(credentials?.authentication == name)
        #expect(credentials?.password.exposed == Array(password.utf8))
        #expect(credentials?.plainMessage == Array(message.utf8))
    }

    @Test(arguments: ["", "ann", "\0ann", "\0ann\0", "\0\0secret", "a\0b\0c\0d"])
    func `what is no message of PLAIN is refused`(message: String) {
        #expect(PlainCredentials(plain: Array(message.utf8)) == nil)
    }

    @Test func `names are UTF-8 and messages have a limit`() {
        #expect(PlainCredentials(plain: [0, 0xFF, 0, 0x61]) == nil)
        #expect(PlainCredentials(plain: [0, 0x61, 0] + [UInt8](repeating: 0x61, count: Limits.saslResponse)) == nil)
    }

    @Test func `a password is not printed`() {
        let credentials = PlainCredentials(authentication: "ann", password: Secret("s3cret"))
        #expect(!"\(credentials)".contains("s3cret"))
        #expect(!String(reflecting: credentials).contains("s3cret"))
    }
}

@Suite struct ServerExchangeTests {
    private static func exchange(_ mechanism: SASLMechanism) -> SASLServerExchange? {
        SASLServerExchange(mechanism, bindings: .none) {
            ScramChallenge(parameters: ScramCredential.Parameters(salt: Array($0.utf8)), nonce: "nonce")
        }
    }

    private func text(_ step: SASLServerExchange.Step) -> String {
        switch step {
        case .challenge(let challenge): "challenge \(String(decoding: challenge, as: UTF8.self))"
        case .credentials(.password(let credentials)):
            "\(credentials.authentication) \(String(decoding: credentials.password.exposed, as: UTF8.self))"
        case .credentials(.scram(let proof)): "proof of \(proof.user)"
        case .malformed: "malformed"
        }
    }

    @Test(
        arguments: [
            (SASLMechanism.plain, "\0ann\0secret", [], ["ann secret"]),
            (.plain, nil, ["\0ann\0secret"], ["challenge ", "ann secret"]),
            (.plain, "junk", ["\0ann\0secret"], ["malformed", "malformed"]),
            (.login, nil, ["ann", "secret"], ["challenge Username:", "challenge Password:", "ann secret"]),
            (.login, "ann", ["secret"], ["challenge Password:", "ann secret"]), (.login, "", [], ["malformed"]),
            (.login, "ann", ["", "secret"], ["challenge Password:", "malformed", "malformed"]),
            (.login, "a\0b", [], ["malformed"]),
            (.login, nil, ["ann", "s\0t"], ["challenge Username:", "challenge Password:", "malformed"]),
        ] as [(SASLMechanism, String?, [String], [String])]
    )
    func `an exchange goes through its steps`(
        mechanism: SASLMechanism,
        initial: String?,
        responses: [String],
        steps: [String]
    ) throws {
        var exchange = try #require(Self.exchange(mechanism))
        var seen = [text(exchange.start(initialResponse: initial.map { Array($0.utf8) }))]
        for response in responses { seen.append(text(exchange.receive(Array(response.utf8)))) }
        #expect(seen == steps)
    }

    @Test func `tokens are not taken by our servers`() {
        #expect(Self.exchange(.xoauth2) == nil)
        #expect(Self.exchange(.oauthBearer) == nil)
        #expect(SASLMechanism(name: "plain") == .plain)
        #expect(SASLMechanism(name: "GSSAPI") == nil)
    }
}

@Suite struct ClientExchangeTests {
    private let password = ClientCredentials.password(
        PlainCredentials(authentication: "ann", password: Secret("secret"))
    )
    private let token = ClientCredentials.bearer(
        user: "ann@example.org",
        token: Secret("ya29.abc"),
        host: "smtp.example.org",
        port: 587
    )

    private func text(_ secret: Secret?) -> String? { secret.map { String(decoding: $0.exposed, as: UTF8.self) } }

    @Test(
        arguments: [
            (["LOGIN", "PLAIN"], SASLMechanism.plain), (["login"], .login), (["GSSAPI", "XOAUTH2"], nil), ([], nil),
        ] as [([String], SASLMechanism?)]
    )
    func `a password goes by the best mechanism that is offered`(offered: [String], mechanism: SASLMechanism?) {
        #expect(SASLClientExchange(offered: offered, credentials: password)?.mechanism == mechanism)
    }

    @Test func `PLAIN says everything at once`() throws {
        var exchange = try #require(SASLClientExchange(offered: ["PLAIN"], credentials: password))
        #expect(text(exchange.initialResponse) == "\0ann\0secret")
        #expect(text(exchange.respond(to: [], isAnswerToCommand: true)) == "\0ann\0secret")
        #expect(exchange.respond(to: []) == nil)
    }

    @Test func `LOGIN answers two questions, however they are worded`() throws {
        var exchange = try #require(SASLClientExchange(offered: ["LOGIN"], credentials: password))
        #expect(exchange.initialResponse == nil)
        #expect(text(exchange.respond(to: Array("User Name".utf8), isAnswerToCommand: true)) == "ann")
        #expect(text(exchange.respond(to: Array("Pass".utf8))) == "secret")
        #expect(exchange.respond(to: []) == nil)
    }

    @Test func `XOAUTH2 sends the token and answers a refusal with nothing`() throws {
        var exchange = try #require(SASLClientExchange(offered: ["PLAIN", "XOAUTH2"], credentials: token))
        #expect(text(exchange.initialResponse) == "user=ann@example.org\u{1}auth=Bearer ya29.abc\u{1}\u{1}")
        let challenge = #"{"status":"401","schemes":"bearer","scope":"https://mail.example.org/"}"#
        #expect(text(exchange.respond(to: Array(challenge.utf8))) == "")
        #expect(exchange.refusal == challenge)
        #expect(exchange.respond(to: []) == nil)
    }

    @Test func `OAUTHBEARER sends the message of RFC 7628 and ends a refusal with its dummy`() throws {
        let credentials = ClientCredentials.bearer(
            user: "a=b,c@example.org",
            token: Secret("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="),
            host: "server.example.com",
            port: 143
        )
        var exchange = try #require(SASLClientExchange(offered: ["OAUTHBEARER"], credentials: credentials))
        #expect(
            text(exchange.initialResponse)
                == "n,a=a=3Db=2Cc@example.org,\u{1}host=server.example.com\u{1}port=143\u{1}"
                + "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u{1}\u{1}"
        )
        #expect(text(exchange.respond(to: Array(#"{"status":"invalid_token"}"#.utf8))) == "\u{1}")
        #expect(exchange.refusal == #"{"status":"invalid_token"}"#)
    }

    @Test(arguments: ["a\u{1}b", "a\r\nb", "a\0b"])
    func `credentials cannot break the message they stand in`(name: String) {
        let bearer = ClientCredentials.bearer(user: name, token: Secret("t"), host: "h", port: 1)
        #expect(SASLClientExchange(offered: ["XOAUTH2"], credentials: bearer) == nil)
        let stolen = ClientCredentials.bearer(user: "ann", token: Secret(name), host: "h", port: 1)
        #expect(SASLClientExchange(offered: ["XOAUTH2"], credentials: stolen) == nil)
        let plain = ClientCredentials.password(PlainCredentials(authentication: "a\0b", password: Secret("x")))
        #expect(SASLClientExchange(offered: ["PLAIN"], credentials: plain) == nil)
    }
}
