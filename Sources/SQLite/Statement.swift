internal import CSQLite

/// A prepared statement; kept by its connection and used again.
@safe
final class Statement {
    let handle: OpaquePointer
    let sql: String
    /// Whether its rows are being read: the same SQL inside its own rows gets a second statement.
    var isInUse = false

    init(handle: OpaquePointer, sql: String) {
        unsafe self.handle = handle
        self.sql = sql
    }

    deinit {
        // Finalising is the last use: rows are only lent inside closures of the connection.
        unsafe sqlite3_finalize(handle)
    }
}

/// The parameters of a statement, while it is being bound.
@safe
package struct Parameters: ~Copyable {
    // Valid as long as the connection's closure-scoped use of the statement lasts.
    private let handle: OpaquePointer
    private let sql: String

    init(_ statement: Statement) {
        unsafe handle = statement.handle
        sql = statement.sql
    }

    func bind(_ value: Int64, at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_int64(handle, index, value))
    }

    func bind(_ value: String, at index: Int32) throws(SQLiteError) {
        var value = value
        // SQLite copies the bytes before the call returns.
        let code = value.withUTF8 { utf8 in
            unsafe utf8.withMemoryRebound(to: CChar.self) { text in
                unsafe text.baseAddress.map { unsafe greenroom_bind_text(handle, index, $0, Int32(text.count)) }
                    ?? greenroom_bind_text(handle, index, "", 0)
            }
        }
        try check(code)
    }

    func bind(_ value: [UInt8], at index: Int32) throws(SQLiteError) {
        let code = unsafe value.withUnsafeBytes { bytes in
            unsafe greenroom_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count))
        }
        try check(code)
    }

    func bindNull(at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_null(handle, index))
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else {
            throw SQLiteError(code: ResultCode(rawValue: code), message: "a value cannot be bound", sql: sql)
        }
    }
}

/// One row of a result, lent to a closure.
@safe
package struct Row: ~Copyable {
    // Valid inside the closure that it is lent to: not copyable, so that it cannot be kept.
    private let handle: OpaquePointer

    init(_ statement: Statement) {
        unsafe handle = statement.handle
    }

    /// A column as the type that is asked for, counted from 0.
    package subscript<Value: SQLValue>(_ column: Int32) -> Value {
        Value.read(from: self, at: column)
    }

    func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    /// Whether a text or blob has no bytes, without making a value of it.
    package func isEmpty(_ column: Int32) -> Bool {
        unsafe sqlite3_column_bytes(handle, column) == 0
    }

    /// An integer column, for scans of many rows: nothing generic stands between it and the caller.
    package func integer(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(handle, column)
    }

    func text(_ column: Int32) -> String {
        // The text is asked for before its length, as SQLite's manual wants it.
        guard let start = unsafe sqlite3_column_text(handle, column) else { return "" }
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }
}
