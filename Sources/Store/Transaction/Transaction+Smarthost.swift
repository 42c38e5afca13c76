package import Base
internal import SQLite

extension ReadTransaction {
    /// What is known of a smarthost; nil where it was never tried.
    package func smarthost(_ host: String) throws(StoreError) -> SmarthostRow? {
        try first(
            """
            SELECT host, capabilities, heard_at, failures, last_failure, next_attempt FROM smarthost WHERE host = ?
            """,
            host
        ) { SmarthostRow($0) }
    }

    /// When the attempt began that lies `count` attempts back; nil where there were fewer.
    package func attempt(_ count: Int, backAt host: String) throws(StoreError) -> Timestamp? {
        try first(
            "SELECT began_at FROM attempt WHERE host = ? ORDER BY began_at DESC LIMIT 1 OFFSET ?",
            host,
            count - 1
        ) { $0[0] }
    }

    /// Whether the relay is sending a message just now, or was when the process ended.
    package func isBeingSent(_ outbound: OutboundID) throws(StoreError) -> Bool {
        try first("SELECT id FROM attempt WHERE outbound = ? AND ended_at IS NULL LIMIT 1", outbound) {
            $0[0] as Int64
        } != nil
    }

    /// Whether a try of the relay was committed: it may have left, or be leaving now.
    ///
    /// Whoever wants to cancel a queued message asks this in the same change, and is too late then.
    package func hasAttempt(of outbound: OutboundID) throws(StoreError) -> Bool {
        try first("SELECT id FROM attempt WHERE outbound = ? LIMIT 1", outbound) { $0[0] as Int64 } != nil
    }

    /// The recipients in a state whose message was released before a time; without those who were told so
    /// where `isTold` is false.
    package func recipients(
        inState state: String,
        releasedBefore time: Timestamp,
        includingTold isTold: Bool,
        limit: Int
    ) throws(StoreError) -> [OutboundRecipientRow] {
        try all(
            """
            SELECT r.outbound, r.revision, r.position, r.address, r.parameters, r.is_bcc, r.state, r.last_reply,
                r.attempts, r.next_attempt
            FROM outbound_recipient r JOIN outbound o ON o.id = r.outbound AND o.revision = r.revision
            WHERE r.state = ? AND r.is_delay_told <= ? AND coalesce(o.finished_at, o.submitted_at) <= ?
            ORDER BY r.outbound, r.position LIMIT ?
            """,
            state,
            isTold,
            time,
            limit
        ) { OutboundRecipientRow($0) }
    }

    /// The recipients in a state, message by message.
    package func recipients(inState state: String) throws(StoreError) -> [OutboundRecipientRow] {
        try all(
            """
            SELECT outbound, revision, position, address, parameters, is_bcc, state, last_reply, attempts, next_attempt
            FROM outbound_recipient WHERE state = ? ORDER BY outbound, revision, position
            """,
            state
        ) { OutboundRecipientRow($0) }
    }
}

extension Transaction {
    /// Stores what is known of a smarthost.
    package func saveSmarthost(_ row: SmarthostRow) throws(StoreError) {
        try run(
            """
            INSERT INTO smarthost (host, capabilities, heard_at, failures, last_failure, next_attempt)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (host) DO UPDATE SET capabilities = excluded.capabilities, heard_at = excluded.heard_at,
                failures = excluded.failures, last_failure = excluded.last_failure,
                next_attempt = excluded.next_attempt
            """,
            row.host,
            row.capabilities,
            row.heardAt,
            row.failures,
            row.lastFailure,
            row.nextAttempt
        )
    }

    /// Lets every smarthost be tried at once.
    package func forgetPauses() throws(StoreError) {
        try run("UPDATE smarthost SET next_attempt = NULL")
    }

    /// Makes every recipient in a state due now; gives how many were not.
    package func makeDue(inState state: String) throws(StoreError) -> Int {
        try run("UPDATE outbound_recipient SET next_attempt = ? WHERE state = ? AND next_attempt > ?", now, state, now)
    }

    /// Takes an attempt back that never reached the smarthost: nothing can have left.
    package func removeAttempt(_ id: Int64) throws(StoreError) {
        try run("DELETE FROM attempt WHERE id = ?", id)
    }

    /// Remembers that the author was told that it is late for this recipient.
    package func setDelayTold(_ position: Int, of outbound: OutboundID, revision: Int) throws(StoreError) {
        try run(
            "UPDATE outbound_recipient SET is_delay_told = 1 WHERE outbound = ? AND revision = ? AND position = ?",
            outbound,
            revision,
            position
        )
    }
}

extension SmarthostRow {
    fileprivate init(_ row: borrowing Row) {
        self.init(host: row[0])
        capabilities = row[1]
        heardAt = row[2]
        failures = row[3]
        lastFailure = row[4]
        nextAttempt = row[5]
    }
}
