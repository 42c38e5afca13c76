import Base
import Net
import SASL
import SMTPClient
import SMTPWire
import TestSupport
import Testing

@Suite struct SetUpTests {
    private let password = ClientCredentials.password(
        PlainCredentials(authentication: "ann", password: Secret("secret"))
    )
    private let token = ClientCredentials.bearer(
        user: "ann@example.org",
        token: Secret("ya29"),
        host: "smtp.example.net",
        port: 587
    )

    private func base64(_ text: String) -> String { Base64.encode(Array(text.utf8)) }

    @Test func `a plain server is greeted and is ready`() {
        let talk = Dialogue()
        #expect(talk.hear("220 smtp.example.net ready\r\n") == "EHLO greenroom.example.org\r\n")
        #expect(talk.hear(Dialogue.ehlo(["PIPELINING", "SIZE 1000"])) == "")
        #expect(talk.isReady)
        #expect(talk.engine.capabilities.maximumSize == 1000)
        #expect(talk.quit() == "QUIT\r\n")
        _ = talk.hear("221 bye\r\n")
        #expect(talk.isClosed)
        #expect(talk.failure == nil)
    }

    @Test func `an old server is greeted with HELO`() {
        let talk = Dialogue()
        _ = talk.hear("220-smtp.example.net\r\n220 no news\r\n")
        #expect(talk.hear("502 what?\r\n") == "HELO greenroom.example.org\r\n")
        _ = talk.hear("250 fine\r\n")
        #expect(talk.isReady)
        #expect(talk.engine.capabilities == SMTPCapabilities())
    }

    @Test(arguments: [("554 no mail for you\r\n", true), ("421 later\r\n", false), ("250 what\r\n", false)])
    func `a greeting that is none ends the session`(greeting: String, isPermanent: Bool) {
        let talk = Dialogue()
        #expect(talk.hear(greeting) == "")
        #expect(talk.failure?.stage == .greeting)
        #expect(talk.failure?.isPermanent == isPermanent)
        #expect(talk.isClosed)
    }

    @Test func `STARTTLS is required where it is asked for, and everything is asked again behind it`() {
        let talk = Dialogue(.startTLS, credentials: password)
        _ = talk.hear("220 hi\r\n")
        #expect(talk.hear(Dialogue.ehlo(["STARTTLS", "AUTH LOGIN", "SIZE 5"])) == "STARTTLS\r\n")
        #expect(talk.hear("220 go\r\n") == "EHLO greenroom.example.org\r\n")
        #expect(talk.handshakes == 1)
        #expect(talk.engine.capabilities == SMTPCapabilities(), "what was said in the clear is forgotten")
        #expect(talk.hear(Dialogue.ehlo(["AUTH PLAIN LOGIN"])) == "AUTH PLAIN \(base64("\0ann\0secret"))\r\n")
        _ = talk.hear("235 2.7.0 welcome\r\n")
        #expect(talk.isReady)
    }

    @Test func `without TLS there is neither a session nor a log-in where TLS is required`() {
        let required = Dialogue(.startTLS)
        _ = required.hear("220 hi\r\n")
        #expect(required.hear(Dialogue.ehlo(["AUTH PLAIN"])) == "")
        #expect(required.failure == SMTPFailure(.startTLS, .noTLS))
        let refused = Dialogue(.startTLS)
        _ = refused.hear("220 hi\r\n")
        _ = refused.hear(Dialogue.ehlo(["STARTTLS"]))
        _ = refused.hear("454 4.7.0 not now\r\n")
        #expect(refused.failure?.reply?.code == 454)
        let stripped = Dialogue(.opportunisticTLS, credentials: password)
        _ = stripped.hear("220 hi\r\n")
        #expect(stripped.hear(Dialogue.ehlo(["AUTH PLAIN"])) == "", "the password stays here")
        #expect(stripped.failure == SMTPFailure(.logIn, .noTLS))
        let content = Dialogue(.opportunisticTLS)
        _ = content.hear("220 hi\r\n")
        _ = content.hear(Dialogue.ehlo([]))
        #expect(content.isReady)
    }

    @Test(arguments: ["250 AUTH PLAIN\r\n", "x", "220", "\r\n"])
    func `bytes behind the reply to STARTTLS are fatal`(behind: String) {
        let talk = Dialogue(.startTLS, credentials: password)
        _ = talk.hear("220 hi\r\n")
        _ = talk.hear(Dialogue.ehlo(["STARTTLS"]))
        #expect(talk.hear("220 go\r\n" + behind) == "")
        #expect(talk.handshakes == 0)
        #expect(talk.failure?.stage == .startTLS)
        #expect(talk.isClosed)
    }

