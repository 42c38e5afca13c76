extension Schema {
    /// Messages on their way out, what was decided about them and what the relay tried.
    static let outbound = """
        CREATE TABLE outbound (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            account INTEGER NOT NULL,
            author TEXT NOT NULL,
            device TEXT NOT NULL,
            state TEXT NOT NULL,
            version INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            sender TEXT NOT NULL,
            subject TEXT NOT NULL,
            message_id TEXT NOT NULL,
            creators TEXT NOT NULL,
            campaign TEXT,
            conversations TEXT NOT NULL,
            not_before INTEGER,
            release_at INTEGER,
            release_hash BLOB NOT NULL,
            required TEXT NOT NULL,
            reasons TEXT NOT NULL,
            permits TEXT NOT NULL,
            message INTEGER,
            may_have_left INTEGER NOT NULL,
            submitted_at INTEGER NOT NULL,
            decided_at INTEGER,
            decided_by TEXT,
            decided_why TEXT,
            finished_at INTEGER
        );
        CREATE INDEX outbound_state ON outbound (state, release_at);
        CREATE INDEX outbound_message_id ON outbound (message_id);
        CREATE INDEX outbound_message ON outbound (message);

        CREATE TABLE outbound_revision (
            outbound INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            submitted BLOB NOT NULL,
            transmit BLOB NOT NULL,
            mail_from TEXT NOT NULL,
            mail_parameters TEXT NOT NULL,
            release_hash BLOB NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (outbound, revision)
        ) WITHOUT ROWID;
        CREATE INDEX outbound_revision_submitted ON outbound_revision (submitted);
        CREATE INDEX outbound_revision_transmit ON outbound_revision (transmit);

        CREATE TABLE outbound_recipient (
            outbound INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            position INTEGER NOT NULL,
            address TEXT NOT NULL,
            parameters TEXT NOT NULL,
            is_bcc INTEGER NOT NULL,
            state TEXT NOT NULL,
            last_reply TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            next_attempt INTEGER,
            PRIMARY KEY (outbound, revision, position)
        ) WITHOUT ROWID;
        CREATE INDEX outbound_recipient_next ON outbound_recipient (state, next_attempt);
        CREATE INDEX outbound_recipient_address ON outbound_recipient (address);

        CREATE TABLE decision (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            outbound INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            member TEXT NOT NULL,
            groups TEXT NOT NULL,
            verb TEXT NOT NULL,
            reason TEXT NOT NULL,
            at INTEGER NOT NULL,
            effective_at INTEGER NOT NULL
        );
        CREATE INDEX decision_outbound ON decision (outbound, revision, id);

        CREATE TABLE attempt (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            outbound INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            host TEXT NOT NULL,
            began_at INTEGER NOT NULL,
            ended_at INTEGER,
            outcome TEXT NOT NULL
        );
        CREATE INDEX attempt_outbound ON attempt (outbound, id);
        CREATE INDEX attempt_open ON attempt (ended_at);

        CREATE TABLE notice (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            outbound INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            member TEXT NOT NULL,
            kind TEXT NOT NULL,
            message INTEGER NOT NULL,
            edition INTEGER NOT NULL,
            message_id TEXT NOT NULL,
            at INTEGER NOT NULL
        );
        CREATE INDEX notice_outbound ON notice (outbound, member);
        CREATE INDEX notice_message_id ON notice (message_id);
        CREATE INDEX notice_message ON notice (message);

        """
}
