internal import Base
internal import Campaigns
internal import Config
package import IMAPWire
internal import Ledger
internal import Mirror
internal import Outbound
internal import Policy
package import Store
internal import Views

/// What clients' moves, copies and removals of messages do (DESIGN §4): in an account's own folders
/// what the protocol says, in a folder that acts, the act.
package struct Filing {
    let rulebook: Rulebook
    let transaction: Transaction
    let member: ActingMember

    package init(rulebook: Rulebook, transaction: Transaction, member: ActingMember) {
        self.rulebook = rulebook
        self.transaction = transaction
        self.member = member
    }

    /// What became of one message.
    package struct Result: Hashable, Sendable {
        package let source: UID
        /// Its UID in the target; nil where it did not stay there.
        package let target: UID?
        /// A sentence for the person.
        package let note: String?
    }

    /// Moves messages; each leaves the source, or comes back to it under a new UID with a note.
    package func move(_ uids: [UID], from source: MailboxRow, to target: MailboxRow) throws(StoreError) -> [Result] {
        var results: [Result] = []
        for uid in uids {
            guard let placement = try transaction.placement(uid, in: source.id) else { continue }
            results.append(try file(placement, from: source, to: target, isCopy: false))
        }
        return results
    }

    /// Copies messages; into a folder that acts this is the act.
    package func copy(_ uids: [UID], from source: MailboxRow, to target: MailboxRow) throws(StoreError) -> [Result] {
        var results: [Result] = []
        for uid in uids {
            guard let placement = try transaction.placement(uid, in: source.id) else { continue }
            results.append(try file(placement, from: source, to: target, isCopy: true))
        }
        return results
    }

    /// Changes flags as STORE says.
    ///
    /// With `unchangedSince` a message that changed for the member after it is left alone. Gives
    /// those: nothing comes between the comparison and the change (RFC 7162 §3.1.3).
    @discardableResult
    package func changeFlags(
        _ change: FlagChange,
        of named: [UID],
        in mailbox: MailboxRow,
        unchangedSince: ModSeq? = nil
    ) throws(StoreError) -> Set<UID> {
        var conflicts: Set<UID> = []
        if let unchangedSince {
            // All before the first change: placements of one message share its flags.
            conflicts = Set(
                try transaction.changed(named, in: mailbox.id, member: member.id.rawValue, after: unchangedSince)
            )
        }
        let uids = named.filter { !conflicts.contains($0) }
        let changed = try transaction.change(change, of: uids, in: mailbox.id, member: member.id.rawValue)
        var mirrored: Set<AccountID> = []
        for account in Set(changed.map(\.account)).sorted() {
            if try transaction.account(account)?.kind == .mirrored { mirrored.insert(account) }
        }
        for change in changed where change.after != change.before && mirrored.contains(change.account) {
            try upstream.changedFlags(of: change.message, from: change.before, to: change.after)
        }
        return conflicts
    }

    /// Removes what the member marked \Deleted among these messages (RFC 9051 §6.4.3).
    package func expungeMarked(_ uids: [UID], from mailbox: MailboxRow) throws(StoreError) {
        var marked: [UID] = []
        for uid in uids {
            let own = try transaction.ownFlags(of: member.id.rawValue, uid: uid, in: mailbox.id)
            if own?.contains(.deleted) ?? false { marked.append(uid) }
        }
        try expunge(marked, from: mailbox)
    }

    /// Removes messages: from an account's folder for good, from a view what the view means by it.
    package func expunge(_ uids: [UID], from mailbox: MailboxRow) throws(StoreError) {
        guard let view = View(key: mailbox.key) else {
            var plain: [UID] = []
            for uid in uids {
                guard let placement = try transaction.placement(uid, in: mailbox.id) else { continue }
                if try endsCopiedMove(placement, in: mailbox), try putAway(placement, from: mailbox) { continue }
                plain.append(uid)
            }
            let isMirrored = try transaction.account(mailbox.account)?.kind == .mirrored
            for gone in try transaction.remove(plain, from: mailbox.id) where isMirrored {
                try upstream.expunged(gone.message, from: mailbox)
            }
            return
        }
        for uid in uids {
            guard let placement = try transaction.placement(uid, in: mailbox.id) else { continue }
            if try endsCopiedMove(placement, in: mailbox) {
                try comeBack(placement, in: mailbox)
                continue
            }
            let subject = try subject(of: placement.message)
            switch act(on: subject, into: .trash, from: view) {
            case .withdraw:
                _ = try perform(.withdraw, on: subject)
            case .comeBack(let why):
                try comeBack(placement, in: mailbox)
                try tellRefusal(why, subject)
            default:
                try dismiss(placement, in: mailbox, view)
            }
        }
    }

    /// What the account's upstream is to be told.
    private var upstream: JournalWriter { JournalWriter(transaction) }

    // MARK: One message

    private func file(
        _ placement: PlacementRow,
        from source: MailboxRow,
        to target: MailboxRow,
        isCopy: Bool
    ) throws(StoreError) -> Result {
        let sourceView = View(key: source.key)
        let isAmongFolders = sourceView == nil && View(key: target.key) == nil
        let subject = try subject(of: placement.message, isAmongFolders: isAmongFolders)
        let act = act(on: subject, into: destination(target), from: sourceView)
        switch act {
        case .file:
            // Into its own campaign's folder it is shown already: it is only archived.
            if View(key: target.key) != nil { return try archive(placement, from: source, shownIn: target, isCopy) }
            let new =
                isCopy ? try transaction.copy(placement, to: target.id) : try transaction.move(placement, to: target.id)
            if isCopy {
                try upstream.copied(placement.message, to: target)
            } else {
                try upstream.moved(placement.message, from: source, to: target)
            }
            return Result(source: placement.uid, target: new.uid, note: nil)
        case .dismiss:
            if let sourceView, !isCopy { try dismiss(placement, in: source, sourceView) }
            return Result(source: placement.uid, target: nil, note: nil)
        case .comeBack(let why):
            try tellRefusal(why, subject)
            return try stays(placement, in: source, isCopy, note: why)
        default:
            let outcome = try perform(act, on: subject)
            if case .refused(let why) = outcome {
                try tellRefusal(why, subject)
                return try stays(placement, in: source, isCopy, note: why)
            }
            // Whoever took it on, it waits for everybody as before.
            if case .claim = act { return try stays(placement, in: source, isCopy, note: outcome.text) }
            // What its author took back is theirs to write on.
            if act == .withdraw, destination(target) == .drafts {
                let draft = try transaction.copy(placement, to: target.id)
                return Result(source: placement.uid, target: draft.uid, note: outcome.text)
            }
            return try archive(placement, from: source, shownIn: target, isCopy, note: outcome.text)
        }
    }

    /// After an act: from INBOX the message is filed in Archive, a view's placements are the
    /// projection's, and the UID in the target is named only where there is one.
    private func archive(
        _ placement: PlacementRow,
        from source: MailboxRow,
        shownIn target: MailboxRow,
        _ isCopy: Bool,
        note: String? = nil
    ) throws(StoreError) -> Result {
        if isCopy {
            try rememberCopy(of: placement.message, from: source.id)
        } else {
            _ = try putAway(placement, from: source)
        }
        return Result(source: placement.uid, target: nil, note: note)
    }

    /// Where it was it stays: under a new UID, since the client has taken it away already.
    private func stays(
        _ placement: PlacementRow,
        in source: MailboxRow,
        _ isCopy: Bool,
        note: String
    ) throws(StoreError) -> Result {
        if isCopy {
            try rememberCopy(of: placement.message, from: source.id)
        } else {
            try comeBack(placement, in: source)
        }
        return Result(source: placement.uid, target: nil, note: note)
    }

    /// Remembers the first half of a client's move by copy, whatever came of it.
    func rememberCopy(of message: MessageID, from source: MailboxID) throws(StoreError) {
        try note(
            .dismissed,
            .message(message),
            [Self.copiedFrom: String(source.rawValue), "member": member.id.rawValue]
        )
    }

    private func tellRefusal(_ why: String, _ subject: Subject) throws(StoreError) {
        guard let outbound = subject.outbound, let record = try transaction.currentRecord(outbound.id) else { return }
        try Notices(rulebook: rulebook, transaction: transaction).tellRefusal(why, to: member.id, about: record)
    }

    /// The field of an event that remembers the first half of a client's move by copy.
    private static let copiedFrom = "copied-from"
    /// How long a deletion counts as the second half.
    private static let copyMemory = Duration.seconds(10 * 60)

    /// Whether the member just copied the message from here into a folder that acts: clients without
    /// MOVE then delete it here, which ends the move and deletes nothing (DESIGN §4).
    private func endsCopiedMove(_ placement: PlacementRow, in mailbox: MailboxRow) throws(StoreError) -> Bool {
        let since = transaction.now.advanced(by: .zero - Self.copyMemory)
        return try transaction.events(
            about: EventSubject.message(placement.message).text,
            kind: EventKind.dismissed.rawValue,
            since: since
        ).compactMap(\.event)
            .contains { event in
                event.fields[Self.copiedFrom] == String(mailbox.id.rawValue) && event.actor.member == member.id
                    && event.at >= since
            }
    }

    /// From INBOX a message that was acted on goes to Archive; gives whether it went there.
    private func putAway(_ placement: PlacementRow, from source: MailboxRow) throws(StoreError) -> Bool {
        guard source.key == StandardFolder.inbox.key, let account = try account(of: source) else { return false }
        let archive = try transaction.ensureFolder(.archive, of: account)
        _ = try transaction.move(placement, to: archive.id)
        try upstream.moved(placement.message, from: source, to: archive)
        return true
    }

    private func account(of mailbox: MailboxRow) throws(StoreError) -> AccountSettings? {
        try transaction.account(mailbox.account).flatMap { rulebook.configuration.gateway.account($0.name) }
    }

    private func dismiss(_ placement: PlacementRow, in mailbox: MailboxRow, _ view: View) throws(StoreError) {
        _ = try transaction.expunge([placement.uid], from: mailbox.id)
        try note(.dismissed, .message(placement.message), ["view": view.key, "member": mailbox.member])
    }

    private func comeBack(_ placement: PlacementRow, in mailbox: MailboxRow) throws(StoreError) {
        _ = try transaction.move(placement, to: mailbox.id)
    }

    func destination(_ mailbox: MailboxRow) -> Destination {
        if let view = View(key: mailbox.key) { return .view(view) }
        return switch StandardFolder(key: mailbox.key) {
        case .drafts: .drafts
        case .trash: .trash
        default: .folder
        }
    }

    // MARK: What it is

    /// The meaning of a move out of a view or a folder.
    ///
    /// Taken away from where it is only shown as somebody's work or as decided, a waiting message is put
    /// away there; withdrawn it is from Waiting alone.
    private func act(on subject: Subject, into destination: Destination, from source: View?) -> Act {
        if destination == .trash, subject.outbound != nil, let source {
            if case .team = source { return .dismiss }
            if source != .waiting, Act.of(subject.moved, into: destination, fromView: true) == .withdraw {
                return .dismiss
            }
        }
        return Act.of(subject.moved, into: destination, fromView: source != nil)
    }

    struct Subject {
        let moved: Moved
        var message: MessageID
        var outbound: (id: OutboundID, revision: Int)?
        var facts: AttachmentFacts?
    }

    /// Among an account's own folders it makes no difference to whom a message is attached.
    func subject(of message: MessageID, isAmongFolders: Bool = false) throws(StoreError) -> Subject {
        // What was taken back into Drafts is a draft like any other.
        if !isAmongFolders, let (id, revision) = try outbound(of: message),
            let record = try transaction.currentRecord(id)
        {
            let decided = record.decisions.contains { $0.member == member.id }
            let isUndoable = record.state.isWaiting || (record.state == .rejected && !record.isSettled)
            let moved: Moved =
                if decided, isUndoable {
                    .decidedByMover
                } else if record.state.isWaiting {
                    .waiting(isAuthor: record.author == member.id)
                } else {
                    .decided
                }
            return Subject(moved: moved, message: message, outbound: (id, revision))
        }
        // A letter that only tells something asks for no decision.
        if try transaction.notice(shownAs: message) != nil { return Subject(moved: .decided, message: message) }
        if isAmongFolders { return Subject(moved: .attached(nil), message: message) }
        let events = try transaction.events(about: EventSubject.message(message).text).compactMap(\.event)
        guard let attached = events.last(where: { $0.kind == .attached || $0.kind == .attachedByHand }) else {
            return Subject(moved: .attached(nil), message: message)
        }
        let facts = AttachmentFacts(attached)
        return Subject(
            moved: facts.isOpen ? .open : .attached(facts.attachment.campaign),
            message: message,
            facts: facts
        )
    }

    /// The outbound message that a message shows or a notice asks about, in the version shown.
    private func outbound(of message: MessageID) throws(StoreError) -> (OutboundID, Int)? {
        if let row = try transaction.revision(shownAs: message) { return (row.outbound, row.revision) }
        guard let notice = try transaction.notice(shownAs: message), notice.kind == NoticeKind.hold.rawValue else {
            return nil
        }
        return (notice.outbound, notice.revision)
    }
}