    @Test func `LOGIN answers two questions`() {
        let talk = Dialogue(credentials: password)
        _ = talk.hear("220 hi\r\n")
        #expect(talk.hear(Dialogue.ehlo(["AUTH LOGIN"])) == "AUTH LOGIN\r\n")
        #expect(talk.hear("334 VXNlcm5hbWU6\r\n") == "\(base64("ann"))\r\n")
        #expect(talk.hear("334 UGFzc3dvcmQ6\r\n") == "\(base64("secret"))\r\n")
        _ = talk.hear("235 ok\r\n")
        #expect(talk.isReady)
    }

    @Test func `a wrong password is a failure with the server's words`() {
        let talk = Dialogue(credentials: password)
        _ = talk.hear("220 hi\r\n")
        _ = talk.hear(Dialogue.ehlo(["AUTH PLAIN"]))
        _ = talk.hear("535 5.7.8 no\r\n")
        #expect(talk.failure?.description == "logIn: 535 5.7.8 no")
        #expect(talk.isClosed)
    }

    @Test func `a refused token brings the server's reason`() {
        let talk = Dialogue(credentials: token)
        _ = talk.hear("220 hi\r\n")
        let message = base64("user=ann@example.org\u{1}auth=Bearer ya29\u{1}\u{1}")
        #expect(talk.hear(Dialogue.ehlo(["AUTH PLAIN XOAUTH2"])) == "AUTH XOAUTH2 \(message)\r\n")
        #expect(talk.hear("334 \(base64(#"{"status":"401"}"#))\r\n") == "\r\n")
        _ = talk.hear("535 5.7.8 refused\r\n")
        let reply = SMTPReply(535, EnhancedStatus(5, 7, 8), "refused")
        #expect(talk.failure == SMTPFailure(.logIn, .tokenRefused(#"{"status":"401"}"#, reply)))
    }

    @Test func `a token that is too long for the command waits for the question`() {
        let long = String(repeating: "t", count: 10_000)
        let talk = Dialogue(
            credentials: .bearer(user: "ann@example.org", token: Secret(long), host: "smtp.example.net", port: 587)
        )
        _ = talk.hear("220 hi\r\n")
        #expect(talk.hear(Dialogue.ehlo(["AUTH XOAUTH2"])) == "AUTH XOAUTH2\r\n")
        let message = base64("user=ann@example.org\u{1}auth=Bearer \(long)\u{1}\u{1}")
        #expect(talk.hear("334 \r\n") == "\(message)\r\n")
        _ = talk.hear("235 ok\r\n")
        #expect(talk.isReady)
    }

    @Test func `an endless exchange is given up`() {
        let talk = Dialogue(credentials: password)
        _ = talk.hear("220 hi\r\n")
        _ = talk.hear(Dialogue.ehlo(["AUTH PLAIN"]))
        #expect(talk.hear("334 more\r\n") == "*\r\n")
        _ = talk.hear("501 fine\r\n")
        #expect(talk.failure?.stage == .logIn)
    }

    @Test func `no mechanism fits`() {
        let talk = Dialogue(credentials: token)
        _ = talk.hear("220 hi\r\n")
        #expect(talk.hear(Dialogue.ehlo(["AUTH PLAIN GSSAPI"])) == "")
        #expect(talk.failure == SMTPFailure(.logIn, .noMechanism))
    }

    @Test(arguments: ["nonsense\r\n", "220 a\n", "220-a\r\n221 b\r\n", "\u{16}\u{3}\u{1}\r\n"])
    func `what is no reply ends the session`(text: String) {
        let talk = Dialogue()
        _ = talk.hear(text)
        #expect(talk.failure != nil)
        #expect(talk.isClosed)
    }

    @Test func `each step has its time`() {
        let talk = Dialogue()
        #expect(talk.deadline == talk.clock.instant.advanced(by: .seconds(300)))
        talk.clock.advance(by: .seconds(100))
        _ = talk.hear("220 hi\r\n")
        #expect(talk.deadline == talk.clock.instant.advanced(by: .seconds(300)))
        talk.fail(.transport(.timeout))
        #expect(talk.failure == SMTPFailure(.hello, .transport(.timeout)))
    }
}
