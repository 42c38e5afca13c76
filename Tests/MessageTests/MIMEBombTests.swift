import Base
import Message
import Testing

@Suite("MIME bombs")
struct MIMEBombTests {
    private func depth(_ part: MIMEPart) -> Int {
        1 + ((part.parts + [part.message].compactMap { $0 }).map { depth($0) }.max() ?? 0)
    }

    @Test("10,000 multiparts inside each other: the depth is bounded, lines are read once (INV-9)")
    func deepMultipart() {
        var source = ""
        for level in 0..<10_000 { source += "Content-Type: multipart/mixed; boundary=b\(level)\r\n\r\n--b\(level)\r\n" }
        let message = ParsedMessage(Array(source.utf8))
        #expect(depth(message.root) == Limits.mimeDepth + 1)
        #expect(message.isCutShort)
        #expect(message.linesRead <= 30_010)
    }

    @Test("10,000 messages inside each other (INV-9)")
    func deepMessages() {
        let message = parsed(String(repeating: "Content-Type: message/rfc822\n\n", count: 10_000))
        #expect(depth(message.root) == Limits.mimeDepth + 1)
        #expect(message.isCutShort)
        #expect(message.linesRead <= 20_010)
    }

    @Test("100,000 parts: the tree is bounded and every byte still belongs to something (INV-9)")
    func manyParts() throws {
        let message = parsed(
            "Content-Type: multipart/mixed; boundary=b\n\n" + String(repeating: "--b\n\nx\n", count: 100_000)
        )
        #expect(message.root.parts.count == Limits.mimeParts - 1)
        #expect(message.isCutShort)
        #expect(try #require(message.root.parts.last).body.upperBound == message.bytes.count)
        #expect(message.linesRead <= 300_010)
    }

    @Test("A megabyte of addresses, of parameters, of encoded words, of comments (INV-9)")
    func longFields() {
        let addresses = Header(Array(("To: " + String(repeating: "a@b.example,", count: 90_000)).utf8))
        #expect(AddressList(addresses, "To").mailboxes.count == Limits.addresses)
        let parameters = MediaType(Array(("text/plain" + String(repeating: "; a=b; c*0=d", count: 50_000)).utf8))
        #expect((parameters?.parameters.count ?? 0) <= Limits.mimeParameters)
        let words = EncodedWord.decode(Array(String(repeating: "=?utf-8?q?a?= ", count: 70_000).utf8))
        #expect(words.utf8.count == 70_001)
        for nested in ["(", "((", "\"", "<", "@", "=?", "=?utf-8?q?", ",", ":", "a:b;", "<a@b.example", "(a)\"b"] {
            _ = AddressList(Array(String(repeating: nested, count: 400_000 / nested.utf8.count).utf8)).items.count
        }
    }

    @Test("A boundary as long as a header may be is none (INV-9)")
    func longBoundary() {
        func parts(_ length: Int) -> Int {
            let boundary = String(repeating: "b", count: length)
            return parsed("Content-Type: multipart/mixed; boundary=\(boundary)\n\n--\(boundary)\n\nx\n").root.parts
                .count
        }
        #expect(parts(Limits.mimeBoundary) == 1)
        #expect(parts(Limits.mimeBoundary + 1) == 0)
        #expect(parts(1_000_000) == 0)
    }

    @Test("A header without end, and more fields than are looked at (INV-9)")
    func manyFields() {
        let message = ParsedMessage(mail(String(repeating: "A: 1\n", count: 50_000)))
        #expect(message.header.count == Limits.headerFields)
        #expect(message.isCutShort)
        #expect(ParsedMessage([UInt8](repeating: 0x41, count: 1_000_000)).header.isEmpty)
    }
}
