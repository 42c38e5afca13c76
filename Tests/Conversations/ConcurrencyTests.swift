import Base
import Testing

/// Several clients in one mailbox at a time (RFC 9051 §5.2, §7.5.1; RFC 2180).
@Suite("Concurrency")
struct ConcurrencyTests {
    private static func mail(_ number: Int) -> String {
        Mail.from(
            "Kofi Mensah <kofi@kofimakes.example>",
            subject: "Number \(number)",
            id: "\(number)@kofimakes.example"
        )
    }

    /// The untagged lines that tell of changes.
    private static func told(_ answer: MailClient.Answer) -> [String] {
        answer.lines.filter { $0.hasPrefix("* ") && !$0.hasPrefix("* OK") && !$0.hasPrefix("* FLAGS") }
    }

    @Test("What another session expunged can be fetched until its going is told")
    func fetchingTheGone() async throws {
        try await TestGateway.run { house in
            for number in 1...3 { try await house.deliver(Self.mail(number)) }
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            for client in [mia, ben] { try await client.ok("SELECT INBOX") }
            try await ben.ok("STORE 2 +FLAGS.SILENT (\\Deleted)")
            try await ben.ok("EXPUNGE")

            // Commands with message numbers never tell of it, and go on as before.
            for _ in 0..<2 {
                let flags = try await mia.ok("FETCH 1:* (UID FLAGS)")
                #expect(Self.told(flags).count == 3 && !Self.told(flags).contains { $0.hasSuffix("EXPUNGE") })
            }
            let second = try await mia.ok("FETCH 2 (RFC822.SIZE BODY.PEEK[])")
            #expect(second.text.contains("Subject: Number 2"))
            #expect(second.lines.first?.contains("RFC822.SIZE \(second.literals.first?.count ?? -1) ") == true)
            let third = try await mia.ok("FETCH 3 BODY.PEEK[HEADER.FIELDS (SUBJECT)]")
            #expect(third.text.contains("Number 3"), "numbers mean what they meant")
            #expect(try await mia.ask("STORE 2 +FLAGS (\\Flagged)").result.hasPrefix("OK [EXPUNGEISSUED]"))

            #expect(Self.told(try await mia.ok("NOOP")) == ["* 2 EXPUNGE"])
            #expect(try await mia.ok("FETCH 2 BODY.PEEK[HEADER.FIELDS (SUBJECT)]").text.contains("Number 3"))
            #expect(try await mia.ask("FETCH 3 (FLAGS)").result.hasPrefix("BAD"))
        }
    }

    @Test("What happened while nobody asked is told once, as it came to be")
    func merging() async throws {
        try await TestGateway.run { house in
            for number in 1...4 { try await house.deliver(Self.mail(number)) }
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            for client in [mia, ben] { try await client.ok("SELECT INBOX") }
            try await ben.ok("STORE 1 +FLAGS.SILENT (\\Flagged)")
            try await ben.ok("STORE 1 -FLAGS.SILENT (\\Flagged)")
            try await ben.ok("STORE 3 +FLAGS.SILENT (\\Answered)")
            try await ben.ok("STORE 3 +FLAGS.SILENT (blue)")
            try await house.deliver(Self.mail(5))
            try await house.deliver(Self.mail(6))
            try await ben.ok("NOOP")
            try await ben.ok("STORE 2,5 +FLAGS.SILENT (\\Deleted)")
            try await ben.ok("EXPUNGE")
            // The fifth came and went without a word; the first is as it was.
            let told = Self.told(try await mia.ok("NOOP"))
            #expect(told.count == 3)
            #expect(told.prefix(2) == ["* 2 EXPUNGE", "* 4 EXISTS"])
            #expect(told.last?.hasPrefix("* 2 FETCH (FLAGS (\\Answered") == true && told.last?.contains("blue") == true)
            #expect(Self.told(try await mia.ok("NOOP")).isEmpty)
        }
    }

