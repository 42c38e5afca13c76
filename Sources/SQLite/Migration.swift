/// One step of a schema's history; steps are only ever added.
package struct Migration: Sendable {
    /// From 1, without gaps; stored as the database's user_version.
    package let version: Int
    package let sql: String

    package init(version: Int, sql: String) {
        self.version = version
        self.sql = sql
    }
}

extension Connection {
    /// The version of the schema in the database; 0 before the first migration.
    package func schemaVersion() throws(SQLiteError) -> Int {
        try first("PRAGMA user_version") { $0[0] } ?? 0
    }

    /// Brings the schema to its newest version, all steps in one transaction.
    package func migrate(_ migrations: [Migration]) throws {
        let current = try schemaVersion()
        let missing = migrations.filter { $0.version > current }
        guard let last = missing.last else { return }
        try transaction(.write) {
            for migration in missing { try execute(migration.sql) }
            try execute("PRAGMA user_version = \(last.version)")
        }
    }
}
