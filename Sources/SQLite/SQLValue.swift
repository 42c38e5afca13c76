package import Base
internal import CSQLite

/// A Swift type that is bound to a parameter and read from a column.
///
/// A type that wraps another one states both ways in terms of it, so that only the few below touch
/// SQLite.
package protocol SQLValue {
    /// Binds itself to a parameter, counted from 1.
    func bind(to parameters: borrowing Parameters, at index: Int32) throws(SQLiteError)
    /// Reads a column, counted from 0; NULL reads as zero or empty.
    static func read(from row: borrowing Row, at column: Int32) -> Self
}

extension Int64: SQLValue {
    package func bind(to parameters: borrowing Parameters, at index: Int32) throws(SQLiteError) {
        try parameters.bind(self, at: index)
    }

    package static func read(from row: borrowing Row, at column: Int32) -> Int64 { row.integer(column) }
}

extension Int: SQLValue {
    package func bind(to parameters: borrowing Parameters, at index: Int32) throws(SQLiteError) {
        try parameters.bind(Int64(self), at: index)
    }

    package static func read(from row: borrowing Row, at column: Int32) -> Int { Int(row.integer(column)) }
}

extension UInt32: SQLValue {
    package func bind(to parameters: borrowing Parameters, at index: Int32) throws(SQLiteError) {
        try parameters.bind(Int64(self), at: index)
    }

    package static func read(from row: borrowing Row, at column: Int32) -> UInt32 {
        UInt32(truncatingIfNeeded: row.integer(column))
    }
}

extension UInt64: SQLValue {
    package func bind(to parameters: borrowing Parameters, at index: Int32) throws(SQLiteError) {
        try parameters.bind(Int64(bitPattern: self), at: index)
    }

    package static func read(from row: borrowing Row, at column: Int32) -> UInt64 {
        UInt64(bitPattern: row.integer(column))
    }
}

extension Bool: SQLValue {
    package func bind(to parameters: borrowing Parameters, at index: Int32) throws(SQLiteError) {
        try parameters.bind(self ? 1 : 0, at: index)
    }

    package static func read(from row: borrowing Row, at column: Int32) -> Bool { row.integer(column) != 0 }
}

extension String: SQLValue {
    package func bind(to parameters: borrowing Parameters, at index: Int32) throws(SQLiteError) {
        try parameters.bind(self, at: index)
    }

    package static func read(from row: borrowing Row, at column: Int32) -> String { row.text(column) }
}

extension [UInt8]: SQLValue {
    package func bind(to parameters: borrowing Parameters, at index: Int32) throws(SQLiteError) {
        try parameters.bind(self, at: index)
    }

    package static func read(from row: borrowing Row, at column: Int32) -> [UInt8] { row.bytes(column) }
}

extension Optional: SQLValue where Wrapped: SQLValue {
    package func bind(to parameters: borrowing Parameters, at index: Int32) throws(SQLiteError) {
        if let self {
            try self.bind(to: parameters, at: index)
        } else {
            try parameters.bindNull(at: index)
        }
    }

    package static func read(from row: borrowing Row, at column: Int32) -> Wrapped? {
        row.isNull(column) ? nil : Wrapped.read(from: row, at: column)
    }
}

extension Timestamp: SQLValue {
    package func bind(to parameters: borrowing Parameters, at index: Int32) throws(SQLiteError) {
        try parameters.bind(milliseconds, at: index)
    }

    package static func read(from row: borrowing Row, at column: Int32) -> Timestamp {
        Timestamp(milliseconds: row.integer(column))
    }
}

extension RowIdentifier {
    package func bind(to parameters: borrowing Parameters, at index: Int32) throws(SQLiteError) {
        try parameters.bind(rawValue, at: index)
    }

    package static func read(from row: borrowing Row, at column: Int32) -> Self { Self(rawValue: row.integer(column)) }
}

extension AccountID: SQLValue {}
extension MailboxID: SQLValue {}
extension MessageID: SQLValue {}
extension EditionID: SQLValue {}
extension ConversationID: SQLValue {}
extension OutboundID: SQLValue {}
extension EventNumber: SQLValue {}
