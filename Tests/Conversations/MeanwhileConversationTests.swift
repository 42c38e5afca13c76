import Base
import Campaigns
import Ledger
import Policy
import Testing

/// What people see of mail that waits while something changes (D6, D10, D12).
@Suite("Meanwhile, in clients")
struct MeanwhileConversationTests {
    private static let slow = TestGateway.Plan(undoTime: .seconds(3600))

    private static func hold(_ house: TestGateway) async throws {
        let reply = try await house.submit(
            "mia",
            to: ["luisa@lumi.example"],
            Mail.toLumi("Idea", id: "idea@glow.example", fields: ["In-Reply-To: <hello@lumi.example>"])
        )
        #expect(reply.contains("held"), "\(reply)")
    }

    @Test("The creator writes in the undo time: the message waits again, and a notice seen before decides nothing")
    func creatorWrites() async throws {
        try await TestGateway.run(Self.slow) { house in
            try await Self.hold(house)
            let ben = try await house.client("ben")
            let seen = try await ben.notice()
            let uid = try await ben.only("Approvals/Waiting")
            try await ben.ok("UID MOVE \(uid) Approvals/Approve")
            #expect(try await ben.count("Approvals/Waiting") == 0)
            try await house.deliver(
                Mail.from("Luisa <luisa@lumi.example>", id: "news@lumi.example", text: "I have changed my mind.")
            )
            #expect(try await ben.count("Approvals/Approve") == 0)
            #expect(try await ben.only("Approvals/Waiting") > uid)
            let notice = try await ben.notice()
            #expect(notice != seen)
            let letter = try await ben.text(try await ben.only("Approvals/Waiting", "FROM greenroom.invalid"))
            #expect(letter.contains("I have changed my mind."), "\(letter)")
            // Yesterday's view: the answer to the notice that is gone.
            let late = try await house.submit("ben", to: [Mail.commands], Mail.answer(seen, "approve"))
            #expect(late.hasPrefix("250") && late.contains("has changed"), "\(late)")
            #expect(try await house.records().first?.state == .held)
            let reply = try await house.submit("ben", to: [Mail.commands], Mail.answer(notice, "approve"))
            #expect(reply.contains("is approved"), "\(reply)")
            #expect(try house.sunk().isEmpty)
        }
    }

    @Test("The stage is moved to declined: the author reads that the mail was canceled, and nothing leaves")
    func declined() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.from("Luisa <luisa@lumi.example>", id: "hello@lumi.example"))
            try await Self.hold(house)
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            let conversation = try await mia.only(Mail.spring)
            let moved = try await mia.ask("UID MOVE \(conversation) \(Mail.stage("10 declined"))")
            #expect(moved.isOK, "\(moved.result)")
            #expect(try await house.records().first?.state == .canceled)
            let uids = try await mia.uids("Approvals/Decided", "SUBJECT \"Canceled: Idea\"")
            #expect(uids.count == 1)
            let told = try await mia.text(try #require(uids.first))
            #expect(told.contains("declined") && told.contains("Nothing was sent."), "\(told)")
            #expect(try await ben.count("Approvals/Waiting") == 0)
            // What was approved before it was seen to be over changes nothing.
            #expect(try await mia.uids("Approvals/Decided").count == 1)
            #expect(try house.sunk().isEmpty)
        }
    }

    @Test("One of two approvers of a group decides: the other's notice goes at once (D12)")
    func bothApprovers() async throws {
        let plan = TestGateway.Plan(
            undoTime: .seconds(3600),
            edits: [("team.toml", "groups = [\"legal\"]", "groups = [\"legal\", \"managers\"]")]
        )
        try await TestGateway.run(plan) { house in
            try await Self.hold(house)
            let (ben, lea) = (try await house.client("ben"), try await house.client("lea"))
            #expect(try await lea.uids("Approvals/Waiting", "FROM greenroom.invalid").count == 1)
            try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) Approvals/Approve")
            #expect(try await lea.uids("Approvals/Waiting", "FROM greenroom.invalid").isEmpty)
            #expect(try await lea.uids("Approvals/Waiting").isEmpty)
            // Until it leaves, she may still say no.
            try await lea.ok("UID MOVE \(try await lea.only("Approvals/Decided")) Approvals/Reject")
            #expect(try await house.records().first?.state == .rejected)
            #expect(try await ben.uids("Approvals/Waiting", "FROM greenroom.invalid").isEmpty)
        }
    }
}
