internal import Base
internal import SQLite

/// The database of the index: words, where they stand, and how far it goes.
///
/// It holds nothing that the store does not: a file that is damaged, of another format or of another
/// store is made anew. Its last commits may be lost with the power; what is there
/// is whole.
enum IndexFile {
    /// Of the tables, the folding and the cutting together: another number makes the index anew.
    static let format = 1

    static let schema = """
        CREATE TABLE state (
            id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
            format INTEGER NOT NULL,
            store INTEGER NOT NULL,
            through INTEGER NOT NULL
        );
        CREATE TABLE document (
            edition INTEGER NOT NULL PRIMARY KEY,
            sent INTEGER,
            is_whole INTEGER NOT NULL
        );
        CREATE INDEX document_in_part ON document (edition) WHERE is_whole = 0;
        CREATE TABLE word (
            id INTEGER PRIMARY KEY,
            hash INTEGER NOT NULL,
            text BLOB NOT NULL
        );
        CREATE INDEX word_hash ON word (hash);
        CREATE VIRTUAL TABLE trigram USING fts5 (
            text, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
        );
        CREATE TABLE posting (
            term INTEGER NOT NULL,
            first INTEGER NOT NULL,
            slots BLOB NOT NULL,
            PRIMARY KEY (term, first)
        ) WITHOUT ROWID;
        """

    /// Opens the file for writing, made or made anew where it is not one for this store.
    static func open(_ path: String, identity: Int64, _ environment: IndexEnvironment) throws -> Connection {
        if let connection = try usable(path, identity, environment) { return connection }
        try remove(path, environment.files)
        let connection = try connect(path, environment)
        try connection.transaction(.write) {
            try connection.execute(schema)
            try connection.run(
                "INSERT INTO state (id, format, store, through) VALUES (1, ?, ?, 0)",
                format,
                identity
            )
        }
        return connection
    }

    /// Opens the file for a reader beside the writer.
    static func openForReading(_ path: String, _ environment: IndexEnvironment) throws(SQLiteError) -> Connection {
        let connection = try Connection(path: path, vfs: environment.vfs)
        try connection.execute("PRAGMA query_only = 1; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY")
        return connection
    }

    static func remove(_ path: String, _ files: any Files) throws(FilesError) {
        for name in [path + "-wal", path + "-shm", path] where files.exists(name) { try files.remove(name) }
    }

    private static func connect(_ path: String, _ environment: IndexEnvironment) throws(SQLiteError) -> Connection {
        let connection = try Connection(path: path, vfs: environment.vfs)
        // NORMAL: what a power cut takes is indexed again. What is erased goes by VACUUM (INV-6).
        try connection.execute(
            """
            PRAGMA page_size = 8192;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            PRAGMA secure_delete = OFF;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -32000;
            """
        )
        return connection
    }

    /// The file as it is; nil where it is not one for this store.
    private static func usable(
        _ path: String,
        _ identity: Int64,
        _ environment: IndexEnvironment
    ) throws(SQLiteError) -> Connection? {
        let outcome = Result { () throws(SQLiteError) -> Connection? in
            let connection = try connect(path, environment)
            return try isUsable(connection, identity) ? connection : nil
        }
        guard case .failure(let error) = outcome, error.meansDamage || .error ~= error.code else {
            return try outcome.get()
        }
        environment.log.warning("the search index is damaged and is made anew: \(error)")
        return nil
    }

    private static func isUsable(_ connection: Connection, _ identity: Int64) throws(SQLiteError) -> Bool {
        let tables = try connection.first("SELECT count(*) FROM sqlite_schema WHERE name = 'state'") { $0[0] as Int }
        guard tables == 1 else { return false }
        let state = try connection.first("SELECT format, store FROM state WHERE id = 1") {
            (format: $0[0] as Int, store: $0[1] as Int64)
        }
        return state?.format == format && state?.store == identity
    }
}

extension SQLiteError {
    /// Whether the file is not what it should be, rather than out of reach.
    var meansDamage: Bool { .corrupt ~= code || .notADatabase ~= code }
}
