internal import Base
internal import SQLite

extension ReadTransaction {
    /// How often the store was restored from a backup.
    package func generation() throws(StoreError) -> Int {
        try counter("generation") ?? 0
    }

    func counter(_ name: String) throws(StoreError) -> Int? {
        try first("SELECT value FROM counter WHERE name = ?", name) { $0[0] }
    }
}

extension Transaction {
    /// A random number that this store alone has: what is derived from it knows it again.
    ///
    /// A restored store has another one, since it gives numbers again that the lost one gave.
    package func identity() throws(StoreError) -> Int64 {
        if let known = try first("SELECT value FROM counter WHERE name = 'identity'", row: { $0[0] as Int64 }) {
            return known
        }
        let new = Int64(bitPattern: entropy.number())
        try run("INSERT INTO counter (name, value) VALUES ('identity', ?)", new)
        return new
    }

    /// Whether the store was restored and nobody has told the ledger yet; true once.
    ///
    /// The outbound messages that the restore held again are those with `mayHaveLeft`.
    package func takeRestoreMark() throws(StoreError) -> Bool {
        try run("DELETE FROM counter WHERE name = 'restored'") > 0
    }

    /// Turns a copied backup into a new generation of the store.
    package func beginGeneration() throws(StoreError) {
        _ = try raiseCounter("generation")
        _ = try raiseCounter("restored")
        try run("DELETE FROM counter WHERE name IN ('backup', 'identity')")
        try raiseUIDValidities()
        try raiseRowNumbers()
        try run(
            """
            UPDATE outbound SET state = 'held', version = version + 1, may_have_left = 1, release_at = NULL,
                finished_at = NULL
            WHERE state NOT IN
                ('sent', 'bounced', 'rejected', 'withdrawn', 'canceled', 'superseded', 'expired')
            """
        )
        try run(
            """
            UPDATE outbound_recipient SET next_attempt = NULL
            WHERE outbound IN (SELECT id FROM outbound WHERE may_have_left = 1)
            """
        )
        // What some recipients had already goes on to the others only when somebody says so (D25).
        try run(
            """
            UPDATE outbound_recipient SET state = 'parked', next_attempt = NULL,
                last_reply = 'restored from a backup; it may have left already'
            WHERE state = 'waiting' AND outbound IN (SELECT id FROM outbound WHERE state IN ('sent', 'bounced'))
            """
        )
        try run("UPDATE journal SET reconcile = 1")
    }

    /// Makes numbers begin above all that the lost store can have given: clients know mailboxes, editions
    /// and conversations by them (RFC 8474), and an id means one thing for ever.
    private func raiseRowNumbers() throws(StoreError) {
        let step: Int64 = 1_000_000_000
        for table in ["mailbox", "edition", "conversation"]
        where try run("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ?", step, table) == 0 {
            try run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", table, step)
        }
    }

    /// Gives every mailbox a UIDVALIDITY above all that the lost store can have given.
    ///
    /// Those follow the clock, but ran ahead of it by as many mailboxes as were made at once: the
    /// step is far above the number of mailboxes of a house.
    private func raiseUIDValidities() throws(StoreError) {
        let step: Int64 = 1_000_000
        let last = Int64(try counter("uid_validity") ?? 0)
        var least = max(last, uidValidityOfClock) + step
        for mailbox in try mailboxes().sorted(by: { $0.id < $1.id }) {
            let validity = try takeUIDValidity(atLeast: least)
            least = 0
            try run("UPDATE mailbox SET uid_validity = ? WHERE id = ?", validity, mailbox.id)
        }
    }
}
