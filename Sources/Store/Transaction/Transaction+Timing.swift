package import Base
internal import SQLite

// What is found again by time and by creator: primary data, kept beside the fold by the projection.

extension ReadTransaction {
    /// When the next outbound message is due for something; nil where none waits for a time.
    package func nextTimer() throws(StoreError) -> Timestamp? {
        try first("SELECT due_at FROM outbound_timer ORDER BY due_at LIMIT 1") { $0[0] }
    }

    /// At most `limit` outbound messages that are due for something, the longest due first.
    package func dueOutbound(at now: Timestamp, limit: Int) throws(StoreError) -> [OutboundID] {
        try all(
            "SELECT outbound FROM outbound_timer WHERE due_at <= ? ORDER BY due_at, outbound LIMIT ?",
            now,
            limit
        ) { $0[0] }
    }

    package func timer(of outbound: OutboundID) throws(StoreError) -> Timestamp? {
        try first("SELECT due_at FROM outbound_timer WHERE outbound = ?", outbound) { $0[0] }
    }

    /// The outbound messages to a creator of which something may still become, oldest first.
    package func openOutbound(to creator: String) throws(StoreError) -> [OutboundID] {
        try all(
            "SELECT outbound FROM open_outbound WHERE creator = ? ORDER BY outbound",
            creator
        ) { $0[0] }
    }

    /// The same, but for those of one author.
    package func openOutbound(to creator: String, notBy author: String?) throws(StoreError) -> [OutboundID] {
        guard let author else { return try openOutbound(to: creator) }
        return try all(
            """
            SELECT open_outbound.outbound FROM open_outbound JOIN outbound ON outbound.id = open_outbound.outbound
            WHERE open_outbound.creator = ? AND outbound.author != ? ORDER BY open_outbound.outbound
            """,
            creator,
            author
        ) { $0[0] }
    }

    /// The outbound messages of which something may still become, in order of their numbers.
    package func openOutbound(after last: OutboundID, limit: Int) throws(StoreError) -> [OutboundID] {
        try all(
            """
            SELECT id FROM outbound WHERE state IN ('held', 'approved', 'queued') AND id > ? ORDER BY id LIMIT ?
            """,
            last,
            limit
        ) { $0[0] }
    }

    /// Whose messages wait, and how many.
    package func waitingAuthors() throws(StoreError) -> [(name: String, messages: Int)] {
        try all(
            """
            SELECT author, count(*) FROM outbound WHERE state IN ('held', 'approved') GROUP BY author ORDER BY author
            """
        ) { (name: $0[0], messages: $0[1]) }
    }

    /// The outbound messages of an author that still wait or may wait again, oldest first.
    package func waitingOutbound(by author: String) throws(StoreError) -> [OutboundID] {
        try all(
            "SELECT id FROM outbound WHERE author = ? AND state IN ('held', 'approved', 'rejected') ORDER BY id",
            author
        ) { $0[0] }
    }

    /// The outbound messages that wait and that a member looks at, oldest first.
    package func waitingOutbound(claimedBy member: String) throws(StoreError) -> [OutboundID] {
        try all(
            "SELECT id FROM outbound WHERE state IN ('held', 'approved') AND assignee = ? ORDER BY id",
            member
        ) { $0[0] }
    }

    /// The conversations that are assigned to a member, oldest first.
    package func conversations(assignedTo member: String) throws(StoreError) -> [ConversationID] {
        try all("SELECT id FROM conversation WHERE assignee = ? ORDER BY id", member) { $0[0] }
    }

    /// Who is asked to decide on an outbound message now, in order of member.
    package func openNotices(of outbound: OutboundID) throws(StoreError) -> [OpenNoticeRow] {
        try all(
            "SELECT outbound, member, letter FROM open_notice WHERE outbound = ? ORDER BY member",
            outbound
        ) { OpenNoticeRow(outbound: $0[0], member: $0[1], letter: $0[2]) }
    }

    /// The outbound messages that a member is asked about by the digest, oldest first.
    package func digest(of member: String) throws(StoreError) -> [OutboundID] {
        try all(
            "SELECT outbound FROM open_notice WHERE member = ? AND letter IS NULL ORDER BY outbound",
            member
        ) { $0[0] }
    }

    /// How many messages a member is asked about by letters of their own.
    package func openLetters(of member: String) throws(StoreError) -> Int {
        try first("SELECT count(*) FROM open_notice WHERE member = ? AND letter IS NOT NULL", member) { $0[0] } ?? 0
    }

