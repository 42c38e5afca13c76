package import Base
internal import SQLite

extension ReadTransaction {
    /// What an account's mailboxes hold together; a message in two of them counts twice.
    package func usage(of account: AccountID) throws(StoreError) -> (messages: Int64, octets: Int64) {
        try first("SELECT coalesce(sum(messages), 0), coalesce(sum(octets), 0) FROM mailbox WHERE account = ?", account)
        {
            (messages: $0[0], octets: $0[1])
        } ?? (0, 0)
    }

    package func counts() throws(StoreError) -> StoreCounts {
        let messages = try first("SELECT count(*) FROM message") { $0[0] as Int }
        let states = try all("SELECT state, count(*), min(submitted_at) FROM outbound GROUP BY state") {
            (state: $0[0] as String, count: $0[1] as Int, oldest: $0[2] as Timestamp)
        }
        return StoreCounts(
            messages: messages ?? 0,
            outbound: Dictionary(states.map { ($0.state, $0.count) }) { first, _ in first },
            oldest: Dictionary(states.map { ($0.state, $0.oldest) }) { first, _ in first }
        )
    }
}
