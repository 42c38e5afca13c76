import Base
import Campaigns
import TestSupport
import Testing

@testable import Policy

@Suite("Rules decide")
struct RuleSetTests {
    static let euro = Currency("EUR") ?? .unknown

    static func facts(
        _ kinds: [Facts.RecipientKind],
        text: String = "",
        amounts: [Money] = [],
        ceiling: Money? = nil,
        isInternalContent: Bool = false
    ) -> Facts {
        Facts(
            now: Timestamp(seconds: 1000),
            sender: "mia",
            recipients: kinds.map { Facts.Recipient(kind: $0, domain: "\($0.rawValue).example") },
            collaborators: [Facts.Collaborator(creator: "ana", campaign: "spring", ceiling: ceiling)],
            text: text,
            amounts: amounts,
            hasInternalContent: isInternalContent
        )
    }

    static let start = RuleSet(
        permits: [Permit(name: "internal", condition: .everyRecipient([.internal]))],
        restrictions: [
            Restriction(name: "rates", condition: .amountAboveCeiling, effect: .hold(approvals: ["legal": 1])),
            Restriction(name: "rights", condition: .words(["usage rights"]), effect: .hold(approvals: ["legal": 2])),
            Restriction(name: "slow", condition: .anyRecipient([.creator]), effect: .delay(.seconds(10))),
            Restriction(name: "broken", condition: .words(["never"]), effect: .hold(approvals: [:])),
        ],
        defaultApprovals: ["managers": 1]
    )

    @Test("INV-7: without a permit it is held")
    func unpermitted() {
        let verdict = Self.start.decide(Self.facts([.unknown]))
        #expect(verdict.outcome == .hold)
        #expect(verdict.approvals == ["managers": 1])
        #expect(verdict.permits.isEmpty)
    }

    @Test("INV-7: the permit that lets it out is named")
    func permitted() {
        let verdict = Self.start.decide(Self.facts([.internal, .internal]))
        #expect(verdict.outcome == .release)
        #expect(verdict.permits == ["internal"])
    }

    @Test("One recipient outside is enough to lose the permit")
    func mixedRecipients() {
        #expect(Self.start.decide(Self.facts([.internal, .creator])).outcome == .hold)
    }

    @Test("INV-7: groups are united and counts are the largest")
    func approvalsUnite() throws {
        let rate = try #require(Money(900, Self.euro))
        let ceiling = try #require(Money(500, Self.euro))
        let verdict = Self.start.decide(
            Self.facts([.creator], text: "We offer USAGE   rights.", amounts: [rate], ceiling: ceiling)
        )
        #expect(verdict.approvals == ["legal": 2, "managers": 1])
        #expect(verdict.notBefore == Timestamp(seconds: 1010))
        #expect(verdict.reasons.map(\.rule) == ["No permit", "rates", "rights", "slow"])
    }

    @Test("A hold that names nobody falls back to the default approvers")
    func holdWithoutGroups() {
        let verdict = Self.start.decide(Self.facts([.internal], text: "never"))
        #expect(verdict.outcome == .hold)
        #expect(verdict.approvals == ["managers": 1])
    }

    @Test("INV-4: internal content is held for outsiders, whatever a permit says")
    func internalContent() {
        let open = RuleSet(
            permits: [Permit(name: "all", condition: .always)],
            defaultApprovals: ["managers": 1]
        )
        #expect(open.decide(Self.facts([.unknown], isInternalContent: true)).outcome == .hold)
        #expect(open.decide(Self.facts([.internal], isInternalContent: true)).outcome == .release)
    }

    @Test("INV-7: the order of rules does not matter", arguments: 0..<20 as Range<UInt64>)
    func orderFree(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let rate = try #require(Money(900, Self.euro))
        let facts = Self.facts([.creator], text: "usage rights", amounts: [rate], ceiling: Money(500, Self.euro))
        let shuffled = RuleSet(
            permits: Self.start.permits.shuffled(using: &generator),
            restrictions: Self.start.restrictions.shuffled(using: &generator),
            defaultApprovals: Self.start.defaultApprovals
        )
        #expect(shuffled.decide(facts) == Self.start.decide(facts))
    }

    @Test("INV-7: adding a restriction never loosens", arguments: 0..<20 as Range<UInt64>)
    func addingTightens(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let facts = Self.facts([.creator], text: "usage rights")
        let few = Self.start.restrictions.filter { _ in Bool.random(using: &generator) }
        let before = RuleSet(permits: Self.start.permits, restrictions: few, defaultApprovals: ["managers": 1])
        let after = RuleSet(
            permits: Self.start.permits,
            restrictions: few + Self.start.restrictions,
            defaultApprovals: ["managers": 1]
        )
        let (old, new) = (before.decide(facts), after.decide(facts))
        #expect(new.joined(old) == new)
    }

    @Test(
        "Words stand alone",
        arguments: [
            ("the rate is", "rate", true), ("separate", "rate", false), ("rate", "rate", true),
            ("rates", "rate", false), ("pro-rate!", "rate", true), ("", "rate", false),
            ("usage-rights", "usage rights", true),
            ("mark it #AD", "#ad", true), ("an ad", "#ad", false),
        ]
    )
    func words(text: String, phrase: String, found: Bool) {
        let rules = RuleSet(
            restrictions: [Restriction(name: "words", condition: .words([phrase]), effect: .cancel)],
            defaultApprovals: ["managers": 1]
        )
        #expect((rules.decide(Self.facts([.creator], text: text)).outcome == .cancel) == found)
    }
}

@Suite("Approvals")
struct ApprovalsTests {
    static func yes(_ member: MemberID, _ groups: Set<String>) -> Decision {
        Decision(member: member, groups: groups, verb: .approve, at: Timestamp(seconds: 0))
    }

    @Test("Nobody approves their own mail")
    func ownMail() {
        let approvals = Approvals(required: ["managers": 1], author: "mia")
        #expect(!approvals.mayDecide(member: "mia", groups: ["managers"]))
        #expect(!approvals.isSatisfied(by: [Self.yes("mia", ["managers"])]))
    }

    @Test("Every group that is asked must answer, with as many members")
    func severalGroups() {
        let approvals = Approvals(required: ["managers": 1, "legal": 2], author: "mia")
        #expect(approvals.missing(after: [Self.yes("lea", ["legal"])]) == ["managers": 1, "legal": 1])
        #expect(approvals.missing(after: [Self.yes("lea", ["legal"]), Self.yes("lea", ["legal"])])["legal"] == 1)
        let all = [Self.yes("lea", ["legal"]), Self.yes("ben", ["managers", "legal"])]
        #expect(approvals.isSatisfied(by: all))
    }

    @Test("D16: a hold that asks nobody is never satisfied")
    func nobodyAsked() {
        #expect(!Approvals(required: [:], author: "mia").isSatisfied(by: [Self.yes("ben", ["managers"])]))
        #expect(!Approvals(required: ["managers": 0], author: "mia").isSatisfied(by: []))
    }
}

@Suite("Outbound states")
struct OutboundStateTests {
    @Test("INV-1: queued is reached from approved alone")
    func onlyApprovedIsReleased() {
        for state in OutboundState.allCases {
            #expect((state.after(.release) == .queued) == (state == .approved))
        }
    }

    @Test("Nothing happens to a message that has left")
    func sentIsFinal() {
        for step in OutboundState.Step.allCases {
            #expect(OutboundState.sent.after(step) == nil)
            #expect(OutboundState.withdrawn.after(step) == nil)
        }
    }
}
