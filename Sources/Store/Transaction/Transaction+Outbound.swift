package import Base
internal import SQLite

extension ReadTransaction {
    package func outbound(_ id: OutboundID) throws(StoreError) -> OutboundRow? {
        try first(
            """
            SELECT id, account, author, device, state, version, revision, sender, subject, message_id, creators,
                campaign, conversations, required, reasons, permits, not_before, release_at, release_hash, message,
                may_have_left, submitted_at, decided_at, decided_by, decided_why, finished_at,
                editor, assignee, escalated_to
            FROM outbound WHERE id = ?
            """,
            id
        ) { OutboundRow($0) }
    }

    /// Every outbound message there ever was, oldest first.
    package func outboundIDs() throws(StoreError) -> [OutboundID] {
        try all("SELECT id FROM outbound ORDER BY id") { $0[0] }
    }

    /// The outbound messages in a state, oldest first.
    package func outbound(inState state: String) throws(StoreError) -> [OutboundRow] {
        try all(
            """
            SELECT id, account, author, device, state, version, revision, sender, subject, message_id, creators,
                campaign, conversations, required, reasons, permits, not_before, release_at, release_hash, message,
                may_have_left, submitted_at, decided_at, decided_by, decided_why, finished_at,
                editor, assignee, escalated_to
            FROM outbound WHERE state = ? ORDER BY id
            """,
            state
        ) { OutboundRow($0) }
    }

    /// The outbound messages of which a text has a Message-ID, oldest first.
    package func outbound(withMessageID messageID: String) throws(StoreError) -> [OutboundRow] {
        try all(
            """
            SELECT id, account, author, device, state, version, revision, sender, subject, message_id, creators,
                campaign, conversations, required, reasons, permits, not_before, release_at, release_hash, message,
                may_have_left, submitted_at, decided_at, decided_by, decided_why, finished_at,
                editor, assignee, escalated_to
            FROM outbound
            WHERE message_id = ? OR id IN (SELECT outbound FROM outbound_revision WHERE message_id = ?)
            ORDER BY id
            """,
            messageID,
            messageID
        ) { OutboundRow($0) }
    }

    /// The outbound message that is shown as this message.
    package func outbound(shownAs message: MessageID) throws(StoreError) -> OutboundRow? {
        try first(
            """
            SELECT id, account, author, device, state, version, revision, sender, subject, message_id, creators,
                campaign, conversations, required, reasons, permits, not_before, release_at, release_hash, message,
                may_have_left, submitted_at, decided_at, decided_by, decided_why, finished_at,
                editor, assignee, escalated_to
            FROM outbound WHERE message = ?
            """,
            message
        ) { OutboundRow($0) }
    }

    /// When the next message in a state may leave; nil where none is waiting for a time.
    package func nextRelease(inState state: String) throws(StoreError) -> Timestamp? {
        try first(
            "SELECT release_at FROM outbound WHERE state = ? AND release_at IS NOT NULL ORDER BY release_at LIMIT 1",
            state
        ) { $0[0] }
    }

    package func revision(_ revision: Int, of outbound: OutboundID) throws(StoreError) -> OutboundRevisionRow? {
        try first(
            """
            SELECT outbound, revision, submitted, transmit, mail_from, mail_parameters, release_hash, at,
                message_id, message
            FROM outbound_revision WHERE outbound = ? AND revision = ?
            """,
            outbound,
            revision
        ) { OutboundRevisionRow($0) }
    }

    /// The text of an outbound message that is or was shown as this message.
    package func revision(shownAs message: MessageID) throws(StoreError) -> OutboundRevisionRow? {
        try first(
            """
            SELECT outbound, revision, submitted, transmit, mail_from, mail_parameters, release_hash, at,
                message_id, message
            FROM outbound_revision WHERE message = ? ORDER BY revision DESC LIMIT 1
            """,
            message
        ) { OutboundRevisionRow($0) }
    }

    /// The outbound messages whose submitted bytes have a hash, oldest first.
    package func outbound(withSubmitted hash: [UInt8]) throws(StoreError) -> [OutboundID] {
        try all("SELECT DISTINCT outbound FROM outbound_revision WHERE submitted = ? ORDER BY outbound", hash) {
            $0[0]
        }
    }
}

