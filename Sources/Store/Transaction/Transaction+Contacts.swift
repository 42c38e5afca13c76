package import Base
internal import SQLite

/// One mail of ours to a creator.
package struct ContactRow: Hashable, Sendable {
    package let outbound: OutboundID
    package let author: String
    package let state: String
    package let submittedAt: Timestamp
    /// When it was released, or ended otherwise.
    package let finishedAt: Timestamp?
}

extension ReadTransaction {
    /// The outbound messages that were handed in since a time, oldest first.
    package func outboundIDs(since: Timestamp) throws(StoreError) -> [OutboundID] {
        try all("SELECT id FROM outbound WHERE submitted_at >= ? ORDER BY id", since) { $0[0] }
    }

    /// The messages of a direction since a time, oldest first.
    package func messages(ofDirection direction: String, since: Timestamp) throws(StoreError) -> [MessageRow] {
        try all(
            """
            SELECT id, account, message_id, body, size, internal_date, direction, flags, keywords, state_keywords,
                conversation, sender, subject
            FROM message WHERE direction = ? AND internal_date >= ? ORDER BY internal_date, id
            """,
            direction,
            since
        ) { MessageRow($0) }
    }

    /// The mails to a creator that were handed in since a time, the newest first.
    package func contacts(creator: String, since: Timestamp, limit: Int) throws(StoreError) -> [ContactRow] {
        try all(
            """
            SELECT o.id, o.author, o.state, o.submitted_at, o.finished_at
            FROM outbound_creator c JOIN outbound o ON o.id = c.outbound
            WHERE c.creator = ? AND c.submitted_at >= ? ORDER BY c.submitted_at DESC, c.outbound DESC LIMIT ?
            """,
            creator,
            since,
            limit
        ) { ContactRow(outbound: $0[0], author: $0[1], state: $0[2], submittedAt: $0[3], finishedAt: $0[4]) }
    }
}

extension Transaction {
    /// Says whom an outbound message addresses, in place of what was said before.
    ///
    /// `isNew`: Nothing was said before.
    package func setContacts(
        of outbound: OutboundID,
        to creators: [String],
        at submittedAt: Timestamp,
        isNew: Bool = false
    ) throws(StoreError) {
        if !isNew { try run("DELETE FROM outbound_creator WHERE outbound = ?", outbound) }
        for creator in creators {
            try run(
                """
                INSERT INTO outbound_creator (creator, submitted_at, outbound) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
                """,
                creator,
                submittedAt,
                outbound
            )
        }
    }
}
