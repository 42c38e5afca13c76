internal import Base
internal import IMAPWire
internal import SQLite

/// A mailbox in memory as everybody sees it who set no flags of their own.
struct BaseSnapshot: Sendable {
    /// Tells one version from another without looking into it.
    var version: Int
    var snapshot: MailboxSnapshot
    /// Whether \Seen is each member's own here.
    var ownsSeen: Bool

    var entries: MessageEntries { snapshot.entries }
}

extension ReadTransaction {
    /// A mailbox as a member sees it who set no flags of their own.
    func baseSnapshot(of mailbox: MailboxID) throws(StoreError) -> BaseSnapshot? {
        guard let row = try self.mailbox(mailbox) else { return nil }
        var keywords = KeywordCache()
        var entries = MessageEntriesDraft(capacity: row.messages)
        try scan(
            """
            SELECT uid, modseq, flags, edition, size, received, keywords FROM placement WHERE mailbox = ? ORDER BY uid
            """,
            mailbox
        ) { row in
            entries.append(MailboxSnapshot.Entry(row, &keywords))
            return true
        }
        return BaseSnapshot(
            version: 0,
            snapshot: MailboxSnapshot(row, entries.finished()),
            ownsSeen: row.hasPrivateSeen
        )
    }

    /// A mailbox with some UIDs and its counters read again; nil where it is gone.
    func updated(_ base: BaseSnapshot, _ uids: [UID]) throws(StoreError) -> BaseSnapshot? {
        guard let row = try mailbox(base.snapshot.mailbox) else { return nil }
        var keywords = KeywordCache()
        var changes: [EntryChange] = []
        changes.reserveCapacity(uids.count)
        for run in uids.runs {
            var rest = uids[run.indices]
            try scan(
                """
                SELECT uid, modseq, flags, edition, size, received, keywords FROM placement
                WHERE mailbox = ? AND uid BETWEEN ? AND ? ORDER BY uid
                """,
                row.id,
                run.first,
                run.last
            ) { found in
                let uid: UID = found[0]
                while let gone = rest.first, gone < uid {
                    changes.append(EntryChange(uid: rest.removeFirst(), entry: nil))
                }
                guard rest.first == uid else { return true }
                rest.removeFirst()
                changes.append(EntryChange(uid: uid, entry: MailboxSnapshot.Entry(found, &keywords)))
                return true
            }
            changes += rest.map { EntryChange(uid: $0, entry: nil) }
        }
        return BaseSnapshot(
            version: base.version,
            snapshot: MailboxSnapshot(row, base.entries.applying(changes)),
            ownsSeen: row.hasPrivateSeen
        )
    }

    /// The mailbox as one member sees it; the base's own entries where they set no flags.
    func view(over base: BaseSnapshot, member: String) throws(StoreError) -> MessageEntries {
        var own: [OwnFlags] = []
        try scan(
            "SELECT uid, flags, modseq FROM private_flags WHERE mailbox = ? AND member = ? ORDER BY uid",
            base.snapshot.mailbox,
            member
        ) { row in
            own.append(OwnFlags(uid: row[0], flags: SystemFlags(stored: row[1]), modSeq: row[2]))
            return true
        }
        return base.entries.overlaid(with: own, ownsSeen: base.ownsSeen)
    }

    /// What members set themselves on some messages, by member, each in order of UID.
    func ownFlags(of uids: [UID], in mailbox: MailboxID) throws(StoreError) -> [String: [OwnFlags]] {
        var own: [String: [OwnFlags]] = [:]
        for run in uids.runs {
            var rest = uids[run.indices]
            try scan(
                """
                SELECT member, uid, flags, modseq FROM private_flags
                WHERE mailbox = ? AND uid BETWEEN ? AND ? ORDER BY uid
                """,
                mailbox,
                run.first,
                run.last
            ) { row in
                let flags = OwnFlags(uid: row[1], flags: SystemFlags(stored: row[2]), modSeq: row[3])
                // A run has small holes.
                rest = rest.drop { $0 < flags.uid }
                if rest.first == flags.uid { own[row[0], default: []].append(flags) }
                return true
            }
        }
        return own
    }
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
    /// From the columns uid, modseq, flags, edition, size, received, keywords.
    fileprivate init(_ row: borrowing Row, _ keywords: inout KeywordCache) {
        let system = SystemFlags(stored: row.integer(2))
        self.init(
            uid: UID(truncatingIfNeeded: row.integer(0)),
            modSeq: ModSeq(bitPattern: row.integer(1)),
            // Most messages have none, and a large mailbox is read in one go.
            flags: row.isEmpty(6) ? Flags(system) : keywords.flags(system, row[6]),
            edition: EditionID(rawValue: row.integer(3)),
            size: UInt32(truncatingIfNeeded: row.integer(4)),
            received: Timestamp(milliseconds: row.integer(5))
        )
    }
}

/// UIDs that lie so close together that one scan costs less than several look-ups.
private struct UIDRun {
    let indices: Range<Int>
    let first: UID
    let last: UID
}

extension [UID] {
    /// The sorted UIDs in runs without large holes.
    fileprivate var runs: [UIDRun] {
        var runs: [UIDRun] = []
        var start = startIndex
        for index in indices where index + 1 == endIndex || self[index + 1] - self[index] > 8 {
            runs.append(UIDRun(indices: start..<index + 1, first: self[start], last: self[index]))
            start = index + 1
        }
        return runs
    }
}

/// Decoded keywords by their text: the messages of a mailbox share few combinations.
private struct KeywordCache {
    private var known: [String: Flags] = [:]

    mutating func flags(_ system: SystemFlags, _ text: String) -> Flags {
        var flags = known[text] ?? Flags([], keywords: KeywordText.decode(text))
        if known[text] == nil { known[text] = flags }
        flags.system = system
        return flags
    }
}
