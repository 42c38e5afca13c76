package import Base
package import IMAPWire
internal import SQLite

/// Where the flags of a placement come from.
struct FlagState {
    let message: MessageID
    let size: Int64
    /// \Seen as members have it who never set their own; nothing else.
    let defaultFlags: SystemFlags
    let shared: Flags
    let stateKeywords: [Keyword]
}

extension ReadTransaction {
    /// The flags of one placement as a member sees them, computed keywords among them.
    package func flags(of uid: UID, in mailbox: MailboxID, member: String) throws(StoreError) -> Flags? {
        guard let row = try self.mailbox(mailbox), let state = try flagState(of: uid, in: row) else { return nil }
        return state.flags(own: try ownFlags(of: member, uid: uid, in: mailbox))
    }

    /// What a member set themselves; nil where they never did.
    func ownFlags(of member: String, uid: UID, in mailbox: MailboxID) throws(StoreError) -> SystemFlags? {
        try first(
            "SELECT flags FROM private_flags WHERE mailbox = ? AND uid = ? AND member = ?",
            mailbox,
            uid,
            member
        ) { SystemFlags(stored: $0[0]) }
    }

    func flagState(of uid: UID, in mailbox: MailboxRow) throws(StoreError) -> FlagState? {
        try first(
            """
            SELECT p.message, e.size, p.flags, m.flags, m.keywords, m.state_keywords
            FROM placement p JOIN message m ON m.id = p.message JOIN edition e ON e.id = p.edition
            WHERE p.mailbox = ? AND p.uid = ?
            """,
            mailbox.id,
            uid
        ) { row in
            let shared = SystemFlags(stored: row[3])
            let seen = mailbox.hasPrivateSeen ? SystemFlags(stored: row[2]) : shared
            return FlagState(
                message: row[0],
                size: row[1],
                defaultFlags: seen.intersection(.seen),
                shared: Flags(shared.subtracting(.seen), keywords: KeywordText.decode(row[4])),
                stateKeywords: KeywordText.decode(row[5])
            )
        }
    }
}

extension FlagState {
    func flags(own: SystemFlags?, ownsSeen: Bool = true) -> Flags {
        let seen = ownsSeen ? own?.intersection(.seen) ?? defaultFlags : defaultFlags
        let deleted = own?.intersection(.deleted) ?? []
        return Flags(shared.system.union(seen).union(deleted), keywords: shared.keywords + stateKeywords)
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
        guard let row = try self.mailbox(mailbox) else { throw .missing("mailbox \(mailbox)") }
        var changed: [UID] = []
        for uid in uids {
            guard let state = try flagState(of: uid, in: row) else { continue }
            let own = try ownFlags(of: member, uid: uid, in: mailbox)
            let before = state.flags(own: own, ownsSeen: row.hasPrivateSeen)
            let settable = Flags(before.system, keywords: state.shared.keywords)
            var after = change.applied(to: settable)
            after = after.subtracting(Flags(.recent, keywords: state.stateKeywords))
            guard after != settable else { continue }
            let privatePart: SystemFlags = row.hasPrivateSeen ? [.seen, .deleted] : .deleted
            if after.system.intersection(privatePart) != settable.system.intersection(privatePart) {
                try setPrivateFlags(after.system.intersection(privatePart), of: member, uid: uid, in: mailbox)
            }
            let shared = Flags(after.system.subtracting(privatePart), keywords: after.keywords)
            if shared != Flags(settable.system.subtracting(privatePart), keywords: settable.keywords) {
                try setFlags(shared, keepingSeen: row.hasPrivateSeen, of: state.message)
            }
            changed.append(uid)
        }
        return changed
    }

