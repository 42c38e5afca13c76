extension Schema {
    /// What the events fold into, outbound mail aside: conversations, collaborations, addresses.
    static let records = """
        CREATE TABLE conversation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            creator TEXT NOT NULL,
            campaign TEXT NOT NULL,
            stage TEXT NOT NULL,
            assignee TEXT,
            last_inbound INTEGER,
            last_outbound INTEGER,
            opened_at INTEGER NOT NULL,
            card INTEGER,
            version INTEGER NOT NULL,
            fields TEXT NOT NULL,
            UNIQUE (creator, campaign)
        );
        CREATE INDEX conversation_campaign ON conversation (campaign, stage);

        CREATE TABLE collaboration (
            creator TEXT NOT NULL,
            campaign TEXT NOT NULL,
            stage TEXT NOT NULL,
            version INTEGER NOT NULL,
            fields TEXT NOT NULL,
            PRIMARY KEY (creator, campaign)
        ) WITHOUT ROWID;
        CREATE INDEX collaboration_campaign ON collaboration (campaign, stage);

        CREATE TABLE learnt_address (
            address TEXT NOT NULL,
            creator TEXT NOT NULL,
            learnt_at INTEGER NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (address, creator)
        ) WITHOUT ROWID;
        CREATE INDEX learnt_address_creator ON learnt_address (creator);

        """
}
