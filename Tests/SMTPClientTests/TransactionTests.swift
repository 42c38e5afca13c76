import Base
import Net
import SMTPClient
import SMTPWire
import TestSupport
import Testing

@Suite struct TransactionTests {
    private let envelope = Envelope(
        from: "ann@example.org",
        to: "mia@example.com",
        "leo@example.com",
        "zoe@example.com"
    )
    private let message = "Subject: x\r\n\r\n.dot\r\n"

    @Test func `a message goes out step by step without PIPELINING`() {
        let talk = Dialogue.ready()
        #expect(talk.send(envelope, message) == "MAIL FROM:<ann@example.org>\r\n")
        #expect(talk.hear("250 ok\r\n") == "RCPT TO:<mia@example.com>\r\n")
        #expect(talk.hear("250 ok\r\n") == "RCPT TO:<leo@example.com>\r\n")
        #expect(talk.hear("550 5.1.1 nobody\r\n") == "RCPT TO:<zoe@example.com>\r\n")
        #expect(talk.hear("451 4.2.1 later\r\n") == "DATA\r\n")
        #expect(talk.deadline == talk.clock.instant.advanced(by: .seconds(120)))
        #expect(talk.hear("354 go\r\n") == "Subject: x\r\n\r\n..dot\r\n.\r\n")
        #expect(talk.deadline == talk.clock.instant.advanced(by: .seconds(600)))
        #expect(talk.report == nil)
        _ = talk.hear("250 2.0.0 queued\r\n")
        #expect(talk.report?.outcomes.map(\.short) == ["accepted 250", "permanent rcpt 550", "temporary rcpt 451"])
        #expect(talk.isReady)
        #expect(String(decoding: talk.checked, as: UTF8.self) == message)
    }

