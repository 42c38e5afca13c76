import Base
import Campaigns
import Config
import Ledger
import Outbound
import Policy
import Store
import TestSupport
import Testing
import Views

@testable import Flow

/// A new configuration judges what waits: stricter by itself, looser only if somebody says so (DESIGN §7).
@Suite("Judging again")
struct RejudgingTests {
    private static func rules(_ restrictions: [Restriction] = [], permits: Bool = true) -> RuleSet {
        RuleSet(
            permits: permits ? [Permit(name: "everything", condition: .always)] : [],
            restrictions: restrictions,
            defaultApprovals: ["managers": 1]
        )
    }

    private static let legal = Restriction(
        name: "legal looks",
        condition: .always,
        effect: .hold(approvals: ["legal": 1])
    )

    @Test("A reload that asks for more holds approved mail again and asks those who were not asked")
    func stricter() async throws {
        let flow = try FlowHouse()
        try await flow.reload { _ in }
        let id = try await flow.write()
        try flow.approve(id)
        try await flow.reload { $0.rules = Self.rules([Self.legal]) }
        try await flow.pass(.zero)
        let record = try #require(try flow.record(id))
        #expect(record.state == .held && record.required == ["managers": 1, "legal": 1])
        // Who approved is not asked again.
        #expect(record.decisions.map(\.member) == ["ben"])
        #expect(try flow.letters(of: "lea").count == 1 && flow.letters(of: "ben").isEmpty)
        try await flow.pass(.seconds(3600))
        #expect(try flow.leaving().isEmpty)
        try flow.approve(id, by: "lea")
        try await flow.pass(flow.undoTime)
        #expect(try flow.leaving() == [id])
    }

    @Test("A reload loosens nothing; to rejudge does, after the undo time, and names the permit")
    func looser() async throws {
        let flow = try FlowHouse()
        try await flow.reload { _ in }
        let id = try await flow.write()
        let required = try #require(try flow.record(id)).required
        try await flow.reload { $0.rules = Self.rules() }
        try await flow.pass(.seconds(3600))
        #expect(try flow.state(id) == .held)
        #expect(try flow.record(id)?.required == required)
        let results = try await flow.house.rejudge([id], by: .machine("root"))
        #expect(results.map(\.isChanged) == [true])
        #expect(try flow.state(id) == .approved)
        #expect(try flow.leaving().isEmpty)
        try await flow.pass(flow.undoTime)
        #expect(try flow.leaving() == [id])
        #expect(try flow.record(id)?.permits == ["everything"])
        let event = try #require(try flow.events().last { $0.kind == .judgedAgain })
        #expect(event.actor == .machine("root"))
    }

    @Test("To rejudge takes away no hold that no policy made, and authors loosen nothing of their own")
    func lasting() async throws {
        let flow = try FlowHouse()
        try await flow.reload { _ in }
        let id = try await flow.write()
        try await flow.hear()
        try await flow.reload { $0.rules = Self.rules() }
        let own = try await flow.house.rejudge([id], by: .member("mia", device: "Laptop"))
        #expect(own.first?.refusal != nil)
        _ = try await flow.house.rejudge(nil, by: .machine("root"))
        #expect(try flow.state(id) == .held)
        #expect(try flow.record(id)?.required == ["managers": 1])
        #expect(try flow.record(id)?.reasons.map(\.rule) == ["Creator wrote meanwhile"])
    }

    @Test("A rule that cancels by now cancels what waits, and its author is told")
    func cancels() async throws {
        let flow = try FlowHouse()
        try await flow.reload { _ in }
        let id = try await flow.write()
        try await flow.reload {
            $0.rules = Self.rules([Restriction(name: "nothing more", condition: .always, effect: .cancel)])
        }
        try await flow.pass(.zero)
        #expect(try flow.state(id) == .canceled)
        #expect(try flow.letters(.decided, of: "mia").map(\.subject) == ["[\(id).1] Canceled: Mail"])
    }

    @Test("Many are judged in rounds, of which a power cut loses none")
    func rounds() async throws {
        let flow = try FlowHouse()
        try await flow.reload { _ in }
        var ids: [OutboundID] = []
        for _ in 0..<120 { ids.append(try await flow.write()) }
        try await flow.reload { $0.rules = Self.rules([Self.legal]) }
        try await flow.house.settleDue()
        let again = try FlowHouse(on: flow.disk.afterPowerCut(), flow.clock, flow.house.rulebook.configuration)
        try await again.house.accept(flow.house.rulebook.configuration)
        try await again.pass(.zero)
        for id in ids { #expect(try again.record(id)?.required == ["managers": 1, "legal": 1]) }
        #expect(try again.events().filter { $0.kind == .judgedAgain }.count == ids.count)
        #expect(try again.letters(of: "lea").count == Notices.letters)
    }

    @Test("Who leaves hands mail and conversations to their successor, who then answers for them")
    func successor() async throws {
        let flow = try FlowHouse()
        try await flow.reload { _ in }
        let id = try await flow.write()
        let conversation = try #require(try flow.record(id)?.conversations.first)
        try flow.house.store.writeNow { transaction in
            _ = try transaction.record(
                Event(
                    .assigned,
                    .conversation(conversation),
                    by: .member("mia", device: "Laptop"),
                    at: transaction.now,
                    policyVersion: "",
                    fields: [ConversationFold.Field.assignee: "mia"]
                )
            )
        }
        try await flow.reload { configuration in
            configuration.team.members.removeAll { $0.id == "mia" }
            configuration.team.successors = ["mia": "ben"]
        }
        #expect(try flow.record(id)?.author == "ben")
        let row = try flow.house.store.readNow { try $0.conversation(conversation) }
        #expect(row?.assignee == "ben")
        // Nobody approves their own mail, and it is Ben's now.
        guard case .refused = try flow.approve(id) else { throw TestFailure("Ben approved his own mail") }
        let ben = flow.acting("ben")
        guard case .done = try flow.decide({ try $0.withdraw(id, by: ben) }) else { throw TestFailure("it is Ben's") }
        #expect(try await flow.house.orphans().isEmpty)
    }

    @Test("Mail of members who left without a successor is named")
    func orphans() async throws {
        let flow = try FlowHouse()
        try await flow.reload { _ in }
        try await flow.write()
        try await flow.reload { configuration in configuration.team.members.removeAll { $0.id == "mia" } }
        #expect(try await flow.house.orphans().first?.hasPrefix("mia left 1 message that waits;") == true)
    }
}
