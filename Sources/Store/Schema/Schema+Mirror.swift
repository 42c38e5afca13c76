extension Schema {
    /// What binds mirrored mailboxes to their upstream, and what is still to be told to it.
    static let mirror = """
        CREATE TABLE upstream_mailbox (
            mailbox INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            uid_validity INTEGER NOT NULL,
            uid_next INTEGER NOT NULL,
            highest_modseq INTEGER NOT NULL
        );

        CREATE TABLE upstream_message (
            mailbox INTEGER NOT NULL,
            uid_validity INTEGER NOT NULL,
            uid INTEGER NOT NULL,
            message INTEGER NOT NULL,
            modseq INTEGER NOT NULL,
            flags INTEGER NOT NULL,
            keywords TEXT NOT NULL,
            PRIMARY KEY (mailbox, uid_validity, uid)
        ) WITHOUT ROWID;
        CREATE INDEX upstream_message_message ON upstream_message (message);

        CREATE TABLE journal (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            account INTEGER NOT NULL,
            message INTEGER,
            kind TEXT NOT NULL,
            arguments BLOB NOT NULL,
            state TEXT NOT NULL,
            target_uid_next INTEGER,
            attempts INTEGER NOT NULL,
            not_before INTEGER NOT NULL,
            reconcile INTEGER NOT NULL,
            queued_at INTEGER NOT NULL
        );
        CREATE INDEX journal_account ON journal (account, id);
        CREATE INDEX journal_message ON journal (message, id);

        """
}
