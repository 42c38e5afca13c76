package import Base
internal import SQLite

extension ReadTransaction {
    /// The envelope recipients of a revision, in their order.
    package func recipients(
        of outbound: OutboundID,
        revision: Int
    ) throws(StoreError) -> [OutboundRecipientRow] {
        try all(
            """
            SELECT outbound, revision, position, address, parameters, is_bcc, state, last_reply, attempts, next_attempt
            FROM outbound_recipient WHERE outbound = ? AND revision = ? ORDER BY position
            """,
            outbound,
            revision
        ) { OutboundRecipientRow($0) }
    }

    /// The recipients in a state whose next attempt is due, the longest due first; without those of messages
    /// that are being sent just now.
    package func dueRecipients(
        inState state: String,
        at now: Timestamp,
        limit: Int
    ) throws(StoreError) -> [OutboundRecipientRow] {
        try all(
            """
            SELECT outbound, revision, position, address, parameters, is_bcc, state, last_reply, attempts, next_attempt
            FROM outbound_recipient r WHERE state = ? AND next_attempt <= ?
                AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.outbound = r.outbound AND a.ended_at IS NULL)
            ORDER BY next_attempt, outbound, position LIMIT ?
            """,
            state,
            now,
            limit
        ) { OutboundRecipientRow($0) }
    }

    /// When the next attempt for a recipient in a state is due; nil where there is none.
    ///
    /// Messages that are being sent just now do not count.
    package func nextAttempt(inState state: String) throws(StoreError) -> Timestamp? {
        try first(
            """
            SELECT next_attempt FROM outbound_recipient r
            WHERE state = ? AND next_attempt IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.outbound = r.outbound AND a.ended_at IS NULL)
            ORDER BY next_attempt LIMIT 1
            """,
            state
        ) { $0[0] }
    }

    /// The relay's attempts for a message, in order.
    package func attempts(of outbound: OutboundID) throws(StoreError) -> [AttemptRow] {
        try all(
            """
            SELECT id, outbound, revision, host, began_at, ended_at, outcome FROM attempt
            WHERE outbound = ? ORDER BY id
            """,
            outbound
        ) { AttemptRow($0) }
    }

    /// The attempts that have begun and not ended: after a start, those that a crash cut off.
    package func openAttempts() throws(StoreError) -> [AttemptRow] {
        try all(
            """
            SELECT id, outbound, revision, host, began_at, ended_at, outcome FROM attempt
            WHERE ended_at IS NULL ORDER BY id
            """
        ) { AttemptRow($0) }
    }

    /// What was decided about a revision, in order.
    package func decisions(of outbound: OutboundID, revision: Int) throws(StoreError) -> [DecisionRow] {
        try all(
            """
            SELECT id, outbound, revision, member, groups, verb, reason, at, effective_at, stands_for FROM decision
            WHERE outbound = ? AND revision = ? ORDER BY id
            """,
            outbound,
            revision
        ) { DecisionRow($0) }
    }

    /// The notices of an outbound message, in order.
    package func notices(of outbound: OutboundID) throws(StoreError) -> [NoticeRow] {
        try all(
            """
            SELECT id, outbound, revision, member, kind, message, edition, message_id, at FROM notice
            WHERE outbound = ? ORDER BY id
            """,
            outbound
        ) { NoticeRow($0) }
    }

    /// The notice with a Message-ID: what a reply to it names.
    package func notice(withMessageID messageID: String) throws(StoreError) -> NoticeRow? {
        try first(
            """
            SELECT id, outbound, revision, member, kind, message, edition, message_id, at FROM notice
            WHERE message_id = ? ORDER BY id DESC LIMIT 1
            """,
            messageID
        ) { NoticeRow($0) }
    }

    /// The notice that a message is.
    package func notice(shownAs message: MessageID) throws(StoreError) -> NoticeRow? {
        try first(
            """
            SELECT id, outbound, revision, member, kind, message, edition, message_id, at FROM notice
            WHERE message = ?
            """,
            message
        ) { NoticeRow($0) }
    }
}

