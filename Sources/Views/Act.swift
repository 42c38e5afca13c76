package import Campaigns

/// What a move into a folder means (DESIGN §4).
package enum Act: Hashable, Sendable {
    case approve
    case reject
    /// A decision is undone within its undo time.
    case takeBack
    case setStage(CampaignID, Stage)
    case assign(MemberID)
    /// A waiting message is somebody's to look at; nobody's right changes.
    case claim(MemberID)
    /// An open message is attached to the campaign's only fitting creator.
    case attach(CampaignID)
    /// Out of a view into Trash: dismissed there, the message stays.
    case dismiss
    /// The author takes an outbound message back.
    case withdraw
    /// Nothing of ours: the protocol's own meaning.
    case file
    /// Accepted, and the message comes back with this note: clients move optimistically, and a
    /// tagged NO leaves them showing a lie.
    case comeBack(why: String)
}

/// What is moved.
package enum Moved: Hashable, Sendable {
    /// An outbound message that waits; whether the mover wrote it.
    case waiting(isAuthor: Bool)
    /// One on which the mover decided, within the undo time.
    case decidedByMover
    /// An outbound message that was decided.
    case decided
    /// A message of a conversation in this campaign, or in none.
    case attached(CampaignID?)
    /// A message that is attached to nobody.
    case open
}

/// Where it is moved to.
package enum Destination: Hashable, Sendable {
    case view(View)
    case drafts
    case trash
    /// Any other folder of the account.
    case folder
}

extension Act {
    /// The meaning of a move; out of a view a message never leaves its account's own folders.
    package static func of(_ moved: Moved, into destination: Destination, fromView isView: Bool) -> Self {
        switch moved {
        case .waiting(let isAuthor): ofWaiting(isAuthor: isAuthor, into: destination)
        case .decidedByMover: ofDecidedByMover(into: destination)
        case .decided: destination == .trash ? .dismiss : .comeBack(why: "what was decided stays decided")
        case .attached(let campaign): ofAttached(campaign, into: destination, fromView: isView)
        case .open: ofOpen(into: destination, fromView: isView)
        }
    }

    private static func ofWaiting(isAuthor: Bool, into destination: Destination) -> Self {
        switch destination {
        case .view(.approve): .approve
        case .view(.reject): .reject
        case .view(.team(let member)): .claim(member)
        case .drafts, .trash: isAuthor ? .withdraw : .comeBack(why: "only its author can withdraw it")
        case .view, .folder: .comeBack(why: "a waiting message can be approved, rejected or withdrawn")
        }
    }

    private static func ofDecidedByMover(into destination: Destination) -> Self {
        switch destination {
        case .view(.waiting): .takeBack
        case .view(.approve): .approve
        case .view(.reject): .reject
        default: .comeBack(why: "it was decided; move it back to Waiting to take that back")
        }
    }

    private static func ofAttached(_ campaign: CampaignID?, into destination: Destination, fromView: Bool) -> Self {
        switch destination {
        case .view(.stage(let target, let stage)):
            target == campaign ? .setStage(target, stage) : .comeBack(why: "it belongs to another campaign")
        case .view(.campaign(let target)):
            target == campaign ? .file : .comeBack(why: "it belongs to another campaign")
        case .view(.team(let member)):
            .assign(member)
        case .view:
            .comeBack(why: "that folder takes no messages by hand")
        case .trash:
            fromView ? .dismiss : .file
        case .drafts, .folder:
            fromView ? .comeBack(why: "a view shows what is filed elsewhere; move it from there") : .file
        }
    }

    private static func ofOpen(into destination: Destination, fromView: Bool) -> Self {
        switch destination {
        case .view(.campaign(let campaign)), .view(.stage(let campaign, _)): .attach(campaign)
        case .view: .comeBack(why: "it is attached to nobody yet; move it into a campaign's folder")
        case .trash: fromView ? .dismiss : .file
        case .drafts, .folder:
            fromView ? .comeBack(why: "a view shows what is filed elsewhere; move it from there") : .file
        }
    }
}
