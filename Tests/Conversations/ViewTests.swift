import Base
import Campaigns
import Ledger
import Testing

/// Folders that show and folders that act.
@Suite("Views")
struct ViewTests {
    @Test("What one member reads or marks deleted is theirs alone")
    func privateFlags() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            let (hers, his) = (try await mia.only("INBOX"), try await ben.only("INBOX"))
            try await mia.ok("UID STORE \(hers) +FLAGS (\\Seen \\Deleted \\Flagged)")
            let flags = try await ben.flags(his)
            #expect(
                !flags.contains("\\Seen") && !flags.contains("\\Deleted") && flags.contains("\\Flagged"),
                "\(flags)"
            )
            try await ben.ok("EXPUNGE")
            #expect(try await mia.uids("INBOX") == [hers])
        }
    }

    @Test("Moved from INBOX into a stage: the stage is set, and the message archived", arguments: [true, false])
    func setStage(withMove: Bool) async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            let mia = try await house.client("mia")
            let uid = try await mia.only("INBOX")
            let target = Mail.stage("4 accepted")
            if withMove {
                try await mia.ok("UID MOVE \(uid) \(target)")
            } else {
                try await mia.ok("UID COPY \(uid) \(target)")
                try await mia.ok("UID STORE \(uid) +FLAGS.SILENT (\\Deleted)")
                try await mia.ok("UID EXPUNGE \(uid)")
            }
            #expect(try await mia.count("INBOX") == 0)
            #expect(try await mia.count(target) == 1)
            #expect(try await mia.count(Mail.stage("2 replied")) == 0)
            #expect(try await mia.count(Mail.spring) == 1)
            #expect(try await mia.count("Archive") == 1)
            let changed = try await house.events().last { $0.kind == .stageChanged }
            #expect(changed?.actor.member == "mia")
            #expect(try await mia.flags(try await mia.only(target)).contains("$Stage-accepted"))
        }
    }

    @Test("Moved into Team: assigned, and shown to that member")
    func assign() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            try await mia.ok("UID MOVE \(try await mia.only("INBOX")) \"Team/Ben Okafor\"")
            #expect(try await ben.uids("\"Team/Ben Okafor\"").count == 1)
            #expect(try await house.kinds().contains(.assigned))
        }
    }

    @Test(
        "What may not be done comes back under a new UID, with a note, and changes nothing",
        arguments: [
            (Mail.spring, "\"Campaigns/Summer Sun Care\""),
            (Mail.spring, "Archive"),
            (Mail.spring, "Approvals/Approve"),
            ("INBOX", "Approvals/Waiting"),
            ("INBOX", "Queues/Unmatched"),
        ]
    )
    func comesBack(_ source: String, _ target: String) async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            let mia = try await house.client("mia")
            let uid = try await mia.only(source)
            let whole = try await mia.whole(uid)
            let answer = try await mia.ok("UID MOVE \(uid) \(target)")
            #expect((answer.lines + [answer.result]).contains { $0.contains("OK") && $0.count > 30 }, "\(answer)")
            let back = try await mia.only(source)
            #expect(back > uid)
            #expect(try await mia.whole(back) == whole)
            #expect(try await mia.count(target) == 0)
        }
    }

    @Test("Dismissed from Unmatched by one member: gone for them, there for the other")
    func dismiss() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.from("Sam <sam@elsewhere.example>", id: "pitch-1@elsewhere.example"))
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            let uid = try await mia.only("Queues/Unmatched")
            try await mia.ok("UID MOVE \(uid) Trash")
            #expect(try await mia.count("Queues/Unmatched") == 0)
            #expect(try await ben.count("Queues/Unmatched") == 1)
            #expect(try await mia.count("INBOX") == 1)
            let his = try await ben.only("Queues/Unmatched")
            try await ben.ok("UID STORE \(his) +FLAGS.SILENT (\\Deleted)")
            try await ben.ok("EXPUNGE")
            #expect(try await ben.count("Queues/Unmatched") == 0)
            #expect(try await ben.count("INBOX") == 1)
        }
    }

    @Test("Folders of ours cannot be made, renamed or deleted; one's own can")
    func names() async throws {
        try await TestGateway.run { house in
            let mia = try await house.client("mia")
            for command in [
                "CREATE Approvals/Mine", "CREATE Queues/Later", "DELETE Approvals/Waiting", "DELETE \(Mail.spring)",
                "RENAME Approvals/Decided Old", "RENAME \(Mail.spring) Spring", "DELETE Sent", "DELETE INBOX",
            ] {
                let answer = try await mia.ask(command)
                #expect(answer.result.hasPrefix("NO [CANNOT]"), "\(command): \(answer.result)")
            }
            try await mia.ok("CREATE Projects/2026")
            try await mia.ok("RENAME Projects/2026 Projects/2027")
            let listed = try await mia.ok("LIST \"\" \"Projects/*\"").lines
            #expect(listed.count == 1 && listed[0].contains("Projects/2027"), "\(listed)")
            try await mia.ok("DELETE Projects/2027")
        }
    }

    @Test("Who may only read an account changes nothing in it")
    func readers() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            let lea = try await house.client("lea")
            let uid = try await lea.only("INBOX")
            for command in [
                "UID STORE \(uid) +FLAGS (\\Flagged)", "UID MOVE \(uid) Archive",
                "UID MOVE \(uid) \(Mail.stage("4 accepted"))", "CREATE Mine",
            ] {
                #expect(try await lea.ask(command).result.hasPrefix("NO"), "\(command)")
            }
            #expect(try await lea.append(Mail.fromKofi, to: "INBOX").result.hasPrefix("NO"))
            #expect(try await house.client("mia").count("INBOX") == 1)
        }
    }

    @Test("An idle session sees what another one does and what arrives")
    func idle() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            let uid = try await mia.only("INBOX")
            try await ben.ok("SELECT INBOX")
            try await ben.lines.send("i1 IDLE\r\n")
            #expect(try await ben.lines.line().hasPrefix("+"))
            try await mia.ok("UID STORE \(uid) +FLAGS (\\Answered)")
            #expect(try await ben.lines.line().contains("\\Answered"))
            try await house.deliver(Mail.from("Sam <sam@elsewhere.example>", id: "pitch-1@elsewhere.example"))
            #expect(try await ben.lines.line() == "* 2 EXISTS")
            try await mia.ok("UID MOVE \(uid) Archive")
            var line = try await ben.lines.line()
            if line.contains("RECENT") { line = try await ben.lines.line() }
            #expect(line == "* 1 EXPUNGE")
            try await ben.lines.send("DONE\r\n")
            #expect(try await ben.lines.line().hasPrefix("i1 OK"))
        }
    }

    @Test("Attached by hand from Unmatched: it leaves the queue, and the next mail knows the address")
    func attachByHand() async throws {
        try await TestGateway.run { house in
            // A known creator among the other recipients makes a candidate, no more (INV-5).
            try await house.deliver(
                Mail.from(
                    "Lu <lu@private.example>",
                    to: "hello@glow.example, luisa@lumi.example",
                    id: "lu-1@private.example"
                )
            )
            let mia = try await house.client("mia")
            try await mia.ok("UID MOVE \(try await mia.only("Queues/Unmatched")) \(Mail.spring)")
            #expect(try await mia.count("Queues/Unmatched") == 0)
            #expect(try await mia.count(Mail.spring) == 1)
            #expect(try await house.kinds().contains(.addressLearnt))
            let next = Mail.from("Lu <lu@private.example>", subject: "New", id: "lu-2@private.example")
            try await house.deliver(next)
            #expect(try await mia.count(Mail.spring) == 2)
            try await house.afterCrash { house in
                try await house.deliver(
                    Mail.from("Lu <lu@private.example>", subject: "Newer", id: "lu-3@private.example")
                )
                #expect(try await house.client("mia").count(Mail.spring) == 3)
            }
        }
    }

    @Test("An agency's address is never learnt for one of its creators (INV-5)")
    func agencyAddress() async throws {
        let plan = TestGateway.Plan(edits: [("campaigns/summer.toml", "noor = { stage = \"replied\" }", "")])
        try await TestGateway.run(plan) { house in
            let agency = "Brightline <bookings@brightline.example>"
            try await house.deliver(Mail.from(agency, subject: "Next week", id: "b1@brightline.example"))
            let mia = try await house.client("mia")
            try await mia.ok("UID MOVE \(try await mia.only("Queues/Unmatched")) \"Campaigns/Summer Sun Care\"")
            #expect(try await mia.count("Queues/Unmatched") == 0)
            #expect(try await house.kinds().contains(.attachedByHand))
            #expect(try await !house.kinds().contains(.addressLearnt))
            try await house.deliver(Mail.from(agency, subject: "Something else", id: "b2@brightline.example"))
            #expect(try await mia.count("Queues/Unmatched") == 1)
        }
    }
}
