package import Base
internal import SQLite

extension Store {
    /// Forgets attempts of the relay that ended before a time, of messages of which nothing becomes any more.
    ///
    /// Gives how many; the ledger keeps what came of them. Works in slices between other changes.
    @discardableResult
    package func trimAttempts(endedBefore time: Timestamp, slice: Int = Limits.tombstonesPerTrim) async throws -> Int {
        var removed = 0
        while true {
            let count = try await write { try $0.trimAttempts(endedBefore: time, limit: slice) }
            removed += count
            guard count == slice else { return removed }
        }
    }
}

extension Transaction {
    /// A message is sent as soon as one recipient has it: the attempts stay while another one waits.
    fileprivate func trimAttempts(endedBefore time: Timestamp, limit: Int) throws(StoreError) -> Int {
        try all(
            """
            DELETE FROM attempt WHERE id IN (
                SELECT a.id FROM attempt a JOIN outbound o ON o.id = a.outbound
                WHERE a.ended_at < ? AND o.state NOT IN ('held', 'approved', 'queued')
                    AND NOT EXISTS (
                        SELECT 1 FROM outbound_recipient r
                        WHERE r.outbound = a.outbound AND r.state IN ('waiting', 'parked'))
                ORDER BY a.ended_at LIMIT ?)
            RETURNING id
            """,
            time,
            limit
        ) { $0[0] as Int64 }.count
    }
}
