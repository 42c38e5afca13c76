import Base
import Campaigns
import Ledger
import Policy
import Reactor
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

    @Test("Two members write to the same creator at the same moment: exactly one of the two is held for it (D10)")
    func collision() async throws {
        let creators = ["luisa@lumi.example", "kofi@kofimakes.example", "noor@noorhaddad.example"]
        try await TestGateway.run(Self.slow) { house in
            var submissions: [LoopTask<Result<String, any Error>>] = []
            for (number, creator) in creators.enumerated() {
                for user in ["mia", "ben"] {
                    let mail = Mail.from(
                        "Team <hello@glow.example>",
                        to: creator,
                        subject: "To \(creator)",
                        id: "\(user)-\(number)@glow.example",
                        text: "Written by \(user)."
                    )
                    submissions.append(
                        house.loop.spawn { () async -> Result<String, any Error> in
                            do {
                                return .success(try await house.submit(user, to: [creator], mail))
                            } catch {
                                return .failure(error)
                            }
                        }
                    )
                }
            }
            for submission in submissions { #expect(try await submission.value.get().contains("held")) }
            let records = try await house.records()
            #expect(records.count == 2 * creators.count)
            for creator in creators {
                let both = records.filter { $0.recipients == [creator] }
                let held = both.filter { record in
                    record.reasons.contains { $0.rule == "a colleague just wrote" }
                }
                #expect(both.count == 2 && held.count == 1, "\(both.map(\.reasons))")
                // The second of them, whoever wrote it.
                #expect(held.first?.id == both.map(\.id).max())
            }
        }
    }

    @Test("The second of two is held with the first one's text beside it, whatever thread it came from (D10)")
    func besides() async throws {
        try await TestGateway.run(Self.slow) { house in
            let first = Mail.from(
                "Ben <hello@glow.example>",
                to: "luisa@lumi.example",
                subject: "A plan",
                id: "plan@glow.example",
                text: "We could meet on Friday."
            )
            #expect(try await house.submit("ben", to: ["luisa@lumi.example"], first).contains("held"))
            try await Self.hold(house)
            let ben = try await house.client("ben")
            let letter = try await ben.text(try await ben.only("Approvals/Waiting", "FROM greenroom.invalid"))
            #expect(letter.contains("a colleague just wrote"), "\(letter)")
            #expect(letter.contains("We could meet on Friday.") && letter.contains("Ben Okafor"), "\(letter)")
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
