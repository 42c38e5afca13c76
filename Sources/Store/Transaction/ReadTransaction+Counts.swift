internal import Base
internal import SQLite

extension ReadTransaction {
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
