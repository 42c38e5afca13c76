package import Base
internal import SQLite

extension ReadTransaction {
    package func conversation(_ id: ConversationID) throws(StoreError) -> ConversationRow? {
        try first(
            """
            SELECT id, creator, campaign, stage, assignee, last_inbound, last_outbound, opened_at, card, version, fields
            FROM conversation WHERE id = ?
            """,
            id
        ) { ConversationRow($0) }
    }

    package func conversation(creator: String, campaign: String) throws(StoreError) -> ConversationRow? {
        try first(
            """
            SELECT id, creator, campaign, stage, assignee, last_inbound, last_outbound, opened_at, card, version, fields
            FROM conversation WHERE creator = ? AND campaign = ?
            """,
            creator,
            campaign
        ) { ConversationRow($0) }
    }

    package func conversations(creator: String) throws(StoreError) -> [ConversationRow] {
        try all(
            """
            SELECT id, creator, campaign, stage, assignee, last_inbound, last_outbound, opened_at, card, version, fields
            FROM conversation WHERE creator = ? ORDER BY id
            """,
            creator
        ) { ConversationRow($0) }
    }

    package func conversations(campaign: String) throws(StoreError) -> [ConversationRow] {
        try all(
            """
            SELECT id, creator, campaign, stage, assignee, last_inbound, last_outbound, opened_at, card, version, fields
            FROM conversation WHERE campaign = ? ORDER BY id
            """,
            campaign
        ) { ConversationRow($0) }
    }

    package func conversations() throws(StoreError) -> [ConversationRow] {
        try all(
            """
            SELECT id, creator, campaign, stage, assignee, last_inbound, last_outbound, opened_at, card, version, fields
            FROM conversation ORDER BY id
            """
        ) { ConversationRow($0) }
    }

    package func collaboration(creator: String, campaign: String) throws(StoreError) -> CollaborationRow? {
        try first(
            """
            SELECT creator, campaign, stage, version, fields FROM collaboration WHERE creator = ? AND campaign = ?
            """,
            creator,
            campaign
        ) { CollaborationRow($0) }
    }

    package func collaborations(creator: String) throws(StoreError) -> [CollaborationRow] {
        try all(
            """
            SELECT creator, campaign, stage, version, fields FROM collaboration WHERE creator = ? ORDER BY campaign
            """,
            creator
        ) { CollaborationRow($0) }
    }

    package func collaborations() throws(StoreError) -> [CollaborationRow] {
        try all("SELECT creator, campaign, stage, version, fields FROM collaboration ORDER BY creator, campaign") {
            CollaborationRow($0)
        }
    }

    /// Every learnt address, in order.
    package func learntAddresses() throws(StoreError) -> [LearntAddressRow] {
        try all("SELECT address, creator, learnt_at, reason FROM learnt_address ORDER BY address, creator") {
            LearntAddressRow(address: $0[0], creator: $0[1], learntAt: $0[2], reason: $0[3])
        }
    }

    /// The learnt addresses of a creator, in order.
    package func learntAddresses(of creator: String) throws(StoreError) -> [LearntAddressRow] {
        try all(
            "SELECT address, creator, learnt_at, reason FROM learnt_address WHERE creator = ? ORDER BY address",
            creator
        ) { LearntAddressRow(address: $0[0], creator: $0[1], learntAt: $0[2], reason: $0[3]) }
    }
}

extension Transaction {
    /// Opens a conversation at version 1.
    package func insertConversation(
        creator: String,
        campaign: String,
        stage: String,
        openedAt: Timestamp,
        fields: String = ""
    ) throws(StoreError) -> ConversationID {
        try insert(
            """
            INSERT INTO conversation (creator, campaign, stage, opened_at, version, fields) VALUES (?, ?, ?, ?, 1, ?)
            """,
            creator,
            campaign,
            stage,
            openedAt,
            fields
        )
    }

    /// Stores what may change in a conversation and raises its version.
    ///
    /// `expectedVersion`: The version that the change was decided on; nil for any.
    /// Gives whether the row still had that version and was changed.
    package func updateConversation(
        _ row: ConversationRow,
        expectedVersion: Int? = nil
    ) throws(StoreError) -> Bool {
        try run(
            """
            UPDATE conversation SET stage = ?, assignee = ?, last_inbound = ?, last_outbound = ?, card = ?, fields = ?,
                version = version + 1
            WHERE id = ? AND version = coalesce(?, version)
            """,
            row.stage,
            row.assignee,
            row.lastInbound,
            row.lastOutbound,
            row.card,
            row.fields,
            row.id,
            expectedVersion
        ) == 1
    }

    /// Stores a collaboration under the next version; a new one gets version 1.
    ///
    /// `expectedVersion`: The version that the change was decided on, 0 for a new row; nil
    ///   for any.
    /// Gives whether the row still had that version and was stored.
    package func saveCollaboration(
        creator: String,
        campaign: String,
        stage: String,
        fields: String,
        expectedVersion: Int? = nil
    ) throws(StoreError) -> Bool {
        let current = try collaboration(creator: creator, campaign: campaign)?.version ?? 0
        guard expectedVersion == nil || expectedVersion == current else { return false }
        try run(
            """
            INSERT INTO collaboration (creator, campaign, stage, version, fields) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (creator, campaign) DO UPDATE
            SET stage = excluded.stage, version = excluded.version, fields = excluded.fields
            """,
            creator,
            campaign,
            stage,
            current + 1,
            fields
        )
        return true
    }

    package func learnAddress(_ row: LearntAddressRow) throws(StoreError) {
        try run(
            """
            INSERT INTO learnt_address (address, creator, learnt_at, reason) VALUES (?, ?, ?, ?)
            ON CONFLICT (address, creator) DO NOTHING
            """,
            row.address,
            row.creator,
            row.learntAt,
            row.reason
        )
    }

    package func forgetAddress(_ address: String, creator: String) throws(StoreError) {
        try run("DELETE FROM learnt_address WHERE address = ? AND creator = ?", address, creator)
    }

    /// Empties every table that is a fold of the events, before they are replayed (INV-6).
    ///
    /// Outbound messages keep their rows, which hold primary data; the fold overwrites the rest.
    package func clearFoldedRecords() throws(StoreError) {
        try run("DELETE FROM collaboration")
        try run("DELETE FROM learnt_address")
    }
}

extension ConversationRow {
    init(_ row: borrowing Row) {
        self.init(
            id: row[0],
            creator: row[1],
            campaign: row[2],
            stage: row[3],
            assignee: row[4],
            lastInbound: row[5],
            lastOutbound: row[6],
            openedAt: row[7],
            card: row[8],
            version: row[9],
            fields: row[10]
        )
    }
}

extension CollaborationRow {
    init(_ row: borrowing Row) {
        self.init(creator: row[0], campaign: row[1], stage: row[2], version: row[3], fields: row[4])
    }
}
