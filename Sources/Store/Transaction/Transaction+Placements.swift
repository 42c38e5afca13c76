package import Base
package import IMAPWire
internal import SQLite

extension ReadTransaction {
    package func placement(_ uid: UID, in mailbox: MailboxID) throws(StoreError) -> PlacementRow? {
        try first(
            """
            SELECT mailbox, uid, edition, message, modseq, flags, keywords, size, received
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
            SELECT mailbox, uid, edition, message, modseq, flags, keywords, size, received
            FROM placement WHERE message = ? ORDER BY mailbox, uid
            """,
            message
        ) { PlacementRow($0) }
    }

    /// The placements in a mailbox, in order of UID.
    package func placements(in mailbox: MailboxID) throws(StoreError) -> [PlacementRow] {
        try all(
            """
            SELECT mailbox, uid, edition, message, modseq, flags, keywords, size, received
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
    /// With `isSeen` it is \Seen for every member who does not set their own flags; without effect
    /// where \Seen belongs to the message.
    package func place(
        _ edition: EditionID,
        in mailbox: MailboxID,
        received: Timestamp,
        isSeen: Bool = false
    ) throws(StoreError) -> PlacementRow {
        let source = try first(
            """
            SELECT e.message, e.size, m.flags, m.keywords, m.state_keywords
            FROM edition e JOIN message m ON m.id = e.message WHERE e.id = ?
            """,
            edition
        ) { (message: $0[0] as MessageID, size: $0[1] as Int, flags: SharedFlags($0, at: 2)) }
        guard let source else { throw .missing("edition \(edition)") }
        guard let target = try self.mailbox(mailbox) else { throw .missing("mailbox \(mailbox)") }
        guard target.uidNext < .max else { throw .uidsExhausted(mailbox) }

        let row = PlacementRow(
            mailbox: mailbox,
            uid: target.uidNext,
            edition: edition,
            message: source.message,
            modSeq: try modSeq(in: mailbox),
            flags: source.flags.shown(isSeen: target.hasPrivateSeen ? isSeen : nil),
            size: source.size,
            received: received
        )
        try run(
            """
            UPDATE mailbox SET uid_next = uid_next + 1, messages = messages + 1, unseen = unseen + ?,
                octets = octets + ?
            WHERE id = ?
            """,
            1 - row.flags.system.seenCount,
            row.size,
            mailbox
        )
        try run(
            """
            INSERT INTO placement (mailbox, uid, edition, message, modseq, flags, keywords, size, received, saved)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            row.mailbox,
            row.uid,
            row.edition,
            row.message,
            row.modSeq,
            row.flags.system.storable,
            KeywordText.encode(row.flags.keywords),
            row.size,
            row.received,
            now
        )
        touched.insert(row.uid, in: mailbox)
        return row
    }

    /// Places the edition of a placement in another mailbox as well, \Seen for the same members.
    ///
    /// \Deleted stays behind: it belongs to one placement.
    package func copy(_ source: PlacementRow, to mailbox: MailboxID) throws(StoreError) -> PlacementRow {
        let copy = try place(
            source.edition,
            in: mailbox,
            received: source.received,
            isSeen: source.flags.system.contains(.seen)
        )
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
        guard let target = try self.mailbox(mailbox) else { throw .missing("mailbox \(mailbox)") }
        var gone: [UID] = []
        for uid in uids {
            guard let row = try placement(uid, in: mailbox) else { continue }
            if target.hasPrivateSeen {
                for own in try privateFlags(of: uid, in: mailbox) {
                    try count(seen: row.flags.system.seenCount - own.flags.seenCount, of: own.member, in: mailbox)
                }
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
                1 - row.flags.system.seenCount,
                row.size,
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
            flags: Flags(SystemFlags(stored: row[5]), keywords: KeywordText.decode(row[6])),
            size: row[7],
            received: row[8]
        )
    }
}

extension SystemFlags {
    /// 1 with \Seen, 0 without: what counts are made of.
    var seenCount: Int { contains(.seen) ? 1 : 0 }
}
