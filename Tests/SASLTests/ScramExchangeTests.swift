import Base
import Crypto
import SASL
import TestSupport
import Testing

@Suite struct ScramExchangeTests {
    private static let parameters = ScramCredential.Parameters(
        salt: Base64.decode("W22ZaJ0SNY7soEsUEjb6gQ==".utf8) ?? [],
        iterations: 4096
    )
    private static let credential = ScramCredential.make(Secret("pencil"), parameters)
    private static let exporter = [UInt8](repeating: 7, count: 32)

    private func exchange(
        _ mechanism: SASLMechanism = .scramSHA256,
        bindings: ChannelBindings = .none
    ) -> SASLServerExchange? {
        SASLServerExchange(mechanism, bindings: bindings) { _ in
            ScramChallenge(parameters: Self.parameters, nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
        }
    }

    private func challenge(_ step: SASLServerExchange.Step) -> String? {
        if case .challenge(let bytes) = step { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    private func proof(_ step: SASLServerExchange.Step) -> ScramProof? {
        if case .credentials(.scram(let proof)) = step { proof } else { nil }
    }

    @Test func `the example of RFC 7677 §3`() throws {
        var exchange = try #require(self.exchange())
        let first = exchange.start(initialResponse: Array("n,,n=user,r=rOprNGfwEbeRWgbNEkqO".utf8))
        #expect(
            challenge(first)
                == "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
        )
        let last = exchange.receive(
            Array(
                """
                c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=
                """.utf8
            )
        )
        let proof = try #require(self.proof(last))
        #expect(proof.user == "user" && proof.authorization.isEmpty)
        #expect(proof.isProof(of: Self.credential))
        #expect(!proof.isProof(of: ScramCredential.make(Secret("pencils"), Self.parameters)))
        #expect(proof.serverFinal(Self.credential) == Array("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=".utf8))
    }

    /// Plays an exchange to its end; gives who it was where the proof holds.
    private func play(
        _ client: ScramClient,
        _ mechanism: SASLMechanism,
        bindings: ChannelBindings
    ) -> (user: String, authorization: String, serverFinalIsRight: Bool)? {
        guard var exchange = exchange(mechanism, bindings: bindings),
            let serverFirst = challenge(exchange.start(initialResponse: Array(client.first.utf8)))
        else { return nil }
        let final = client.final(serverFirst)
        guard let proof = proof(exchange.receive(Array(final.message.utf8))), proof.isProof(of: Self.credential)
        else { return nil }
        let isRight = proof.serverFinal(Self.credential) == Array(final.serverFinal.utf8)
        return (proof.user, proof.authorization, isRight)
    }

    @Test func `a channel is bound by the kinds we give`() throws {
        let bindings = ChannelBindings(exporter: Self.exporter, serverEndPoint: [1, 2, 3])
        for (header, octets) in [("p=tls-exporter,,", Self.exporter), ("p=tls-server-end-point,,", [1, 2, 3])] {
            let client = ScramClient(user: "user", password: Secret("pencil"), header: header, binding: octets)
            let played = try #require(play(client, .scramSHA256Plus, bindings: bindings))
            #expect(played.user == "user" && played.serverFinalIsRight)
            // Somebody between us and the client has a channel of their own.
            let other = ScramClient(user: "user", password: Secret("pencil"), header: header, binding: [9])
            #expect(play(other, .scramSHA256Plus, bindings: bindings) == nil)
        }
    }

    @Test func `what the header says must fit the mechanism and what we announced`() {
        let bindings = ChannelBindings(exporter: Self.exporter)
        func plays(_ header: String, _ octets: [UInt8], _ mechanism: SASLMechanism, _ bindings: ChannelBindings) -> Bool
        {
            let client = ScramClient(user: "user", password: Secret("pencil"), header: header, binding: octets)
            return play(client, mechanism, bindings: bindings) != nil
        }
        #expect(plays("n,,", [], .scramSHA256, bindings))
        #expect(plays("y,,", [], .scramSHA256, .none))
        // RFC 5802 §6: somebody took -PLUS out of what we announced.
        #expect(!plays("y,,", [], .scramSHA256, bindings))
        #expect(!plays("n,,", [], .scramSHA256Plus, bindings))
        #expect(!plays("p=tls-exporter,,", Self.exporter, .scramSHA256, bindings))
        #expect(!plays("p=tls-unique,,", [1], .scramSHA256Plus, bindings))
        #expect(exchange(.scramSHA256Plus) == nil)
        #expect(SASLServerExchange.offered(bindings: .none) == [.scramSHA256, .plain, .login])
        #expect(SASLServerExchange.offered(bindings: bindings).first == .scramSHA256Plus)
    }

    @Test func `names are unescaped, and one may ask to act as another`() throws {
        let client = ScramClient(user: "a=2Cb=3Dc", password: Secret("pencil"), header: "n,a=ann,")
        let played = try #require(play(client, .scramSHA256, bindings: .none))
        #expect(played.user == "a,b=c" && played.authorization == "ann")
    }

    @Test(arguments: [
        "", "n", "n,", "n,,", "n,,n=user", "n,,n=,r=x", "n,,r=x,n=user", "n,,n=user,r=", "n,,n=user,r=a b",
        "x,,n=u,r=x",
        "p=,,n=u,r=x", "n,b=x,n=u,r=x", "n,,m=new,n=u,r=x", "n,,n=a=2Gb,r=x", "n,,n=a=,r=x", "n,,n=\u{0},r=x",
    ])
    func `what is no first message is refused`(message: String) throws {
        var exchange = try #require(self.exchange())
        guard case .malformed = exchange.start(initialResponse: Array(message.utf8)) else {
            Issue.record("\(message) was taken")
            return
        }
        guard case .malformed = exchange.receive(Array("n,,n=user,r=x".utf8)) else {
            Issue.record("the exchange went on")
            return
        }
    }

    @Test(arguments: [
        "", "c=biws", "c=biws,r=x,p=AAAA", "c=%,r=NONCE,p=AAAA", "c=biws,r=NONCE", "c=biws,r=NONCE,p=!",
        "r=NONCE,c=biws,p=AAAA", "c=eSws,r=NONCE,p=AAAA",
    ])
    func `what is no last message is refused`(message: String) throws {
        var exchange = try #require(self.exchange())
        _ = exchange.start(initialResponse: Array("n,,n=user,r=x".utf8))
        let text = message.split(separator: "NONCE", omittingEmptySubsequences: false)
            .joined(separator: "x%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
        guard case .malformed = exchange.receive(Array(text.utf8)) else {
            Issue.record("\(text) was taken")
            return
        }
    }

    @Test func `a proof of the wrong length proves nothing`() throws {
        var exchange = try #require(self.exchange())
        _ = exchange.start(initialResponse: Array("n,,n=user,r=x".utf8))
        let text = "c=biws,r=x%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=AAAA"
        let proof = try #require(self.proof(exchange.receive(Array(text.utf8))))
        #expect(!proof.isProof(of: Self.credential))
    }
}
