extension Schema {
    /// Which outbound mail addresses which creator: who wrote to one, and how often, is asked of every
    /// mail that is judged.
    static let contacts = """
        CREATE TABLE outbound_creator (
            creator TEXT NOT NULL,
            submitted_at INTEGER NOT NULL,
            outbound INTEGER NOT NULL,
            PRIMARY KEY (creator, submitted_at, outbound)
        ) WITHOUT ROWID;
        CREATE INDEX outbound_creator_outbound ON outbound_creator (outbound);

        """
}
