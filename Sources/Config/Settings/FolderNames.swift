/// The folders that Greenroom makes, by the ids that mailboxes are bound to.
package enum FolderID: String, Sendable, Hashable, CaseIterable {
    case approvals
    case waiting
    case approve
    case reject
    case decided
    case campaigns
    case past
    case queues
    case needsReply = "needs_reply"
    case urgent
    case overdue
    case unmatched
    case blocked
    case sentOutside = "sent_outside"
    case team
    case reports
    /// Where accounts beyond the first one stand (RFC 2342).
    case shared

    /// The folder it stands in; `nil` at the root.
    package var parent: Self? {
        switch self {
        case .approvals, .campaigns, .queues, .team, .reports, .shared: nil
        case .waiting, .approve, .reject, .decided: .approvals
        case .past: .campaigns
        case .needsReply, .urgent, .overdue, .unmatched, .blocked, .sentOutside: .queues
        }
    }

    /// The English name.
    package var defaultName: String {
        switch self {
        case .approvals: "Approvals"
        case .waiting: "Waiting"
        case .approve: "Approve"
        case .reject: "Reject"
        case .decided: "Decided"
        case .campaigns: "Campaigns"
        case .past: "Past"
        case .queues: "Queues"
        case .needsReply: "Needs reply"
        case .urgent: "Urgent"
        case .overdue: "Overdue"
        case .unmatched: "Unmatched"
        case .blocked: "Blocked"
        case .sentOutside: "Sent outside"
        case .team: "Team"
        case .reports: "Reports"
        case .shared: "Shared"
        }
    }
}

/// What `[folders]` says: the names of what Greenroom makes.
package struct FolderNames: Sendable, Hashable {
    /// Names that differ from the English ones, by id.
    package var names: [FolderID: String]
    /// Names of stages that differ from their ids, by stage id.
    package var stages: [String: String]
    /// Languages whose verbs are read in replies to notices.
    package var languages: [String]

    package init(names: [FolderID: String] = [:], stages: [String: String] = [:], languages: [String] = ["en"]) {
        self.names = names
        self.stages = stages
        self.languages = languages
    }

    /// The last part of the folder's path.
    package func name(_ folder: FolderID) -> String { names[folder] ?? folder.defaultName }

    /// The folder's path from the root.
    package func path(_ folder: FolderID) -> [String] {
        guard let parent = folder.parent else { return [name(folder)] }
        return path(parent) + [name(folder)]
    }

    /// The folder name of a stage: `2 replied`; stages are numbered in funnel order from 1.
    package func stage(_ id: String, number: Int) -> String { "\(number) \(stages[id] ?? id)" }
}
