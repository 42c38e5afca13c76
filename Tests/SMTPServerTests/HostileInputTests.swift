import Base
import SMTPServer
import SMTPWire
import TestSupport
import Testing

@Suite struct HostileInputTests {
    @Test(arguments: ["", "EHLO x\r\n", "MAIL FROM:<a@example.org>\r\n", "garbage", "\u{16}\u{3}\u{1}"])
    func `bytes behind STARTTLS close the connection and nothing of them is executed`(behind: String) {
        let talk = Conversation(secured: false)
        talk.send("EHLO client.example.net\r\n")
        _ = talk.take()
        talk.send("STARTTLS\r\n" + behind)
        #expect(talk.hasStartedTLS == behind.isEmpty)
        #expect(talk.isClosed == !behind.isEmpty)
        #expect(talk.asked.isEmpty)
        let reply = talk.take()
        #expect(reply == (behind.isEmpty ? "220 2.0.0 Begin TLS\r\n" : reply))
        #expect(reply.split(separator: "\r\n").count == 1)
        if !behind.isEmpty { #expect(reply.hasPrefix("554 5.5.0 ")) }
    }

    @Test func `TLS forgets what was said before it`() {
        let talk = Conversation(secured: false)
        talk.send("EHLO client.example.net\r\n")
        talk.send("STARTTLS\r\n")
        _ = talk.take()
        #expect(talk.ask("MAIL FROM:<a@example.org>\r\n").hasPrefix("503 "))
        #expect(talk.ask("STARTTLS\r\n").hasPrefix("503 "))
    }

    @Test(arguments: ["EHLO x\r\nMAIL FROM:<a@example.org>\r\n", "AUTH PLAIN AGFubgBzZWNyZXQ=\r\nMAIL FROM:<>\r\n"])
    func `commands behind one that must be last are not executed`(input: String) {
        let talk = Conversation()
        talk.send("EHLO client.example.net\r\n")
        _ = talk.take()
        #expect(talk.ask(input).hasPrefix("554 5.5.0 "))
        #expect(talk.isClosed)
        #expect(talk.asked.isEmpty)
    }

    @Test func `a message that comes with DATA is not taken for commands`() {
        let talk = Conversation()
        talk.logIn()
        talk.send(
            "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.com>\r\nDATA\r\nRSET\r\nMAIL FROM:<evil@example.net>\r\n.\r\n"
        )
        #expect(talk.isClosed)
        #expect(talk.take().hasSuffix("554 5.5.0 Commands came before the answer to this one, closing\r\n"))
        #expect(talk.asked.filter { $0.hasPrefix("mail") }.count == 1)
    }

    @Test(arguments: [
        "\n.\n", "\r.\r", "\r.\n", "\n.\r", "\n.\r\n", "\r\n.\n", "\r.\r\n", "\r\n.\r", "\r\n\0.\r\n", "\r\n.\0\r\n",
    ])
    func `no false end of data makes a second message`(end: String) {
        let talk = Conversation()
        talk.logIn()
        talk.send("MAIL FROM:<ann@example.org>\r\nRCPT TO:<mia@example.com>\r\nDATA\r\n")
        _ = talk.take()
        let smuggled = "MAIL FROM:<boss@example.org>\r\nRCPT TO:<x@example.com>\r\nDATA\r\nevil\r\n"
        let reply = talk.ask("Subject: x\r\n\r\nbody\(end)\(smuggled).\r\n")
        #expect(reply.hasPrefix("550 5.6.0 "))
        #expect(reply.split(separator: "\r\n").count == 1)
        #expect(talk.messages.isEmpty)
        #expect(talk.asked.filter { $0.hasPrefix("mail") }.count == 1)
        #expect(talk.ask("NOOP\r\n").hasPrefix("250 "), "the connection stays in step")
    }

    @Test func `bare line feeds in a message are line ends`() {
        let talk = Conversation()
        talk.logIn()
        talk.send("MAIL FROM:<ann@example.org>\r\nRCPT TO:<mia@example.com>\r\nDATA\r\n")
        talk.send("Subject: x\n\nbody\r\n.\r\n")
        #expect(talk.messages.map(\.bytes) == [Array("Subject: x\r\n\r\nbody\r\n".utf8)])
    }

    @Test func `the size is limited when it is announced and while it comes`() {
        let talk = Conversation { $0.maximumSize = 1000 }
        talk.logIn()
        #expect(talk.ask("MAIL FROM:<ann@example.org> SIZE=1001\r\n").hasPrefix("552 5.3.4 "))
        #expect(talk.ask("MAIL FROM:<ann@example.org> SIZE=1000\r\n").hasPrefix("250 "))
        talk.send("RCPT TO:<mia@example.com>\r\nDATA\r\n")
        _ = talk.take()
        let line = String(repeating: "x", count: 98) + "\r\n"
        #expect(talk.ask(String(repeating: line, count: 11) + ".\r\n").hasPrefix("552 5.3.4 "))
        #expect(talk.messages.isEmpty)
        // And the next one has its chance.
        talk.send("MAIL FROM:<ann@example.org>\r\nRCPT TO:<mia@example.com>\r\nDATA\r\n")
        _ = talk.take()
        #expect(talk.ask("x\r\n.\r\n").hasPrefix("250 "))
    }

    @Test func `a message without end is broken off far over the limit`() {
        let talk = Conversation { $0.maximumSize = 1000 }
        talk.logIn()
        talk.send("MAIL FROM:<ann@example.org>\r\nRCPT TO:<mia@example.com>\r\nDATA\r\n")
        let line = String(repeating: "x", count: 98) + "\r\n"
        for _ in 0..<30 { talk.send(line) }
        #expect(talk.isClosed)
        #expect(talk.take().contains("421 4.3.4 "))
    }

    @Test func `a line over 998 octets cannot be sent on and is refused`() {
        let talk = Conversation()
        talk.logIn()
        talk.send("MAIL FROM:<ann@example.org>\r\nRCPT TO:<mia@example.com>\r\nDATA\r\n")
        _ = talk.take()
        #expect(talk.ask(String(repeating: "x", count: 999) + "\r\n.\r\n").hasPrefix("550 5.6.0 "))
    }

    @Test func `recipients are limited`() {
        let talk = Conversation { $0.maximumRecipients = 3 }
        talk.logIn()
        talk.send("MAIL FROM:<ann@example.org>\r\n")
        for number in 0..<3 { talk.send("RCPT TO:<r\(number)@example.com>\r\n") }
        _ = talk.take()
        #expect(talk.ask("RCPT TO:<r4@example.com>\r\n").hasPrefix("452 4.5.3 "))
        talk.send("DATA\r\n")
        talk.send("x\r\n.\r\n")
        #expect(talk.messages.first?.envelope.recipients.count == 3)
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n", "POST /mail HTTP/1.0\r\n", "\u{16}\u{3}\u{1}\u{2}\0"])
    func `other protocols are turned away at once`(input: String) {
        let talk = Conversation(secured: false)
        _ = talk.take()
        #expect(talk.ask(input).hasPrefix("421 4.7.0 "))
        #expect(talk.isClosed)
    }

    @Test func `a command that ends with LF alone closes the connection`() {
        let talk = Conversation()
        talk.logIn()
        #expect(talk.ask("MAIL FROM:<ann@example.org>\nRCPT TO:<b@example.com>\r\n").hasPrefix("500 5.5.2 "))
        #expect(talk.isClosed)
        #expect(talk.asked.count == 1)
    }

    @Test func `faults end the connection, sooner before log-in`() {
        let stranger = Conversation()
        for _ in 0..<(Limits.faultsBeforeLogin - 1) { stranger.send("FOO\r\n") }
        #expect(!stranger.isClosed)
        stranger.send("FOO\r\n")
        #expect(stranger.isClosed)
        let member = Conversation()
        member.logIn()
        for _ in 0..<(Limits.faults - 1) { member.send("FOO\r\n") }
        #expect(!member.isClosed)
        member.send("FOO\r\n")
        #expect(member.isClosed)
        #expect(member.take().hasSuffix("421 4.7.0 mx.example.org Too many errors, closing\r\n"))
    }

    @Test func `a line without end ends the connection`() {
        let talk = Conversation()
        let block = [UInt8](repeating: 0x41, count: 4096)
        var sent = 0
        while !talk.isClosed, sent < 1000 {
            talk.send(block)
            sent += 1
        }
        #expect(sent * 4096 <= (Limits.smtpLine + 8192) * Limits.faultsBeforeLogin)
    }

    @Test(arguments: 0..<40)
    func `mutated sessions neither trap nor send what nobody accepted`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let script = Array(
            """
            EHLO c.example.net\r\nMAIL FROM:<a@example.org> SIZE=5\r\nRCPT TO:<b@example.com>\r\nDATA\r\n\
            x\r\n..\r\n.\r\nRSET\r\nMAIL FROM:<>\r\nRCPT TO:<c@example.com>\r\nDATA\r\n\r\n.\r\nQUIT\r\n
            """.utf8
        )
        for _ in 0..<50 {
            var bytes = script
            for _ in 0..<4 {
                let index = Int(generator.next() % UInt64(bytes.count))
                switch generator.next() % 3 {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: generator.next())
                case 1: bytes.remove(at: index)
                default: bytes.insert(Array("\r\n.\0 <>:".utf8)[Int(generator.next() % 8)], at: index)
                }
            }
            let talk = Conversation(.sink, tls: .none, secured: false, from: Conversation.local)
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = 1 + Int(generator.next() % 30)
                talk.send(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            for message in talk.messages { #expect(!message.envelope.recipients.isEmpty) }
            for line in talk.take().split(separator: "\r\n") { #expect(line.utf8.count >= 4) }
        }
    }
}
