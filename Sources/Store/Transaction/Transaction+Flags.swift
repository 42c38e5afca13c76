package import Base
package import IMAPWire
internal import SQLite

/// The flags that belong to a message, wherever it is placed.
struct SharedFlags {
    /// What clients set.
    let flags: Flags
    /// What Greenroom computes.
    let stateKeywords: [Keyword]

    /// As every member sees them until they set their own.
    ///
    /// `isSeen` is the placement's own \Seen, nil where \Seen belongs to the message.
    func shown(isSeen: Bool?) -> Flags {
        var system = flags.system
        if let isSeen { system = isSeen ? system.union(.seen) : system.subtracting(.seen) }
        return Flags(system, keywords: flags.keywords + stateKeywords)
    }
}

/// What a STORE changed of one message.
package struct ChangedFlags: Sendable {
    package let uid: UID
    package let message: MessageID
    package let account: AccountID
    /// The flags that belong to the message; the same where only a member's own changed.
    package let before: Flags
    package let after: Flags
}

/// The flags of one placement, each kind by itself.
private struct ShownFlags {
    let message: MessageID
    let account: AccountID
    /// As they stand in the placement.
    let shown: SystemFlags
    /// What the member set themselves; nil where they never did.
    let own: SystemFlags?
    let shared: SharedFlags
}

extension ReadTransaction {
    /// The flags of one placement as a member sees them, computed keywords among them.
    package func flags(of uid: UID, in mailbox: MailboxID, member: String) throws(StoreError) -> Flags? {
        guard let target = try self.mailbox(mailbox), let row = try placement(uid, in: mailbox) else { return nil }
        let own = try ownFlags(of: member, uid: uid, in: mailbox)
        return row.flags.overlaid(with: own, ownsSeen: target.hasPrivateSeen)
    }

    /// What a member set themselves; nil where they never did.
    package func ownFlags(of member: String, uid: UID, in mailbox: MailboxID) throws(StoreError) -> SystemFlags? {
        try first(
            "SELECT flags FROM private_flags WHERE mailbox = ? AND member = ? AND uid = ?",
            mailbox,
            member,
            uid
        ) { SystemFlags(stored: $0[0]) }
    }

    /// Which of these messages changed for a member after a MODSEQ, in the order given.
    package func changed(
        _ uids: [UID],
        in mailbox: MailboxID,
        member: String,
        after modSeq: ModSeq
    ) throws(StoreError) -> [UID] {
        var changed: [UID] = []
        for uid in uids {
            let newest = try first(
                """
                SELECT p.modseq, f.modseq FROM placement p
                LEFT JOIN private_flags f ON f.mailbox = p.mailbox AND f.member = ? AND f.uid = p.uid
                WHERE p.mailbox = ? AND p.uid = ?
                """,
                member,
                mailbox,
                uid
            ) { max($0[0] as ModSeq, $0[1] ?? 0) }
            if let newest, newest > modSeq { changed.append(uid) }
        }
        return changed
    }

    func sharedFlags(of message: MessageID) throws(StoreError) -> SharedFlags {
        let found = try first("SELECT flags, keywords, state_keywords FROM message WHERE id = ?", message) {
            SharedFlags($0, at: 0)
        }
        guard let found else { throw .missing("message \(message)") }
        return found
    }
}

extension Transaction {
    /// What a member's STORE does (RFC 9051 §6.4.6): the shared part goes to the message, \Deleted and
    /// a private \Seen to the member's own flags; computed keywords stay as they are.
    ///
    /// Gives the UIDs whose flags changed for this member, in the order given.
    package func changeFlags(
        _ change: FlagChange,
        of uids: [UID],
        in mailbox: MailboxID,
        member: String
    ) throws(StoreError) -> [UID] {
        try self.change(change, of: uids, in: mailbox, member: member).map(\.uid)
    }

