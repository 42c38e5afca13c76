internal import CSQLite

/// SQLite's result code, extended where there is one.
package struct ResultCode: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// The code without its extension.
    package var primary: Self { Self(rawValue: rawValue & 0xFF) }

    package static let ok = Self(rawValue: SQLITE_OK)
    package static let error = Self(rawValue: SQLITE_ERROR)
    package static let busy = Self(rawValue: SQLITE_BUSY)
    package static let locked = Self(rawValue: SQLITE_LOCKED)
    package static let noMemory = Self(rawValue: SQLITE_NOMEM)
    package static let readOnly = Self(rawValue: SQLITE_READONLY)
    package static let interrupted = Self(rawValue: SQLITE_INTERRUPT)
    package static let ioError = Self(rawValue: SQLITE_IOERR)
    package static let corrupt = Self(rawValue: SQLITE_CORRUPT)
    package static let full = Self(rawValue: SQLITE_FULL)
    package static let cannotOpen = Self(rawValue: SQLITE_CANTOPEN)
    package static let constraint = Self(rawValue: SQLITE_CONSTRAINT)
    package static let notADatabase = Self(rawValue: SQLITE_NOTADB)
    package static let ioErrorSync = Self(rawValue: SQLITE_IOERR | (4 << 8))
    package static let ioErrorDirectorySync = Self(rawValue: SQLITE_IOERR | (5 << 8))

    /// Whether the code is `pattern` or, where `pattern` has no extension, an extension of it.
    package static func ~= (pattern: Self, code: Self) -> Bool {
        pattern.rawValue > 0xFF ? code == pattern : code.primary == pattern
    }
}

/// What SQLite refused: ours, never a client's fault.
package struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    package let code: ResultCode
    /// SQLite's own words.
    package let message: String
    /// The statement that failed, without its values; empty where there was none.
    package let sql: String

    package init(code: ResultCode, message: String, sql: String = "") {
        self.code = code
        self.message = message
        self.sql = sql
    }

    package var description: String {
        sql.isEmpty ? "\(message) (\(code.rawValue))" : "\(message) (\(code.rawValue)) in: \(sql)"
    }
}
