extension Schema {
    /// What is known of the smarthost, and which authors were told that their mail is late.
    static let relay = """
        CREATE TABLE smarthost (
            host TEXT NOT NULL PRIMARY KEY,
            capabilities TEXT,
            heard_at INTEGER,
            failures INTEGER NOT NULL,
            last_failure TEXT NOT NULL,
            next_attempt INTEGER
        ) WITHOUT ROWID;

        ALTER TABLE outbound_recipient ADD COLUMN is_delay_told INTEGER NOT NULL DEFAULT 0;

        CREATE INDEX attempt_host ON attempt (host, began_at);

        """
}
