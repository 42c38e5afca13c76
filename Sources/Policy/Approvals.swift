package import Base
package import Campaigns

/// One member's word on one version of an outbound message.
package struct Decision: Hashable, Sendable {
    package enum Verb: String, Hashable, Sendable {
        case approve, reject
    }

    package let member: MemberID
    /// The groups the member was in when deciding.
    package let groups: Set<String>
    package let verb: Verb
    package let at: Timestamp
    /// Absent members whose groups are among these because the member stands in for them.
    package let standsFor: [MemberID]

    package init(member: MemberID, groups: Set<String>, verb: Verb, at: Timestamp, standsFor: [MemberID] = []) {
        self.member = member
        self.groups = groups
        self.verb = verb
        self.at = at
        self.standsFor = standsFor
    }
}

/// Who must approve a message, and whether they have.
package struct Approvals: Hashable, Sendable {
    /// Members needed of each group.
    package let required: [String: Int]
    /// Who wrote the message: nobody approves their own mail.
    package let author: MemberID
    /// The groups whose members may, because policy says so.
    package let ownGroups: Set<String>
    /// Groups whose members may decide in the place of any that is asked: it was escalated to them.
    package let standIns: Set<String>

    package init(
        required: [String: Int],
        author: MemberID,
        ownGroups: Set<String> = [],
        standIns: Set<String> = []
    ) {
        self.required = required
        self.author = author
        self.ownGroups = ownGroups
        self.standIns = standIns
    }

    /// Whether a member may decide: in a group that is asked, and not the author.
    package func mayDecide(member: MemberID, groups: Set<String>) -> Bool {
        required.contains { $0.value > 0 && groups.contains($0.key) && counts(member, for: $0.key) }
    }

    private func counts(_ member: MemberID, for group: String) -> Bool {
        member != author || ownGroups.contains(group)
    }

    /// The approvals still missing of each group.
    ///
    /// One member's approval counts for every group they are in.
    package func missing(after decisions: [Decision]) -> [String: Int] {
        var missing: [String: Int] = [:]
        for (group, count) in required where count > 0 {
            var given = Set<MemberID>()
            for decision in decisions
            where decision.verb == .approve && decision.groups.contains(group) && counts(decision.member, for: group) {
                given.insert(decision.member)
            }
            if given.count < count { missing[group] = count - given.count }
        }
        return missing
    }

    /// Never where nobody is asked: a hold that names no group waits for one that does.
    package func isSatisfied(by decisions: [Decision]) -> Bool {
        required.contains { $0.value > 0 } && missing(after: decisions).isEmpty
    }
}
