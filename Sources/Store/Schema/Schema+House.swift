extension Schema {
    /// Counters, the ledger, configurations and work that goes on later.
    static let house = """
        CREATE TABLE counter (
            name TEXT NOT NULL PRIMARY KEY,
            value INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE event (
            number INTEGER NOT NULL PRIMARY KEY,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            commitment BLOB NOT NULL,
            link BLOB NOT NULL
        );
        CREATE INDEX event_subject ON event (subject, number);

        CREATE TABLE event_payload (
            number INTEGER NOT NULL PRIMARY KEY,
            salt BLOB NOT NULL,
            payload BLOB NOT NULL
        );

        CREATE TABLE ledger_head (
            id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
            number INTEGER NOT NULL,
            link BLOB NOT NULL
        );

        CREATE TABLE configuration (
            hash TEXT NOT NULL PRIMARY KEY,
            text BLOB NOT NULL,
            accepted_at INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE work_item (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            arguments BLOB NOT NULL,
            progress BLOB NOT NULL,
            due_at INTEGER NOT NULL,
            UNIQUE (kind, subject)
        );
        CREATE INDEX work_item_due ON work_item (due_at, id);

        """
}
