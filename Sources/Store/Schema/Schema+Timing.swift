extension Schema {
    /// What is found again by time, and by whom it concerns.
    ///
    /// `outbound_timer` says when something happens to an outbound message by itself; `open_outbound`
    /// to whom it goes, for what they or colleagues do meanwhile; `open_notice` who is asked to decide
    /// on it now, by a letter of its own or, without one, by the digest.
    static let timing = """
        ALTER TABLE outbound ADD COLUMN escalated_to TEXT NOT NULL DEFAULT '';
        CREATE INDEX outbound_author ON outbound (author) WHERE state IN ('held', 'approved', 'rejected');
        CREATE INDEX conversation_assignee ON conversation (assignee) WHERE assignee IS NOT NULL;

        CREATE TABLE outbound_timer (
            outbound INTEGER NOT NULL PRIMARY KEY,
            due_at INTEGER NOT NULL
        );
        CREATE INDEX outbound_timer_due ON outbound_timer (due_at, outbound);

        CREATE TABLE open_outbound (
            creator TEXT NOT NULL,
            outbound INTEGER NOT NULL,
            PRIMARY KEY (creator, outbound)
        ) WITHOUT ROWID;
        CREATE INDEX open_outbound_outbound ON open_outbound (outbound);

        CREATE TABLE open_notice (
            outbound INTEGER NOT NULL,
            member TEXT NOT NULL,
            letter INTEGER,
            PRIMARY KEY (outbound, member)
        ) WITHOUT ROWID;
        CREATE INDEX open_notice_member ON open_notice (member, outbound);
        CREATE INDEX open_notice_letter ON open_notice (member) WHERE letter IS NOT NULL;

        INSERT INTO outbound_timer (outbound, due_at)
            SELECT id, coalesce(release_at, submitted_at) FROM outbound
            WHERE state IN ('held', 'approved') OR (state = 'rejected' AND finished_at IS NULL);

        INSERT INTO open_outbound (creator, outbound)
            WITH RECURSIVE item (id, creator, rest) AS (
                SELECT id, '', creators FROM outbound WHERE state IN ('held', 'approved', 'queued')
                UNION ALL
                SELECT id,
                    substr(rest, instr(rest, ':') + 1, CAST(substr(rest, 1, instr(rest, ':') - 1) AS INTEGER)),
                    substr(rest, instr(rest, ':') + 1 + CAST(substr(rest, 1, instr(rest, ':') - 1) AS INTEGER))
                FROM item WHERE rest <> ''
            )
            SELECT DISTINCT creator, id FROM item WHERE creator <> '';

        INSERT INTO open_notice (outbound, member, letter)
            SELECT n.outbound, n.member, max(n.message) FROM notice n
            JOIN outbound o ON o.id = n.outbound AND o.revision = n.revision
            WHERE n.kind = 'hold' AND o.state = 'held'
                AND EXISTS (SELECT 1 FROM placement p WHERE p.message = n.message)
            GROUP BY n.outbound, n.member;

        """
}
