import Base
import Campaigns
import Crypto
import Ledger
import Outbound
import Policy
import Store
import TestSupport
import Testing

@testable import Flow

/// Whatever people do in whatever order, nothing leaves that was not let out (INV-1, INV-7).
@Suite("No way out")
struct NoWayOutTests {
    /// What the test knows by itself of a message: who must approve it, and who has.
    private struct Expected {
        var required: Set<String>
        var approvedBy = Set<String>()
        /// When the last approval, which made it whole, takes effect.
        var effectiveAt: Timestamp?
        var isOver = false
    }

    private static let groups = ["ben": "managers", "lea": "legal"]

    @Test("Random steps: the relay sees exactly what was approved, in time, and by whom (INV-1)", arguments: 1...12)
    func randomSteps(_ seed: Int) async throws {
        let flow = try FlowHouse()
        var random = SeededGenerator(seed: UInt64(seed))
        var expected: [Int64: Expected] = [:]
        for step in 0..<60 {
            let ids = expected.keys.sorted()
            let kind = random.next(upperBound: UInt64(8))
            if kind < 2 || ids.isEmpty {
                try await submit(flow, step, &random, &expected)
            } else if kind == 2 {
                flow.clock.advance(by: .milliseconds(700))
            } else if let id = ids.randomElement(using: &random) {
                try decide(flow, id, kind, &random, &expected)
            }
            try await flow.house.settleDue()
            try check(flow, expected)
        }
        flow.clock.advance(by: .seconds(60))
        try await flow.house.settleDue()
        try check(flow, expected)
        try checkFold(flow)
    }

    private func submit(
        _ flow: FlowHouse,
        _ step: Int,
        _ random: inout SeededGenerator,
        _ expected: inout [Int64: Expected]
    ) async throws {
        let number = Int64(expected.count + 1)
        switch random.next(upperBound: UInt64(3)) {
        case 0:
            let outcome = try await flow.submit(to: ["kofi@kofimakes.example"], number: step, text: "Hello.")
            guard case .held = outcome else { throw TestFailure("\(outcome)") }
            expected[number] = Expected(required: ["managers"])
        case 1:
            let text = "With usage rights."
            let outcome = try await flow.submit(to: ["luisa@lumi.example"], number: step, text: text)
            guard case .held = outcome else { throw TestFailure("\(outcome)") }
            expected[number] = Expected(required: ["managers", "legal"])
        default:
            let outcome = try await flow.submit(to: ["ben@glow.example"], number: step, text: "Lunch?")
            guard case .released = outcome else { throw TestFailure("\(outcome)") }
            expected[number] = Expected(required: [], effectiveAt: flow.clock.now)
        }
    }

    private func decide(
        _ flow: FlowHouse,
        _ number: Int64,
        _ kind: UInt64,
        _ random: inout SeededGenerator,
        _ expected: inout [Int64: Expected]
    ) throws {
        let id = OutboundID(rawValue: number)
        let name = ["mia", "ben", "lea"][Int(random.next(upperBound: UInt64(3)))]
        let member = flow.acting(name, mayApprove: random.next(upperBound: UInt64(5)) > 0)
        let outcome =
            switch kind {
            case 3, 4: try flow.decide { try $0.approve(id, revision: 1, by: member) }
            case 5: try flow.decide { try $0.reject(id, revision: 1, by: member, why: "no") }
            case 6: try flow.decide { try $0.takeBack(id, by: member) }
            default: try flow.decide { try $0.withdraw(id, by: member) }
            }
        guard case .done = outcome, var state = expected[number] else { return }
        switch kind {
        case 3, 4:
            // Whatever the house said, the test counts only whose word counts.
            if member.mayApprove, let group = Self.groups[name], state.required.contains(group) {
                state.approvedBy.insert(name)
            }
            let given = Set(state.approvedBy.compactMap { Self.groups[$0] })
            if given == state.required { state.effectiveAt = flow.clock.now.advanced(by: flow.house.rulebook.undoTime) }
        case 5: (state.isOver, state.effectiveAt) = (true, nil)
        case 6:
            state.approvedBy.remove(name)
            (state.isOver, state.effectiveAt) = (false, nil)
        default: (state.isOver, state.effectiveAt) = (true, nil)
        }
        expected[number] = state
    }

    /// What the relay may send is what the test let out, no more and no less.
    private func check(_ flow: FlowHouse, _ expected: [Int64: Expected]) throws {
        let due = Set(try flow.due().map(\.outbound.rawValue))
        let allowed = Set(expected.filter { $0.value.effectiveAt.map { $0 <= flow.clock.now } ?? false }.keys)
        #expect(due == allowed)
        for number in due {
            let id = OutboundID(rawValue: number)
            let record = try #require(try flow.record(id))
            #expect(record.state == .queued && record.approvals.missing(after: record.decisions).isEmpty)
            #expect(!record.decisions.contains { $0.member == record.author })
        }
    }

    /// INV-6: the rows are the fold of the events.
    private func checkFold(_ flow: FlowHouse) throws {
        #expect(try flow.house.store.readNow { try LedgerReplay($0) }.differences.isEmpty)
    }
}
