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
        let source: (message: MessageID, size: Int, flags: SharedFlags)?
        if let known = made.editions[edition], let message = made.messages[known.message] {
            source = (known.message, known.size, message.flags)
        } else {
            source = try first(
                """
                SELECT e.message, e.size, m.flags, m.keywords, m.state_keywords
                FROM edition e JOIN message m ON m.id = e.message WHERE e.id = ?
                """,
                edition
            ) { ($0[0], $0[1], SharedFlags($0, at: 2)) }
        }
        guard let source else { throw .missing("edition \(edition)") }
        return try place(
            edition,
            of: source.message,
            size: source.size,
            flags: source.flags.shown(isSeen: try hasPrivateSeen(mailbox) ? isSeen : nil),
            in: mailbox,
            received: received
        )
    }

    /// The same for an edition whose message and flags are known: nothing is read again.
    func place(
        _ edition: EditionID,
        of message: MessageID,
        size: Int,
        flags: Flags,
        in mailbox: MailboxID,
        received: Timestamp
    ) throws(StoreError) -> PlacementRow {
        let taken = modSeqs[mailbox]
        let next = try first(
            """
            UPDATE mailbox SET uid_next = uid_next + 1, messages = messages + 1, unseen = unseen + ?,
                octets = octets + ?, highest_modseq = highest_modseq + ?
            WHERE id = ? AND uid_next < ? RETURNING uid_next - 1, highest_modseq
            """,
            1 - flags.system.seenCount,
            size,
            taken == nil ? 1 : 0,
            mailbox,
            UID.max
        ) { (uid: $0[0] as UID, modSeq: $0[1] as ModSeq) }
        guard let next else {
            _ = try hasPrivateSeen(mailbox)
            throw .uidsExhausted(mailbox)
        }
        modSeqs[mailbox] = next.modSeq
        let row = PlacementRow(
            mailbox: mailbox,
            uid: next.uid,
            edition: edition,
            message: message,
            modSeq: next.modSeq,
            flags: flags,
            size: size,
            received: received
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
        made.messages[message]?.isPlaced = true
        touched.insert(row.uid, in: mailbox)
        return row
    }

    /// Places the edition of a placement in another mailbox as well, \Seen for the same members.
    ///
    /// \Deleted stays behind: it belongs to one placement.
    package func copy(_ source: PlacementRow, to mailbox: MailboxID) throws(StoreError) -> PlacementRow {
        let copy: PlacementRow
        let losesSeen = try hasPrivateSeen(source.mailbox)
        let ownsSeen = try hasPrivateSeen(mailbox)
        if ownsSeen || !losesSeen {
            // What it shows here it shows there.
            copy = try place(
                source.edition,
                of: source.message,
                size: source.size,
                flags: source.flags,
                in: mailbox,
                received: source.received
            )
        } else {
            copy = try place(source.edition, in: mailbox, received: source.received)
        }
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
            try setPrivateFlags(own.flags.subtracting(.deleted), over: nil, of: own.member, at: target)
        }
    }

    /// Removes placements, each leaving a tombstone; gives the UIDs that were there.
    @discardableResult
    package func expunge(_ uids: [UID], from mailbox: MailboxID) throws(StoreError) -> [UID] {
        try remove(uids, from: mailbox).map(\.uid)
    }

    /// The same, with the message of each placement that went.
    package func remove(
        _ uids: [UID],
        from mailbox: MailboxID
    ) throws(StoreError) -> [(uid: UID, message: MessageID)] {
        let ownsSeen = try hasPrivateSeen(mailbox)
        var gone: [(uid: UID, message: MessageID)] = []
        var (unseen, octets) = (0, 0)
        var seen: [String: Int] = [:]
        for uid in uids {
            let row = try first(
                "DELETE FROM placement WHERE mailbox = ? AND uid = ? RETURNING message, flags, size",
                mailbox,
                uid
            ) { (message: $0[0] as MessageID, flags: SystemFlags(stored: $0[1]), size: $0[2] as Int) }
            guard let row else { continue }
            let own = try all(
                "DELETE FROM private_flags WHERE mailbox = ? AND uid = ? RETURNING member, flags",
                mailbox,
                uid
            ) { (member: $0[0] as String, flags: SystemFlags(stored: $0[1])) }
            if ownsSeen {
                for own in own { seen[own.member, default: 0] += row.flags.seenCount - own.flags.seenCount }
            }
            try run(
                "INSERT INTO tombstone (mailbox, modseq, uid) VALUES (?, ?, ?)",
                mailbox,
                try modSeq(in: mailbox),
                uid
            )
            unseen += 1 - row.flags.seenCount
            octets += row.size
            touched.insert(uid, in: mailbox)
            gone.append((uid, row.message))
        }
        guard !gone.isEmpty else { return [] }
        for (member, difference) in seen.sorted(by: { $0.key < $1.key }) {
            try count(seen: difference, of: member, in: mailbox)
        }
        try run(
            "UPDATE mailbox SET messages = messages - ?, unseen = unseen - ?, octets = octets - ? WHERE id = ?",
            gone.count,
            unseen,
            octets,
            mailbox
        )
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
