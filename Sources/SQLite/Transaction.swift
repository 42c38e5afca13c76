extension Connection {
    package enum TransactionKind: Sendable {
        /// Takes the write lock at once, so that it cannot fail half-way for want of it.
        case write
        case read
    }

    /// Runs a closure in a transaction of its own; its error rolls everything back.
    @discardableResult
    package func transaction<Result>(_ kind: TransactionKind, _ body: () throws -> Result) throws -> Result {
        try begin(kind)
        do {
            let result = try body()
            try commit()
            return result
        } catch {
            rollback()
            throw error
        }
    }

    package func begin(_ kind: TransactionKind) throws(SQLiteError) {
        switch kind {
        case .write: try run("BEGIN IMMEDIATE")
        case .read: try run("BEGIN DEFERRED")
        }
    }

    package func commit() throws(SQLiteError) { try run("COMMIT") }

    /// Undoes the open transaction; does nothing where SQLite has already done so.
    package func rollback() {
        guard !isOutsideTransaction else { return }
        // A rollback that fails leaves the transaction open; the next begin reports it.
        _ = try? run("ROLLBACK")
    }

    /// Runs a closure inside the open transaction so that its error undoes its own changes only.
    @discardableResult
    package func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        try run("SAVEPOINT change")
        do {
            let result = try body()
            try run("RELEASE change")
            return result
        } catch {
            if !isOutsideTransaction {
                try run("ROLLBACK TO change")
                try run("RELEASE change")
            }
            throw error
        }
    }
}
