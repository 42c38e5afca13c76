import Base
import IMAPWire
import TestSupport
import Testing

@testable import IMAPServer

/// INV-9: whatever comes, in whatever pieces, each command gets one tagged answer, in order.
@Suite("Engine, any input") struct EngineFuzzTests {
    private static let commands = [
        "NOOP", "CAPABILITY", "SELECT INBOX", "EXAMINE INBOX", "FETCH 1:* (FLAGS UID ENVELOPE BODYSTRUCTURE)",
        "UID FETCH 1:* BODY.PEEK[HEADER.FIELDS (From)]<0.5>", "STORE 1 +FLAGS (\\Seen x)", "SEARCH OR SEEN TEXT \"c\"",
        "UID STORE 1:* -FLAGS.SILENT (\\Deleted)", "COPY 1 INBOX", "UID MOVE 1 Other", "EXPUNGE", "UID EXPUNGE 1:9",
        "LIST \"\" \"*\"", "STATUS INBOX (MESSAGES UIDNEXT)", "CREATE a/b", "RENAME a b", "SUBSCRIBE INBOX",
        "APPEND INBOX (\\Seen) {4+}\r\nabcd", "APPEND INBOX CATENATE (URL /INBOX/;UID=1 TEXT {1+}\r\nx)",
        "UID REPLACE 1 INBOX {2+}\r\nab", "ENABLE CONDSTORE", "ID (\"a\" NIL)", "CLOSE", "UNSELECT", "NAMESPACE",
    ]

    /// A line with some of its bytes changed; what decides where it ends stays.
    private static func damaged(_ command: String, _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(command.utf8)
        let fixed = Set("{}+\r\n0123456789\"".utf8)
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            let byte = UInt8.random(in: 0...255, using: &generator)
            guard !fixed.contains(bytes[place]), !fixed.contains(byte) else { continue }
            bytes[place] = byte
        }
        return bytes
    }

    @Test(arguments: 0..<300)
    func oneAnswerEach(seed: UInt64) async {
        var generator = SeededGenerator(seed: seed)
        let house = MemoryHouse()
        house.addMailbox("Other")
        for number in 1...3 { house.deliver("From: a@b.example\nN: \(number)\n\nc") }
        let conversation = Conversation(house)
        await conversation.enter()
        let client = await conversation.client(1)
        let count = Limits.faults - 2
        var bytes: [UInt8] = []
        for number in 0..<count {
            bytes += Array("t\(number) ".utf8)
            bytes += Self.damaged(Self.commands.randomElement(using: &generator) ?? "NOOP", &generator)
            bytes += [13, 10]
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Int.random(in: 1...40, using: &generator)
            await conversation.send(Array(rest.prefix(piece)), client)
            rest = rest.dropFirst(piece)
        }
        let tags = client.lines.compactMap { line -> Int? in
            guard line.hasPrefix("t"), let space = line.firstIndex(of: " ") else { return nil }
            return Int(line[line.index(after: line.startIndex)..<space])
        }
        #expect(tags == Array(0..<count), "\(String(decoding: bytes, as: UTF8.self))")
    }

    @Test("Bytes without any sense never break a line or the house", arguments: 0..<200)
    func anyBytes(seed: UInt64) async {
        var generator = SeededGenerator(seed: seed)
        let conversation = Conversation()
        if seed.isMultiple(of: 2) { await conversation.enter() }
        let client = await conversation.client(1)
        let alphabet = Array("a {}+~123()\"\\*:,\r\n\0UID FETCH APPEND LOGIN".utf8) + [0x80, 0xFF, 0xC3, 0x16]
        var bytes = (0..<Int.random(in: 1...400, using: &generator)).map { _ in
            alphabet.randomElement(using: &generator) ?? 0
        }
        bytes += [13, 10]
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Int.random(in: 1...20, using: &generator)
            await conversation.send(Array(rest.prefix(piece)), client)
            rest = rest.dropFirst(piece)
        }
        // `Conversation` has checked that output ends with a line; the end comes once, if it comes.
        #expect(client.lines.count { $0.hasPrefix("* BYE") } <= 1, "\(bytes)")
    }
}
