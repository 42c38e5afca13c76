extension Schema {
    /// What clients are told about mailboxes and messages as named things.
    ///
    /// `edition.thread` is the conversation that the message was in when the edition was made: what was
    /// once told as THREADID never changes (RFC 8474 §5.2). A mailbox of 0 is the server itself, an empty
    /// member everybody.
    static let names = """
        ALTER TABLE edition ADD COLUMN thread INTEGER;
        UPDATE edition SET thread = (SELECT conversation FROM message WHERE message.id = edition.message);

        CREATE INDEX private_flags_deleted ON private_flags (mailbox, member) WHERE flags & 8 <> 0;

        CREATE TABLE annotation (
            mailbox INTEGER NOT NULL,
            member TEXT NOT NULL,
            entry TEXT NOT NULL,
            value BLOB NOT NULL,
            PRIMARY KEY (mailbox, member, entry)
        ) WITHOUT ROWID;

        """
}
