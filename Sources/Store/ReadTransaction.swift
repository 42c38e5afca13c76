internal import SQLite

/// The store as it is at one moment: what a read sees, and what a change sees of its own.
///
/// Lent to a closure and not `Sendable`: it lasts one call. The queries stand beside the changes
/// of the same concern, in `Transaction+….swift`.
package class ReadTransaction {
    let connection: Connection
    let bodies: Bodies

    init(_ connection: Connection, bodies: Bodies) {
        self.connection = connection
        self.bodies = bodies
    }

    /// The first row of a result.
    func first<Result, each Value: SQLValue>(
        _ sql: StaticString,
        _ values: repeat each Value,
        row: (borrowing Row) -> Result
    ) throws(StoreError) -> Result? {
        do {
            return try connection.first(sql, repeat each values, row: row)
        } catch {
            throw StoreError(error)
        }
    }

    /// Every row of a result.
    func all<Result, each Value: SQLValue>(
        _ sql: StaticString,
        _ values: repeat each Value,
        row: (borrowing Row) -> Result
    ) throws(StoreError) -> [Result] {
        do {
            return try connection.all(sql, repeat each values, row: row)
        } catch {
            throw StoreError(error)
        }
    }

    /// Lends each row of a result in turn, as long as the closure answers true.
    func scan<each Value: SQLValue>(
        _ sql: StaticString,
        _ values: repeat each Value,
        row: (borrowing Row) -> Bool
    ) throws(StoreError) {
        do {
            try connection.scan(sql, repeat each values, row: row)
        } catch {
            throw StoreError(error)
        }
    }
}