    /// The subjects of at most `limit` due work items of a kind, the longest due first.
    package func dueSubjects(kind: String, at now: Timestamp, limit: Int) throws(StoreError) -> [String] {
        try all(
            "SELECT subject FROM work_item WHERE kind = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?",
            kind,
            now,
            limit
        ) { $0[0] }
    }

    /// The work item of a kind that is due the longest.
    package func dueWork(kind: String, at now: Timestamp) throws(StoreError) -> WorkItemRow? {
        try first(
            """
            SELECT id, kind, subject, arguments, progress, due_at FROM work_item
            WHERE kind = ? AND due_at <= ? ORDER BY due_at, id LIMIT 1
            """,
            kind,
            now
        ) { WorkItemRow($0) }
    }

    /// When the next work item of a kind is due; nil where there is none.
    package func nextWork(kind: String) throws(StoreError) -> Timestamp? {
        try first("SELECT due_at FROM work_item WHERE kind = ? ORDER BY due_at LIMIT 1", kind) { $0[0] }
    }

    /// The digests that a member has: one, unless it is being replaced.
    package func digestLetters(of member: String) throws(StoreError) -> [NoticeRow] {
        try all(
            """
            SELECT id, outbound, revision, member, kind, message, edition, message_id, at FROM notice
            WHERE outbound = 0 AND member = ? ORDER BY id
            """,
            member
        ) { NoticeRow($0) }
    }

    /// The newest event of one kind about a subject.
    package func newestEvent(about subject: String, kind: String) throws(StoreError) -> EventRow? {
        try first(
            """
            SELECT e.number, e.at, e.kind, e.subject, e.commitment, e.link, p.salt, p.payload
            FROM event e LEFT JOIN event_payload p ON p.number = e.number
            WHERE e.subject = ? AND e.kind = ? ORDER BY e.number DESC LIMIT 1
            """,
            subject,
            kind
        ) { EventRow($0) }
    }

    /// The events about a subject behind a number, in order.
    package func events(about subject: String, after number: EventNumber) throws(StoreError) -> [EventRow] {
        try all(
            """
            SELECT e.number, e.at, e.kind, e.subject, e.commitment, e.link, p.salt, p.payload
            FROM event e LEFT JOIN event_payload p ON p.number = e.number
            WHERE e.subject = ? AND e.number > ? ORDER BY e.number
            """,
            subject,
            number
        ) { EventRow($0) }
    }
}

extension Transaction {
    /// Says when an outbound message is due for something, or that it waits for no time.
    package func setTimer(of outbound: OutboundID, to due: Timestamp?) throws(StoreError) {
        if let due {
            try run(
                """
                INSERT INTO outbound_timer (outbound, due_at) VALUES (?, ?)
                ON CONFLICT (outbound) DO UPDATE SET due_at = excluded.due_at
                """,
                outbound,
                due
            )
        } else {
            try run("DELETE FROM outbound_timer WHERE outbound = ?", outbound)
        }
    }

    /// Says to whom an outbound message goes of which something may still become; to nobody when nothing
    /// may.
    ///
    /// `isNew`: Nothing was said before.
    package func setOpen(_ outbound: OutboundID, to creators: [String], isNew: Bool = false) throws(StoreError) {
        if !isNew { try run("DELETE FROM open_outbound WHERE outbound = ?", outbound) }
        for creator in creators {
            try run(
                "INSERT INTO open_outbound (creator, outbound) VALUES (?, ?) ON CONFLICT DO NOTHING",
                creator,
                outbound
            )
        }
    }

    /// Notes that a member is asked to decide, by this letter or, with none, by the digest.
    package func openNotice(
        about outbound: OutboundID,
        to member: String,
        letter: MessageID?
    ) throws(StoreError) {
        try run(
            """
            INSERT INTO open_notice (outbound, member, letter) VALUES (?, ?, ?)
            ON CONFLICT (outbound, member) DO UPDATE SET letter = excluded.letter
            """,
            outbound,
            member,
            letter
        )
    }

    package func closeNotice(about outbound: OutboundID, to member: String) throws(StoreError) {
        try run("DELETE FROM open_notice WHERE outbound = ? AND member = ?", outbound, member)
    }

    package func removeNotice(_ id: Int64) throws(StoreError) {
        try run("DELETE FROM notice WHERE id = ?", id)
    }

    /// Leaves work for later where there is none yet for the same kind and subject.
    package func addWorkOnce(kind: String, subject: String, dueAt: Timestamp) throws(StoreError) {
        try run(
            """
            INSERT INTO work_item (kind, subject, arguments, progress, due_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (kind, subject) DO NOTHING
            """,
            kind,
            subject,
            [UInt8](),
            [UInt8](),
            dueAt
        )
    }
}
