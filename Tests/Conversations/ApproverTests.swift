import Base
import Campaigns
import Config
import Flow
import Ledger
import Policy
import Testing

/// Who only approves: an account of kind `approver`, and a delegate while somebody is away (D1, D5).
@Suite("Approvers")
struct ApproverTests {
    private static let kofi = "kofi@kofimakes.example"

    private static let approver = TestGateway.Plan(edits: [
        (
            "greenroom.toml", "[accounts.team]",
            "[accounts.desk]\nkind = \"approver\"\nowner = \"lea\"\n\n[accounts.team]"
        ),
        (
            "team.toml", "accounts = { team = \"read\" }\ncampaigns = { \"*\" = \"read\" }\nfields = [\"rights\"]",
            "accounts = [\"desk\"]"
        ),
    ])

    @Test("An account of kind approver shows Approvals and nothing else of Greenroom's, and decides")
    func approverAccount() async throws {
        try await TestGateway.run(Self.approver) { house in
            let lea = try await house.client("lea")
            let listed = try await lea.ok("LIST \"\" *").lines.joined(separator: "\n")
            for name in ["Approvals/Waiting", "Approvals/Approve", "Approvals/Reject", "Approvals/Decided", "INBOX"] {
                #expect(listed.contains(name), "\(listed)")
            }
            for name in ["Campaigns", "Queues", "Team/", "Shared"] { #expect(!listed.contains(name), "\(listed)") }
            let mail = Mail.toKofi.replacing("Monday", with: "usage rights")
            try await house.submit("mia", to: [Self.kofi], mail)
            let ben = try await house.client("ben")
            try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) Approvals/Approve")
            let notice = try await lea.text(try await lea.only("Approvals/Waiting", "FROM greenroom.invalid"))
            #expect(notice.contains("usage rights"))
            try await lea.ok("UID MOVE \(try await lea.only("Approvals/Waiting")) Approvals/Approve")
            #expect(try await house.eventually { try house.sunk().count == 1 })
            #expect(try await lea.uids("Approvals/Decided").count == 1)
            #expect(try await lea.count("Approvals/Waiting") == 0)
        }
    }

    @Test("An approver answers a notice by mail from their own address")
    func approverAnswers() async throws {
        try await TestGateway.run(Self.approver) { house in
            let reply = try await house.submit(
                "mia",
                to: [Self.kofi],
                Mail.toKofi.replacing("Monday", with: "usage rights")
            )
            #expect(reply.contains("held"), "\(reply)")
            let lea = try await house.client("lea")
            let answer = try await house.submit(
                "lea",
                to: [Mail.commands],
                from: "lea@glow.example",
                Mail.answer(try await lea.notice(), "reject Not these rights.", from: "Lea <lea@glow.example>")
            )
            #expect(answer.contains("A-1.1 is rejected"), "\(answer)")
            #expect(try await house.records().first?.state == .rejected)
        }
    }

    private static let away = TestGateway.Plan(edits: [
        (
            "team.toml", "name = \"Ben Okafor\"",
            "name = \"Ben Okafor\"\naway = { until = 2999-01-01, delegate = \"lea\" }"
        )
    ])

    @Test("While Ben is away Lea decides in his groups, in any client, and the ledger says for whom")
    func delegate() async throws {
        try await TestGateway.run(Self.away) { house in
            try await house.submit("mia", to: [Self.kofi], Mail.toKofi)
            let lea = try await house.client("lea")
            try await lea.ok("UID MOVE \(try await lea.only("Approvals/Waiting")) Approvals/Approve")
            #expect(try await house.eventually { try house.sunk().count == 1 })
            let approved = try #require(try await house.events().last { $0.kind == .approved })
            #expect(approved.actor.member == "lea")
            #expect(EventCoding.list(from: approved.fields["stands-for"] ?? "") == ["ben"])
        }
    }

    @Test("Who becomes a delegate by a reload sees what waits, and is asked; who is none any more sees it no longer")
    func delegateByReload() async throws {
        try await TestGateway.run { house in
            try await house.submit("mia", to: [Self.kofi], Mail.toKofi)
            let lea = try await house.client("lea")
            #expect(try await lea.count("Approvals/Waiting") == 0)
            var configuration = house.configuration
            let index = try #require(configuration.team.members.firstIndex { $0.id == "ben" })
            let until = house.house.time.now.advanced(by: .seconds(86_400))
            configuration.team.members[index].absence = .init(until: until, delegate: "lea")
            configuration.files[0].hash = [1]
            try await house.house.accept(configuration)
            #expect(try await lea.uids("Approvals/Waiting").count == 1)
            #expect(try await lea.uids("Approvals/Waiting", "FROM greenroom.invalid").count == 1)
            configuration.team.members[index].absence = nil
            configuration.files[0].hash = [2]
            try await house.house.accept(configuration)
            #expect(try await lea.uids("Approvals/Waiting", "ALL").isEmpty)
            #expect(try await house.client("ben").uids("Approvals/Waiting").count == 1)
        }
    }
}
