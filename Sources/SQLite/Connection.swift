internal import CSQLite

/// One connection to a database, used by one thread at a time.
///
/// Opened in SQLite's multi-thread mode: it has no mutex of its own, and the type is not
/// `Sendable`, so that whoever shares it must put it under a lock or on one thread.
@safe
package final class Connection {
    package enum Mode: Sendable {
        case readWrite
        case readOnly
    }

    // Owned: closed in deinit, after all statements.
    private let handle: OpaquePointer
    /// By the address of the SQL, which a `StaticString` never changes.
    private var statements: [UInt: Statement] = [:]
    /// Kept registered as long as the connection uses it.
    private let vfs: VFSRegistration?
    private let walFrames = WALFrames()
    package let path: String

    /// Opens a database.
    ///
    /// `vfs`: The file system below; nil for the system's.
    /// `busyTimeout`: How long a locked database is waited for, in milliseconds.
    package init(
        path: String,
        mode: Mode = .readWrite,
        vfs: VFSRegistration? = nil,
        busyTimeout: Int32 = 5000
    ) throws(SQLiteError) {
        let access = mode == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        var opened: OpaquePointer?
        let flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = unsafe sqlite3_open_v2(path, &opened, flags, vfs?.name)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            let message = unsafe String(cString: sqlite3_errstr(code))
            unsafe sqlite3_close_v2(opened)
            throw SQLiteError(code: ResultCode(rawValue: code), message: "\(path): \(message)")
        }
        unsafe handle = opened
        self.path = path
        self.vfs = vfs
        unsafe sqlite3_busy_timeout(opened, busyTimeout)
        unsafe greenroom_set_defensive(opened)
        // It takes the place of SQLite's own moving of the log: `checkpoint` is called instead. The
        // hook's context lives as long as the connection, which closes the handle first.
        unsafe sqlite3_wal_hook(opened, walHook, Unmanaged.passUnretained(walFrames).toOpaque())
    }

    deinit {
        statements.removeAll()
        unsafe sqlite3_close_v2(handle)
    }

    /// Frames in the write-ahead log after the last commit of this connection.
    package var framesInLog: Int { Int(walFrames.count) }

    /// Whether no transaction is open; also after SQLite rolled one back by itself.
    package var isOutsideTransaction: Bool { unsafe sqlite3_get_autocommit(handle) != 0 }

    /// Rows that the last INSERT, UPDATE or DELETE changed.
    package var changes: Int { Int(unsafe sqlite3_changes64(handle)) }

    package var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    // MARK: Statements

    /// Runs a statement without a result; gives the number of rows that it changed.
    @discardableResult
    package func run<each Value: SQLValue>(
        _ sql: StaticString,
        _ values: repeat each Value
    ) throws(SQLiteError) -> Int {
        let statement = try begin(sql, repeat each values)
        defer { end(statement) }
        while try step(statement) {}
        return changes
    }

    /// The first row of a result, or nil where there is none.
    package func first<Result, each Value: SQLValue>(
        _ sql: StaticString,
        _ values: repeat each Value,
        row: (borrowing Row) -> Result
    ) throws(SQLiteError) -> Result? {
        let statement = try begin(sql, repeat each values)
        defer { end(statement) }
        return try step(statement) ? row(Row(statement)) : nil
    }

    /// Every row of a result.
    package func all<Result, each Value: SQLValue>(
        _ sql: StaticString,
        _ values: repeat each Value,
        row: (borrowing Row) -> Result
    ) throws(SQLiteError) -> [Result] {
        let statement = try begin(sql, repeat each values)
        defer { end(statement) }
        var result: [Result] = []
        while try step(statement) { result.append(row(Row(statement))) }
        return result
    }

    /// Lends each row of a result in turn, as long as the closure answers true.
    package func scan<each Value: SQLValue>(
        _ sql: StaticString,
        _ values: repeat each Value,
        row: (borrowing Row) -> Bool
    ) throws(SQLiteError) {
        let statement = try begin(sql, repeat each values)
        defer { end(statement) }
        while try step(statement) {
            guard row(Row(statement)) else { return }
        }
    }

    /// Runs statements without values or results: a schema, a pragma.
    package func execute(_ sql: String) throws(SQLiteError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code, sql: sql) }
    }

    private func begin<each Value: SQLValue>(
        _ sql: StaticString,
        _ values: repeat each Value
    ) throws(SQLiteError) -> Statement {
        let statement = try prepared(sql)
        let parameters = Parameters(statement)
        var index: Int32 = 0
        for value in repeat each values {
            index += 1
            try value.bind(to: parameters, at: index)
        }
        statement.isInUse = true
        return statement
    }

    private func prepared(_ sql: StaticString) throws(SQLiteError) -> Statement {
        let key = unsafe UInt(bitPattern: sql.utf8Start)
        if let kept = statements[key], !kept.isInUse { return kept }
        var prepared: OpaquePointer?
        let text = sql.description
        let persistent = UInt32(SQLITE_PREPARE_PERSISTENT)
        let code = unsafe sqlite3_prepare_v3(handle, text, -1, persistent, &prepared, nil)
        guard code == SQLITE_OK, let prepared = unsafe prepared else { throw failure(code, sql: text) }
        let statement = unsafe Statement(handle: prepared, sql: text)
        if statements[key] == nil { statements[key] = statement }
        return statement
    }

    /// Whether there is a row.
    private func step(_ statement: Statement) throws(SQLiteError) -> Bool {
        switch unsafe sqlite3_step(statement.handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw failure(code, sql: statement.sql)
        }
    }

    private func end(_ statement: Statement) {
        // The code of a reset repeats the step's failure, which was thrown already.
        unsafe sqlite3_reset(statement.handle)
        unsafe sqlite3_clear_bindings(statement.handle)
        statement.isInUse = false
    }

    private func failure(_ code: Int32, sql: String) -> SQLiteError {
        let extended = unsafe sqlite3_extended_errcode(handle)
        let exact = extended & 0xFF == code & 0xFF ? extended : code
        let message = unsafe String(cString: sqlite3_errmsg(handle))
        return SQLiteError(code: ResultCode(rawValue: exact), message: message, sql: sql)
    }

    // MARK: Log and copies

    /// Moves frames of the write-ahead log into the database as far as readers allow, and syncs it.
    package func checkpoint() throws(SQLiteError) {
        let code = unsafe sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else { throw failure(code, sql: "checkpoint") }
    }

    /// Copies the whole database, as it is at one moment, into another one.
    ///
    /// Others may go on writing: the pages come from one read transaction. The copy is durable on
    /// return, and so is whatever else the target commits later: with FULL, a rollback journal that
    /// was removed can come back after a power cut and undo the last commit.
    package func backup(to target: Connection) throws(SQLiteError) {
        try target.execute("PRAGMA synchronous = EXTRA")
        guard let backup = unsafe sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw target.failure(unsafe sqlite3_errcode(target.handle), sql: "backup")
        }
        let code = unsafe sqlite3_backup_step(backup, -1)
        let finished = unsafe sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, finished == SQLITE_OK else {
            throw target.failure(finished == SQLITE_OK ? code : finished, sql: "backup")
        }
    }
}

/// Where SQLite's commit hook leaves the length of the log.
private final class WALFrames {
    var count: Int32 = 0
}

/// Called by the connection's own thread at the end of each commit.
private func walHook(
    context: UnsafeMutableRawPointer?,
    database: OpaquePointer?,
    name: UnsafePointer<CChar>?,
    frames: Int32
) -> Int32 {
    guard let context = unsafe context else { return SQLITE_OK }
    unsafe Unmanaged<WALFrames>.fromOpaque(context).takeUnretainedValue().count = frames
    return SQLITE_OK
}
