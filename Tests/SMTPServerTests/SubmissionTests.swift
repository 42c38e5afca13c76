import Base
import SMTPServer
import SMTPWire
import Testing

@Suite struct SubmissionTests {
    @Test func `before TLS no log-in is offered, behind it no STARTTLS`() {
        let talk = Conversation(secured: false)
        #expect(talk.take() == "220 mx.example.org ESMTP Greenroom\r\n")
        let plain = talk.ask("EHLO client.example.net\r\n")
        #expect(plain.contains("250-STARTTLS") || plain.contains("250 STARTTLS"))
        #expect(!plain.contains("AUTH"))
        #expect(talk.ask("STARTTLS\r\n") == "220 2.0.0 Begin TLS\r\n")
        #expect(talk.hasStartedTLS)
        let secured = talk.ask("EHLO client.example.net\r\n")
        #expect(!secured.contains("STARTTLS"))
        for line in [
            "250-mx.example.org", "250-PIPELINING", "250-SIZE 52428800", "250-8BITMIME", "250-SMTPUTF8",
            "250-ENHANCEDSTATUSCODES", "250-DSN", "250-LIMITS RCPTMAX=1000", "250 AUTH SCRAM-SHA-256 PLAIN LOGIN",
        ] {
            #expect(secured.contains(line + "\r\n"), "\(line)")
        }
    }

    @Test func `what the way out does not carry is not offered`() {
        let talk = Conversation { $0.carried = { SMTPCapabilities(lines: ["smarthost", "SIZE 1000", "8BITMIME"]) } }
        let answer = talk.ask("EHLO client.example.net\r\n")
        #expect(answer.contains("250-SIZE 1000\r\n") && answer.contains("250-8BITMIME\r\n"))
        #expect(!answer.contains("SMTPUTF8"))
        // Reports are ours to write, whatever the smarthost knows.
        #expect(answer.contains("250-DSN\r\n"))
        let unlimited = Conversation { $0.carried = { SMTPCapabilities(lines: ["smarthost", "SIZE 0"]) } }
        #expect(unlimited.ask("EHLO client.example.net\r\n").contains("250-SIZE 52428800\r\n"))
    }

    @Test func `neither CHUNKING nor BINARYMIME is offered or taken`() {
        let talk = Conversation()
        let answer = talk.ask("EHLO client.example.net\r\n")
        #expect(!answer.contains("CHUNKING") && !answer.contains("BINARYMIME"))
        talk.logIn()
        _ = talk.take()
        #expect(talk.ask("BDAT 5 LAST\r\n").hasPrefix("502 "))
        #expect(talk.ask("MAIL FROM:<anna@example.org> BODY=BINARYMIME\r\n").hasPrefix("501 "))
    }

    @Test func `a name that is too long for a Received field ends nothing but itself`() {
        let talk = Conversation()
        #expect(talk.ask("EHLO \(String(repeating: "a", count: 2000))\r\n").hasPrefix("501 "))
        #expect(talk.ask("NOOP\r\n").hasPrefix("250 "))
    }

