internal import Base
internal import IMAPWire
internal import SQLite

extension ReadTransaction {
    /// A mailbox as a member sees it who set no flags of their own.
    func baseSnapshot(of mailbox: MailboxID) throws(StoreError) -> MailboxSnapshot? {
        guard let row = try self.mailbox(mailbox) else { return nil }
        var keywords = KeywordCache()
        var entries: [MailboxSnapshot.Entry] = []
        entries.reserveCapacity(row.messages)
        try scan(
            """
            SELECT uid, modseq, flags, keywords, edition, size, received FROM placement WHERE mailbox = ? ORDER BY uid
            """,
            mailbox
        ) { row in
            entries.append(MailboxSnapshot.Entry(row, &keywords))
            return true
        }
        return MailboxSnapshot(row, MessageEntries(entries))
    }

    /// The mailbox as one member sees it: the base with their own flags laid over it.
    func view(over base: MailboxSnapshot, member: String) throws(StoreError) -> MailboxView? {
        guard let row = try mailbox(base.mailbox) else { return nil }
        var hasOwnFlags = false
        var changes: [EntryChange] = []
        try scan(
            "SELECT uid, flags, modseq FROM private_flags WHERE mailbox = ? AND member = ? ORDER BY uid",
            base.mailbox,
            member
        ) { own in
            hasOwnFlags = true
            if let index = base.index(of: own[0]) {
                var entry = base.entries[index]
                entry.overlay(SystemFlags(stored: own[1]), own[2], ownsSeen: row.hasPrivateSeen)
                changes.append(EntryChange(uid: entry.uid, entry: entry))
            }
            return true
        }
        let snapshot = MailboxSnapshot(
            mailbox: base.mailbox,
            uidValidity: base.uidValidity,
            uidNext: base.uidNext,
            highestModSeq: base.highestModSeq,
            entries: base.entries.applying(changes)
        )
        return MailboxView(member: member, snapshot: snapshot, hasOwnFlags: hasOwnFlags)
    }

    /// A view with some UIDs read again, over a base that has them already.
    func updated(
        _ view: MailboxView,
        _ uids: Set<UID>,
        over base: MailboxSnapshot
    ) throws(StoreError) -> MailboxView? {
        // One that shares the base's entries goes on doing so until the member sets a flag.
        guard view.hasOwnFlags else { return try self.view(over: base, member: view.member) }
        guard let snapshot = try updated(view.snapshot, uids, member: view.member) else { return nil }
        return MailboxView(member: view.member, snapshot: snapshot, hasOwnFlags: true)
    }

    /// A snapshot with some UIDs and the mailbox's counters read again; nil where the mailbox is gone.
    ///
    /// `member` is nil for the base.
    func updated(
        _ snapshot: MailboxSnapshot,
        _ uids: Set<UID>,
        member: String? = nil
    ) throws(StoreError) -> MailboxSnapshot? {
        guard let row = try mailbox(snapshot.mailbox) else { return nil }
        var keywords = KeywordCache()
        var changes: [EntryChange] = []
        for uid in uids.sorted() {
            var entry = try first(
                """
                SELECT uid, modseq, flags, keywords, edition, size, received FROM placement
                WHERE mailbox = ? AND uid = ?
                """,
                snapshot.mailbox,
                uid
            ) { MailboxSnapshot.Entry($0, &keywords) }
            if entry != nil, let member {
                let own = try first(
                    "SELECT flags, modseq FROM private_flags WHERE mailbox = ? AND member = ? AND uid = ?",
                    snapshot.mailbox,
                    member,
                    uid
                ) { (flags: SystemFlags(stored: $0[0]), modSeq: $0[1] as ModSeq) }
                if let own { entry?.overlay(own.flags, own.modSeq, ownsSeen: row.hasPrivateSeen) }
            }
            changes.append(EntryChange(uid: uid, entry: entry))
        }
        return MailboxSnapshot(row, snapshot.entries.applying(changes))
    }
}

/// A mailbox in memory as one member sees it.
struct MailboxView {
    let member: String
    let snapshot: MailboxSnapshot
    /// Whether the member set flags here; otherwise the entries are shared with the base.
    let hasOwnFlags: Bool
}

extension MailboxSnapshot {
    init(_ row: MailboxRow, _ entries: MessageEntries) {
        self.init(
            mailbox: row.id,
            uidValidity: row.uidValidity,
            uidNext: row.uidNext,
            highestModSeq: row.highestModSeq,
            entries: entries
        )
    }
}

extension MailboxSnapshot.Entry {
    fileprivate init(_ row: borrowing Row, _ keywords: inout KeywordCache) {
        self.init(
            uid: row[0],
            modSeq: row[1],
            flags: keywords.flags(SystemFlags(stored: row[2]), row[3]),
            edition: row[4],
            size: row[5],
            received: row[6]
        )
    }

    fileprivate mutating func overlay(_ own: SystemFlags, _ ownModSeq: ModSeq, ownsSeen: Bool) {
        flags = flags.overlaid(with: own, ownsSeen: ownsSeen)
        modSeq = max(modSeq, ownModSeq)
    }
}

/// Decoded keywords by their text: the messages of a mailbox share few combinations.
private struct KeywordCache {
    private var known: [String: Flags] = [:]

    mutating func flags(_ system: SystemFlags, _ text: String) -> Flags {
        guard !text.isEmpty else { return Flags(system) }
        var flags = known[text] ?? Flags([], keywords: KeywordText.decode(text))
        if known[text] == nil { known[text] = flags }
        flags.system = system
        return flags
    }
}
