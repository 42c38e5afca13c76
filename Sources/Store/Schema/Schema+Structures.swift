extension Schema {
    /// What is parsed of a message once, and when a message was saved in its mailbox.
    ///
    /// Kept by message: the header block of an edition adds fields that no structure shows. For
    /// placements from before, INTERNALDATE is the best that is known of the time (RFC 8514 §4.3).
    static let structures = """
        DROP TABLE edition_structure;

        CREATE TABLE message_structure (
            message INTEGER NOT NULL PRIMARY KEY,
            bytes BLOB NOT NULL
        );

        ALTER TABLE placement ADD COLUMN saved INTEGER NOT NULL DEFAULT 0;
        UPDATE placement SET saved = received;

        """
}
