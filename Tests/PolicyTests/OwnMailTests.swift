import Base
import Campaigns
import Testing

@testable import Policy

@Suite("Numbers of approvals, and own mail (D5)")
struct OwnMailTests {
    private static func decision(_ member: MemberID, _ groups: Set<String>, _ verb: Decision.Verb = .approve)
        -> Decision
    {
        Decision(member: member, groups: groups, verb: verb, at: Timestamp(seconds: 1))
    }

    @Test("Groups and numbers add up, a member counts once for each of their groups")
    func numbers() {
        let approvals = Approvals(required: ["legal": 1, "managers": 2], author: "mia")
        let both = Self.decision("lea", ["legal", "managers"])
        #expect(approvals.missing(after: [both, both]) == ["managers": 1])
        #expect(approvals.isSatisfied(by: [both, Self.decision("ben", ["managers"])]))
        #expect(!approvals.isSatisfied(by: [both, Self.decision("ben", ["managers"], .reject)]))
        #expect(!Approvals(required: [:], author: "mia").isSatisfied(by: [both]))
    }

    @Test("Nobody approves their own mail, unless policy says so of a group, and then for that group alone")
    func ownMail() {
        let own = Self.decision("mia", ["legal", "managers"])
        let strict = Approvals(required: ["managers": 1], author: "mia")
        #expect(!strict.mayDecide(member: "mia", groups: ["managers"]) && !strict.isSatisfied(by: [own]))
        let lenient = Approvals(required: ["legal": 1, "managers": 1], author: "mia", ownGroups: ["managers"])
        #expect(lenient.mayDecide(member: "mia", groups: ["managers"]))
        #expect(!lenient.mayDecide(member: "mia", groups: ["legal"]))
        #expect(lenient.missing(after: [own]) == ["legal": 1])
    }
}
