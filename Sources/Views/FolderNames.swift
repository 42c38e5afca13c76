package import Campaigns

/// What the folders are called: names bound to fixed keys, from `[folders]` of the configuration.
package struct FolderNames: Hashable, Sendable {
    package var approvals = "Approvals"
    package var waiting = "Waiting"
    package var approve = "Approve"
    package var reject = "Reject"
    package var decided = "Decided"
    package var campaigns = "Campaigns"
    package var past = "Past"
    package var queues = "Queues"
    package var needsReply = "Needs reply"
    package var urgent = "Urgent"
    package var overdue = "Overdue"
    package var unmatched = "Unmatched"
    package var sentOutside = "Sent outside"
    package var team = "Team"
    package var reports = "Reports"
    /// A stage's name where it is not its own word.
    package var stages: [Stage: String] = [:]

    package init() {}

    /// The hierarchy separator in the names given here.
    package static let separator: Character = "/"

    /// The folder's path, with what campaigns and members are called.
    package func path(
        of view: View,
        campaign: (CampaignID) -> String,
        member: (MemberID) -> String
    ) -> String {
        switch view {
        case .waiting: join(approvals, waiting)
        case .approve: join(approvals, approve)
        case .reject: join(approvals, reject)
        case .decided: join(approvals, decided)
        case .campaign(let id): join(campaigns, level(campaign(id)))
        case .stage(let id, let stage): join(campaigns, level(campaign(id)), name(of: stage))
        case .past: join(campaigns, past)
        case .queue(let queue): join(queues, name(of: queue))
        case .team(let id): join(team, level(member(id)))
        case .reports: reports
        }
    }

    /// `2 replied`: numbered, so that clients that sort by name show the funnel's order.
    package func name(of stage: Stage) -> String {
        "\(stage.number) \(stages[stage] ?? stage.rawValue.split(separator: "-").joined(separator: " "))"
    }

    private func name(of queue: View.Queue) -> String {
        switch queue {
        case .needsReply: needsReply
        case .urgent: urgent
        case .overdue: overdue
        case .unmatched: unmatched
        case .sentOutside: sentOutside
        }
    }

    private func join(_ parts: String...) -> String { parts.joined(separator: String(Self.separator)) }

    /// A name as one level: a separator in it would make two.
    private func level(_ name: String) -> String {
        String(name.map { $0 == Self.separator ? "-" : $0 })
    }
}