extension Transaction {
    /// Inserts an outbound message at version 1 and gives its number.
    package func insertOutbound(_ row: OutboundRow) throws(StoreError) -> OutboundID {
        try insert(
            """
            INSERT INTO outbound (account, author, device, state, version, revision, sender, subject, message_id,
                creators, campaign, conversations, required, reasons, permits, not_before, release_at, release_hash,
                message, may_have_left, submitted_at, decided_at, decided_by, decided_why, finished_at, editor, assignee,
                escalated_to)
            VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            row.account,
            row.author,
            row.device,
            row.state,
            row.revision,
            row.from,
            row.subject,
            row.messageID,
            row.creators,
            row.campaign,
            row.conversations,
            row.required,
            row.reasons,
            row.permits,
            row.notBefore,
            row.releaseAt,
            row.releaseHash,
            row.message,
            row.mayHaveLeft,
            row.submittedAt,
            row.decidedAt,
            row.decidedBy,
            row.decidedWhy,
            row.finishedAt,
            row.editor,
            row.assignee,
            row.escalatedTo
        )
    }

    /// Stores what may change in an outbound message and raises its version: compare and set.
    ///
    /// `expectedVersion`: The version that the change was decided on.
    /// Gives whether the row still had that version and was changed.
    package func updateOutbound(_ row: OutboundRow, expectedVersion: Int) throws(StoreError) -> Bool {
        try run(
            """
            UPDATE outbound SET state = ?, version = version + 1, revision = ?, sender = ?, subject = ?,
                message_id = ?, creators = ?, campaign = ?, conversations = ?, required = ?, reasons = ?, permits = ?,
                not_before = ?, release_at = ?, release_hash = ?, message = ?, may_have_left = ?, decided_at = ?,
                decided_by = ?, decided_why = ?, finished_at = ?, editor = ?, assignee = ?,
                escalated_to = ?, author = ?
            WHERE id = ? AND version = ?
            """,
            row.state,
            row.revision,
            row.from,
            row.subject,
            row.messageID,
            row.creators,
            row.campaign,
            row.conversations,
            row.required,
            row.reasons,
            row.permits,
            row.notBefore,
            row.releaseAt,
            row.releaseHash,
            row.message,
            row.mayHaveLeft,
            row.decidedAt,
            row.decidedBy,
            row.decidedWhy,
            row.finishedAt,
            row.editor,
            row.assignee,
            row.escalatedTo,
            row.author,
            row.id,
            expectedVersion
        ) == 1
    }

    /// Names the message that a text of an outbound one is shown as, without a new version: it is
    /// primary data, not part of the fold.
    package func setMessage(
        _ message: MessageID?,
        of outbound: OutboundID,
        revision: Int = 1
    ) throws(StoreError) {
        try run("UPDATE outbound SET message = ? WHERE id = ?", message, outbound)
        try run(
            "UPDATE outbound_revision SET message = ? WHERE outbound = ? AND revision = ?",
            message,
            outbound,
            revision
        )
    }

    /// Stores one text of an outbound message with its envelope, as it was judged (INV-1).
    package func insertRevision(
        _ revision: Int,
        of outbound: OutboundID,
        submitted: StoredBody,
        transmit: StoredBody,
        mailFrom: String,
        mailParameters: String,
        releaseHash: [UInt8],
        messageID: String = "",
        recipients: [NewRecipient],
        state: String
    ) throws(StoreError) {
        try insertBody(submitted)
        try insertBody(transmit)
        try run(
            """
            INSERT INTO outbound_revision (outbound, revision, submitted, transmit, mail_from, mail_parameters,
                release_hash, at, message_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            outbound,
            revision,
            submitted.hash,
            transmit.hash,
            mailFrom,
            mailParameters,
            releaseHash,
            now,
            messageID
        )
        for (position, recipient) in recipients.enumerated() {
            try run(
                """
                INSERT INTO outbound_recipient (outbound, revision, position, address, parameters, is_bcc, state,
                    last_reply, attempts, next_attempt)
                VALUES (?, ?, ?, ?, ?, ?, ?, '', 0, NULL)
                """,
                outbound,
                revision,
                position,
                recipient.address,
                recipient.parameters,
                recipient.isBcc,
                state
            )
        }
    }
}

extension OutboundRow {
    init(_ row: borrowing Row) {
        id = row[0]
        account = row[1]
        author = row[2]
        device = row[3]
        state = row[4]
        version = row[5]
        revision = row[6]
        from = row[7]
        subject = row[8]
        messageID = row[9]
        creators = row[10]
        campaign = row[11]
        conversations = row[12]
        required = row[13]
        reasons = row[14]
        permits = row[15]
        notBefore = row[16]
        releaseAt = row[17]
        releaseHash = row[18]
        message = row[19]
        mayHaveLeft = row[20]
        submittedAt = row[21]
        decidedAt = row[22]
        decidedBy = row[23]
        decidedWhy = row[24]
        finishedAt = row[25]
        editor = row[26]
        assignee = row[27]
        escalatedTo = row[28]
    }
}

extension OutboundRevisionRow {
    init(_ row: borrowing Row) {
        self.init(
            outbound: row[0],
            revision: row[1],
            submitted: row[2],
            transmit: row[3],
            mailFrom: row[4],
            mailParameters: row[5],
            releaseHash: row[6],
            at: row[7],
            messageID: row[8],
            message: row[9]
        )
    }
}