    /// The same, with what became of the flags that belong to the messages.
    package func change(
        _ change: FlagChange,
        of uids: [UID],
        in mailbox: MailboxID,
        member: String
    ) throws(StoreError) -> [ChangedFlags] {
        let ownsSeen = try hasPrivateSeen(mailbox)
        let privatePart: SystemFlags = ownsSeen ? [.seen, .deleted] : .deleted
        var changed: [ChangedFlags] = []
        for uid in uids {
            guard let old = try shownFlags(of: uid, in: mailbox, member: member) else { continue }
            let shown = Flags(old.shown).overlaid(with: old.own, ownsSeen: ownsSeen)
            let before = Flags(shown.system, keywords: old.shared.flags.keywords)
            let after = change.applied(to: before).subtracting(Flags(.recent, keywords: old.shared.stateKeywords))
            guard after != before else { continue }
            let own = after.system.intersection(privatePart)
            if own != before.system.intersection(privatePart) {
                try keepPrivateFlags(own, of: member, uid: uid, in: mailbox)
                if ownsSeen {
                    try count(seen: own.seenCount - (old.own ?? old.shown).seenCount, of: member, in: mailbox)
                }
            }
            let kept = old.shared.flags.system.intersection(ownsSeen ? .seen : [])
            let common = after.system.subtracting(privatePart).union(kept)
            let shared = try set(Flags(common, keywords: after.keywords), over: old.shared, of: old.message)
            changed.append(
                ChangedFlags(
                    uid: uid,
                    message: old.message,
                    account: old.account,
                    before: old.shared.flags,
                    after: shared
                )
            )
        }
        return changed
    }

    /// What a STORE looks at, in one look.
    private func shownFlags(
        of uid: UID,
        in mailbox: MailboxID,
        member: String
    ) throws(StoreError) -> ShownFlags? {
        try first(
            """
            SELECT p.message, m.account, p.flags, v.flags, m.flags, m.keywords, m.state_keywords
            FROM placement p JOIN message m ON m.id = p.message
            LEFT JOIN private_flags v ON v.mailbox = p.mailbox AND v.member = ? AND v.uid = p.uid
            WHERE p.mailbox = ? AND p.uid = ?
            """,
            member,
            mailbox,
            uid
        ) { row in
            ShownFlags(
                message: row[0],
                account: row[1],
                shown: SystemFlags(stored: row[2]),
                own: (row[3] as Int64?).map { SystemFlags(stored: $0) },
                shared: SharedFlags(row, at: 4)
            )
        }
    }

    /// Sets the flags that belong to the message, in all its placements.
    ///
    /// Its \Seen shows only where \Seen is not each member's own; \Deleted is never the message's.
    package func setFlags(_ flags: Flags, of message: MessageID) throws(StoreError) {
        _ = try set(flags, over: try sharedFlags(of: message), of: message)
    }

    /// The same where the old flags are known; gives those that are true now.
    private func set(_ flags: Flags, over old: SharedFlags, of message: MessageID) throws(StoreError) -> Flags {
        let system = flags.system.intersection([.answered, .flagged, .draft, .seen])
        let new = SharedFlags(
            flags: Flags(system, keywords: flags.keywords),
            stateKeywords: old.stateKeywords
        )
        guard new.flags != old.flags else { return old.flags }
        try run(
            "UPDATE message SET flags = ?, keywords = ? WHERE id = ?",
            new.flags.system.storable,
            KeywordText.encode(new.flags.keywords),
            message
        )
        try show(new, of: message)
        return new.flags
    }

    /// Sets the keywords that Greenroom computes, in all placements of a message.
    package func setStateKeywords(_ keywords: [Keyword], of message: MessageID) throws(StoreError) {
        let old: SharedFlags
        if let made = made.messages[message] { old = made.flags } else { old = try sharedFlags(of: message) }
        let new = SharedFlags(flags: old.flags, stateKeywords: Flags([], keywords: keywords).keywords)
        guard new.stateKeywords != old.stateKeywords else { return }
        try run(
            "UPDATE message SET state_keywords = ? WHERE id = ?",
            KeywordText.encode(new.stateKeywords),
            message
        )
        try show(new, of: message)
    }

    /// Repeats a message's flags in its placements, each with the MODSEQ of this change.
    private func show(_ flags: SharedFlags, of message: MessageID) throws(StoreError) {
        if let made = made.messages[message] {
            self.made.messages[message]?.flags = flags
            guard made.isPlaced else { return }
        }
        let places = try all(
            "SELECT mailbox, uid, flags FROM placement WHERE message = ? ORDER BY mailbox, uid",
            message
        ) { (mailbox: $0[0] as MailboxID, uid: $0[1] as UID, shown: SystemFlags(stored: $0[2])) }
        for place in places {
            let isSeen = place.shown.contains(.seen)
            let shown = flags.shown(isSeen: try hasPrivateSeen(place.mailbox) ? isSeen : nil)
            try update(place.uid, in: place.mailbox, from: place.shown, to: shown)
        }
    }

