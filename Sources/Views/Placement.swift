package import Campaigns
package import Policy

/// That a view shows a message: to everybody with the right, or to one member.
package struct Placement: Hashable, Sendable, Comparable {
    package let view: View
    /// Nil where the view is one mailbox for all.
    package let member: MemberID?

    package init(_ view: View, member: MemberID? = nil) {
        self.view = view
        self.member = member
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.view.key, left.member?.rawValue ?? "") < (right.view.key, right.member?.rawValue ?? "")
    }
}

/// Which views show which message: the same facts give the same sorted list (DESIGN §4).
package enum Placements {
    /// What decides where an inbound message, or one of ours that has left, is shown.
    package struct Conversation: Hashable, Sendable {
        package var campaign: CampaignID?
        package var isPast: Bool
        package var stage: Stage
        package var assignee: MemberID?

        package init(campaign: CampaignID?, isPast: Bool, stage: Stage, assignee: MemberID?) {
            self.campaign = campaign
            self.isPast = isPast
            self.stage = stage
            self.assignee = assignee
        }
    }

    /// What decides where an outbound message is shown.
    package struct Outbound: Hashable, Sendable {
        package var state: OutboundState
        package var author: MemberID
        /// Those who may decide on it, the author not among them.
        package var deciders: [MemberID]
        package var approvedBy: Set<MemberID>
        package var rejectedBy: MemberID?
        /// Whether the undo time of the last decision is over.
        package var isSettled: Bool
        /// Who made the version that is shown, where that is not the author's first one.
        package var editor: MemberID?
        /// Who looks at it.
        package var assignee: MemberID?

        package init(
            state: OutboundState,
            author: MemberID,
            deciders: [MemberID],
            approvedBy: Set<MemberID> = [],
            rejectedBy: MemberID? = nil,
            isSettled: Bool = false,
            editor: MemberID? = nil,
            assignee: MemberID? = nil
        ) {
            self.state = state
            self.author = author
            self.deciders = deciders
            self.approvedBy = approvedBy
            self.rejectedBy = rejectedBy
            self.isSettled = isSettled
            self.editor = editor
            self.assignee = assignee
        }
    }

    /// Where the messages of a conversation are shown.
    package static func of(_ conversation: Conversation) -> [Placement] {
        var placements: [Placement] = []
        if let campaign = conversation.campaign {
            placements.append(Placement(.campaign(campaign)))
            if conversation.isPast {
                placements.append(Placement(.past))
            } else {
                placements.append(Placement(.stage(campaign, conversation.stage)))
            }
        }
        if let assignee = conversation.assignee {
            placements.append(Placement(.team(assignee), member: assignee))
        }
        return placements.sorted()
    }

    /// Where a message is shown that nobody could attach: to every member of its account.
    package static func ofUnmatched(members: [MemberID]) -> [Placement] {
        members.map { Placement(.queue(.unmatched), member: $0) }.sorted()
    }

    /// Where an outbound message is shown while it waits and after it was decided: to its author, to
    /// those who may decide on it, to who changed it; while it waits also where who looks at it has
    /// their work.
    ///
    /// Who decided finds it in the folder that they moved it to, until the undo time is over; for the
    /// others who could decide it is decided at once (D12). For its author it waits until the decision
    /// has taken effect: until then they can withdraw it there.
    package static func of(_ outbound: Outbound) -> [Placement] {
        var everybody = Set(outbound.deciders).union([outbound.author])
        if let editor = outbound.editor { everybody.insert(editor) }
        var placements = everybody.compactMap { member -> Placement? in
            view(of: outbound, for: member).map { Placement($0, member: member) }
        }
        if let assignee = outbound.assignee, outbound.state == .held, everybody.contains(assignee) {
            placements.append(Placement(.team(assignee), member: assignee))
        }
        return placements.sorted()
    }

    private static func view(of outbound: Outbound, for member: MemberID) -> View? {
        switch outbound.state {
        case .held: outbound.approvedBy.contains(member) ? .approve : .waiting
        case .approved where outbound.approvedBy.contains(member): .approve
        case .rejected where !outbound.isSettled && member == outbound.rejectedBy: .reject
        case .approved where member == outbound.author: .waiting
        case .rejected where !outbound.isSettled && member == outbound.author: .waiting
        case .approved, .queued, .sent, .bounced, .rejected, .canceled, .expired: .decided
        case .withdrawn, .superseded: nil
        }
    }
}
