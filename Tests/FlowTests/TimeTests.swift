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

/// What comes by time alone: others are asked, mail expires, and clocks that jump let nothing out early.
@Suite("By time")
struct TimeTests {
    private static let day = Duration.seconds(86_400)

    /// Undecided mail goes to legal after a while, and expires later.
    private func house(escalatesAfter: Duration? = nil, expiresAfter: Duration? = nil) async throws -> FlowHouse {
        let flow = try FlowHouse()
        try await flow.reload { configuration in
            configuration.gateway.approvals.escalation = escalatesAfter.map {
                ApprovalSettings.Escalation(after: $0, groups: ["legal"])
            }
            configuration.gateway.approvals.expiresAfter = expiresAfter
        }
        return flow
    }

    @Test("Nobody decides: others are asked once, and decide in the place of those who did not")
    func escalation() async throws {
        let flow = try await house(escalatesAfter: .seconds(8 * 3600))
        let id = try await flow.write()
        #expect(try flow.record(id)?.required == ["managers": 1])
        #expect(try flow.letters(of: "lea").isEmpty)
        guard case .refused = try flow.approve(id, by: "lea") else { throw TestFailure("legal was not asked") }
        try await flow.pass(Self.day * 4)
        #expect(try flow.record(id)?.escalatedTo == ["legal"])
        #expect(try flow.state(id) == .held)
        let letter = try #require(try flow.letters(of: "lea").first)
        #expect(letter.text.contains("nobody decided within 8h:"), "\(letter.text)")
        #expect(try flow.letters(of: "ben").count == 1)
        try await flow.pass(Self.day * 30)
        #expect(try flow.events().filter { $0.kind == .escalated }.count == 1)
        #expect(try flow.leaving().isEmpty)
        guard case .done = try flow.approve(id, by: "lea") else { throw TestFailure("legal may decide now") }
        #expect(try flow.letters(of: "ben").isEmpty)
        try await flow.pass(flow.undoTime)
        #expect(try flow.leaving() == [id])
    }

    @Test("What the author wrote does not become theirs to approve by being escalated to their own group")
    func ownEscalation() async throws {
        let flow = try await house(escalatesAfter: .seconds(60))
        let id = try await flow.write(from: "lea")
        try await flow.pass(Self.day * 4)
        #expect(try flow.record(id)?.escalatedTo == ["legal"])
        guard case .refused = try flow.approve(id, by: "lea") else { throw TestFailure("nobody decides on their own") }
    }

    @Test("What is decided in time is neither escalated nor expired")
    func inTime() async throws {
        let flow = try await house(escalatesAfter: .seconds(3600), expiresAfter: Self.day)
        let id = try await flow.write()
        try flow.approve(id)
        try await flow.pass(Self.day * 30)
        #expect(try flow.leaving() == [id])
        #expect(try !flow.events().contains { $0.kind == .escalated || $0.kind == .expired })
        #expect(try await flow.house.nextDue() == nil)
    }

    @Test("Undecided mail expires for good, with a note to its author; it never leaves")
    func expiry() async throws {
        let flow = try await house(expiresAfter: Self.day * 14)
        let id = try await flow.write()
        try await flow.pass(Self.day * 14 - .seconds(1))
        #expect(try flow.state(id) == .held)
        try await flow.pass(.seconds(1))
        #expect(try flow.state(id) == .expired)
        let told = try flow.letters(.decided, of: "mia")
        #expect(told.map(\.subject) == ["[\(id).1] Expired: Mail"])
        #expect(told.first?.text.contains("nobody decided within 14d") == true)
        #expect(try flow.letters(of: "ben").isEmpty && flow.letters(of: "mia").isEmpty)
        guard case .refused = try flow.approve(id) else { throw TestFailure("it is over") }
        try await flow.pass(Self.day * 30)
        #expect(try flow.leaving().isEmpty)
        #expect(try await flow.house.nextDue() == nil)
    }

    @Test("Held again, it waits its whole time anew")
    func anew() async throws {
        let flow = try await house(expiresAfter: Self.day * 2)
        let id = try await flow.write()
        try await flow.pass(Self.day)
        try await flow.hear()
        try await flow.pass(Self.day + .seconds(3600))
        #expect(try flow.state(id) == .held)
        try await flow.pass(Self.day)
        #expect(try flow.state(id) == .expired)
    }

    // MARK: Clocks

    @Test("A calendar that jumps ahead cuts no undo time short; one that is set back lets nothing out early")
    func jumps() async throws {
        let flow = try FlowHouse()
        let undo = flow.undoTime
        try await flow.house.settleDue()
        let first = try await flow.write()
        try flow.approve(first)
        try await flow.house.settleDue()
        flow.clock.jump(by: .seconds(7200))
        try await flow.house.settleDue()
        #expect(try flow.leaving().isEmpty)
        #expect(try await flow.house.timeToNextDue() ?? .zero <= undo)
        flow.clock.advance(by: undo)
        try await flow.house.settleDue()
        #expect(try flow.leaving() == [first])

        let second = try await flow.write()
        try flow.approve(second)
        flow.clock.jump(by: .seconds(-7200))
        flow.clock.advance(by: undo)
        try await flow.house.settleDue()
        #expect(try flow.leaving().contains(second) == false)
        flow.clock.advance(by: .seconds(7200))
        try await flow.house.settleDue()
        #expect(try flow.state(second) == .queued)
    }

    @Test("A jump is believed after a while, another one within it begins the while anew")
    func steady() {
        var steady = SteadyTime()
        func read(_ now: Int64, _ instant: Int64) -> Int64 {
            let time = Instant(nanoseconds: instant * 1_000_000_000)
            return steady.read(now: Timestamp(seconds: now), instant: time, patience: .seconds(30)).seconds
        }
        #expect(read(1000, 1) == 1000)
        #expect(read(1010, 11) == 1010)
        // An hour ahead.
        #expect(read(4615, 16) == 1015)
        #expect(read(4625, 26) == 1025)
        // And another one.
        #expect(read(8226, 27) == 1026)
        #expect(read(8250, 51) == 1050)
        #expect(read(8256, 57) == 8256)
        // Back at once.
        #expect(read(2000, 58) == 2000)
        // Slowly fast is no jump.
        #expect(read(12_005, 10_058) == 12_005)
    }
}
