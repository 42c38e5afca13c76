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

extension ReadTransaction {
    /// The flags of one placement as a member sees them, computed keywords among them.
    package func flags(of uid: UID, in mailbox: MailboxID, member: String) throws(StoreError) -> Flags? {
        guard let target = try self.mailbox(mailbox), let row = try placement(uid, in: mailbox) else { return nil }
        let own = try ownFlags(of: member, uid: uid, in: mailbox)
        return row.flags.overlaid(with: own, ownsSeen: target.hasPrivateSeen)
    }

    /// What a member set themselves; nil where they never did.
    func ownFlags(of member: String, uid: UID, in mailbox: MailboxID) throws(StoreError) -> SystemFlags? {
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
        guard let target = try self.mailbox(mailbox) else { throw .missing("mailbox \(mailbox)") }
        let privatePart: SystemFlags = target.hasPrivateSeen ? [.seen, .deleted] : .deleted
        var changed: [UID] = []
        for uid in uids {
            guard let row = try placement(uid, in: mailbox) else { continue }
            let shared = try sharedFlags(of: row.message)
            let own = try ownFlags(of: member, uid: uid, in: mailbox)
            let shown = row.flags.overlaid(with: own, ownsSeen: target.hasPrivateSeen)
            let before = Flags(shown.system, keywords: shared.flags.keywords)
            let after = change.applied(to: before).subtracting(Flags(.recent, keywords: shared.stateKeywords))
            guard after != before else { continue }
            if after.system.intersection(privatePart) != before.system.intersection(privatePart) {
                try setPrivateFlags(after.system.intersection(privatePart), of: member, uid: uid, in: mailbox)
            }
            let kept = shared.flags.system.intersection(target.hasPrivateSeen ? .seen : [])
            let common = after.system.subtracting(privatePart).union(kept)
            try setFlags(Flags(common, keywords: after.keywords), of: row.message)
            changed.append(uid)
        }
        return changed
    }

    /// Sets the flags that belong to the message, in all its placements.
    ///
    /// Its \Seen shows only where \Seen is not each member's own; \Deleted is never the message's.
    package func setFlags(_ flags: Flags, of message: MessageID) throws(StoreError) {
        let old = try sharedFlags(of: message)
        let system = flags.system.intersection([.answered, .flagged, .draft, .seen])
        let new = SharedFlags(
            flags: Flags(system, keywords: flags.keywords),
            stateKeywords: old.stateKeywords
        )
        guard new.flags != old.flags else { return }
        try run(
            "UPDATE message SET flags = ?, keywords = ? WHERE id = ?",
            new.flags.system.storable,
            KeywordText.encode(new.flags.keywords),
            message
        )
        try show(new, of: message)
    }

    /// Sets the keywords that Greenroom computes, in all placements of a message.
    package func setStateKeywords(_ keywords: [Keyword], of message: MessageID) throws(StoreError) {
        let old = try sharedFlags(of: message)
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
        for row in try placements(of: message) {
            guard let target = try mailbox(row.mailbox) else { continue }
            let isSeen = row.flags.system.contains(.seen)
            try update(row, to: flags.shown(isSeen: target.hasPrivateSeen ? isSeen : nil))
        }
    }

    /// Sets a member's own \Seen and \Deleted of one placement.
    package func setPrivateFlags(
        _ flags: SystemFlags,
        of member: String,
        uid: UID,
        in mailbox: MailboxID
    ) throws(StoreError) {
        guard let target = try self.mailbox(mailbox), let row = try placement(uid, in: mailbox) else {
            throw .missing("UID \(uid) in mailbox \(mailbox)")
        }
        let old = try ownFlags(of: member, uid: uid, in: mailbox)
        let new = flags.intersection([.seen, .deleted])
        guard old != new else { return }
        try run(
            """
            INSERT INTO private_flags (mailbox, member, uid, flags, modseq) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (mailbox, member, uid) DO UPDATE SET flags = excluded.flags, modseq = excluded.modseq
            """,
            mailbox,
            member,
            uid,
            new.storable,
            try modSeq(in: mailbox)
        )
        if target.hasPrivateSeen {
            let before = (old ?? row.flags.system).seenCount
            try count(seen: new.seenCount - before, of: member, in: mailbox)
        }
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
        try update(row, to: Flags(system, keywords: row.flags.keywords))
        for own in try privateFlags(of: uid, in: mailbox) {
            try count(seen: isSeen ? -1 : 1, of: own.member, in: mailbox)
        }
    }

    /// Gives a placement other flags and the MODSEQ of this change.
    private func update(_ row: PlacementRow, to flags: Flags) throws(StoreError) {
        try run(
            "UPDATE placement SET flags = ?, keywords = ?, modseq = ? WHERE mailbox = ? AND uid = ?",
            flags.system.storable,
            KeywordText.encode(flags.keywords),
            try modSeq(in: row.mailbox),
            row.mailbox,
            row.uid
        )
        let difference = flags.system.seenCount - row.flags.system.seenCount
        if difference != 0 {
            try run("UPDATE mailbox SET unseen = unseen - ? WHERE id = ?", difference, row.mailbox)
        }
        touched.insert(row.uid, in: row.mailbox)
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
