import Base
import IMAPClient
import SASL
import TestSupport
import Testing

@Suite struct SetUpTests {
    @Test func `log-in with LOGIN where there is no mechanism`() {
        let dialogue = Dialogue()
        #expect(dialogue.hear("* OK hello\r\n") == "G1 CAPABILITY\r\n")
        #expect(dialogue.hear("* CAPABILITY IMAP4rev1\r\nG1 OK -\r\n") == "G2 LOGIN team \"secret\"\r\n")
        #expect(dialogue.hear("G2 OK in\r\n") == "G3 CAPABILITY\r\n")
        #expect(dialogue.hear("* CAPABILITY IMAP4rev1 IDLE\r\nG3 OK -\r\n") == "")
        #expect(dialogue.isReady)
        #expect(dialogue.engine.capabilities == ["IMAP4REV1", "IDLE"])
    }

    @Test func `a password that would end the line goes as a literal`() {
        let plain = PlainCredentials(authentication: "te\"am", password: Secret("a\r\nG9 DELETE x"))
        let dialogue = Dialogue(.plaintext, .password(plain))
        _ = dialogue.hear("* OK hello\r\n")
        let first = dialogue.hear("* CAPABILITY IMAP4rev1\r\nG1 OK -\r\n")
        #expect(first == "G2 LOGIN \"te\\\"am\" {14}\r\n")
        #expect(dialogue.hear("+ go\r\n") == "a\r\nG9 DELETE x\r\n")
    }

    @Test(arguments: [
        ("AUTH=PLAIN SASL-IR", Dialogue.password, "G2 AUTHENTICATE PLAIN AHRlYW0Ac2VjcmV0\r\n"),
        ("AUTH=PLAIN", Dialogue.password, "G2 AUTHENTICATE PLAIN\r\n"),
        ("AUTH=LOGIN", Dialogue.password, "G2 AUTHENTICATE LOGIN\r\n"),
        (
            "AUTH=XOAUTH2 SASL-IR", Dialogue.token,
            "G2 AUTHENTICATE XOAUTH2 dXNlcj10ZWFtAWF1dGg9QmVhcmVyIHRva2VuAQE=\r\n"
        ),
        (
            "AUTH=OAUTHBEARER SASL-IR", Dialogue.token,
            "G2 AUTHENTICATE OAUTHBEARER "
                + "bixhPXRlYW0sAWhvc3Q9aW1hcC5leGFtcGxlAXBvcnQ9OTkzAWF1dGg9QmVhcmVyIHRva2VuAQE=\r\n"
        ),
    ])
    func `the mechanism fits server and credentials`(offered: String, login: ClientCredentials, line: String) {
        let dialogue = Dialogue(.plaintext, login)
        _ = dialogue.hear("* OK hello\r\n")
        #expect(dialogue.hear("* CAPABILITY IMAP4rev1 \(offered)\r\nG1 OK -\r\n") == line)
    }

    @Test func `without SASL-IR the response waits for the question`() {
        let dialogue = Dialogue()
        _ = dialogue.hear("* OK hello\r\n")
        _ = dialogue.hear("* CAPABILITY AUTH=PLAIN\r\nG1 OK -\r\n")
        #expect(dialogue.hear("+ \r\n") == "AHRlYW0Ac2VjcmV0\r\n")
    }

    @Test func `a refused token is answered, and its reason told`() {
        let dialogue = Dialogue(.plaintext, Dialogue.token)
        _ = dialogue.hear("* OK hello\r\n")
        _ = dialogue.hear("* CAPABILITY AUTH=XOAUTH2 SASL-IR\r\nG1 OK -\r\n")
        #expect(dialogue.hear("+ eyJzdGF0dXMiOiI0MDEifQ==\r\n") == "\r\n")
        _ = dialogue.hear("G2 NO bad token\r\n")
        guard case .tokenRefused("{\"status\":\"401\"}", _)? = dialogue.failure?.cause else {
            Issue.record("\(String(describing: dialogue.failure))")
            return
        }
        #expect(dialogue.isClosed)
    }

    @Test func `STARTTLS comes before anything else is asked or said`() {
        let dialogue = Dialogue(.startTLS)
        #expect(dialogue.hear("* OK [CAPABILITY AUTH=PLAIN] hello\r\n") == "G1 STARTTLS\r\n")
        #expect(dialogue.hear("G1 OK go\r\n") == "G2 CAPABILITY\r\n")
        #expect(dialogue.handshakes == 1)
    }

    @Test(arguments: [
        ("G1 NO never\r\n", "the server offers no TLS"),
        ("G1 BAD what\r\n", "the server offers no TLS"),
        (
            "G1 OK go\r\n* CAPABILITY AUTH=PLAIN\r\n",
            "the server breaks the protocol: bytes behind the answer to STARTTLS"
        ),
        ("G1 OK go\r\n*", "the server breaks the protocol: bytes behind the answer to STARTTLS"),
        ("G7 OK go\r\n", "the server breaks the protocol: an answer to no command of ours"),
        ("+ go\r\n", "the server breaks the protocol: a continuation that nobody asked for"),
        ("* BYE full\r\n", "BYE full"),
    ])
    func `a bad answer to STARTTLS ends the session in the clear`(answer: String, why: String) {
        let dialogue = Dialogue(.startTLS)
        _ = dialogue.hear("* OK hello\r\n")
        #expect(dialogue.hear(answer) == "")
        #expect(dialogue.failure?.description == "startTLS: \(why)")
        #expect(dialogue.handshakes == 0)
        #expect(dialogue.isClosed)
    }

    @Test func `PREAUTH before TLS is refused, inside it is a log-in`() {
        let clear = Dialogue(.startTLS)
        #expect(clear.hear("* PREAUTH welcome\r\n") == "")
        #expect(clear.failure?.description == "greeting: the server breaks the protocol: PREAUTH before TLS")
        let secure = Dialogue(.implicitTLS)
        #expect(secure.hear("* PREAUTH welcome\r\n") == "G1 CAPABILITY\r\n")
        _ = secure.hear("* CAPABILITY IMAP4rev1\r\nG1 OK -\r\n")
        #expect(secure.isReady)
    }

    @Test(arguments: ["* BYE away\r\n", "* NO\r\n", "HTTP/1.1 400 Bad\r\n", "+ what\r\n", "* 3 EXISTS\r\n"])
    func `no greeting, no session`(greeting: String) {
        let dialogue = Dialogue()
        #expect(dialogue.hear(greeting) == "")
        #expect(dialogue.failure?.stage == .greeting)
        #expect(dialogue.isClosed)
    }

    @Test func `LOGINDISABLED is believed`() {
        let dialogue = Dialogue()
        _ = dialogue.hear("* OK hello\r\n")
        #expect(dialogue.hear("* CAPABILITY LOGINDISABLED\r\nG1 OK -\r\n") == "")
        #expect(dialogue.failure?.cause == .noMechanism)
    }

    @Test func `a greeting cut at every byte is one greeting`() {
        let text = Array("* OK hello\r\n".utf8)
        for cut in 1..<text.count {
            let dialogue = Dialogue()
            #expect(dialogue.hear(String(decoding: text[..<cut], as: UTF8.self)) == "")
            #expect(dialogue.hear(String(decoding: text[cut...], as: UTF8.self)) == "G1 CAPABILITY\r\n")
        }
    }
}
