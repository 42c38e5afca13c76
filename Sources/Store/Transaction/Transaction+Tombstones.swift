package import Base
package import IMAPWire
internal import SQLite

// What is remembered of messages that are gone, so that a client that was away hears of it
// (RFC 7162 §3.2.5.1).
extension ReadTransaction {
    /// The UIDs that went after a MODSEQ, in order of UID; complete down to the mailbox's floor.
    package func tombstones(in mailbox: MailboxID, after modSeq: ModSeq) throws(StoreError) -> [TombstoneRow] {
        try all(
            "SELECT uid, modseq FROM tombstone WHERE mailbox = ? AND modseq > ? ORDER BY uid",
            mailbox,
            modSeq
        ) { TombstoneRow(uid: $0[0], modSeq: $0[1]) }
    }

    /// The UIDs that went after a MODSEQ, ascending; nil where not all of them are known any more.
    package func vanished(from mailbox: MailboxID, after modSeq: ModSeq) throws(StoreError) -> [UID]? {
        guard let row = try self.mailbox(mailbox), modSeq >= row.floorModSeq else { return nil }
        return try tombstones(in: mailbox, after: modSeq).map(\.uid)
    }

    /// The mailboxes with more tombstones than are kept, and those with some below their floor.
    func mailboxesToTrim(keeping kept: Int) throws(StoreError) -> [MailboxID] {
        try all(
            """
            SELECT t.mailbox FROM tombstone t JOIN mailbox m ON m.id = t.mailbox
            GROUP BY t.mailbox, m.floor_modseq HAVING COUNT(*) > ? OR MIN(t.modseq) <= m.floor_modseq
            ORDER BY t.mailbox
            """,
            kept
        ) { $0[0] }
    }
}

extension Transaction {
    /// Raises a mailbox's floor: what went up to a MODSEQ is no longer told apart.
    package func forgetTombstones(in mailbox: MailboxID, upTo modSeq: ModSeq) throws(StoreError) {
        try run("UPDATE mailbox SET floor_modseq = ? WHERE id = ? AND floor_modseq < ?", modSeq, mailbox, modSeq)
    }

    /// Forgets all but the newest `kept` tombstones of a mailbox and removes at most `limit` of those
    /// below the floor; gives how many.
    ///
    /// The floor rises first and at once: removals of one change share their MODSEQ, and a floor in
    /// the midst of them would promise what is half gone.
    func trimTombstones(in mailbox: MailboxID, keeping kept: Int, limit: Int) throws(StoreError) -> Int {
        let newestForgotten = try first(
            "SELECT modseq FROM tombstone WHERE mailbox = ? ORDER BY modseq DESC, uid DESC LIMIT 1 OFFSET ?",
            mailbox,
            kept
        ) { $0[0] as ModSeq }
        if let newestForgotten { try forgetTombstones(in: mailbox, upTo: newestForgotten) }
        return try all(
            """
            DELETE FROM tombstone WHERE mailbox = ? AND (modseq, uid) IN (
                SELECT t.modseq, t.uid FROM tombstone t JOIN mailbox m ON m.id = t.mailbox
                WHERE t.mailbox = ? AND t.modseq <= m.floor_modseq ORDER BY t.modseq, t.uid LIMIT ?)
            RETURNING uid
            """,
            mailbox,
            mailbox,
            limit
        ) { $0[0] as UID }.count
    }
}

extension Store {
    /// Removes tombstones of which a mailbox has too many; gives how many.
    ///
    /// Works in slices between other changes.
    @discardableResult
    package func trimTombstones(
        keeping kept: Int = Limits.tombstones,
        slice: Int = Limits.tombstonesPerTrim
    ) async throws -> Int {
        var removed = 0
        for mailbox in try await read({ try $0.mailboxesToTrim(keeping: kept) }) {
            while true {
                let count = try await write { try $0.trimTombstones(in: mailbox, keeping: kept, limit: slice) }
                removed += count
                if count < slice { break }
            }
        }
        return removed
    }
}
