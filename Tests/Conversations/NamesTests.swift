import Base
import Testing

/// Mailboxes as named things: made, renamed, counted, noted on, watched, and hidden.
@Suite("Names")
struct NamesTests {
    /// The sample with an account that mia alone has, and no room for more than a few messages in the
    /// team's where `quota` says so.
    private static func plan(quota: Int? = nil) -> TestGateway.Plan {
        let limit = quota.map { "\nquota_messages = \($0)" } ?? ""
        return TestGateway.Plan(edits: [
            (
                "greenroom.toml", "addresses = [\"hello@glow.example\", \"partners@glow.example\"]",
                "addresses = [\"hello@glow.example\", \"partners@glow.example\"]\(limit)\n\n"
                    + "[accounts.private]\nkind = \"local\"\nowner = \"mia\"\naddresses = [\"mia.berg@glow.example\"]"
            ),
            (
                "team.toml", "accounts = [\"team\"]\ncampaigns = [\"*\"]\nfields = [\"shipping\"]",
                "accounts = [\"team\", \"private\"]\ncampaigns = [\"*\"]\nfields = [\"shipping\"]"
            ),
        ])
    }

    @Test("A tree is renamed whole, INBOX gives its messages away, and a name with children stays a name")
    func renaming() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            let mia = try await house.client("mia")
            for name in ["Work", "Work/2026", "Work/2026/Q1"] { try await mia.ok("CREATE \(name)") }
            let id = try await mia.ok("STATUS Work/2026/Q1 (MAILBOXID UIDVALIDITY)").lines[0]
            try await mia.ok("RENAME Work Play")
            #expect(try await mia.names("Play*") == ["Play", "Play/2026", "Play/2026/Q1"])
            #expect(try await mia.names("Work*") == [])
            let after = try await mia.ok("STATUS Play/2026/Q1 (MAILBOXID UIDVALIDITY)").lines[0]
            #expect(after == "* STATUS Play/2026/Q1" + id.dropFirst("* STATUS Work/2026/Q1".count))

            try await mia.ok("DELETE Play")
            #expect(try await mia.ok("LIST \"\" Play").lines == ["* LIST (\\Noselect \\HasChildren) \"/\" Play"])
            #expect(try await mia.ask("DELETE Play").result.hasPrefix("NO [HASCHILDREN]"))
            #expect(try await mia.ask("SELECT Play").result.hasPrefix("NO [NONEXISTENT]"))
            try await mia.ok("RENAME Play Archive/Old")
            #expect(try await mia.names("Archive/*") == ["Archive/Old", "Archive/Old/2026", "Archive/Old/2026/Q1"])

