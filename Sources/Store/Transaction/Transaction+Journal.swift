package import Base
package import IMAPWire
internal import SQLite

extension ReadTransaction {
    /// What is to be done upstream for an account, in order.
    package func journal(of account: AccountID) throws(StoreError) -> [JournalRow] {
        try all(
            """
            SELECT id, account, message, kind, arguments, state, target_uid_next, attempts, not_before, reconcile,
                queued_at
            FROM journal WHERE account = ? ORDER BY id
            """,
            account
        ) { JournalRow($0) }
    }

    /// What is to be done upstream for a message, in order: a sync result never undoes it.
    package func journal(of message: MessageID) throws(StoreError) -> [JournalRow] {
        try all(
            """
            SELECT id, account, message, kind, arguments, state, target_uid_next, attempts, not_before, reconcile,
                queued_at
            FROM journal WHERE message = ? ORDER BY id
            """,
            message
        ) { JournalRow($0) }
    }

    /// The operations that may go on the wire now: due, and the first of their message.
    package func dueJournal(of account: AccountID, at now: Timestamp, limit: Int) throws(StoreError) -> [JournalRow] {
        try all(
            """
            SELECT id, account, message, kind, arguments, state, target_uid_next, attempts, not_before, reconcile,
                queued_at
            FROM journal j WHERE account = ? AND not_before <= ?
                AND NOT EXISTS (SELECT 1 FROM journal o WHERE o.message = j.message AND o.id < j.id)
            ORDER BY id LIMIT ?
            """,
            account,
            now,
            limit
        ) { JournalRow($0) }
    }

    package func upstreamMailbox(of mailbox: MailboxID) throws(StoreError) -> UpstreamMailboxRow? {
        try first(
            "SELECT mailbox, name, uid_validity, uid_next, highest_modseq FROM upstream_mailbox WHERE mailbox = ?",
            mailbox
        ) { UpstreamMailboxRow($0) }
    }

    /// The messages of an upstream mailbox under one UIDVALIDITY, in order of UID.
    package func upstreamMessages(
        in mailbox: MailboxID,
        uidValidity: UInt32
    ) throws(StoreError) -> [UpstreamMessageRow] {
        try all(
            """
            SELECT mailbox, uid_validity, uid, message, modseq, flags, keywords FROM upstream_message
            WHERE mailbox = ? AND uid_validity = ? ORDER BY uid
            """,
            mailbox,
            uidValidity
        ) { UpstreamMessageRow($0) }
    }

    /// How many messages of an upstream mailbox are bound whose UIDs lie below one.
    package func upstreamCount(in mailbox: MailboxID, uidValidity: UInt32, below uid: UID) throws(StoreError) -> Int {
        try first(
            "SELECT count(*) FROM upstream_message WHERE mailbox = ? AND uid_validity = ? AND uid < ?",
            mailbox,
            uidValidity,
            uid
        ) { $0[0] as Int } ?? 0
    }

    package func upstreamMessage(
        _ uid: UID,
        uidValidity: UInt32,
        in mailbox: MailboxID
    ) throws(StoreError) -> UpstreamMessageRow? {
        try first(
            """
            SELECT mailbox, uid_validity, uid, message, modseq, flags, keywords FROM upstream_message
            WHERE mailbox = ? AND uid_validity = ? AND uid = ?
            """,
            mailbox,
            uidValidity,
            uid
        ) { UpstreamMessageRow($0) }
    }

    /// Where a message lies upstream, in order of mailbox and UID.
    package func upstreamPlaces(of message: MessageID) throws(StoreError) -> [UpstreamMessageRow] {
        try all(
            """
            SELECT mailbox, uid_validity, uid, message, modseq, flags, keywords FROM upstream_message
            WHERE message = ? ORDER BY mailbox, uid_validity, uid
            """,
            message
        ) { UpstreamMessageRow($0) }
    }
}

