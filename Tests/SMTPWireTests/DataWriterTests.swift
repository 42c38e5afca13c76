import Base
import SMTPWire
import Testing

@Suite struct DataWriterTests {
    /// Everything the writer gives, and the octets it says it took.
    private func write(_ message: [UInt8], atLeast count: Int) throws -> (wire: [UInt8], content: [UInt8]) {
        var writer = DataWriter(message)
        var wire: [UInt8] = []
        var content: [UInt8] = []
        while let chunk = try writer.next(atLeast: count) {
            wire += chunk.wire
            content += message[chunk.content]
        }
        return (wire, content)
    }

    @Test(arguments: [
        ("", ""), ("a\r\n", "a\r\n"), (".\r\n", "..\r\n"), ("..a\r\n.b\r\nc.\r\n", "...a\r\n..b\r\nc.\r\n"),
        ("\r\n.\r\n\r\n", "\r\n..\r\n\r\n"),
    ])
    func `dots at line starts are doubled`(message: String, wire: String) throws {
        for count in 1...12 {
            let result = try write(Array(message.utf8), atLeast: count)
            #expect(String(decoding: result.wire, as: UTF8.self) == wire)
            #expect(String(decoding: result.content, as: UTF8.self) == message)
        }
    }

    @Test(arguments: [
        ("a\nb\r\n", DataWriter.Unclean.Kind.bareLineFeed, 1), ("\n", .bareLineFeed, 0),
        ("a\r\nb\rc\r\n", .bareCarriageReturn, 4), ("a\r\r\n", .bareCarriageReturn, 1),
        ("a\0\r\n", .nul, 1), ("a", .unfinishedLine, 0), ("a\r\nb\r", .unfinishedLine, 3),
    ])
    func `a message that is not clean is never sent, nor repaired`(
        message: String,
        kind: DataWriter.Unclean.Kind,
        offset: Int
    ) {
        var writer = DataWriter(Array(message.utf8))
        #expect {
            while try writer.next() != nil {}
        } throws: { error in
            guard let unclean = error as? DataWriter.Unclean else { return false }
            return unclean.kind == kind && unclean.offset == offset
        }
    }

    @Test func `a line over 998 octets is not sent`() throws {
        let fits = [UInt8](repeating: 0x78, count: 998) + [0x0D, 0x0A]
        #expect(try write(fits, atLeast: 1).wire == fits)
        var writer = DataWriter([0x78] + fits)
        #expect(throws: DataWriter.Unclean.self) { try writer.next() }
    }

    @Test(arguments: 0..<30)
    func `what the writer gives, the reader takes back unchanged`(seed: Int) throws {
        var fuzz = FuzzBytes(seed: seed)
        for _ in 0..<20 {
            let parts = ["a", ".", "..", ".b", "", "c."]
            let message = (0..<fuzz.below(12)).map { _ in parts[fuzz.below(parts.count)] + "\r\n" }.joined()
            let wire = try write(Array(message.utf8), atLeast: 1 + fuzz.below(20)).wire
            #expect(DataOutcome([wire + DataWriter.end]) == DataOutcome(message: message))
        }
    }
}