            try await mia.ok("RENAME INBOX \"Before today\"")
            #expect(try await mia.count("INBOX") == 0)
            #expect(try await mia.count("\"Before today\"") == 1)
            #expect(try await mia.ask("RENAME Sent Outbox").result.hasPrefix("NO [CANNOT]"))
            #expect(try await mia.ask("RENAME Nothing Else").result.hasPrefix("NO [NONEXISTENT]"))
            let lea = try await house.client("lea")
            #expect(try await lea.ask("RENAME INBOX Mine").result.hasPrefix("NO [NOPERM]"))
        }
    }

    @Test("A name that is made again is another mailbox: a higher UIDVALIDITY, another id, no old notes")
    func madeAgain() async throws {
        try await TestGateway.run { house in
            let mia = try await house.client("mia")
            try await mia.ok("CREATE Work (USE (\\Archive))")
            #expect(try await mia.ok("LIST \"\" Work").lines == ["* LIST (\\HasNoChildren \\Archive) \"/\" Work"])
            #expect(try await mia.ask("CREATE Letters (USE (\\Sent))").result.hasPrefix("NO [USEATTR]"))
            try await mia.ok("SETMETADATA Work (/shared/comment \"old\")")
            let first = try await mia.numbers("Work")
            let id = try await mia.ok("STATUS Work (MAILBOXID)").lines
            try await mia.ok("DELETE Work")
            try await mia.ok("CREATE Work")
            #expect(try await mia.numbers("Work")["UIDVALIDITY"] ?? 0 > first["UIDVALIDITY"] ?? 0)
            #expect(try await mia.ok("STATUS Work (MAILBOXID)").lines != id)
            #expect(
                try await mia.ok("GETMETADATA Work /shared/comment").lines == [
                    "* METADATA Work (/shared/comment NIL)"
                ]
            )
        }
    }

    @Test("Names in any script, with quotes and backslashes, in both spellings of the wire")
    func scripts() async throws {
        try await TestGateway.run { house in
            let mia = try await house.client("mia")
            try await mia.ok("CREATE \"Gr&APwA3w-e\"")
            try await mia.ok("CREATE \"say \\\"hi\\\" \\\\ &2D3eAA-\"")
            let other = try await house.client("mia")
            try await other.ok("ENABLE UTF8=ACCEPT")
            let names = try await other.ok("LIST \"\" *").lines
            #expect(names.contains("* LIST (\\HasNoChildren) \"/\" \"Grüße\""))
            #expect(names.contains("* LIST (\\HasNoChildren) \"/\" \"say \\\"hi\\\" \\\\ 😀\""))
            try await other.ok("CREATE \"Tom & Jerry\"")
            #expect(try await mia.names("Tom*") == ["\"Tom &- Jerry\""])
            #expect(try await other.count("\"Grüße\"") == 0)
            #expect(try await mia.ask("SELECT \"Tom & Jerry\"").result.hasPrefix("NO [CANNOT]"))
        }
    }

    @Test("STATUS counts what each member reads and marks, without opening the mailbox, and so does a snapshot")
    func status() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            try await house.deliver(Mail.from("Sam <sam@elsewhere.example>", id: "pitch-1@elsewhere.example"))
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            try await mia.ok("SELECT INBOX")
            try await mia.ok("STORE 1 +FLAGS.SILENT (\\Seen \\Deleted)")
            let hers = try await mia.numbers("INBOX")
            let his = try await ben.numbers("INBOX")
            #expect(hers["UNSEEN"] == 1 && hers["DELETED"] == 1 && hers["MESSAGES"] == 2)
            #expect(his["UNSEEN"] == 2 && his["DELETED"] == 0 && his["DELETED-STORAGE"] == 0)
            let sizes = try await ben.ok("FETCH 1:2 RFC822.SIZE", in: "INBOX").lines.filter { $0.contains("FETCH") }
                .compactMap { $0.split(separator: " ").last.flatMap { Int($0.dropLast()) } }
            #expect(sizes.reduce(0, +) == his["SIZE"] && sizes.first == hers["DELETED-STORAGE"])
            try await mia.ok("EXPUNGE")
            #expect(try await mia.numbers("INBOX")["DELETED"] == 0)
        }
    }

    @Test("Notes: who sees a mailbox reads them, who files into it writes them, and private ones are private")
    func notes() async throws {
        try await TestGateway.run { house in
            let (mia, ben, lea) = (
                try await house.client("mia"), try await house.client("ben"), try await house.client("lea")
            )
            try await mia.ok("SETMETADATA INBOX (/shared/comment \"ours\" /private/comment \"mine\")")
            try await mia.ok("SETMETADATA \(Mail.spring) (/shared/comment \"launch\")")
            let read = "GETMETADATA INBOX (/shared/comment /private/comment)"
            #expect(
                try await ben.ok(read).lines == ["* METADATA INBOX (/private/comment NIL /shared/comment \"ours\")"]
            )
            #expect(try await ben.ok("GETMETADATA \(Mail.spring) /shared/comment").lines[0].contains("\"launch\""))
            #expect(try await lea.ask("SETMETADATA INBOX (/shared/comment \"x\")").result.hasPrefix("NO [NOPERM]"))
            try await lea.ok("SETMETADATA INBOX (/private/comment \"hers\")")
            #expect(
                try await lea.ok(read).lines == [
                    "* METADATA INBOX (/private/comment \"hers\" /shared/comment \"ours\")"
                ]
            )
            #expect(try await mia.ask("SETMETADATA \"\" (/shared/comment \"x\")").result.hasPrefix("NO [NOPERM]"))
            #expect(try await mia.ok("GETMETADATA \"\" /shared/comment").lines[0].contains("Greenroom for Glow"))
            for number in 0..<80 {
                let answer = try await lea.ask("SETMETADATA INBOX (/private/n\(number) \"x\")")
                guard !answer.isOK else { continue }
                #expect(answer.result.hasPrefix("NO [METADATA TOOMANY]") && number == 63, "\(number): \(answer.result)")
                break
            }
            try await house.afterCrash { house in
                let mia = try await house.client("mia")
                #expect(
                    try await mia.ok(read).lines == [
                        "* METADATA INBOX (/private/comment \"mine\" /shared/comment \"ours\")"
                    ]
                )
            }
        }
    }

    @Test("Rights are shown as they are: what MYRIGHTS grants can be done, what it does not cannot")
    func rights() async throws {
        try await TestGateway.run(Self.plan()) { house in
            try await house.deliver(Mail.fromKofi)
            let (mia, lea) = (try await house.client("mia"), try await house.client("lea"))
            try await mia.ok("CREATE Mine")
            #expect(try await mia.ok("MYRIGHTS Mine").lines == ["* MYRIGHTS Mine lrswikxtecd"])
            #expect(try await mia.ok("MYRIGHTS INBOX").lines == ["* MYRIGHTS INBOX lrswiktecd"])
            #expect(try await lea.ok("MYRIGHTS INBOX").lines == ["* MYRIGHTS INBOX lr"])
            #expect(try await mia.ok("MYRIGHTS Approvals/Waiting").lines == ["* MYRIGHTS Approvals/Waiting lrswted"])
            #expect(try await mia.ok("MYRIGHTS \(Mail.spring)").lines == ["* MYRIGHTS \(Mail.spring) lrswited"])
            #expect(
                try await mia.ok("GETACL INBOX").lines == [
                    "* ACL INBOX mia lrswiktecd ben lrswiktecd lea lr"
                ]
            )
            #expect(try await lea.ok("GETACL INBOX").lines == ["* ACL INBOX lea lr"])
            #expect(try await lea.ok("LISTRIGHTS INBOX ben").lines == ["* LISTRIGHTS INBOX ben \"\""])
            #expect(
                try await mia.ok("GETACL Shared/private/INBOX").lines == [
                    "* ACL Shared/private/INBOX mia lrswiktecd"
                ]
            )
            #expect(try await mia.ask("SETACL INBOX lea lrs").result.hasPrefix("NO [NOPERM]"))
        }
    }

    @Test("An account is filled no further than its quota; mail that arrives is taken all the same")
    func quota() async throws {
        try await TestGateway.run(Self.plan(quota: 2)) { house in
            try await house.deliver(Mail.fromKofi)
            let mia = try await house.client("mia")
            let before = try await mia.ok("GETQUOTAROOT INBOX").lines
            #expect(before == ["* QUOTAROOT INBOX team", "* QUOTA team (MESSAGE 1 2)"])
            #expect(try await mia.ok("GETQUOTAROOT Shared/private/INBOX").lines.last == "* QUOTA private ()")
            #expect(try await mia.ok("GETQUOTAROOT Approvals/Waiting").lines == ["* QUOTAROOT Approvals/Waiting"])
            #expect(try await mia.append(Mail.toKofi, to: "Drafts").isOK)
            #expect(try await mia.append(Mail.toKofi, to: "Drafts").result.hasPrefix("NO [OVERQUOTA]"))
            try await mia.ok("SELECT INBOX")
            #expect(try await mia.ask("COPY 1 Archive").result.hasPrefix("NO [OVERQUOTA]"))
            try await mia.ok("MOVE 1 Archive")
            try await house.deliver(Mail.from("Sam <sam@elsewhere.example>", id: "pitch-1@elsewhere.example"))
            let after = try await mia.ok("GETQUOTA team").lines.filter { $0.hasPrefix("* QUOTA") }
            #expect(after == ["* QUOTA team (MESSAGE 3 2)"])
            #expect(try await house.client("ben").ask("GETQUOTA private").result.hasPrefix("NO [NONEXISTENT]"))
        }
    }

    @Test("A client that asked is told by itself: of its mailbox, of others, of names")
    func notify() async throws {
        try await TestGateway.run { house in
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            try await ben.ok("SELECT INBOX")
            try await ben.ok(
                "NOTIFY SET (SELECTED (MessageNew (UID FLAGS) MessageExpunge FlagChange))"
                    + " (MAILBOXES Archive (MessageNew MessageExpunge)) (SUBTREE Work (MailboxName))"
            )
            try await house.deliver(Mail.fromKofi)
            #expect(try await ben.news() == "* 1 EXISTS")
            #expect(try await ben.news() == "* 1 RECENT")
            let new = try await ben.news()
            #expect(new.hasPrefix("* 1 FETCH (UID 1 FLAGS ("))
            let uid = try await mia.only("INBOX")
            try await mia.ok("UID STORE \(uid) +FLAGS.SILENT (\\Answered)")
            let changed = try await ben.news()
            #expect(changed.hasPrefix("* 1 FETCH (UID 1 FLAGS (\\Answered"))
            try await mia.ok("UID MOVE \(uid) Archive")
            let gone = Set([try await ben.news(), try await ben.news()])
            #expect(gone == ["* 1 EXPUNGE", "* STATUS Archive (UIDNEXT 2 MESSAGES 1)"])
            try await mia.ok("CREATE Work")
            let made = try await ben.news()
            #expect(made == "* LIST (\\HasNoChildren) \"/\" Work")
            try await mia.ok("DELETE Work")
            let deleted = try await ben.news()
            #expect(deleted == "* LIST (\\NonExistent) \"/\" Work")
        }
    }

    @Test("A mailbox that a member may not see answers as one that is not there, whatever is asked")
    func hidden() async throws {
        try await TestGateway.run(Self.plan()) { house in
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            try await mia.ok("CREATE Shared/private/Diary")
            #expect(try await mia.append(Mail.toKofi, to: "Shared/private/Diary").isOK)
            try await mia.ok("SETMETADATA Shared/private/Diary (/shared/comment \"dear\")")
            let emailID = try await mia.ok("FETCH 1 EMAILID", in: "Shared/private/Diary").lines.last {
                $0.contains("EMAILID")
            }
            let id = emailID?.split(separator: "(").last.map { String($0.dropLast(2)) } ?? ""
            try await house.deliver(Mail.fromKofi)
            try await ben.ok("SELECT INBOX")
            #expect(id.count == 17)
            #expect(try await ben.search("EMAILID \(id)") == [])
            let forms = [
                "LIST \"\" %", "LIST \"\" %*", "LIST (SUBSCRIBED) \"\" % RETURN (STATUS (MESSAGES MAILBOXID))",
                "LIST \"\" % RETURN (STATUS (MESSAGES) MYRIGHTS METADATA (/shared/comment))", "LSUB \"\" %",
                "STATUS % (MESSAGES MAILBOXID)", "SELECT %", "EXAMINE %", "GETACL %", "MYRIGHTS %",
                "LISTRIGHTS % mia", "SETACL % ben lr", "DELETEACL % mia", "GETMETADATA % /shared/comment",
                "SETMETADATA % (/shared/comment \"x\")", "SETMETADATA % (/private/comment \"x\")", "GETQUOTAROOT %",
                "SUBSCRIBE %", "UNSUBSCRIBE %", "DELETE %", "RENAME % Found", "RENAME Trash %", "CREATE %",
                "NOTIFY SET STATUS (MAILBOXES % (MessageNew MessageExpunge FlagChange MailboxName))",
                "NOTIFY SET STATUS (SUBTREE % (MessageNew MessageExpunge FlagChange MailboxMetadataChange))",
                "NOTIFY NONE", "SELECT INBOX", "COPY 1 %", "MOVE 1 %",
            ]
            // One that is there, its account's, and a guess below it, beside what nobody has.
            for (there, nowhere) in [
                ("Shared/private/Diary", "Shared/nobody/Diary"), ("Shared/private/INBOX", "Shared/nobody/INBOX"),
                ("Shared/private", "Shared/nobody"), ("Shared/private/Diary/2026", "Shared/nobody/Diary/2026"),
            ] {
                for form in forms {
                    let seen = try await ben.spoken(form, there)
                    let unseen = try await ben.spoken(form, nowhere)
                    #expect(seen == unseen, "\(form) tells \(there) from \(nowhere)")
                }
            }
            // What happens there is not told either, though it was asked for.
            try await ben.ok("UNSELECT")
            try await ben.ok(
                "NOTIFY SET (SUBTREE (Shared INBOX) (MessageNew MessageExpunge FlagChange MailboxName"
                    + " SubscriptionChange MailboxMetadataChange)) (PERSONAL (MailboxName))"
            )
            #expect(try await mia.append(Mail.toKofi, to: "Shared/private/Diary").isOK)
            try await mia.ok("SETMETADATA Shared/private/Diary (/shared/comment \"again\")")
            try await mia.ok("CREATE Shared/private/Letters")
            try await mia.ok("DELETE Shared/private/Diary")
            try await house.deliver(Mail.from("Sam <sam@elsewhere.example>", id: "pitch-1@elsewhere.example"))
            let told = try await ben.news()
            #expect(told.hasPrefix("* STATUS INBOX "))
        }
    }
}