extension Transaction {
    /// Writes an operation into the journal: the client gets its OK when this is durable.
    @discardableResult
    package func queueOperation(
        _ kind: String,
        of message: MessageID?,
        account: AccountID,
        arguments: [UInt8],
        notBefore: Timestamp? = nil
    ) throws(StoreError) -> Int64 {
        try run(
            """
            INSERT INTO journal (account, message, kind, arguments, state, attempts, not_before, reconcile, queued_at)
            VALUES (?, ?, ?, ?, 'queued', 0, ?, 0, ?)
            """,
            account,
            message,
            kind,
            arguments,
            notBefore ?? now,
            now
        )
        return connection.lastInsertedRow
    }

    /// Records that an operation goes on the wire, with the target's UIDNEXT; committed before it does.
    package func markSent(_ operation: Int64, targetUIDNext: UID?) throws(StoreError) {
        try run(
            "UPDATE journal SET state = 'sent', target_uid_next = ?, attempts = attempts + 1 WHERE id = ?",
            targetUIDNext,
            operation
        )
    }

    /// Puts an operation back, to be tried again later.
    package func postpone(_ operation: Int64, until notBefore: Timestamp) throws(StoreError) {
        try run("UPDATE journal SET not_before = ? WHERE id = ?", notBefore, operation)
    }

    /// Removes an operation: done, undone or no longer wanted.
    package func finishOperation(_ operation: Int64) throws(StoreError) {
        try run("DELETE FROM journal WHERE id = ?", operation)
    }

    /// Notes that what became of a restored operation is known again.
    package func markReconciled(_ operation: Int64) throws(StoreError) {
        try run("UPDATE journal SET reconcile = 0 WHERE id = ?", operation)
    }

    package func saveUpstreamMailbox(_ row: UpstreamMailboxRow) throws(StoreError) {
        try run(
            """
            INSERT INTO upstream_mailbox (mailbox, name, uid_validity, uid_next, highest_modseq)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (mailbox) DO UPDATE SET name = excluded.name, uid_validity = excluded.uid_validity,
                uid_next = excluded.uid_next, highest_modseq = excluded.highest_modseq
            """,
            row.mailbox,
            row.name,
            row.uidValidity,
            row.uidNext,
            row.highestModSeq
        )
    }

    package func saveUpstreamMessage(_ row: UpstreamMessageRow) throws(StoreError) {
        try run(
            """
            INSERT INTO upstream_message (mailbox, uid_validity, uid, message, modseq, flags, keywords)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (mailbox, uid_validity, uid) DO UPDATE SET message = excluded.message,
                modseq = excluded.modseq, flags = excluded.flags, keywords = excluded.keywords
            """,
            row.mailbox,
            row.uidValidity,
            row.uid,
            row.message,
            row.modSeq,
            row.flags.system.storable,
            KeywordText.encode(row.flags.keywords)
        )
    }

    package func removeUpstreamMessage(_ uid: UID, uidValidity: UInt32, in mailbox: MailboxID) throws(StoreError) {
        try run(
            "DELETE FROM upstream_message WHERE mailbox = ? AND uid_validity = ? AND uid = ?",
            mailbox,
            uidValidity,
            uid
        )
    }
}

extension JournalRow {
    init(_ row: borrowing Row) {
        self.init(
            id: row[0],
            account: row[1],
            message: row[2],
            kind: row[3],
            arguments: row[4],
            state: State(rawValue: row[5]) ?? .queued,
            targetUIDNext: row[6],
            attempts: row[7],
            notBefore: row[8],
            needsReconciliation: row[9],
            queuedAt: row[10]
        )
    }
}

extension UpstreamMailboxRow {
    init(_ row: borrowing Row) {
        self.init(mailbox: row[0], name: row[1], uidValidity: row[2], uidNext: row[3], highestModSeq: row[4])
    }
}

extension UpstreamMessageRow {
    init(_ row: borrowing Row) {
        self.init(
            mailbox: row[0],
            uidValidity: row[1],
            uid: row[2],
            message: row[3],
            modSeq: row[4],
            flags: Flags(SystemFlags(stored: row[5]), keywords: KeywordText.decode(row[6]))
        )
    }
}
