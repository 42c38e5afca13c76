import Base
import SASL
import SMTPServer
import SMTPWire
import TestSupport
import Testing

@Suite struct LogInTests {
    private func base64(_ text: String) -> String { Base64.encode(Array(text.utf8)) }

    @Test func `PLAIN logs in with an initial response and without one`() {
        for isInitial in [true, false] {
            let talk = Conversation()
            talk.send("EHLO client.example.net\r\n")
            _ = talk.take()
            let response = base64("\0ann\0secret")
            if isInitial {
                #expect(talk.ask("AUTH PLAIN \(response)\r\n") == "235 2.7.0 Logged in\r\n")
            } else {
                #expect(talk.ask("AUTH PLAIN\r\n") == "334 \r\n")
                #expect(talk.ask("\(response)\r\n") == "235 2.7.0 Logged in\r\n")
            }
            #expect(talk.asked == ["login /ann/secret"])
        }
    }

    @Test func `LOGIN logs in, also as new Outlook speaks it`() {
        for isInitial in [true, false] {
            let talk = Conversation()
            talk.send("EHLO client.example.net\r\n")
            _ = talk.take()
            if isInitial {
                #expect(talk.ask("auth login \(base64("ann"))\r\n") == "334 UGFzc3dvcmQ6\r\n")
            } else {
                #expect(talk.ask("AUTH LOGIN\r\n") == "334 VXNlcm5hbWU6\r\n")
                #expect(talk.ask("\(base64("ann"))\r\n") == "334 UGFzc3dvcmQ6\r\n")
            }
            #expect(talk.ask("\(base64("secret"))\r\n") == "235 2.7.0 Logged in\r\n")
            #expect(talk.asked == ["login /ann/secret"])
        }
    }

    @Test func `an authorization identity is handed on`() {
        let talk = Conversation()
        talk.send("EHLO client.example.net\r\n")
        talk.send("AUTH PLAIN \(base64("team\0ann\0secret"))\r\n")
        #expect(talk.asked == ["login team/ann/secret"])
    }

    @Test func `a wrong password is told after the delay that the backend gives`() {
        let talk = Conversation()
        talk.send("EHLO client.example.net\r\n")
        _ = talk.take()
        #expect(talk.ask("AUTH PLAIN \(base64("\0ann\0wrong"))\r\n") == "535 5.7.8 Name or password is wrong\r\n")
        #expect(talk.waits == [.seconds(2)])
        #expect(talk.clock.instant.nanoseconds == 3_000_000_000)
        // The time for the next command starts behind the delay.
        #expect(talk.deadline == talk.clock.instant.advanced(by: .seconds(300)))
        #expect(talk.ask("MAIL FROM:<ann@example.org>\r\n").hasPrefix("530 "))
    }

    @Test func `wrong passwords end the connection`() {
        let talk = Conversation()
        talk.send("EHLO client.example.net\r\n")
        for _ in 0..<10 { talk.send("AUTH PLAIN \(base64("\0ann\0wrong"))\r\n") }
        #expect(talk.isClosed)
        #expect(talk.waits.count == Limits.faultsBeforeLogin)
        #expect(talk.take().hasSuffix("421 4.7.0 mx.example.org Too many errors, closing\r\n"))
    }

    @Test(arguments: [
        ("AUTH PLAIN !!!\r\n", "501 5.5.2"), ("AUTH PLAIN AA==\r\n", "501 5.5.2"), ("AUTH PLAIN =\r\n", "501 5.5.2"),
        ("AUTH CRAM-MD5\r\n", "504 5.5.4"), ("AUTH XOAUTH2 abcd\r\n", "504 5.5.4"), ("AUTH\r\n", "501 5.5.4"),
    ])
    func `what is no log-in is refused`(line: String, reply: String) {
        let talk = Conversation()
        talk.send("EHLO client.example.net\r\n")
        _ = talk.take()
        #expect(talk.ask(line).hasPrefix(reply))
        #expect(talk.asked.isEmpty)
    }

    @Test(arguments: [("*\r\n", "501 5.7.0"), ("!\r\n", "501 5.5.2"), ("\r\n", "501 5.5.2"), ("QUIT\r\n", "501 5.5.2")])
    func `a response that is none ends the exchange and nothing else`(line: String, reply: String) {
        let talk = Conversation()
        talk.send("EHLO client.example.net\r\n")
        talk.send("AUTH PLAIN\r\n")
        _ = talk.take()
        #expect(talk.ask(line).hasPrefix(reply))
        #expect(!talk.isClosed)
        #expect(talk.ask("NOOP\r\n").hasPrefix("250 "))
    }

