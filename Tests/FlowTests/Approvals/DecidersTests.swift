import Base
import Campaigns
import Config
import Ledger
import Outbound
import Policy
import Store
import TestSupport
import Testing

@testable import Flow

/// Who may decide: groups and numbers, one's own mail, and others while they are away (D5).
@Suite("Deciders")
struct DecidersTests {
    private static let id = OutboundID(rawValue: 1)

    private static func hold(_ flow: FlowHouse, text: String = "Hello.") async throws {
        let outcome = try await flow.submit(to: ["kofi@kofimakes.example"], number: 1, text: text)
        guard case .held = outcome else { throw TestFailure("\(outcome)") }
    }

    /// Ben is away for a week, and Lea decides for him.
    private static func away() throws -> FlowHouse {
        let flow = try FlowHouse { configuration in
            let until = ManualClock().now.advanced(by: .seconds(7 * 86_400))
            configuration.team.change("ben") { $0.absence = Member.Absence(until: until, delegate: "lea") }
        }
        return flow
    }

    @Test("A delegate decides in the groups of who is away, and the ledger says for whom")
    func delegate() async throws {
        let flow = try Self.away()
        try await Self.hold(flow)
        #expect(try flow.notice(Self.id, of: "lea") != nil)
        #expect(try flow.places(Self.id, of: "lea") == ["approvals/waiting"])
        let lea = flow.acting("lea")
        let outcome = try flow.decide { try $0.approve(Self.id, revision: 1, by: lea) }
        guard case .done = outcome else { throw TestFailure("\(outcome)") }
        let record = try #require(try flow.record(Self.id))
        #expect(record.state == .approved)
        #expect(record.decisions.map(\.standsFor) == [["ben"]])
        let event = try #require(try flow.events().last { $0.kind == .approved })
        #expect(EventCoding.list(from: event.fields[OutboundFold.Field.standsFor] ?? "") == ["ben"])
        #expect(event.actor.member == "lea")
        flow.clock.advance(by: .seconds(31))
        try await flow.house.settleDue()
        #expect(try flow.due().count == 1)
    }

    @Test("The one who is away may decide all the same, and nobody twice")
    func absentDecides() async throws {
        let flow = try Self.away()
        try await Self.hold(flow)
        let (ben, lea) = (flow.acting("ben"), flow.acting("lea"))
        guard case .done = try flow.decide({ try $0.approve(Self.id, revision: 1, by: ben) }) else {
            throw TestFailure("refused")
        }
        _ = try flow.decide { try $0.approve(Self.id, revision: 1, by: lea) }
        #expect(try flow.record(Self.id)?.decisions.map(\.standsFor) == [[], ["ben"]])
    }

    @Test("When the time is over the delegate is asked no more, and refused")
    func timeIsOver() async throws {
        let flow = try Self.away()
        try await Self.hold(flow)
        flow.clock.advance(by: .seconds(8 * 86_400))
        let lea = flow.acting("lea")
        let outcome = try flow.decide { try $0.approve(Self.id, revision: 1, by: lea) }
        guard case .refused(let why) = outcome else { throw TestFailure("\(outcome)") }
        #expect(why.contains("you are not asked"))
        #expect(try flow.record(Self.id)?.state == .held)
    }

    @Test("Nobody decides for the author of the mail, who could not approve it either")
    func notForTheAuthor() async throws {
        let flow = try Self.away()
        let lines = [
            "From: Ben <hello@glow.example>", "To: kofi@kofimakes.example", "Subject: x",
            "Message-ID: <b@glow.example>", "",
            "Hello.", "",
        ]
        let held = try await flow.hand(in: lines, as: "ben", to: ["kofi@kofimakes.example"])
        guard case .held = held else { throw TestFailure("\(held)") }
        let lea = flow.acting("lea")
        guard case .refused = try flow.decide({ try $0.approve(Self.id, revision: 1, by: lea) }) else {
            throw TestFailure("approved")
        }
        #expect(try flow.places(Self.id, of: "lea").isEmpty)
    }

    @Test("Where policy says so, authors approve their own mail for their group, and for no other")
    func ownMail() async throws {
        let flow = try FlowHouse { configuration in
            let rules = configuration.rules
            configuration.rules = RuleSet(
                permits: rules.permits,
                restrictions: rules.restrictions,
                defaultApprovals: rules.defaultApprovals,
                ownMail: OwnMail(authorsApprove: ["managers"])
            )
        }
        for (number, text) in [(1, "Hello."), (2, "With usage rights.")] {
            let lines = [
                "From: Ben <hello@glow.example>", "To: kofi@kofimakes.example", "Subject: x",
                "Message-ID: <b\(number)@glow.example>", "", text, "",
            ]
            _ = try await flow.hand(in: lines, as: "ben", to: ["kofi@kofimakes.example"])
            let id = OutboundID(rawValue: Int64(number))
            let ben = flow.acting("ben")
            guard case .done = try flow.decide({ try $0.approve(id, revision: 1, by: ben) }) else {
                throw TestFailure("refused")
            }
        }
        #expect(try flow.record(Self.id)?.state == .approved)
        #expect(try flow.record(OutboundID(rawValue: 2))?.state == .held)
        flow.clock.advance(by: .seconds(31))
        try await flow.house.settleDue()
        #expect(try flow.due().map(\.outbound) == [Self.id])
    }