    /// Sets a member's own \Seen and \Deleted of one placement.
    package func setPrivateFlags(
        _ flags: SystemFlags,
        of member: String,
        uid: UID,
        in mailbox: MailboxID
    ) throws(StoreError) {
        guard let row = try placement(uid, in: mailbox) else {
            throw .missing("UID \(uid) in mailbox \(mailbox)")
        }
        try setPrivateFlags(flags, over: try ownFlags(of: member, uid: uid, in: mailbox), of: member, at: row)
    }

    /// The same where the placement and the member's old flags are known; nil where they set none.
    package func setPrivateFlags(
        _ flags: SystemFlags,
        over old: SystemFlags?,
        of member: String,
        at row: PlacementRow
    ) throws(StoreError) {
        let new = flags.intersection([.seen, .deleted])
        guard old != new else { return }
        try keepPrivateFlags(new, of: member, uid: row.uid, in: row.mailbox)
        guard try hasPrivateSeen(row.mailbox) else { return }
        try count(seen: new.seenCount - (old ?? row.flags.system).seenCount, of: member, in: row.mailbox)
    }

    private func keepPrivateFlags(
        _ flags: SystemFlags,
        of member: String,
        uid: UID,
        in mailbox: MailboxID
    ) throws(StoreError) {
        try run(
            """
            INSERT INTO private_flags (mailbox, member, uid, flags, modseq) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (mailbox, member, uid) DO UPDATE SET flags = excluded.flags, modseq = excluded.modseq
            """,
            mailbox,
            member,
            uid,
            flags.storable,
            try modSeq(in: mailbox)
        )
        touched.insert(uid, in: mailbox)
    }

    /// Sets the \Seen that a placement has for every member who never set their own.
    ///
    /// Without effect where \Seen belongs to the message.
    package func setSeen(_ isSeen: Bool, uid: UID, in mailbox: MailboxID) throws(StoreError) {
        guard let target = try self.mailbox(mailbox), let row = try placement(uid, in: mailbox) else {
            throw .missing("UID \(uid) in mailbox \(mailbox)")
        }
        guard target.hasPrivateSeen, row.flags.system.contains(.seen) != isSeen else { return }
        let system = isSeen ? row.flags.system.union(.seen) : row.flags.system.subtracting(.seen)
        try update(uid, in: mailbox, from: row.flags.system, to: Flags(system, keywords: row.flags.keywords))
        for own in try privateFlags(of: uid, in: mailbox) {
            try count(seen: isSeen ? -1 : 1, of: own.member, in: mailbox)
        }
    }

    /// Gives a placement other flags and the MODSEQ of this change.
    private func update(
        _ uid: UID,
        in mailbox: MailboxID,
        from old: SystemFlags,
        to flags: Flags
    ) throws(StoreError) {
        try run(
            "UPDATE placement SET flags = ?, keywords = ?, modseq = ? WHERE mailbox = ? AND uid = ?",
            flags.system.storable,
            KeywordText.encode(flags.keywords),
            try modSeq(in: mailbox),
            mailbox,
            uid
        )
        let difference = flags.system.seenCount - old.seenCount
        if difference != 0 {
            try run("UPDATE mailbox SET unseen = unseen - ? WHERE id = ?", difference, mailbox)
        }
        touched.insert(uid, in: mailbox)
    }

    /// Counts by how many messages a member has seen more than the mailbox's own count says.
    func count(seen difference: Int, of member: String, in mailbox: MailboxID) throws(StoreError) {
        guard difference != 0 else { return }
        try run(
            """
            INSERT INTO private_count (mailbox, member, seen) VALUES (?, ?, ?)
            ON CONFLICT (mailbox, member) DO UPDATE SET seen = private_count.seen + excluded.seen
            """,
            mailbox,
            member,
            difference
        )
    }
}

extension Flags {
    /// The flags as a member sees them who has set `own`.
    func overlaid(with own: SystemFlags?, ownsSeen: Bool) -> Self {
        guard let own else { return self }
        var flags = self
        flags.system = flags.system.overlaid(with: own, ownsSeen: ownsSeen)
        return flags
    }
}

extension SharedFlags {
    /// From three columns: flags, keywords, computed keywords.
    init(_ row: borrowing Row, at column: Int32) {
        flags = Flags(SystemFlags(stored: row[column]), keywords: KeywordText.decode(row[column + 1]))
        stateKeywords = KeywordText.decode(row[column + 2])
    }
}
