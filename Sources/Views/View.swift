package import Campaigns

/// A folder that Greenroom makes (DESIGN §1): its key is fixed, its name is configured.
package enum View: Hashable, Sendable {
    /// Held outbound mail: an approver sees what they may decide, a member what they sent.
    case waiting
    /// Moved here: approved.
    case approve
    /// Moved here: rejected.
    case reject
    /// What was decided, with who, when, why.
    case decided
    case campaign(CampaignID)
    /// Moved here: the stage is set.
    case stage(CampaignID, Stage)
    /// Paused and closed campaigns.
    case past
    case queue(Queue)
    /// Moved here: assigned.
    case team(MemberID)
    case reports

    /// Work that waits for somebody.
    package enum Queue: String, Hashable, Sendable, CaseIterable {
        case needsReply = "needs-reply"
        case urgent
        case overdue
        case unmatched
        case sentOutside = "sent-outside"
    }

    /// The fixed id behind the folder: it survives every renaming.
    package var key: String {
        switch self {
        case .waiting: "approvals/waiting"
        case .approve: "approvals/approve"
        case .reject: "approvals/reject"
        case .decided: "approvals/decided"
        case .campaign(let id): "campaign/\(id)"
        case .stage(let id, let stage): "campaign/\(id)/\(stage.rawValue)"
        case .past: "campaigns/past"
        case .queue(let queue): "queue/\(queue.rawValue)"
        case .team(let member): "team/\(member)"
        case .reports: "reports"
        }
    }

    package init?(key: String) {
        let parts = key.split(separator: "/").map(String.init)
        switch (parts.first ?? "", parts.count) {
        case ("approvals", 2):
            guard let view = Self.approvals[parts[1]] else { return nil }
            self = view
        case ("campaign", 2):
            self = .campaign(CampaignID(parts[1]))
        case ("campaign", 3):
            guard let stage = Stage(rawValue: parts[2]) else { return nil }
            self = .stage(CampaignID(parts[1]), stage)
        case ("campaigns", 2) where parts[1] == "past":
            self = .past
        case ("queue", 2):
            guard let queue = Queue(rawValue: parts[1]) else { return nil }
            self = .queue(queue)
        case ("team", 2):
            self = .team(MemberID(parts[1]))
        case ("reports", 1):
            self = .reports
        default:
            return nil
        }
    }

    private static let approvals: [String: Self] = [
        "waiting": .waiting, "approve": .approve, "reject": .reject, "decided": .decided,
    ]

    /// Whether it is one mailbox for all who have the right; the others are each member's own.
    package var isShared: Bool {
        switch self {
        case .campaign, .stage, .past: true
        case .waiting, .approve, .reject, .decided, .queue, .team, .reports: false
        }
    }

    /// Whether a move into it does something.
    package var acts: Bool {
        switch self {
        case .approve, .reject, .campaign, .stage, .team: true
        case .waiting, .decided, .past, .queue, .reports: false
        }
    }

    /// Whether a new member's client is subscribed to it; caching clients download every
    /// subscribed folder again.
    package var isSubscribed: Bool {
        switch self {
        case .waiting, .approve, .reject, .decided, .queue(.unmatched): true
        default: false
        }
    }
}
