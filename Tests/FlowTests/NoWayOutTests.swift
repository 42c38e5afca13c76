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
        var revision = 1
        var approvedBy = Set<String>()
        /// When the last approval, which made it whole, takes effect.
        var effectiveAt: Timestamp?
        var isOver = false
        var rejectedBy: String?
    }

    private static let groups = ["ben": "managers", "lea": "legal"]

    @Test("Random steps: the relay sees exactly what was approved, in time, and by whom (INV-1)", arguments: 1...12)
    func randomSteps(_ seed: Int) async throws {
        let flow = try FlowHouse()
        var random = SeededGenerator(seed: UInt64(seed))
        var expected: [Int64: Expected] = [:]
        for step in 0..<60 {
            let ids = expected.keys.sorted()
            let kind = random.next(upperBound: UInt64(9))
            if kind < 2 || ids.isEmpty {
                try await submit(flow, step, &random, &expected)
            } else if kind == 2 {
                flow.clock.advance(by: .milliseconds(700))
            } else if kind == 8, let id = ids.randomElement(using: &random) {
                try await correct(flow, id, step, &random, &expected)
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

    /// A corrected version by somebody, of a version that may not be the newest.
    private func correct(
        _ flow: FlowHouse,
        _ number: Int64,
        _ step: Int,
        _ random: inout SeededGenerator,
        _ expected: inout [Int64: Expected]
    ) async throws {
        guard var state = expected[number] else { return }
        let name = ["mia", "ben", "lea"][Int(random.next(upperBound: UInt64(3)))]
        let needsLegal = random.next(upperBound: UInt64(2)) == 0
        let isOld = random.next(upperBound: UInt64(4)) == 0
        let revision = isOld ? state.revision + 1 : state.revision
        let lines = [
            "From: x <hello@glow.example>", "To: kofi@kofimakes.example", "Subject: [A-\(number).\(revision)] Mail",
            "Message-ID: <c\(step)@glow.example>", "", needsLegal ? "With usage rights." : "Hello.", "",
        ]
        let outcome = try? await flow.hand(in: lines, as: name, to: ["kofi@kofimakes.example"])
        // Held as a new one, or refused: the message itself is as it was.
        guard case .commanded? = outcome else {
            if case .held? = outcome {
                expected[Int64(expected.count + 1)] = Expected(
                    required: needsLegal ? ["managers", "legal"] : ["managers"]
                )
            }
            return
        }
        #expect(!isOld && !state.isOver)
        state.revision += 1
        state.required = needsLegal ? ["managers", "legal"] : ["managers"]
        (state.approvedBy, state.effectiveAt) = ([], nil)
        if let group = Self.groups[name], state.required.contains(group) {
            state.approvedBy = [name]
            if state.required == [group] {
                state.effectiveAt = flow.clock.now.advanced(by: flow.house.rulebook.undoTime)
            }
        }
        expected[number] = state
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
        let revision = expected[number]?.revision ?? 1
        let outcome =
            switch kind {
            case 3, 4: try flow.decide { try $0.approve(id, revision: revision, by: member) }
            case 5: try flow.decide { try $0.reject(id, revision: revision, by: member, why: "no") }
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
        case 5:
            // Who rejects has not approved any more.
            state.approvedBy.remove(name)
            (state.isOver, state.effectiveAt, state.rejectedBy) = (true, nil, name)
        case 6:
            // One's own word is taken back, not another's rejection.
            state.approvedBy.remove(name)
            state.effectiveAt = nil
            if state.rejectedBy == nil || state.rejectedBy == name { (state.isOver, state.rejectedBy) = (false, nil) }
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
