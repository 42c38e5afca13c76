import Base
import IMAPWire
import TestSupport
import Testing

@testable import IMAPServer

/// Two clients and the house change one mailbox at random; each client believes only what it is
/// told, and is never told what does not fit.
@Suite struct InterleavingTests {
    /// What a client knows: a UID for each number, `nil` where it was not told yet, and the flags.
    struct Model {
        var uids: [UID?] = []
        var flags: [[String]?] = []

        /// Takes in a line; what is wrong with it, if anything.
        mutating func take(_ line: String, expungesAllowed: Bool) -> String? {
            let frame = Frame(text: Array(line.utf8))
            guard let response = try? ResponseParser.parse(frame) else { return "not a response" }
            switch response {
            case .exists(let count):
                guard count >= UInt32(uids.count) else { return "EXISTS may not shrink" }
                while uids.count < Int(count) {
                    uids.append(nil)
                    flags.append(nil)
                }
            case .expunge(let number):
                guard expungesAllowed else { return "EXPUNGE where numbers must stay" }
                guard number >= 1, number <= UInt32(uids.count) else { return "EXPUNGE of no message" }
                uids.remove(at: Int(number) - 1)
                flags.remove(at: Int(number) - 1)
            case .fetch(let number, let values):
                guard number >= 1, number <= UInt32(uids.count) else { return "FETCH of no message" }
                for value in values {
                    switch value {
                    case .uid(let uid):
                        guard uids[Int(number) - 1] ?? uid == uid else { return "another UID under a number" }
                        uids[Int(number) - 1] = uid
                    case .flags(let names): flags[Int(number) - 1] = names
                    default: break
                    }
                }
            case .search(let numbers, _):
                guard numbers.allSatisfy({ $0 <= UInt32(uids.count) }) else { return "SEARCH found no message" }
            default: break
            }
            return nil
        }
    }

    private static let commands: [(text: String, expungesAllowed: Bool)] = [
        ("NOOP", true), ("FETCH 1:* (UID FLAGS)", false), ("STORE 1 +FLAGS (\\Deleted)", false),
        ("STORE 1:* -FLAGS.SILENT (\\Flagged)", false), ("UID STORE 1:* +FLAGS (\\Seen)", true),
        ("SEARCH UNSEEN", false),
        ("EXPUNGE", true), ("UID FETCH 1:* FLAGS", true), ("COPY 1 INBOX", true), ("CHECK", true),
        ("FETCH 1 BODY.PEEK[TEXT]", false),
    ]

    @Test("RFC 9051 §7.5.1: numbers mean the same on both sides, whatever others do", arguments: 0..<60)
    func numbersAgree(seed: UInt64) async {
        var generator = SeededGenerator(seed: seed)
        let house = MemoryHouse(chunkLimit: [1, 2, 3, 256][Int(seed % 4)])
        let conversation = Conversation(house)
        var models = [Model(), Model()]
        for client in 1...2 { await conversation.enter(client: client) }

        func run(_ command: String, _ expungesAllowed: Bool, on index: Int) async {
            let client = await conversation.client(index + 1)
            await conversation.send("x \(command)\r\n", client)
            // What .SILENT keeps back the client works out by itself.
            if command.contains("SILENT") {
                models[index].flags = models[index].flags.map { $0?.filter { $0 != "\\Flagged" } }
            }
            for line in client.lines where line.hasPrefix("* ") && !line.contains("{") {
                let fault = models[index].take(line, expungesAllowed: expungesAllowed)
                #expect(fault == nil, "\(command): \(line)")
            }
            client.lines = []
        }

        for _ in 0..<60 {
            let uids = house.change(.inbox) { box, _ in box.entries.map(\.uid) } ?? []
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: house.deliver("a: b\n\nc")
            case 1: if let uid = uids.randomElement(using: &generator) { house.remove(uid) }
            case 2:
                let flags = Flags([.flagged, .answered], keywords: seed % 2 == 0 ? [Keyword("$x")] : [])
                if let uid = uids.randomElement(using: &generator) { house.setFlags(flags, of: uid) }
            default:
                let command = Self.commands[Int.random(in: 0..<Self.commands.count, using: &generator)]
                await run(command.text, command.expungesAllowed, on: Int.random(in: 0...1, using: &generator))
            }
        }
        // In the end everybody knows the truth by what they were told, without asking for it.
        let truth = house.change(.inbox) { box, _ in box.entries } ?? []
        for index in models.indices {
            await run("NOOP", true, on: index)
            #expect(models[index].uids.count == truth.count)
            for (place, entry) in truth.enumerated() where place < models[index].uids.count {
                #expect(models[index].uids[place] ?? entry.uid == entry.uid)
                let told = models[index].flags[place]
                #expect(told ?? entry.flags.names == entry.flags.names, "flags of \(entry.uid)")
            }
        }
    }
}