    @Test func `a password does not go over a line in the clear`() {
        let talk = Conversation(secured: false)
        talk.send("EHLO client.example.net\r\n")
        _ = talk.take()
        #expect(talk.ask("AUTH PLAIN \(base64("\0ann\0secret"))\r\n").hasPrefix("538 5.7.11 "))
        #expect(talk.asked.isEmpty)
    }

    @Test(arguments: [(Conversation.local, true), (Conversation.remote, false), ("/run/submission", true)])
    func `a listener may allow a log-in in the clear from this machine alone`(address: String, isAllowed: Bool) {
        let talk = Conversation(tls: .none, secured: false, from: address) { $0.allowsPlaintextLogInOnLoopback = true }
        #expect(talk.ask("EHLO client.example.net\r\n").contains("AUTH SCRAM-SHA-256 PLAIN LOGIN") == isAllowed)
        #expect(talk.ask("AUTH PLAIN \(base64("\0ann\0secret"))\r\n").hasPrefix(isAllowed ? "235 " : "538 "))
    }

    @Test func `log-in needs EHLO and happens once`() {
        let talk = Conversation()
        _ = talk.take()
        #expect(talk.ask("AUTH PLAIN \(base64("\0ann\0secret"))\r\n").hasPrefix("503 "))
        talk.send("HELO client.example.net\r\n")
        _ = talk.take()
        #expect(talk.ask("AUTH PLAIN \(base64("\0ann\0secret"))\r\n").hasPrefix("503 "))
        talk.logIn()
        #expect(talk.ask("AUTH PLAIN \(base64("\0ann\0secret"))\r\n").hasPrefix("503 "))
        #expect(talk.asked.count == 1)
    }

    private func challenge(_ reply: String) -> String {
        String(decoding: Base64.decode(reply.dropFirst(4).utf8.filter { $0 > 0x20 }) ?? [], as: UTF8.self)
    }

    @Test func `SCRAM proves both sides before the log-in is told`() {
        let talk = Conversation()
        #expect(talk.ask("EHLO client.example.net\r\n").contains("SCRAM-SHA-256 "))
        let client = ScramClient(user: "ann", password: Secret("secret"))
        let final = client.final(challenge(talk.ask("AUTH SCRAM-SHA-256 \(base64(client.first))\r\n")))
        #expect(challenge(talk.ask("\(base64(final.message))\r\n")) == final.serverFinal)
        #expect(talk.asked == ["login /ann/proof"])
        #expect(talk.ask("\r\n") == "235 2.7.0 Logged in\r\n")
        #expect(talk.ask("MAIL FROM:<ann@example.org>\r\n").hasPrefix("250 "))
    }

    @Test func `a wrong proof is a wrong password, and a client that does not believe us leaves`() {
        let wrong = Conversation()
        wrong.send("EHLO client.example.net\r\n")
        _ = wrong.take()
        let client = ScramClient(user: "ann", password: Secret("guess"))
        let final = client.final(challenge(wrong.ask("AUTH SCRAM-SHA-256 \(base64(client.first))\r\n")))
        #expect(wrong.ask("\(base64(final.message))\r\n") == "535 5.7.8 Name or password is wrong\r\n")
        #expect(wrong.ask("MAIL FROM:<ann@example.org>\r\n").hasPrefix("530 "))

        let leaving = Conversation()
        leaving.send("EHLO client.example.net\r\n")
        _ = leaving.take()
        let right = ScramClient(user: "ann", password: Secret("secret"))
        let last = right.final(challenge(leaving.ask("AUTH SCRAM-SHA-256 \(base64(right.first))\r\n")))
        leaving.send("\(base64(last.message))\r\n")
        _ = leaving.take()
        #expect(leaving.ask("*\r\n").hasPrefix("501 5.7.0 "))
        #expect(leaving.isClosed)
    }

    @Test func `no channel is bound here, over TLS neither`() {
        let talk = Conversation()
        #expect(!talk.ask("EHLO client.example.net\r\n").contains("SCRAM-SHA-256-PLUS"))
        #expect(talk.ask("AUTH SCRAM-SHA-256-PLUS\r\n").hasPrefix("504 "))
        // A client that could bind and sees no offer says so, and is right (RFC 5802 §6).
        let client = ScramClient(user: "ann", password: Secret("secret"), header: "y,,")
        let final = client.final(challenge(talk.ask("AUTH SCRAM-SHA-256 \(base64(client.first))\r\n")))
        #expect(challenge(talk.ask("\(base64(final.message))\r\n")) == final.serverFinal)
        #expect(talk.ask("\r\n") == "235 2.7.0 Logged in\r\n")
    }
}
