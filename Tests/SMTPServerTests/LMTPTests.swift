import Base
import SMTPServer
import SMTPWire
import TestSupport
import Testing

@Suite struct LMTPTests {
    private func network(_ text: String) -> [IPNetwork] { IPNetwork(text).map { [$0] } ?? [] }

    @Test func `a trusted server delivers and gets one reply per recipient`() {
        let talk = Conversation(.lmtp, tls: .none, secured: false) { $0.trustedNetworks = network("192.0.2.0/24") }
        #expect(talk.take() == "220 mx.example.org LMTP Greenroom\r\n")
        let hello = talk.ask("LHLO relay.example.net\r\n")
        #expect(hello.contains("250-PIPELINING\r\n") && hello.contains("250-ENHANCEDSTATUSCODES\r\n"))
        #expect(!hello.contains("AUTH"))
        let replies = talk.ask(
            "MAIL FROM:<mia@example.com>\r\nRCPT TO:<team@example.org>\r\nRCPT TO:<nobody@example.org>\r\n"
                + "RCPT TO:<ann@example.org>\r\nDATA\r\n"
        )
        #expect(replies.split(separator: "\r\n").map { $0.prefix(3) } == ["250", "250", "550", "250", "354"])
        talk.messageAnswer = .each([
            SMTPReply(250, EnhancedStatus(2, 0, 0), "Kept"), SMTPReply(452, EnhancedStatus(4, 2, 2), "Full"),
        ])
        #expect(talk.ask("x\r\n.\r\n") == "250 2.0.0 Kept\r\n452 4.2.2 Full\r\n")
        #expect(talk.messages.first?.transport == "LMTP")
        #expect(talk.messages.first?.user == nil)
    }

    @Test func `a whole answer and a spoilt message are told for every recipient`() {
        let talk = Conversation(.lmtp, tls: .none, secured: false, from: "/run/lmtp")
        talk.send("LHLO relay.example.net\r\n")
        let envelope = "MAIL FROM:<>\r\nRCPT TO:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"
        talk.send(envelope)
        _ = talk.take()
        #expect(talk.ask("x\r\n.\r\n") == "250 2.0.0 Kept\r\n250 2.0.0 Kept\r\n")
        talk.send(envelope)
        _ = talk.take()
        #expect(talk.ask("x\ry\r\n.\r\n").split(separator: "\r\n").map { $0.prefix(9) } == ["550 5.6.0", "550 5.6.0"])
    }

    @Test func `answers that do not fit the recipients are a fault of ours`() {
        let talk = Conversation(.lmtp, tls: .none, secured: false, from: "/run/lmtp")
        talk.send("LHLO relay.example.net\r\n")
        talk.send("MAIL FROM:<>\r\nRCPT TO:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n")
        _ = talk.take()
        talk.messageAnswer = .each([SMTPReply(250, "Kept")])
        #expect(talk.ask("x\r\n.\r\n").split(separator: "\r\n").map { $0.prefix(3) } == ["451", "451"])
    }

    @Test(arguments: ["192.0.2.7:1", "[2001:db8::1]:1", "127.0.0.1:1"])
    func `a peer from elsewhere gets no greeting`(address: String) {
        let talk = Conversation(.lmtp, tls: .none, secured: false, from: address) {
            $0.trustedNetworks = network("198.51.100.0/24")
        }
        #expect(talk.take().hasPrefix("554 5.7.1 "))
        #expect(talk.isClosed)
        #expect(talk.asked.isEmpty)
    }

    @Test func `LMTP knows LHLO alone`() {
        let talk = Conversation(.lmtp, tls: .none, secured: false, from: "/run/lmtp")
        _ = talk.take()
        #expect(talk.ask("EHLO x\r\n").hasPrefix("500 5.5.1 "))
        #expect(talk.ask("MAIL FROM:<>\r\n").hasPrefix("503 5.5.1 "))
        #expect(talk.ask("AUTH PLAIN\r\n").hasPrefix("502 "))
    }
}

@Suite struct SinkTests {
    @Test func `a sink takes mail from this machine without log-in`() {
        let talk = Conversation(.sink, tls: .none, secured: false, from: Conversation.local)
        talk.send("EHLO greenroom.example.org\r\n")
        talk.send("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n")
        talk.send("x\r\n.\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n")
        talk.send("y\r\n.\r\n")
        #expect(talk.messages.map(\.transport) == ["ESMTP", "ESMTP"])
    }

    @Test func `a sink is closed to others`() {
        let talk = Conversation(.sink, tls: .none, secured: false)
        #expect(talk.take().hasPrefix("554 5.7.1 "))
        #expect(talk.isClosed)
    }
}

@Suite struct TimeTests {
    @Test func `a command has five minutes, whatever pieces it comes in`() {
        let talk = Conversation()
        talk.clock.advance(by: .seconds(60))
        talk.send("EH")
        #expect(talk.deadline == Instant(nanoseconds: 301_000_000_000))
        talk.send("LO client.example.net\r\n")
        #expect(talk.deadline == Instant(nanoseconds: 361_000_000_000))
        _ = talk.take()
        talk.timeOut()
        #expect(talk.take().hasPrefix("421 4.4.2 "))
        #expect(talk.isClosed)
    }

    @Test func `a block of a message has three minutes`() {
        let talk = Conversation()
        talk.logIn()
        talk.send("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n")
        #expect(talk.deadline == Instant(nanoseconds: 181_000_000_000))
        talk.clock.advance(by: .seconds(100))
        talk.send("x\r\n")
        #expect(talk.deadline == Instant(nanoseconds: 281_000_000_000))
        talk.timeOut()
        #expect(talk.isClosed)
        #expect(talk.messages.isEmpty)
    }

    @Test func `at shutdown an idle client is told, and a message on its way is taken first`() {
        let idle = Conversation()
        _ = idle.take()
        idle.shutDown()
        #expect(idle.take().hasPrefix("421 4.3.2 "))
        #expect(idle.isClosed)
        let busy = Conversation()
        busy.logIn()
        busy.send("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n")
        _ = busy.take()
        busy.shutDown()
        #expect(!busy.isClosed)
        let reply = busy.ask("x\r\n.\r\n")
        #expect(reply.hasPrefix("250 2.0.0 Kept\r\n421 4.3.2 "))
        #expect(busy.isClosed)
        #expect(busy.messages.count == 1)
    }
}
