import Base
import SMTPWire
import Testing

@Suite struct DataReaderTests {
    static let messages: [(input: String, outcome: DataOutcome)] = [
        // The end, the dots, what comes behind.
        ("Hello\r\n.\r\n", DataOutcome(message: "Hello\r\n")),
        (".\r\n", DataOutcome(message: "")),
        ("\r\n.\r\n", DataOutcome(message: "\r\n")),
        ("a\r\n..\r\n.\r\n", DataOutcome(message: "a\r\n.\r\n")),
        ("a\r\n..b\r\n...c\r\n.\r\n", DataOutcome(message: "a\r\n.b\r\n..c\r\n")),
        ("a\r\n.b\r\n.\r\n", DataOutcome(message: "a\r\nb\r\n")),
        ("a.b\r\n.\r\n", DataOutcome(message: "a.b\r\n")),
        ("a\r\n.\r\nQUIT\r\n", DataOutcome(message: "a\r\n", rest: "QUIT\r\n")),
        ("a\r\n.\r\n.\r\n", DataOutcome(message: "a\r\n", rest: ".\r\n")),
        // No end yet.
        ("a\r\n", DataOutcome(message: nil, isFinished: false)),
        ("a\r\n.", DataOutcome(message: nil, isFinished: false)),
        ("a\r\n.\r", DataOutcome(message: nil, isFinished: false)),
        ("a.\r\n", DataOutcome(message: nil, isFinished: false)),
        // A bare LF is a line end that was written carelessly.
        ("a\nb\r\n.\r\n", DataOutcome(message: "a\r\nb\r\n")),
        ("a\n\nb\n\r\n.\r\n", DataOutcome(message: "a\r\n\r\nb\r\n\r\n")),
        ("a\n..b\n.c\r\n.\r\n", DataOutcome(message: "a\r\n.b\r\nc\r\n")),
        // A bare CR or a NUL spoils the message, and it is read to its end.
        ("a\rb\r\n.\r\nQUIT", DataOutcome(message: nil, fault: .bareCarriageReturn, rest: "QUIT")),
        ("a\r\r\n.\r\n", DataOutcome(message: nil, fault: .bareCarriageReturn)),
        ("\r\r\n.\r\n", DataOutcome(message: nil, fault: .bareCarriageReturn)),
        ("a\0b\r\n.\r\nQUIT", DataOutcome(message: nil, fault: .nul, rest: "QUIT")),
        ("\0\r\n.\r\n", DataOutcome(message: nil, fault: .nul)),
    ]

    @Test(arguments: messages.indices)
    func `DATA is read to its end, whole, in two pieces and byte by byte`(index: Int) {
        let (input, outcome) = Self.messages[index]
        let bytes = Array(input.utf8)
        #expect(DataOutcome([bytes]) == outcome)
        #expect(DataOutcome(bytes.single) == outcome)
        for pieces in bytes.splits { #expect(DataOutcome(pieces) == outcome, "\(pieces)") }
    }

    /// The ends that other servers were found to take (CVE-2023-51764, -51765, -51766), and NUL.
    static let falseEnds: [(end: String, fault: DataReader.Fault?)] = [
        ("\n.\n", .falseEnd),
        ("\r.\r", .bareCarriageReturn),
        ("\r.\n", .bareCarriageReturn),
        ("\n.\r", .bareCarriageReturn),
        ("\n.\r\n", .falseEnd),
        ("\r\n.\n", .falseEnd),
        ("\r.\r\n", .bareCarriageReturn),
        ("\r\n.\r", .bareCarriageReturn),
        ("\r\n\0.\r\n", .nul),
        ("\r\n.\0\r\n", .nul),
        ("\r\0\n.\r\n", .bareCarriageReturn),
        ("\r\n.\r\0\n", .bareCarriageReturn),
        ("\0\n.\r\n", .nul),
    ]

    @Test(arguments: falseEnds.indices)
    func `only CRLF dot CRLF ends a message, and no false end gets through`(index: Int) {
        let (end, fault) = Self.falseEnds[index]
        let smuggled = "MAIL FROM:<evil@example.net>\r\n"
        let bytes = Array("Subject: x\r\n\r\nbody\(end)\(smuggled)\r\n.\r\nQUIT\r\n".utf8)
        let outcome = DataOutcome(message: nil, fault: fault, rest: "QUIT\r\n")
        #expect(DataOutcome([bytes]) == outcome)
        #expect(DataOutcome(bytes.single) == outcome)
        for pieces in bytes.splits { #expect(DataOutcome(pieces) == outcome) }
    }

    @Test func `a message over the limit is read to its end and not kept`() {
        let line = String(repeating: "x", count: 98) + "\r\n"
        let fits = Array((String(repeating: line, count: 10) + ".\r\n").utf8)
        let over = Array((String(repeating: line, count: 10) + "y\r\n.\r\nNOOP\r\n").utf8)
        #expect(DataOutcome([fits], limit: 1000).fault == nil)
        #expect(DataOutcome([over], limit: 1000) == DataOutcome(message: nil, fault: .tooLarge, rest: "NOOP\r\n"))
        #expect(DataOutcome(over.single, limit: 1000).fault == .tooLarge)
    }

    @Test func `a line over the limit spoils the message`() {
        let fits = Array((String(repeating: "x", count: 998) + "\r\n.\r\n").utf8)
        let over = Array((String(repeating: "x", count: 999) + "\r\n.\r\n").utf8)
        #expect(DataOutcome([fits], lineLimit: 998).fault == nil)
        #expect(DataOutcome([over], lineLimit: 998).fault == .lineTooLong)
        #expect(DataOutcome(over.single, lineLimit: 998).fault == .lineTooLong)
    }

    @Test(arguments: 0..<40)
    func `random bytes give the same however they are cut`(seed: Int) {
        var generator = FuzzBytes(seed: seed)
        for _ in 0..<50 {
            let bytes = generator.data(upTo: 40)
            let whole = DataOutcome([bytes])
            #expect(DataOutcome(bytes.single) == whole)
            let cut = bytes.isEmpty ? 0 : generator.below(bytes.count)
            #expect(DataOutcome([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole)
            guard let message = whole.message else { continue }
            // Whatever was accepted can be sent on as it is, and comes out as it went in.
            #expect(Self.isClean(Array(message.utf8)), "\(bytes)")
        }
    }

    static func isClean(_ bytes: [UInt8]) -> Bool {
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0: return false
            case 0x0D: guard index + 1 < bytes.count, bytes[index + 1] == 0x0A else { return false }
            case 0x0A: guard index > 0, bytes[index - 1] == 0x0D else { return false }
            default: break
            }
        }
        return bytes.isEmpty || bytes.last == 0x0A
    }
}
