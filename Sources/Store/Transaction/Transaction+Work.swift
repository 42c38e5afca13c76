package import Base
internal import SQLite

extension ReadTransaction {
    /// At most `limit` work items that are due, the longest due first.
    package func dueWork(at now: Timestamp, limit: Int) throws(StoreError) -> [WorkItemRow] {
        try all(
            """
            SELECT id, kind, subject, arguments, progress, due_at FROM work_item
            WHERE due_at <= ? ORDER BY due_at, id LIMIT ?
            """,
            now,
            limit
        ) { WorkItemRow($0) }
    }

    /// When the next work item is due; nil where there is none.
    package func nextWork() throws(StoreError) -> Timestamp? {
        try first("SELECT due_at FROM work_item ORDER BY due_at LIMIT 1") { $0[0] }
    }
}

extension Transaction {
    /// Leaves work for later, in place of what there was for the same kind and subject.
    package func addWork(
        kind: String,
        subject: String,
        arguments: [UInt8] = [],
        dueAt: Timestamp
    ) throws(StoreError) {
        try run(
            """
            INSERT INTO work_item (kind, subject, arguments, progress, due_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (kind, subject) DO UPDATE
            SET arguments = excluded.arguments, progress = excluded.progress, due_at = excluded.due_at
            """,
            kind,
            subject,
            arguments,
            [UInt8](),
            dueAt
        )
    }

    /// Notes how far a work item has come and when it goes on.
    package func continueWork(_ id: Int64, progress: [UInt8], dueAt: Timestamp) throws(StoreError) {
        try run("UPDATE work_item SET progress = ?, due_at = ? WHERE id = ?", progress, dueAt, id)
    }

    package func finishWork(_ id: Int64) throws(StoreError) {
        try run("DELETE FROM work_item WHERE id = ?", id)
    }

    /// Removes the work for a kind and subject, where there is one.
    package func dropWork(kind: String, subject: String) throws(StoreError) {
        try run("DELETE FROM work_item WHERE kind = ? AND subject = ?", kind, subject)
    }
}

extension WorkItemRow {
    init(_ row: borrowing Row) {
        self.init(
            id: row[0],
            kind: row[1],
            subject: row[2],
            arguments: row[3],
            progress: row[4],
            dueAt: row[5]
        )
    }
}