    @Test("Several groups and numbers add up; one member counts once for a group (D5)")
    func numbers() async throws {
        let flow = try FlowHouse { configuration in
            configuration.team.change("lea") { $0.groups = ["legal", "managers"] }
            let rules = configuration.rules
            let two = Restriction(name: "two managers", condition: .always, effect: .hold(approvals: ["managers": 2]))
            configuration.rules = RuleSet(
                permits: rules.permits,
                restrictions: rules.restrictions + [two],
                defaultApprovals: rules.defaultApprovals
            )
        }
        try await Self.hold(flow, text: "With usage rights.")
        #expect(try flow.record(Self.id)?.required == ["managers": 2, "legal": 1])
        let (ben, lea) = (flow.acting("ben"), flow.acting("lea"))
        for _ in 0..<2 {
            _ = try flow.decide { try $0.approve(Self.id, revision: 1, by: lea) }
            #expect(try flow.record(Self.id)?.state == .held)
        }
        _ = try flow.decide { try $0.approve(Self.id, revision: 1, by: ben) }
        #expect(try flow.record(Self.id)?.state == .approved)
    }

    @Test("Who approved may reject within the undo time: the last word counts, and taking it back asks again")
    func approveThenReject() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let ben = flow.acting("ben")
        _ = try flow.decide { try $0.approve(Self.id, revision: 1, by: ben) }
        let outcome = try flow.decide { try $0.reject(Self.id, revision: 1, by: ben, why: "no, wait") }
        guard case .done = outcome else { throw TestFailure("\(outcome)") }
        var record = try #require(try flow.record(Self.id))
        #expect(record.state == .rejected && record.decisions.map(\.verb) == [.reject])
        #expect(try flow.places(Self.id, of: "ben") == ["approvals/reject"])
        guard case .refused = try flow.decide({ try $0.approve(Self.id, revision: 1, by: ben) }) else {
            throw TestFailure("approved what is rejected")
        }
        _ = try flow.decide { try $0.takeBack(Self.id, by: ben) }
        record = try #require(try flow.record(Self.id))
        #expect(record.state == .held && record.decisions.isEmpty)
        flow.clock.advance(by: .seconds(60))
        try await flow.house.settleDue()
        #expect(try flow.due().isEmpty)
    }

    @Test("A rejection taken back leaves what the others approved, with an undo time of its own")
    func rejectionTakenBack() async throws {
        let flow = try FlowHouse { configuration in
            configuration.team.change("lea") { $0.groups = ["managers"] }
        }
        try await Self.hold(flow)
        let (ben, lea) = (flow.acting("ben"), flow.acting("lea"))
        _ = try flow.decide { try $0.approve(Self.id, revision: 1, by: lea) }
        _ = try flow.decide { try $0.reject(Self.id, revision: 1, by: ben, why: "") }
        #expect(try flow.record(Self.id)?.state == .rejected)
        flow.clock.advance(by: .seconds(1))
        _ = try flow.decide { try $0.takeBack(Self.id, by: ben) }
        let record = try #require(try flow.record(Self.id))
        #expect(record.state == .approved && record.decisions.map(\.member) == ["lea"])
        #expect(record.effectiveAt == flow.clock.now.advanced(by: flow.house.rulebook.undoTime))
    }

    @Test("Taking an approval back does not take back what another rejected")
    func rejectionOfAnother() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow, text: "With usage rights.")
        let (ben, lea) = (flow.acting("ben"), flow.acting("lea"))
        _ = try flow.decide { try $0.approve(Self.id, revision: 1, by: lea) }
        _ = try flow.decide { try $0.reject(Self.id, revision: 1, by: ben, why: "no") }
        let before = try #require(try flow.record(Self.id))
        _ = try flow.decide { try $0.takeBack(Self.id, by: lea) }
        let record = try #require(try flow.record(Self.id))
        #expect(record.state == .rejected && record.decisions.map(\.member) == ["ben"])
        #expect(record.effectiveAt == before.effectiveAt)
    }

    @Test("Those who could decide see it decided at once, in the same place; its author when it takes effect (D12)")
    func seenAtOnce() async throws {
        let flow = try FlowHouse { configuration in
            configuration.team.change("lea") { $0.groups = ["managers"] }
        }
        try await Self.hold(flow)
        let notice = try #require(try flow.notice(Self.id, of: "lea"))
        #expect(try flow.places(notice) == ["approvals/waiting"])
        let ben = flow.acting("ben")
        _ = try flow.decide { try $0.approve(Self.id, revision: 1, by: ben) }
        #expect(try flow.places(Self.id, of: "ben") == ["approvals/approve"])
        #expect(try flow.places(Self.id, of: "lea") == ["approvals/decided"])
        #expect(try flow.places(Self.id, of: "mia") == ["approvals/waiting"])
        #expect(try flow.keywords(Self.id).contains("$Approved-ben"))
        _ = try flow.decide { try $0.takeBack(Self.id, by: ben) }
        #expect(try flow.places(Self.id, of: "lea") == ["approvals/waiting"])
        #expect(try flow.places(notice) == ["approvals/waiting"])
        _ = try flow.decide { try $0.reject(Self.id, revision: 1, by: ben, why: "no") }
        #expect(try flow.places(Self.id, of: "lea") == ["approvals/decided"])
        #expect(try flow.places(notice).isEmpty)
        flow.clock.advance(by: .seconds(31))
        try await flow.house.settleDue()
        for member in ["mia", "ben", "lea"] { #expect(try flow.places(Self.id, of: member) == ["approvals/decided"]) }
        #expect(try flow.keywords(Self.id).contains("$Rejected-ben"))
    }

    @Test("Decided says who, when and why; what waits again says nothing of it (INV-3)")
    func decidedSaysWho() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let (ben, id) = (flow.acting("ben"), Self.id)
        _ = try flow.decide { try $0.reject(id, revision: 1, by: ben, why: "ask legal first") }
        flow.clock.advance(by: .seconds(31))
        try await flow.house.settleDue()
        let blocks = try flow.house.store.readNow { transaction in
            let message = try transaction.outbound(id)?.message
            return try message.map { try transaction.editions(of: $0) }?.map(\.block) ?? []
        }.map { String(decoding: $0, as: UTF8.self) }
        #expect(blocks.count == 2)
        #expect(blocks.first?.contains("Greenroom-Seal") == true && blocks.first?.contains("Decision") == false)
        let decided = try #require(blocks.last).replacing("\r\n ", with: " ")
        #expect(decided.contains("Greenroom-Decision: rejected by Ben Okafor, "), "\(decided)")
        #expect(decided.contains(": ask legal first") && !decided.contains("Seal"))
    }

    @Test("A decision arriving twice, late, without the right or after a cancel does nothing but say so")
    func nothing() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let (mia, ben, lea) = (flow.acting("mia"), flow.acting("ben"), flow.acting("lea"))
        let phone = flow.acting("ben", mayApprove: false)
        func refused(_ part: String, _ body: @escaping @Sendable (Decisions) throws -> DecisionOutcome) throws {
            let before = try #require(try flow.record(Self.id))
            let outcome = try flow.decide(body)
            guard case .refused(let why) = outcome else { throw TestFailure("\(outcome)") }
            #expect(why.contains(part), "\(why)")
            #expect(try flow.record(Self.id) == before)
        }
        try refused("own mail") { try $0.approve(Self.id, revision: 1, by: mia) }
        try refused("not asked") { try $0.approve(Self.id, revision: 1, by: lea) }
        try refused("scope approve") { try $0.approve(Self.id, revision: 1, by: phone) }
        try refused("only its author") { try $0.withdraw(Self.id, by: ben) }
        try refused("not decided") { try $0.takeBack(Self.id, by: ben) }
        _ = try flow.decide { try $0.approve(Self.id, revision: 1, by: ben) }
        flow.clock.advance(by: .seconds(1))
        try refused("approved A-1.1 already") { try $0.approve(Self.id, revision: 1, by: ben) }
        flow.clock.advance(by: .seconds(31))
        try await flow.house.settleDue()
        try refused("is queued already") { try $0.reject(Self.id, revision: 1, by: ben, why: "") }
        try refused("is queued already") { try $0.takeBack(Self.id, by: ben) }
        try refused("too late") { try $0.withdraw(Self.id, by: mia) }
        #expect(try flow.events().filter { $0.kind == .refused }.count == 9)
    }
}

extension Team {
    /// Changes one member.
    fileprivate mutating func change(_ id: MemberID, _ body: (inout Member) -> Void) {
        guard let index = members.firstIndex(where: { $0.id == id }) else { return }
        body(&members[index])
    }
}
