package import Base
package import Campaigns
internal import Config
package import Ledger
package import Policy

/// As what a member decides on one message.
package struct Standing: Hashable, Sendable {
    /// Their own groups, and those of the absent members in whose place they decide.
    package let groups: Set<String>
    /// The absent members whose groups were needed for it, in the order of the file.
    package let standsFor: [MemberID]
}

extension Rulebook {
    /// Who must approve a message, as policy says of it and of mail of one's own.
    package func approvals(of record: OutboundRecord) -> Approvals {
        approvals(required: record.required, author: record.author, standIns: record.escalatedTo)
    }

    package func approvals(required: [String: Int], author: MemberID, standIns: [String] = []) -> Approvals {
        Approvals(
            required: required,
            author: author,
            ownGroups: rules.ownMail.authorsApprove,
            standIns: Set(standIns)
        )
    }

    /// As what a member decides on a message that needs these approvals.
    ///
    /// Nobody stands in for its author, who could not approve it either, and for themselves nobody
    /// needs to.
    package func standing(of member: MemberID, for approvals: Approvals, at now: Timestamp) -> Standing {
        var groups = groups(of: member)
        var standsFor: [MemberID] = []
        guard member != approvals.author else { return Standing(groups: groups, standsFor: []) }
        // Nobody of those asked decided in time: these decide in their place.
        if !groups.isDisjoint(with: approvals.standIns) { groups.formUnion(approvals.required.keys) }
        for absent in configuration.team.members {
            guard let absence = absent.absence, absence.delegate == member, now < absence.until,
                absent.id != member, absent.id != approvals.author
            else { continue }
            let lent = Set(absent.groups.filter { approvals.required[$0] ?? 0 > 0 }).subtracting(groups)
            guard !lent.isEmpty else { continue }
            groups.formUnion(lent)
            standsFor.append(absent.id)
        }
        return Standing(groups: groups, standsFor: standsFor)
    }

    /// Whether a member may decide on a message that needs these approvals.
    package func mayDecide(_ member: MemberID, on approvals: Approvals, at now: Timestamp) -> Bool {
        approvals.mayDecide(member: member, groups: standing(of: member, for: approvals, at: now).groups)
    }

    /// Those who may decide on a message that needs these approvals, in the order of the file.
    package func deciders(of approvals: Approvals, at now: Timestamp) -> [MemberID] {
        configuration.team.members.map(\.id).filter { mayDecide($0, on: approvals, at: now) }
    }
}