extension Transaction {
    /// Records what the smarthost answered for one recipient, and when to try again.
    package func updateRecipient(
        _ position: Int,
        of outbound: OutboundID,
        revision: Int,
        state: String,
        lastReply: String,
        attempts: Int,
        nextAttempt: Timestamp?
    ) throws(StoreError) {
        try run(
            """
            UPDATE outbound_recipient SET state = ?, last_reply = ?, attempts = ?, next_attempt = ?
            WHERE outbound = ? AND revision = ? AND position = ?
            """,
            state,
            lastReply,
            attempts,
            nextAttempt,
            outbound,
            revision,
            position
        )
    }

    /// Puts every recipient of a revision into a state, due at a time or never.
    package func setRecipients(
        of outbound: OutboundID,
        revision: Int,
        state: String,
        nextAttempt: Timestamp?
    ) throws(StoreError) {
        try run(
            "UPDATE outbound_recipient SET state = ?, next_attempt = ? WHERE outbound = ? AND revision = ?",
            state,
            nextAttempt,
            outbound,
            revision
        )
    }

    /// Records that the relay is about to dial; committed before it does.
    package func beginAttempt(of outbound: OutboundID, revision: Int, host: String) throws(StoreError) -> Int64 {
        try run(
            "INSERT INTO attempt (outbound, revision, host, began_at, outcome) VALUES (?, ?, ?, ?, '')",
            outbound,
            revision,
            host,
            now
        )
        return connection.lastInsertedRow
    }

    package func endAttempt(_ id: Int64, outcome: String) throws(StoreError) {
        try run("UPDATE attempt SET ended_at = ?, outcome = ? WHERE id = ?", now, outcome, id)
    }

    package func insertDecision(
        of member: String,
        about outbound: OutboundID,
        revision: Int,
        groups: String,
        verb: String,
        reason: String,
        effectiveAt: Timestamp,
        standsFor: String = ""
    ) throws(StoreError) {
        try run(
            """
            INSERT INTO decision (outbound, revision, member, groups, verb, reason, at, effective_at, stands_for)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            outbound,
            revision,
            member,
            groups,
            verb,
            reason,
            now,
            effectiveAt,
            standsFor
        )
    }

    /// Takes back what a member decided about a revision; gives whether there was anything.
    package func removeDecisions(
        of member: String,
        about outbound: OutboundID,
        revision: Int
    ) throws(StoreError) -> Bool {
        try run(
            "DELETE FROM decision WHERE outbound = ? AND revision = ? AND member = ?",
            outbound,
            revision,
            member
        ) > 0
    }

    package func insertNotice(
        about outbound: OutboundID,
        revision: Int,
        to member: String,
        kind: String,
        message: MessageID,
        edition: EditionID,
        messageID: String
    ) throws(StoreError) {
        try run(
            """
            INSERT INTO notice (outbound, revision, member, kind, message, edition, message_id, at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            outbound,
            revision,
            member,
            kind,
            message,
            edition,
            messageID,
            now
        )
    }
}

extension OutboundRecipientRow {
    init(_ row: borrowing Row) {
        self.init(
            outbound: row[0],
            revision: row[1],
            position: row[2],
            address: row[3],
            parameters: row[4],
            isBcc: row[5],
            state: row[6],
            lastReply: row[7],
            attempts: row[8],
            nextAttempt: row[9]
        )
    }
}

extension AttemptRow {
    init(_ row: borrowing Row) {
        self.init(
            id: row[0],
            outbound: row[1],
            revision: row[2],
            host: row[3],
            beganAt: row[4],
            endedAt: row[5],
            outcome: row[6]
        )
    }
}

extension DecisionRow {
    init(_ row: borrowing Row) {
        self.init(
            id: row[0],
            outbound: row[1],
            revision: row[2],
            member: row[3],
            groups: row[4],
            verb: row[5],
            reason: row[6],
            at: row[7],
            standsFor: row[9],
            effectiveAt: row[8]
        )
    }
}

extension NoticeRow {
    init(_ row: borrowing Row) {
        self.init(
            id: row[0],
            outbound: row[1],
            revision: row[2],
            member: row[3],
            kind: row[4],
            message: row[5],
            edition: row[6],
            messageID: row[7],
            at: row[8]
        )
    }
}