    /// Sets the flags that belong to the message, in all its placements.
    ///
    /// `keepingSeen`: Whether the message's own \Seen stays as it is: what a STORE in a
    ///   mailbox with private \Seen asks for, and what the owner's mirrored flags do not.
    package func setFlags(_ flags: Flags, keepingSeen: Bool = false, of message: MessageID) throws(StoreError) {
        guard let old = try self.message(message) else { throw .missing("message \(message)") }
        var system = flags.system.intersection([.answered, .flagged, .draft, .seen])
        if keepingSeen { system = system.subtracting(.seen).union(old.flags.system.intersection(.seen)) }
        let new = Flags(system, keywords: flags.keywords)
        guard new != old.flags else { return }
        try run(
            "UPDATE message SET flags = ?, keywords = ? WHERE id = ?",
            new.system.storable,
            KeywordText.encode(new.keywords),
            message
        )
        let seenDifference = new.system.seenCount - old.flags.system.seenCount
        for placement in try placements(of: message) {
            try touch(placement)
            guard seenDifference != 0 else { continue }
            try run(
                "UPDATE mailbox SET unseen = unseen - ? WHERE id = ? AND private_seen = 0",
                seenDifference,
                placement.mailbox
            )
        }
    }

    /// Sets the keywords that Greenroom computes, in all placements of a message.
    package func setStateKeywords(_ keywords: [Keyword], of message: MessageID) throws(StoreError) {
        let text = KeywordText.encode(Flags([], keywords: keywords).keywords)
        let changed = try run(
            "UPDATE message SET state_keywords = ? WHERE id = ? AND state_keywords <> ?",
            text,
            message,
            text
        )
        guard changed > 0 else { return }
        for placement in try placements(of: message) { try touch(placement) }
    }

    /// Sets a member's own \Seen and \Deleted of one placement.
    package func setPrivateFlags(
        _ flags: SystemFlags,
        of member: String,
        uid: UID,
        in mailbox: MailboxID
    ) throws(StoreError) {
        guard let row = try self.mailbox(mailbox), let state = try flagState(of: uid, in: row) else {
            throw .missing("UID \(uid) in mailbox \(mailbox)")
        }
        let old = try ownFlags(of: member, uid: uid, in: mailbox)
        let new = flags.intersection([.seen, .deleted])
        guard old != new else { return }
        let modSeq = try modSeq(in: mailbox)
        try run(
            """
            INSERT INTO private_flags (mailbox, uid, member, flags, modseq) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (mailbox, uid, member) DO UPDATE SET flags = excluded.flags, modseq = excluded.modseq
            """,
            mailbox,
            uid,
            member,
            new.storable,
            modSeq
        )
        if row.hasPrivateSeen {
            let before = (old ?? state.defaultFlags).seenCount
            try count(seen: new.seenCount - before, of: member, in: mailbox)
        }
        touched.insert(uid, in: mailbox)
    }

    /// Sets the \Seen that a placement has for every member who never set their own.
    package func setDefaultSeen(_ isSeen: Bool, uid: UID, in mailbox: MailboxID) throws(StoreError) {
        guard let row = try self.mailbox(mailbox), let placement = try placement(uid, in: mailbox) else {
            throw .missing("UID \(uid) in mailbox \(mailbox)")
        }
        guard placement.flags.contains(.seen) != isSeen else { return }
        try run(
            "UPDATE placement SET flags = ? WHERE mailbox = ? AND uid = ?",
            (isSeen ? SystemFlags.seen : []).storable,
            mailbox,
            uid
        )
        try touch(placement)
        guard row.hasPrivateSeen else { return }
        try run("UPDATE mailbox SET unseen = unseen + ? WHERE id = ?", isSeen ? -1 : 1, mailbox)
        for own in try privateFlags(of: uid, in: mailbox) {
            try count(seen: isSeen ? -1 : 1, of: own.member, in: mailbox)
        }
    }

    /// Gives a placement the MODSEQ of this change.
    func touch(_ placement: PlacementRow) throws(StoreError) {
        try run(
            "UPDATE placement SET modseq = ? WHERE mailbox = ? AND uid = ?",
            try modSeq(in: placement.mailbox),
            placement.mailbox,
            placement.uid
        )
        touched.insert(placement.uid, in: placement.mailbox)
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
