extension Schema {
    /// What corrected versions and decisions in others' place add to outbound messages.
    ///
    /// Each text has a Message-ID and a message of its own: copies of every version are known, and whoever
    /// acts on one that was replaced is told so.
    static let versions = """
        ALTER TABLE outbound ADD COLUMN editor TEXT;
        ALTER TABLE outbound ADD COLUMN assignee TEXT;

        ALTER TABLE outbound_revision ADD COLUMN message_id TEXT NOT NULL DEFAULT '';
        ALTER TABLE outbound_revision ADD COLUMN message INTEGER;
        UPDATE outbound_revision SET
            message_id = COALESCE((SELECT message_id FROM outbound WHERE id = outbound_revision.outbound), ''),
            message = (SELECT message FROM outbound WHERE id = outbound_revision.outbound);
        CREATE INDEX outbound_revision_message_id ON outbound_revision (message_id);
        CREATE INDEX outbound_revision_message ON outbound_revision (message);

        ALTER TABLE decision ADD COLUMN stands_for TEXT NOT NULL DEFAULT '';

        """
}
