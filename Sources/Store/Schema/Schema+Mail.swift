extension Schema {
    /// Accounts, mailboxes, messages and what places one in the other.
    ///
    /// A placement repeats its edition's size and its message's flags and keywords, so that a
    /// mailbox is read in one pass; every change of them gives it a new MODSEQ anyway.
    static let mail = """
        CREATE TABLE account (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            owner TEXT
        );

        CREATE TABLE mailbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            account INTEGER NOT NULL,
            key TEXT NOT NULL,
            member TEXT NOT NULL,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            private_seen INTEGER NOT NULL,
            uid_validity INTEGER NOT NULL UNIQUE,
            uid_next INTEGER NOT NULL,
            highest_modseq INTEGER NOT NULL,
            floor_modseq INTEGER NOT NULL,
            messages INTEGER NOT NULL,
            unseen INTEGER NOT NULL,
            octets INTEGER NOT NULL,
            UNIQUE (account, key, member)
        );

        CREATE TABLE subscription (
            member TEXT NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (member, name)
        ) WITHOUT ROWID;

        CREATE TABLE body (
            id INTEGER PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE,
            size INTEGER NOT NULL,
            bytes BLOB
        );

        CREATE TABLE message (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            account INTEGER NOT NULL,
            message_id TEXT NOT NULL,
            body BLOB NOT NULL,
            size INTEGER NOT NULL,
            internal_date INTEGER NOT NULL,
            direction TEXT NOT NULL,
            flags INTEGER NOT NULL,
            keywords TEXT NOT NULL,
            state_keywords TEXT NOT NULL,
            conversation INTEGER,
            sender TEXT NOT NULL,
            subject TEXT NOT NULL
        );
        CREATE INDEX message_body ON message (body);
        CREATE INDEX message_conversation ON message (conversation, internal_date);

        CREATE TABLE thread (
            message_id TEXT NOT NULL,
            message INTEGER NOT NULL,
            PRIMARY KEY (message_id, message)
        ) WITHOUT ROWID;
        CREATE INDEX thread_message ON thread (message);

        CREATE TABLE edition (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message INTEGER NOT NULL,
            block BLOB NOT NULL,
            size INTEGER NOT NULL
        );
        CREATE INDEX edition_message ON edition (message);

        CREATE TABLE edition_structure (
            edition INTEGER NOT NULL PRIMARY KEY,
            envelope BLOB NOT NULL,
            structure BLOB NOT NULL
        );

        CREATE TABLE placement (
            mailbox INTEGER NOT NULL,
            uid INTEGER NOT NULL,
            edition INTEGER NOT NULL,
            message INTEGER NOT NULL,
            modseq INTEGER NOT NULL,
            flags INTEGER NOT NULL,
            keywords TEXT NOT NULL,
            size INTEGER NOT NULL,
            received INTEGER NOT NULL,
            PRIMARY KEY (mailbox, uid)
        ) WITHOUT ROWID;
        CREATE INDEX placement_message ON placement (message);
        CREATE INDEX placement_edition ON placement (edition);

        CREATE TABLE tombstone (
            mailbox INTEGER NOT NULL,
            modseq INTEGER NOT NULL,
            uid INTEGER NOT NULL,
            PRIMARY KEY (mailbox, modseq, uid)
        ) WITHOUT ROWID;

        CREATE TABLE private_flags (
            mailbox INTEGER NOT NULL,
            member TEXT NOT NULL,
            uid INTEGER NOT NULL,
            flags INTEGER NOT NULL,
            modseq INTEGER NOT NULL,
            PRIMARY KEY (mailbox, member, uid)
        ) WITHOUT ROWID;
        CREATE INDEX private_flags_uid ON private_flags (mailbox, uid);

        CREATE TABLE private_count (
            mailbox INTEGER NOT NULL,
            member TEXT NOT NULL,
            seen INTEGER NOT NULL,
            PRIMARY KEY (mailbox, member)
        ) WITHOUT ROWID;

        """
}