extension MailClient {
    /// The names that a pattern lists, as they stand on the wire.
    fileprivate func names(_ pattern: String) async throws -> [String] {
        try await ok("LIST \"\" \(pattern)").lines.compactMap { line in
            line.split(separator: " \"/\" ").last.map(String.init)
        }
    }

    /// All numbers of STATUS.
    fileprivate func numbers(_ folder: String) async throws -> [String: Int] {
        let items = "MESSAGES UNSEEN DELETED SIZE DELETED-STORAGE UIDNEXT UIDVALIDITY HIGHESTMODSEQ"
        let line = try await ok("STATUS \(folder) (\(items))").lines.first { $0.hasPrefix("* STATUS") } ?? ""
        let words = line.split(whereSeparator: { " ()".contains($0) }).map(String.init)
        return Dictionary(zip(words, words.dropFirst()).compactMap { name, value in Int(value).map { (name, $0) } }) {
            $1
        }
    }

    fileprivate func ok(_ command: String, in folder: String) async throws -> Answer {
        try await ok("SELECT \(folder)")
        return try await ok(command)
    }

    /// The next line that a client is told by itself; the names of keywords that are new apart.
    fileprivate func news() async throws -> String {
        while true {
            let line = try await lines.line()
            if !line.hasPrefix("* FLAGS") { return line }
        }
    }

    /// A command about a name, and the answer with the name made the same.
    fileprivate func spoken(_ form: String, _ name: String) async throws -> [String] {
        let parts = form.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        let answer = try await ask(parts.joined(separator: name))
        // Whether a mailbox was open before says nothing of the one that is asked for.
        let lines = answer.lines.filter { !$0.hasPrefix("* OK [CLOSED]") }
        return (lines + [answer.result]).map { line in
            line.split(separator: name, omittingEmptySubsequences: false).joined(separator: "…")
        }
    }
}