    @Test func `a message goes through with its envelope, its parameters and who sent it`() throws {
        let talk = Conversation()
        talk.logIn()
        #expect(
            talk.ask("MAIL FROM:<ann@example.org> SIZE=99 BODY=8BITMIME RET=HDRS ENVID=q1\r\n").hasPrefix("250 2.1.0 ")
        )
        #expect(
            talk.ask("RCPT TO:<mia@example.com> NOTIFY=FAILURE ORCPT=rfc822;mia@example.com\r\n").hasPrefix(
                "250 2.1.5 "
            )
        )
        #expect(talk.ask("RCPT TO:<nobody@example.com>\r\n") == "550 5.1.1 No such mailbox here\r\n")
        #expect(talk.ask("DATA\r\n").hasPrefix("354 "))
        #expect(talk.ask("Subject: x\r\n\r\n..dot\r\n.\r\n") == "250 2.0.0 Kept\r\n")
        let message = try #require(talk.messages.first)
        #expect(String(decoding: message.bytes, as: UTF8.self) == "Subject: x\r\n\r\n.dot\r\n")
        #expect(message.envelope.sender?.text == "ann@example.org")
        #expect(message.envelope.parameters.text == " SIZE=99 BODY=8BITMIME RET=HDRS ENVID=q1")
        #expect(message.envelope.recipients.map(\.address.text) == ["mia@example.com"])
        #expect(message.envelope.recipients.first?.parameters.text == " NOTIFY=FAILURE ORCPT=rfc822;mia@example.com")
        #expect(message.user == "ann")
        #expect(message.transport == "ESMTPSA")
        #expect(message.peer.greeting == "client.example.net")
        #expect(message.peer.tls == Conversation.tls)
        #expect(talk.ask("QUIT\r\n").hasPrefix("221 2.0.0 "))
        #expect(talk.isClosed)
    }

    @Test func `INV-2: nothing is said about a message before the session has answered`() {
        let talk = Conversation()
        talk.logIn()
        talk.send("MAIL FROM:<ann@example.org>\r\nRCPT TO:<mia@example.com>\r\nDATA\r\n")
        _ = talk.take()
        talk.messageAnswer = .all(.ourFault(reference: "r1"))
        #expect(talk.ask("x\r\n.\r\n").hasPrefix("451 4.3.0 "))
        #expect(talk.writtenBeforeMessage.isEmpty)
    }

    @Test func `a pipelined group is answered in order`() {
        let talk = Conversation()
        talk.logIn()
        let replies = talk.ask(
            "RSET\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nRCPT TO:<nobody@example.com>\r\nDATA\r\n"
        )
        #expect(replies.split(separator: "\r\n").map { $0.prefix(3) } == ["250", "250", "250", "550", "354"])
        #expect(
            talk.ask("x\r\n.\r\nRSET\r\nQUIT\r\n").split(separator: "\r\n").map { $0.prefix(3) } == [
                "250", "250", "221",
            ]
        )
        #expect(talk.isClosed)
    }

    @Test func `a session is the same however its bytes are cut`() {
        // Groups that the client may send at once (RFC 2920), each waiting for the answers to the last.
        let groups = [
            "EHLO client.example.net\r\n", "AUTH LOGIN\r\n", "YW5u\r\n", "c2VjcmV0\r\n",
            "MAIL FROM:<ann@example.org>\r\nRCPT TO:<mia@example.com>\r\nDATA\r\n",
            "Subject: x\r\n\r\n..\r\n.x\ny\r\n.\r\nNOOP\r\nFOO\r\n", "QUIT\r\n",
        ]
        func play(_ cut: (Conversation.Group) -> [[UInt8]]) -> (String, [String], [[UInt8]]) {
            let talk = Conversation()
            for group in groups {
                for piece in cut(Array(group.utf8)) { talk.send(piece) }
            }
            return (talk.take(), talk.asked, talk.messages.map(\.bytes))
        }
        let whole = play { [$0] }
        #expect(whole.2 == [Array("Subject: x\r\n\r\n.\r\nx\r\ny\r\n".utf8)])
        let single = play { group in group.map { [$0] } }
        #expect(single == whole)
        for place in 0..<70 {
            let cut = play { group in place < group.count ? [Array(group[..<place]), Array(group[place...])] : [group] }
            #expect(cut == whole, "cut at \(place)")
        }
    }

    @Test func `commands come in their order`() {
        let talk = Conversation()
        #expect(talk.ask("MAIL FROM:<ann@example.org>\r\n").hasPrefix("503 5.5.1 "))
        talk.send("EHLO client.example.net\r\n")
        _ = talk.take()
        #expect(talk.ask("MAIL FROM:<ann@example.org>\r\n").hasPrefix("530 5.7.0 "))
        talk.logIn()
        #expect(talk.ask("RCPT TO:<mia@example.com>\r\n").hasPrefix("503 5.5.1 "))
        #expect(talk.ask("DATA\r\n").hasPrefix("503 5.5.1 "))
        #expect(talk.ask("MAIL FROM:<blocked@example.org>\r\n") == "550 5.7.1 Not yours\r\n")
        #expect(talk.ask("MAIL FROM:<ann@example.org>\r\n").hasPrefix("250 "))
        #expect(talk.ask("MAIL FROM:<ann@example.org>\r\n").hasPrefix("503 5.5.1 "))
        #expect(talk.ask("DATA\r\n").hasPrefix("554 5.5.1 "))
        #expect(talk.ask("AUTH PLAIN\r\n").hasPrefix("503 5.5.1 "))
        #expect(talk.ask("LHLO x\r\n").hasPrefix("500 5.5.1 "))
        #expect(talk.ask("EHLO again.example.net\r\n").hasPrefix("250-"))
        #expect(talk.ask("RCPT TO:<mia@example.com>\r\n").hasPrefix("503 "), "EHLO ends a transaction")
        #expect(talk.ask("VRFY ann\r\n").hasPrefix("252 "))
        #expect(talk.ask("BDAT 10 LAST\r\n").hasPrefix("502 "))
        #expect(talk.ask("HELP\r\n").hasPrefix("214 "))
        #expect(talk.messages.isEmpty)
    }

    @Test func `RSET forgets the transaction and keeps the log-in`() {
        let talk = Conversation()
        talk.logIn()
        talk.send("MAIL FROM:<ann@example.org>\r\nRCPT TO:<mia@example.com>\r\nRSET\r\n")
        _ = talk.take()
        #expect(talk.ask("DATA\r\n").hasPrefix("503 "))
        #expect(talk.ask("MAIL FROM:<ann@example.org>\r\n").hasPrefix("250 "))
    }

    @Test func `addresses in UTF-8 need SMTPUTF8`() {
        let talk = Conversation()
        talk.logIn()
        #expect(talk.ask("MAIL FROM:<müller@example.org>\r\n").hasPrefix("553 5.6.7 "))
        #expect(talk.ask("MAIL FROM:<ann@example.org>\r\n").hasPrefix("250 "))
        #expect(talk.ask("RCPT TO:<mia@bücher.example>\r\n").hasPrefix("553 5.6.7 "))
        #expect(
            talk.ask("RSET\r\nMAIL FROM:<müller@example.org> SMTPUTF8\r\nRCPT TO:<mia@bücher.example>\r\nDATA\r\n")
                .contains("354")
        )
        talk.send("x\r\n.\r\n")
        #expect(talk.messages.first?.transport == "UTF8SMTPSA")
    }
}

extension Conversation {
    typealias Group = [UInt8]
}
