import Base
import SMTPWire
import Testing

@Suite struct ReplyTests {
    private func read(_ text: String) throws -> [SMTPReply] {
        var reader = ReplyReader()
        var replies: [SMTPReply] = []
        for line in text.split(separator: "\r\n") {
            if let reply = try reader.receive(Array(line.utf8)) { replies.append(reply) }
        }
        return replies
    }

    static let replies: [(reply: SMTPReply, wire: String)] = [
        (SMTPReply(220, "mx.example.org ESMTP"), "220 mx.example.org ESMTP\r\n"),
        (SMTPReply(250, EnhancedStatus(2, 1, 0), "Fine"), "250 2.1.0 Fine\r\n"),
        (SMTPReply(550, EnhancedStatus(5, 7, 1), lines: ["No", "never"]), "550-5.7.1 No\r\n550 5.7.1 never\r\n"),
        (SMTPReply(250, lines: ["mx", "PIPELINING", "8BITMIME"]), "250-mx\r\n250-PIPELINING\r\n250 8BITMIME\r\n"),
        (SMTPReply(334, ""), "334 \r\n"),
    ]

    @Test(arguments: replies.indices)
    func `a reply is written and read back`(index: Int) throws {
        let (reply, wire) = Self.replies[index]
        #expect(String(decoding: reply.encoded, as: UTF8.self) == wire)
        #expect(try read(wire) == [reply])
    }

    @Test func `replies of a group come one by one`() throws {
        let replies = try read("250 2.1.0 a\r\n250-b\r\n250 c\r\n550 5.1.1 d\r\n354\r\n")
        #expect(replies.map(\.code) == [250, 250, 550, 354])
        #expect(replies.map(\.text) == ["a", "b c", "d", ""])
        #expect(replies[2].enhanced == EnhancedStatus(5, 1, 1))
    }

    @Test func `a code of another class is text`() throws {
        let reply = try #require(try read("250 5.1.1 looks odd\r\n").first)
        #expect(reply.enhanced == nil)
        #expect(reply.text == "5.1.1 looks odd")
    }

    @Test(arguments: ["abc", "25", "199 x", "600 x", "250x", "250_x", "2500 x"])
    func `what is no reply is refused`(line: String) {
        var reader = ReplyReader()
        #expect(throws: ReplyReader.Fault.malformed) { try reader.receive(Array(line.utf8)) }
    }

    @Test func `lines of one reply have one code and an end`() {
        #expect(throws: ReplyReader.Fault.mixedCodes) { try read("250-a\r\n550 b\r\n") }
        let endless = String(repeating: "250-x\r\n", count: Limits.smtpReplyLines + 1)
        #expect(throws: ReplyReader.Fault.tooManyLines) { try read(endless) }
    }

    @Test func `a text can neither break the line nor exceed it`() {
        let reply = SMTPReply(550, EnhancedStatus(5, 0, 0), "a\r\n250 fine\0" + String(repeating: "ü", count: 600))
        let wire = reply.encoded
        #expect(wire.count <= Limits.smtpReplyLine)
        #expect(wire.filter { $0 == 0x0A }.count == 1)
        #expect(String(validating: wire, as: UTF8.self) != nil)
        #expect(String(decoding: wire, as: UTF8.self).hasPrefix("550 5.0.0 a  250 fine ü"))
    }

    @Test func `capabilities are read from EHLO`() {
        let lines = [
            "mx.example.org at your service", "SIZE 35882577", "8BITMIME", "STARTTLS", "ENHANCEDSTATUSCODES",
            "PIPELINING",
            "SMTPUTF8", "DSN", "AUTH LOGIN plain XOAUTH2", "AUTH=LOGIN OTHER", "LIMITS RCPTMAX=100 MAILMAX=3",
            "X-NEW thing",
        ]
        let capabilities = SMTPCapabilities(lines: lines)
        #expect(capabilities.pipelining && capabilities.eightBitMIME && capabilities.smtpUTF8)
        #expect(capabilities.enhancedStatusCodes && capabilities.dsn && capabilities.startTLS && capabilities.size)
        #expect(capabilities.maximumSize == 35_882_577)
        #expect(capabilities.mechanisms == ["LOGIN", "PLAIN", "XOAUTH2", "OTHER"])
        #expect(capabilities.maximumRecipients == 100)
        #expect(SMTPCapabilities(lines: ["STARTTLS"]) == SMTPCapabilities())
        #expect(SMTPCapabilities(lines: ["x", "SIZE 0"]).maximumSize == nil)
    }
}

@Suite struct LineBufferTests {
    private func frames(_ pieces: [[UInt8]], limit: Int = 8) -> [LineBuffer.Frame] {
        var buffer = LineBuffer()
        var result: [LineBuffer.Frame] = []
        for piece in pieces {
            buffer.append(piece.span)
            while true {
                let frame = buffer.next(limit: limit)
                if frame == .incomplete { break }
                result.append(frame)
            }
        }
        return result
    }

    @Test(
        arguments: [
            ("a\r\n", [.line([0x61])]), ("\r\n\r\n", [.line([]), .line([])]),
            ("a\nb\r\n", [.bareLineFeed, .line([0x62])]),
            ("\n", [.bareLineFeed]), ("a\rb\r\n", [.line([0x61, 0x0D, 0x62])]), ("abc", []), ("abc\r", []),
            ("12345678\r\nx\r\n", [.line(Array("12345678".utf8)), .line([0x78])]),
            ("123456789\r\nx\r\n", [.tooLong, .line([0x78])]), ("1234567890123\r\nx\r\n", [.tooLong, .line([0x78])]),
        ] as [(String, [LineBuffer.Frame])]
    )
    func `lines are framed the same however they are cut`(input: String, expected: [LineBuffer.Frame]) {
        let bytes = Array(input.utf8)
        #expect(frames([bytes]) == expected)
        #expect(frames(bytes.single) == expected)
        for pieces in bytes.splits { #expect(frames(pieces) == expected, "\(pieces)") }
    }

    @Test func `a line without end is told of again and again, and kept nowhere`() {
        let endless = [UInt8](repeating: 0x78, count: 100)
        let told = frames(endless.single)
        #expect(told.count >= 9)
        #expect(told.allSatisfy { $0 == .tooLong })
        // The rest up to the line's end belongs to it.
        #expect(frames((endless + Array("x\r\nok\r\n".utf8)).single).last == .line(Array("ok".utf8)))
    }
}
