package import Base
package import IMAPWire
internal import SQLite

extension ReadTransaction {
    package func placement(_ uid: UID, in mailbox: MailboxID) throws(StoreError) -> PlacementRow? {
        try first(
            """
            SELECT mailbox, uid, edition, message, modseq, flags, received
            FROM placement WHERE mailbox = ? AND uid = ?
            """,
            mailbox,
            uid
        ) { PlacementRow($0) }
    }

    /// Where a message is placed, in order of mailbox and UID.
    package func placements(of message: MessageID) throws(StoreError) -> [PlacementRow] {
        try all(
            """
            SELECT mailbox, uid, edition, message, modseq, flags, received
            FROM placement WHERE message = ? ORDER BY mailbox, uid
            """,
            message
        ) { PlacementRow($0) }
    }

    /// The placements in a mailbox, in order of UID.
    package func placements(in mailbox: MailboxID) throws(StoreError) -> [PlacementRow] {
        try all(
            """
            SELECT mailbox, uid, edition, message, modseq, flags, received
            FROM placement WHERE mailbox = ? ORDER BY uid
            """,
            mailbox
        ) { PlacementRow($0) }
    }

    /// Every member's own flags of one placement, in order of member.
    package func privateFlags(
        of uid: UID,
        in mailbox: MailboxID
    ) throws(StoreError) -> [(member: String, flags: SystemFlags)] {
        try all(
            "SELECT member, flags FROM private_flags WHERE mailbox = ? AND uid = ? ORDER BY member",
            mailbox,
            uid
        ) { (member: $0[0], flags: SystemFlags(stored: $0[1])) }
    }
}

extension Transaction {
    /// Gives an edition a new UID in a mailbox.
    ///
    /// `flags`: What it has for every member until they set their own: \Seen or nothing.
    package func place(
        _ edition: EditionID,
        in mailbox: MailboxID,
        received: Timestamp,
        flags: SystemFlags = []
    ) throws(StoreError) -> PlacementRow {
        let source = try first(
            "SELECT e.message, e.size, m.flags FROM edition e JOIN message m ON m.id = e.message WHERE e.id = ?",
            edition
        ) { (message: $0[0] as MessageID, size: $0[1] as Int64, flags: SystemFlags(stored: $0[2])) }
        guard let source else { throw .missing("edition \(edition)") }
        guard let row = try self.mailbox(mailbox) else { throw .missing("mailbox \(mailbox)") }
        guard row.uidNext < .max else { throw .uidsExhausted(mailbox) }

        let modSeq = try modSeq(in: mailbox)
        let kept = flags.intersection(.seen)
        let isSeen = (row.hasPrivateSeen ? kept : source.flags).contains(.seen)
        try run(
            """
            UPDATE mailbox SET uid_next = uid_next + 1, messages = messages + 1, unseen = unseen + ?,
                octets = octets + ?
            WHERE id = ?
            """,
            isSeen ? 0 : 1,
            source.size,
            mailbox
        )
        try run(
            """
            INSERT INTO placement (mailbox, uid, edition, message, modseq, flags, received)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            mailbox,
            row.uidNext,
            edition,
            source.message,
            modSeq,
            kept.storable,
            received
        )
        touched.insert(row.uidNext, in: mailbox)
        return PlacementRow(
            mailbox: mailbox,
            uid: row.uidNext,
            edition: edition,
            message: source.message,
            modSeq: modSeq,
            flags: kept,
            received: received
        )
    }

    /// Places the edition of a placement in another mailbox as well, with every member's flags.
    ///
    /// \Deleted stays behind: it belongs to one placement.
    package func copy(_ source: PlacementRow, to mailbox: MailboxID) throws(StoreError) -> PlacementRow {
        let copy = try place(source.edition, in: mailbox, received: source.received, flags: source.flags)
        try copyPrivateFlags(from: source, to: copy)
        return copy
    }

    /// Moves a placement to another mailbox, under a new UID there.
    package func move(_ source: PlacementRow, to mailbox: MailboxID) throws(StoreError) -> PlacementRow {
        let moved = try copy(source, to: mailbox)
        try expunge([source.uid], from: source.mailbox)
        return moved
    }

    /// Gives a placement the \Seen of every member that another one has.
    package func copyPrivateFlags(from source: PlacementRow, to target: PlacementRow) throws(StoreError) {
        for own in try privateFlags(of: source.uid, in: source.mailbox) {
            try setPrivateFlags(own.flags.subtracting(.deleted), of: own.member, uid: target.uid, in: target.mailbox)
        }
    }

    /// Removes placements, each leaving a tombstone; gives the UIDs that were there.
    @discardableResult
    package func expunge(_ uids: [UID], from mailbox: MailboxID) throws(StoreError) -> [UID] {
        guard let row = try self.mailbox(mailbox) else { throw .missing("mailbox \(mailbox)") }
        var gone: [UID] = []
        for uid in uids {
            guard let state = try flagState(of: uid, in: row) else { continue }
            for own in try privateFlags(of: uid, in: mailbox) {
                let difference = row.hasPrivateSeen ? own.flags.seenCount - state.defaultFlags.seenCount : 0
                try count(seen: -difference, of: own.member, in: mailbox)
            }
            try run("DELETE FROM private_flags WHERE mailbox = ? AND uid = ?", mailbox, uid)
            try run("DELETE FROM placement WHERE mailbox = ? AND uid = ?", mailbox, uid)
            try run(
                "INSERT INTO tombstone (mailbox, modseq, uid) VALUES (?, ?, ?)",
                mailbox,
                try modSeq(in: mailbox),
                uid
            )
            try run(
                "UPDATE mailbox SET messages = messages - 1, unseen = unseen - ?, octets = octets - ? WHERE id = ?",
                1 - state.defaultFlags.seenCount,
                state.size,
                mailbox
            )
            touched.insert(uid, in: mailbox)
            gone.append(uid)
        }
        return gone
    }
}

extension PlacementRow {
    init(_ row: borrowing Row) {
        self.init(
            mailbox: row[0],
            uid: row[1],
            edition: row[2],
            message: row[3],
            modSeq: row[4],
            flags: SystemFlags(stored: row[5]),
            received: row[6]
        )
    }
}

extension SystemFlags {
    /// 1 with \Seen, 0 without: what counts are made of.
    var seenCount: Int { contains(.seen) ? 1 : 0 }
}
