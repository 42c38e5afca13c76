import Base
import Campaigns
import Ledger
import Policy
import Testing

/// Deciding with nothing but a mail client.
@Suite("Decisions")
struct DecisionTests {
    private static let slow = TestGateway.Plan(undoTime: .seconds(3600))

    /// A held mail to Lumi.
    private static func hold(
        _ house: TestGateway,
        subject: String = "Idea",
        id: String = "idea@glow.example",
        text: String = "How are you?"
    ) async throws {
        let reply = try await house.submit("mia", to: ["luisa@lumi.example"], Mail.toLumi(subject, id: id, text: text))
        #expect(reply.contains("held"), "\(reply)")
    }

    @Test("A reply to the notice approves; who it says it is from does not count")
    func approveByReply() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let ben = try await house.client("ben")
            let notice = try await ben.notice()
            // Mia, under Ben's name: her log-in may not send as him, and as herself may not decide.
            let forged = try await house.submit("mia", to: [Mail.commands], Mail.answer(notice, "approve"))
            #expect(forged.hasPrefix("550"), "\(forged)")
            let own = try await house.submit(
                "mia",
                to: [Mail.commands],
                Mail.answer(notice, "approve", from: "Ben Okafor <hello@glow.example>")
            )
            #expect(own.hasPrefix("250") && !own.contains("is approved"), "\(own)")
            #expect(try await house.records().first?.state == .held)
            let reply = try await house.submit(
                "ben",
                to: [Mail.commands],
                Mail.answer(notice, "Approve.\n\n> approve\n> reject")
            )
            #expect(reply.contains("A-1.1 is approved"), "\(reply)")
            #expect(try await house.eventually { try house.sunk().count == 1 })
            #expect(try await house.kinds().contains(.refused))
        }
    }

    @Test("Rejected with a reason by a reply: the author is told, nothing leaves")
    func rejectByReply() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            let notice = try await ben.notice()
            let reply = try await house.submit(
                "ben",
                to: [Mail.commands],
                Mail.answer(notice, "reject Ask legal first.")
            )
            #expect(reply.contains("rejected"), "\(reply)")
            #expect(
                try await house.eventually {
                    try await mia.uids("Approvals/Decided", "SUBJECT \"Rejected: Idea\"").count == 1
                }
            )
            let told = try await mia.text(try #require(try await mia.search("SUBJECT \"Rejected: Idea\"").first))
            #expect(told.contains("Ask legal first."), "\(told)")
            #expect(try await mia.uids("Approvals/Decided").count == 1)
            #expect(try await ben.count("Approvals/Waiting") == 0)
            #expect(try house.sunk().isEmpty)
        }
    }

    @Test(
        "A reply that is no verb is a comment and changes nothing",
        arguments: [
            "approve this?", "I would not approve", "withdraw later", "", "> approve",
        ]
    )
    func comment(_ text: String) async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let ben = try await house.client("ben")
            let reply = try await house.submit("ben", to: [Mail.commands], Mail.answer(try await ben.notice(), text))
            #expect(reply.contains("comment"), "\(reply)")
            #expect(try await house.records().first?.state == .held)
            #expect(try await house.kinds().contains(.commented))
        }
    }

    @Test("The author, and a device without the scope, cannot decide; both are recorded and answered")
    func mayNot() async throws {
        let plan = TestGateway.Plan(edits: [
            (
                "team.toml", "scopes = [\"read\", \"send\", \"approve\"]\nsample = true\n# password: zrgw",
                "scopes = [\"read\", \"send\"]\nsample = true\n# password: zrgw"
            )
        ])
        try await TestGateway.run(plan) { house in
            try await Self.hold(house)
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            let notice = try await ben.notice()
            for (client, user) in [(mia, "mia"), (ben, "ben")] {
                let uid = try await client.only("Approvals/Waiting")
                let moved = try await client.ask("UID MOVE \(uid) Approvals/Approve")
                #expect(moved.isOK, "\(moved.result)")
                let back = try await client.only("Approvals/Waiting")
                #expect(back > uid)
                #expect(try await client.count("Approvals/Approve") == 0)
                let sender = user == "mia" ? "Mia <mia@glow.example>" : "Ben <ben@glow.example>"
                let reply = try await house.submit(
                    user,
                    to: [Mail.commands],
                    Mail.answer(notice, "approve", from: sender)
                )
                #expect(reply.hasPrefix("250") && !reply.contains("approved and"), "\(reply)")
            }
            #expect(try await house.kinds().filter { $0 == .refused }.count == 4)
            #expect(try await house.records().first?.state == .held)
        }
    }

    @Test("Message and notice moved together are one approval")
    func bothAtOnce() async throws {
        try await TestGateway.run(Self.slow) { house in
            try await Self.hold(house)
            let ben = try await house.client("ben")
            try await ben.ok("SELECT Approvals/Waiting")
            let moved = try await ben.ok("UID MOVE 1:* Approvals/Approve")
            #expect(!(moved.lines + [moved.result]).contains { $0.contains("already") }, "\(moved)")
            #expect(try await house.kinds().filter { $0 == .approved }.count == 1)
            #expect(try await house.records().first?.decisions.count == 1)
            #expect(try await ben.count("Approvals/Waiting") == 0)
            #expect(try await ben.count("Approvals/Approve") == 1)
        }
    }

    @Test("Taken back within the undo time by moving it back; nothing leaves")
    func takeBack() async throws {
        try await TestGateway.run(Self.slow) { house in
            try await Self.hold(house)
            let ben = try await house.client("ben")
            for (folder, state) in [("Approvals/Approve", OutboundState.approved), ("Approvals/Reject", .rejected)] {
                try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) \(folder)")
                #expect(try await house.records().first?.state == state)
                #expect(try await ben.count("Approvals/Waiting") == 0)
                try await ben.ok("UID MOVE \(try await ben.only(folder)) Approvals/Waiting")
                #expect(try await house.records().first?.state == .held)
                #expect(try await ben.uids("Approvals/Waiting").count == 1)
                // The notice asks again.
                #expect(try await ben.uids("Approvals/Waiting", "FROM greenroom.invalid").count == 1)
            }
            #expect(try house.sunk().isEmpty)
        }
    }

    @Test("Two groups are asked: each notice goes with its approver's word, and one is not enough (INV-7)")
    func twoGroups() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house, text: "We offer 1800 EUR with usage rights.")
            let (ben, lea) = (try await house.client("ben"), try await house.client("lea"))
            try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) Approvals/Approve")
            #expect(try await ben.count("Approvals/Waiting") == 0)
            #expect(try await lea.count("Approvals/Waiting") == 2)
            #expect(try await house.records().first?.state == .held)
            try await lea.ok("UID MOVE \(try await lea.only("Approvals/Waiting")) Approvals/Approve")
            #expect(try await house.eventually { try house.sunk().count == 1 })
        }
    }

    @Test("Withdrawn by deleting it in Waiting")
    func withdrawByDeleting() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            let uid = try await mia.only("Approvals/Waiting")
            try await mia.ok("UID STORE \(uid) +FLAGS.SILENT (\\Deleted)")
            try await mia.ok("EXPUNGE")
            #expect(try await house.records().first?.state == .withdrawn)
            #expect(try await ben.count("Approvals/Waiting") == 0)
            #expect(try await mia.count("Approvals/Waiting") == 0)
        }
    }

    @Test("Withdrawn by moving it to Drafts, where its text then stands")
    func withdrawIntoDrafts() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let mia = try await house.client("mia")
            try await mia.ok("UID MOVE \(try await mia.only("Approvals/Waiting")) Drafts")
            #expect(try await house.records().first?.state == .withdrawn)
            #expect(try await mia.count("Approvals/Waiting") == 0)
            #expect(try await mia.text(try await mia.only("Drafts")).contains("How are you?"))
        }
    }

    @Test("An approver who deletes a waiting message decides nothing: it comes back")
    func approverDeletes() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let ben = try await house.client("ben")
            let uid = try await ben.only("Approvals/Waiting")
            try await ben.ok("UID STORE \(uid) +FLAGS.SILENT (\\Deleted)")
            try await ben.ok("EXPUNGE")
            #expect(try await house.records().first?.state == .held)
            #expect(try await ben.only("Approvals/Waiting") > uid)
        }
    }

    @Test("What was sent stays sent: a late move or verb changes nothing")
    func tooLate() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            let notice = try await ben.notice()
            try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) Approvals/Approve")
            #expect(try await house.eventually { try await mia.count("Sent") == 1 })
            let late = try await house.submit("ben", to: [Mail.commands], Mail.answer(notice, "reject No."))
            #expect(late.contains("sent already"), "\(late)")
            let moved = try await mia.ok("UID MOVE \(try await mia.only("Approvals/Decided")) Drafts")
            #expect(moved.isOK)
            #expect(try await house.records().first?.state == .sent)
            #expect(try await mia.uids("Approvals/Decided").count == 1)
        }
    }
}
