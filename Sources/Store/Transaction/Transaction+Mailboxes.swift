package import Base
internal import IMAPWire
internal import SQLite

extension ReadTransaction {
    package func mailbox(_ id: MailboxID) throws(StoreError) -> MailboxRow? {
        try first(
            """
            SELECT id, account, key, member, name, role, private_seen, uid_validity, uid_next, highest_modseq,
                floor_modseq, messages, unseen, octets
            FROM mailbox WHERE id = ?
            """,
            id
        ) { MailboxRow($0) }
    }

    /// The mailbox of a key; `member` is empty where everybody sees the same one.
    package func mailbox(
        _ account: AccountID,
        key: String,
        member: String = ""
    ) throws(StoreError) -> MailboxRow? {
        try first(
            """
            SELECT id, account, key, member, name, role, private_seen, uid_validity, uid_next, highest_modseq,
                floor_modseq, messages, unseen, octets
            FROM mailbox WHERE account = ? AND key = ? AND member = ?
            """,
            account,
            key,
            member
        ) { MailboxRow($0) }
    }

    /// The mailboxes of an account, every member's views among them, in the order of their names.
    package func mailboxes(of account: AccountID) throws(StoreError) -> [MailboxRow] {
        try all(
            """
            SELECT id, account, key, member, name, role, private_seen, uid_validity, uid_next, highest_modseq,
                floor_modseq, messages, unseen, octets
            FROM mailbox WHERE account = ? ORDER BY name, member
            """,
            account
        ) { MailboxRow($0) }
    }

    package func mailboxes() throws(StoreError) -> [MailboxRow] {
        try all(
            """
            SELECT id, account, key, member, name, role, private_seen, uid_validity, uid_next, highest_modseq,
                floor_modseq, messages, unseen, octets
            FROM mailbox ORDER BY account, name, member
            """
        ) { MailboxRow($0) }
    }

    /// The counts of a mailbox; no message is read for them but those marked \Deleted.
    package func status(of id: MailboxID, member: String) throws(StoreError) -> MailboxCounts? {
        guard let row = try mailbox(id) else { return nil }
        let seen =
            try first("SELECT seen FROM private_count WHERE mailbox = ? AND member = ?", id, member) {
                $0[0] as Int
            } ?? 0
        let deleted = try first(
            """
            SELECT count(*), coalesce(sum(p.size), 0)
            FROM private_flags f JOIN placement p ON p.mailbox = f.mailbox AND p.uid = f.uid
            WHERE f.mailbox = ? AND f.member = ? AND f.flags & 8 <> 0
            """,
            id,
            member
        ) { (count: $0[0] as Int, octets: $0[1] as Int64) }
        return MailboxCounts(
            messages: row.messages,
            unseen: row.unseen - seen,
            deleted: deleted?.count ?? 0,
            octets: row.octets,
            deletedOctets: deleted?.octets ?? 0,
            uidNext: row.uidNext,
            uidValidity: row.uidValidity,
            highestModSeq: row.highestModSeq
        )
    }

    /// The names that a member is subscribed to, in order.
    package func subscriptions(of member: String) throws(StoreError) -> [String] {
        try all("SELECT name FROM subscription WHERE member = ? ORDER BY name", member) { $0[0] }
    }
}

extension Transaction {
    /// Makes a mailbox, or gives the one of that key with its name and role brought up to date: a
    /// renamed one keeps its UIDVALIDITY.
    package func ensureMailbox(_ new: NewMailbox) throws(StoreError) -> MailboxRow {
        if let existing = try mailbox(new.account, key: new.key, member: new.member) {
            guard existing.name != new.name || existing.role != new.role else { return existing }
            try run("UPDATE mailbox SET name = ?, role = ? WHERE id = ?", new.name, new.role, existing.id)
            known.forgetMailboxes()
            touched.listChanged = true
            return try expect(existing.id)
        }
        let validity = try takeUIDValidity()
        let id: MailboxID = try insert(
            """
            INSERT INTO mailbox (account, key, member, name, role, private_seen, uid_validity, uid_next,
                highest_modseq, floor_modseq, messages, unseen, octets)
            VALUES (?, ?, ?, ?, ?, ?, ?, 1, 1, 1, 0, 0, 0)
            """,
            new.account,
            new.key,
            new.member,
            new.name,
            new.role,
            new.hasPrivateSeen,
            validity
        )
        touched.listChanged = true
        return try expect(id)
    }