    @Test func `MAIL and RCPT go together with PIPELINING, DATA waits`() {
        let talk = Dialogue.ready("PIPELINING", "SIZE", "8BITMIME")
        #expect(
            talk.send(envelope, message) == "MAIL FROM:<ann@example.org> SIZE=20\r\nRCPT TO:<mia@example.com>\r\n"
                + "RCPT TO:<leo@example.com>\r\nRCPT TO:<zoe@example.com>\r\n"
        )
        #expect(talk.hear("250 ok\r\n250 ok\r\n") == "")
        #expect(talk.hear("550 no\r\n250 ok\r\n") == "DATA\r\n")
        _ = talk.hear("354 go\r\n")
        _ = talk.hear("452 4.3.1 full\r\n")
        #expect(talk.report?.outcomes.map(\.short) == ["temporary end 452", "permanent rcpt 550", "temporary end 452"])
        #expect(talk.isReady)
    }

    @Test func `many recipients go in groups`() {
        let talk = Dialogue.ready("PIPELINING")
        let many = Envelope(
            sender: nil,
            recipients: (0..<250).compactMap { EnvelopeAddress("r\($0)@example.com") }.map { EnvelopeRecipient($0) }
        )
        var lines = talk.send(many, message).split(separator: "\r\n").count
        #expect(lines == 101)
        for group in [100, 50, 1] {
            lines = talk.hear(String(repeating: "250 ok\r\n", count: lines)).split(separator: "\r\n").count
            #expect(lines == group)
        }
        _ = talk.hear("354 go\r\n")
        _ = talk.hear("250 ok\r\n")
        #expect(talk.report?.outcomes.count == 250)
        #expect(talk.report?.outcomes.allSatisfy { $0.short == "accepted 250" } == true)
    }

    @Test func `a refused sender is the answer for everybody`() {
        let talk = Dialogue.ready("PIPELINING")
        _ = talk.send(envelope, message)
        #expect(talk.hear("550 5.7.1 not you\r\n503 ?\r\n503 ?\r\n503 ?\r\n") == "")
        #expect(talk.report?.outcomes.map(\.short) == Array(repeating: "permanent mail 550", count: 3))
        #expect(talk.isReady)
    }

    @Test func `refused recipients end the transaction without DATA, and the session goes on`() {
        let talk = Dialogue.ready("PIPELINING")
        _ = talk.send(envelope, message)
        #expect(talk.hear("250 ok\r\n550 a\r\n451 b\r\n550 c\r\n") == "RSET\r\n")
        #expect(
            talk.report?.outcomes.map(\.short) == ["permanent rcpt 550", "temporary rcpt 451", "permanent rcpt 550"]
        )
        #expect(!talk.isReady)
        _ = talk.hear("250 ok\r\n")
        #expect(talk.isReady)
        #expect(talk.send(Envelope(from: "a@example.org", to: "b@example.com"), message).hasPrefix("MAIL "))
    }

    @Test func `a refused DATA is the answer for those who were accepted`() {
        let talk = Dialogue.ready("PIPELINING")
        _ = talk.send(envelope, message)
        _ = talk.hear("250 ok\r\n250 a\r\n550 b\r\n250 c\r\n")
        #expect(talk.hear("451 4.3.0 not now\r\n") == "RSET\r\n")
        #expect(
            talk.report?.outcomes.map(\.short) == ["temporary data 451", "permanent rcpt 550", "temporary data 451"]
        )
        #expect(talk.checked.isEmpty)
    }

    @Test func `INV-1: without the check's word the final dot is never written`() {
        let talk = Dialogue.ready("PIPELINING")
        talk.mayEnd = false
        _ = talk.send(envelope, message)
        _ = talk.hear("250 ok\r\n250 a\r\n250 b\r\n250 c\r\n")
        #expect(talk.hear("354 go\r\n") == "Subject: x\r\n\r\n..dot\r\n")
        #expect(talk.report?.isRefusedByCheck == true)
        #expect(talk.report?.outcomes.map(\.short) == Array(repeating: "temporary content -", count: 3))
        #expect(talk.isClosed)
    }

    @Test(arguments: ["a\nb\r\n", "a\rb\r\n", "a\0\r\n", "a", "a\r\n.\n.\r\n"])
    func `INV-1: a message that is not clean is neither sent nor repaired`(message: String) {
        let talk = Dialogue.ready()
        _ = talk.send(Envelope(from: "a@example.org", to: "b@example.com"), message)
        _ = talk.hear("250 ok\r\n")
        _ = talk.hear("250 ok\r\n")
        let wire = talk.hear("354 go\r\n")
        #expect(!wire.contains("\n.\r\n"))
        #expect(talk.report?.outcomes.map(\.short) == ["permanent content -"])
        #expect(talk.isClosed)
    }

    @Test func `behind the final dot a lost connection means that nobody knows`() {
        let talk = Dialogue.ready("PIPELINING")
        _ = talk.send(envelope, message)
        _ = talk.hear("250 ok\r\n250 a\r\n550 b\r\n250 c\r\n")
        _ = talk.hear("354 go\r\n")
        talk.fail(.closed)
        #expect(talk.report?.outcomes.map(\.short) == ["unknown end", "permanent rcpt 550", "unknown end"])
        #expect(talk.isClosed)
    }

    @Test func `421 behind the final dot is an answer`() {
        let talk = Dialogue.ready()
        _ = talk.send(Envelope(from: "a@example.org", to: "b@example.com"), message)
        for reply in ["250 ok\r\n", "250 ok\r\n", "354 go\r\n", "421 4.3.2 going down\r\n"] { _ = talk.hear(reply) }
        #expect(talk.report?.outcomes.map(\.short) == ["temporary end 421"])
        #expect(talk.isClosed)
    }

    @Test(arguments: [0, 1, 2])
    func `before the final dot a lost connection means that nobody has it`(replies: Int) {
        let talk = Dialogue.ready()
        _ = talk.send(Envelope(from: "a@example.org", to: "b@example.com"), message)
        for _ in 0..<replies { _ = talk.hear("250 ok\r\n") }
        talk.fail(.transport(.reset))
        let stage = ["mail", "rcpt", "data"][replies]
        #expect(talk.report?.outcomes.map(\.short) == ["temporary \(stage) -"])
        #expect(talk.isClosed)
    }

    @Test func `replies that nobody asked for are never answers`() {
        let early = Dialogue.ready()
        _ = early.hear("250 fine\r\n")
        #expect(early.failure != nil)
        #expect(early.isClosed)
        let ahead = Dialogue.ready()
        _ = ahead.send(Envelope(from: "a@example.org", to: "b@example.com"), message)
        // The second of these would be taken for the answer to RCPT.
        #expect(ahead.hear("250 ok\r\n250 ok\r\n") == "")
        #expect(
            ahead.report?.outcomes.map(\.short) == ["temporary rcpt -"]
                || ahead.report?.outcomes.map(\.short) == ["temporary reset -"]
        )
        #expect(ahead.isClosed)
        let dot = Dialogue.ready()
        _ = dot.send(Envelope(from: "a@example.org", to: "b@example.com"), message)
        _ = dot.hear("250 ok\r\n")
        _ = dot.hear("250 ok\r\n")
        // The second of these would be taken for the answer to the message.
        _ = dot.hear("354 go\r\n250 queued\r\n")
        #expect(dot.report?.outcomes.first?.short.hasPrefix("temporary") == true)
        #expect(dot.isClosed)
    }

    @Test func `an idle server that goes away is found out`() {
        let talk = Dialogue.ready()
        _ = talk.hear("421 4.4.2 idle for too long\r\n")
        #expect(talk.failure?.reply?.code == 421)
        #expect(talk.isClosed)
    }

    @Test func `parameters go as far as the server understands them`() throws {
        var envelope = Envelope(from: "ann@example.org", to: "mia@example.com")
        envelope.parameters = try MailParameters(text: " SIZE=9 BODY=8BITMIME RET=HDRS ENVID=q1 AUTH=<>")
        envelope.recipients[0].parameters = try RecipientParameters(text: " NOTIFY=NEVER ORCPT=rfc822;m@example.com")
        let full = Dialogue.ready("PIPELINING", "SIZE 1000", "8BITMIME", "DSN", "SMTPUTF8")
        #expect(
            full.send(envelope, "ü\r\n") == "MAIL FROM:<ann@example.org> SIZE=4 BODY=8BITMIME RET=HDRS ENVID=q1\r\n"
                + "RCPT TO:<mia@example.com> NOTIFY=NEVER ORCPT=rfc822;m@example.com\r\n"
        )
        let bare = Dialogue.ready("PIPELINING")
        #expect(bare.send(envelope, "x\r\n") == "MAIL FROM:<ann@example.org>\r\nRCPT TO:<mia@example.com>\r\n")
    }

    @Test func `a message that needs what the server lacks is not sent and not changed`() {
        let plain = Dialogue.ready("SIZE 10")
        #expect(plain.send(Envelope(from: "a@example.org", to: "b@example.com"), "0123456789\r\n") == "")
        #expect(plain.report?.outcomes == [.permanent(SMTPFailure(.mail, .tooLarge(limit: 10)))])
        #expect(plain.send(Envelope(from: "a@example.org", to: "b@example.com"), "ü\r\n") == "")
        #expect(plain.report?.outcomes == [.permanent(SMTPFailure(.mail, .missingExtension("8BITMIME")))])
        #expect(plain.send(Envelope(from: "a@example.org", to: "bü@example.com"), "x\r\n") == "")
        #expect(plain.report?.outcomes == [.permanent(SMTPFailure(.mail, .missingExtension("SMTPUTF8")))])
        #expect(plain.isReady)
    }

    @Test func `what a server offers is kept as text and read again`() {
        for lines in [
            [], ["PIPELINING", "8BITMIME", "SMTPUTF8", "DSN", "SIZE 1000", "LIMITS RCPTMAX=50"], ["SIZE", "STARTTLS"],
        ] {
            let capabilities = SMTPCapabilities(lines: ["smtp.example.net"] + lines + ["AUTH PLAIN XOAUTH2"])
            #expect(SMTPCapabilities(text: capabilities.text) == capabilities)
        }
    }

    @Test func `a server that has heard enough is heard`() {
        let talk = Dialogue.ready()
        _ = talk.send(Envelope(from: "a@example.org", to: "b@example.com"), message)
        _ = talk.hear("250 ok\r\n")
        _ = talk.hear("250 ok\r\n")
        _ = talk.hear("354 go\r\n552 5.3.4 too large\r\n")
        #expect(talk.report?.outcomes.map(\.short) == ["permanent content 552"])
        #expect(talk.isClosed)
    }
}
