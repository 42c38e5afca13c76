import Base
import Testing

/// Commands that write, through the whole house.
@Suite("Writing")
struct WriteTests {
    @Test("Drafts are saved again and again, by APPEND and EXPUNGE and by REPLACE")
    func drafts() async throws {
        try await TestGateway.run { house in
            let mia = try await house.client("mia")
            try await mia.ok("SELECT Drafts")
            var uid = 0
            for round in 1...10 {
                let text = "Subject: draft\r\n\r\nround \(round)"
                let command = "(\\Seen \\Draft) {\(text.utf8.count)+}\r\n\(text)"
                if round.isMultiple(of: 2), uid > 0 {
                    let answer = try await mia.ok("UID REPLACE \(uid) Drafts \(command)")
                    uid = Self.lastNumber(answer.lines.first { $0.contains("APPENDUID") } ?? "")
                    #expect(answer.lines.contains { $0.hasSuffix("EXPUNGE") })
                } else {
                    let answer = try await mia.ok("APPEND Drafts \(command)")
                    if uid > 0 {
                        try await mia.ok("UID STORE \(uid) +FLAGS.SILENT (\\Deleted)")
                        try await mia.ok("UID EXPUNGE \(uid)")
                    }
                    uid = Self.lastNumber(answer.result)
                }
                #expect(try await mia.search("ALL") == [uid])
                #expect(try await mia.text(uid) == text)
                let flags = try await mia.flags(uid)
                #expect(flags.contains("\\Seen") && flags.contains("\\Draft") && !flags.contains("\\Deleted"))
            }
            #expect(try await mia.count("Drafts") == 1)
        }
    }

    @Test("RFC 3502: several messages come together, or none")
    func severalMessages() async throws {
        try await TestGateway.run { house in
            let mia = try await house.client("mia")
            let both = try await mia.ok("APPEND Archive (\\Seen) {4+}\r\nA: 1 ($later) {4+}\r\nA: 2")
            #expect(both.result.contains("APPENDUID"))
            #expect(try await mia.count("Archive") == 2)
            let refused = try await mia.ask("APPEND Archive {4+}\r\nA: 3 {0+}\r\n")
            #expect(refused.result.hasPrefix("NO"))
            #expect(try await mia.count("Archive") == 2)
        }
    }

    @Test("What is done in slices is done whole: more messages than one change takes")
    func slices() async throws {
        try await TestGateway.run { house in
            let mia = try await house.client("mia")
            let count = Limits.placementsPerChange + 20
            var command = "APPEND Archive"
            for number in 0..<count { command += " {6+}\r\nA: \(100 + number)" }
            try await mia.ok(command)
            try await mia.ok("SELECT Archive")
            let stored = try await mia.ok("STORE 1:* +FLAGS.SILENT ($seen-all)")
            #expect(stored.lines.allSatisfy { !$0.contains("FETCH") })
            #expect(try await mia.search("KEYWORD $seen-all").count == count)
            let copied = try await mia.ok("COPY 1:* Trash")
            #expect(copied.result.contains("COPYUID"))
            #expect(try await mia.count("Trash") == count)
            let moved = try await mia.ok("MOVE 1:* Junk")
            #expect(moved.lines.count { $0.hasSuffix("EXPUNGE") } == count)
            #expect(try await mia.count("Junk") == count)
            try await mia.ok("SELECT Junk")
            try await mia.ok("STORE 1:* +FLAGS.SILENT (\\Deleted)")
            #expect(try await mia.ok("EXPUNGE").lines.count { $0.hasSuffix("EXPUNGE") } == count)
            #expect(try await mia.count("Junk") == 0)
        }
    }

    @Test("INV-9: a mailbox takes many keywords, but not any number")
    func keywords() async throws {
        try await TestGateway.run { house in
            let mia = try await house.client("mia")
            _ = try await mia.append("A: b\n\nx", to: "Archive")
            try await mia.ok("SELECT Archive")
            for start in stride(from: 0, to: Limits.keywords, by: 64) {
                let words = (start..<(start + 64)).map { "word\($0)" }.joined(separator: " ")
                try await mia.ok("STORE 1 +FLAGS.SILENT (\(words))")
            }
            let refused = try await mia.ask("STORE 1 +FLAGS (one-more)")
            #expect(refused.result.hasPrefix("NO [LIMIT]"), "\(refused.result)")
            try await mia.ok("STORE 1 +FLAGS (WORD1 word2)")
            try await mia.ok("STORE 1 -FLAGS.SILENT (word1)")
            try await mia.ok("STORE 1 +FLAGS.SILENT (one-more)")
        }
    }

    private static func lastNumber(_ text: String) -> Int {
        guard let end = text.firstIndex(of: "]") else { return 0 }
        return text[..<end].split(separator: " ").last.flatMap { Int($0) } ?? 0
    }
}