    /// The number of such a mailbox, made or brought up to date where it is not so: mostly nothing is read.
    package func ensureMailboxID(_ new: NewMailbox) throws(StoreError) -> MailboxID {
        if let known = known.mailboxes[new] { return known }
        let id = try ensureMailbox(new).id
        known.mailboxes[new] = id
        return id
    }

    /// Gives a mailbox another key and name; UIDVALIDITY and UIDs stay (RFC 9051 §6.3.6).
    package func renameMailbox(_ id: MailboxID, key: String, name: String) throws(StoreError) {
        try run("UPDATE mailbox SET key = ?, name = ? WHERE id = ?", key, name, id)
        known.forgetMailboxes()
        touched.listChanged = true
    }

    /// Removes a mailbox with its placements; the messages stay where else they are placed.
    ///
    /// Its UIDVALIDITY is never given again, since the counter only rises: a mailbox made under
    /// the same name later has a higher one.
    package func deleteMailbox(_ id: MailboxID) throws(StoreError) {
        try run("DELETE FROM placement WHERE mailbox = ?", id)
        try run("DELETE FROM tombstone WHERE mailbox = ?", id)
        try run("DELETE FROM private_flags WHERE mailbox = ?", id)
        try run("DELETE FROM private_count WHERE mailbox = ?", id)
        try run("DELETE FROM annotation WHERE mailbox = ?", id)
        try run("DELETE FROM upstream_message WHERE mailbox = ?", id)
        try run("DELETE FROM upstream_mailbox WHERE mailbox = ?", id)
        try run("DELETE FROM mailbox WHERE id = ?", id)
        known.forgetMailboxes()
        touched.insert(id)
        touched.listChanged = true
    }

    package func subscribe(_ member: String, to name: String) throws(StoreError) {
        try run("INSERT INTO subscription (member, name) VALUES (?, ?) ON CONFLICT DO NOTHING", member, name)
        touched.listChanged = true
    }

    package func unsubscribe(_ member: String, from name: String) throws(StoreError) {
        try run("DELETE FROM subscription WHERE member = ? AND name = ?", member, name)
        touched.listChanged = true
    }

    /// The MODSEQ of everything that this change does in a mailbox, taken at its first use.
    func modSeq(in mailbox: MailboxID) throws(StoreError) -> ModSeq {
        if let taken = modSeqs[mailbox] { return taken }
        let modSeq = try first(
            "UPDATE mailbox SET highest_modseq = highest_modseq + 1 WHERE id = ? RETURNING highest_modseq",
            mailbox
        ) { $0[0] as ModSeq }
        guard let modSeq else { throw .missing("mailbox \(mailbox)") }
        modSeqs[mailbox] = modSeq
        touched.insert(mailbox)
        return modSeq
    }

    /// A UIDVALIDITY higher than all before it: the seconds since 2020, or one more than the last.
    ///
    /// The clock's part makes it rise even past those that a lost store gave after its backup.
    func takeUIDValidity(atLeast minimum: Int64 = 0) throws(StoreError) -> UInt32 {
        let least = max(uidValidityOfClock, minimum, 1)
        return UInt32(truncatingIfNeeded: try raiseCounter("uid_validity", toAtLeast: least))
    }

    /// The seconds since the start of 2020: below 2^31 until 2088.
    var uidValidityOfClock: Int64 { now.seconds - 1_577_836_800 }

    private func expect(_ id: MailboxID) throws(StoreError) -> MailboxRow {
        guard let row = try mailbox(id) else { throw .missing("mailbox \(id)") }
        return row
    }
}

extension MailboxRow {
    init(_ row: borrowing Row) {
        self.init(
            id: row[0],
            account: row[1],
            key: row[2],
            member: row[3],
            name: row[4],
            role: row[5],
            hasPrivateSeen: row[6],
            uidValidity: row[7],
            uidNext: row[8],
            highestModSeq: row[9],
            floorModSeq: row[10],
            messages: row[11],
            unseen: row[12],
            octets: row[13]
        )
    }
}