    @Test("Every idle session hears of a change, and of nothing that is not its own")
    func idling() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Self.mail(1))
            var idle: [MailClient] = []
            for index in 0..<12 {
                let client = try await house.client(index % 2 == 0 ? "mia" : "ben")
                try await client.ok(index % 3 == 0 ? "SELECT Archive" : "SELECT INBOX")
                try await client.lines.send("i IDLE\r\n")
                #expect(try await client.lines.line().hasPrefix("+"))
                idle.append(client)
            }
            let lea = try await house.client("mia")
            try await lea.ok("SELECT INBOX")
            var recents = 0
            for round in 0..<5 {
                try await lea.ok("STORE 1 \(round % 2 == 0 ? "+" : "-")FLAGS.SILENT (\\Flagged)")
                try await house.deliver(Self.mail(10 + round))
                for (index, client) in idle.enumerated() where index % 3 != 0 {
                    // Two changes, told one after the other or together.
                    // RECENT goes to whoever is told first, so only one of them has it.
                    var told: [String] = []
                    while told.count < 2 {
                        let line = try await client.lines.line()
                        if line.hasSuffix(" RECENT") { recents += 1 } else { told.append(line) }
                    }
                    told.sort()
                    #expect(told[0].hasPrefix("* 1 FETCH (FLAGS ("))
                    #expect(told[0].contains("\\Flagged") == (round % 2 == 0))
                    #expect(told[1] == "* \(round + 2) EXISTS")
                }
            }
            for (index, client) in idle.enumerated() {
                try await client.lines.send("DONE\r\n")
                var last = try await client.lines.line()
                if last.hasSuffix(" RECENT") { (recents, last) = (recents + 1, try await client.lines.line()) }
                #expect(last == "i OK IDLE done", "\(index) heard more than it should")
            }
            #expect(recents <= 5)
        }
    }

    @Test("Folders that come, go and change their names show at once in every session")
    func folders() async throws {
        try await TestGateway.run { house in
            let (one, other) = (try await house.client("mia"), try await house.client("mia"))
            for round in 0..<3 {
                try await one.ok("CREATE Box\(round)/Inner")
                #expect(try await one.ok("LIST \"\" Box*").lines.count == 2)
                #expect(try await other.ok("LIST \"\" Box*").lines.count == 2)
                try await other.ok("SUBSCRIBE Box\(round)/Inner")
                #expect(try await one.ok("LSUB \"\" Box*").lines.count == 1)
                try await one.ok("SELECT Box\(round)/Inner")
                try await other.ok("RENAME Box\(round) Case\(round)")
                #expect(try await one.ask("STATUS Box\(round)/Inner (MESSAGES)").result.hasPrefix("NO [NONEXISTENT]"))
                try await one.ok("STATUS Case\(round)/Inner (MESSAGES)")
                try await one.ok("UNSELECT")
                try await other.ok("DELETE Case\(round)/Inner")
                #expect(try await one.ask("SELECT Case\(round)/Inner").result.hasPrefix("NO"))
                try await other.ok("DELETE Case\(round)")
                #expect(try await one.ok("LIST \"\" Case*").lines.isEmpty)
                try await other.ok("UNSUBSCRIBE Box\(round)/Inner")
            }
        }
    }

    @Test("A large part fetched in chunks is the part, from whatever session and cache")
    func chunks() async throws {
        try await TestGateway.run { house in
            let lines = (0..<6000).map { "Line \($0) of a long text that does not fit into the database." }
            let boundary = "=_frontier"
            let text =
                "From: Kofi <kofi@kofimakes.example>\nTo: hello@glow.example\nSubject: Long\nMIME-Version: 1.0\n"
                + "Message-ID: <long@kofimakes.example>\nContent-Type: multipart/mixed; boundary=\"\(boundary)\"\n\n"
                + "--\(boundary)\n\nShort.\n--\(boundary)\nContent-Type: text/plain\n\n"
                + lines.joined(separator: "\n") + "\n--\(boundary)--\n"
            try await house.deliver(text)
            let mia = try await house.client("mia")
            try await mia.ok("SELECT INBOX")
            let whole = try await mia.ok("FETCH 1 BODY.PEEK[]").literals.first ?? []
            let part = try await mia.ok("FETCH 1 BODY.PEEK[2]").literals.first ?? []
            #expect(part == Array(lines.joined(separator: "\r\n").utf8))
            let ben = try await house.client("ben")
            try await ben.ok("SELECT INBOX")
            for (client, section, expected) in [(mia, "2", part), (ben, "2", part), (mia, "", whole), (ben, "", whole)]
            {
                var read: [UInt8] = []
                while read.count < expected.count {
                    let chunk = try await client.ok("FETCH 1 BODY.PEEK[\(section)]<\(read.count).65536>")
                    guard let bytes = chunk.literals.first, !bytes.isEmpty else { break }
                    read += bytes
                }
                #expect(read == expected)
            }
        }
    }
}
