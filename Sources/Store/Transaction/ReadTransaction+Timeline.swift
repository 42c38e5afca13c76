package import Base
internal import SQLite

// What a timeline is read from: the newest of a conversation, and how many there are.

extension ReadTransaction {
    /// The newest messages of a conversation, the newest first.
    ///
    /// `key`: What messages are listed under that belong to it beside the one that their row names.
    package func newestMessages(
        of conversation: ConversationID,
        listedUnder key: String,
        limit: Int
    ) throws(StoreError) -> [MessageRow] {
        try all(
            """
            SELECT id, account, message_id, body, size, internal_date, direction, flags, keywords, state_keywords,
                conversation, sender, subject
            FROM message WHERE conversation = ? OR id IN (SELECT message FROM thread WHERE message_id = ?)
            ORDER BY internal_date DESC, id DESC LIMIT ?
            """,
            conversation,
            key,
            limit
        ) { MessageRow($0) }
    }

    package func countMessages(of conversation: ConversationID, listedUnder key: String) throws(StoreError) -> Int {
        try first(
            """
            SELECT count(*) FROM message
            WHERE conversation = ? OR id IN (SELECT message FROM thread WHERE message_id = ?)
            """,
            conversation,
            key
        ) { $0[0] } ?? 0
    }

    /// The mails to a creator about a campaign that are not in a state, the newest first.
    package func newestOutbound(
        to creator: String,
        about campaign: String,
        notIn state: String,
        limit: Int
    ) throws(StoreError) -> [(id: OutboundID, submittedAt: Timestamp)] {
        try all(
            """
            SELECT o.id, o.submitted_at FROM outbound_creator c JOIN outbound o ON o.id = c.outbound
            WHERE c.creator = ? AND coalesce(o.campaign, '') = ? AND o.state <> ?
            ORDER BY c.submitted_at DESC, c.outbound DESC LIMIT ?
            """,
            creator,
            campaign,
            state,
            limit
        ) { (id: $0[0], submittedAt: $0[1]) }
    }

    package func countOutbound(
        to creator: String,
        about campaign: String,
        notIn state: String
    ) throws(StoreError) -> Int {
        try first(
            """
            SELECT count(*) FROM outbound_creator c JOIN outbound o ON o.id = c.outbound
            WHERE c.creator = ? AND coalesce(o.campaign, '') = ? AND o.state <> ?
            """,
            creator,
            campaign,
            state
        ) { $0[0] } ?? 0
    }

    /// The newest events about a subject but those of two kinds, the newest first.
    package func newestEvents(
        about subject: String,
        but kinds: (String, String),
        limit: Int
    ) throws(StoreError) -> [EventRow] {
        try all(
            """
            SELECT e.number, e.at, e.kind, e.subject, e.commitment, e.link, p.salt, p.payload
            FROM event e LEFT JOIN event_payload p ON p.number = e.number
            WHERE e.subject = ? AND e.kind <> ? AND e.kind <> ? ORDER BY e.number DESC LIMIT ?
            """,
            subject,
            kinds.0,
            kinds.1,
            limit
        ) { EventRow($0) }
    }

    package func countEvents(about subject: String, but kinds: (String, String)) throws(StoreError) -> Int {
        try first(
            "SELECT count(*) FROM event WHERE subject = ? AND kind <> ? AND kind <> ?",
            subject,
            kinds.0,
            kinds.1
        ) { $0[0] } ?? 0
    }
}
