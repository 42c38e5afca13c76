package import Base
internal import SQLite

extension ReadTransaction {
    /// The editions behind one, oldest first, with their sizes in octets.
    package func editions(after edition: EditionID, limit: Int) throws(StoreError) -> [(id: EditionID, size: Int)] {
        try all("SELECT id, size FROM edition WHERE id > ? ORDER BY id LIMIT ?", edition, limit) {
            (id: $0[0], size: $0[1])
        }
    }

    /// Those of the editions that are there.
    package func existing(_ editions: [EditionID]) throws(StoreError) -> Set<EditionID> {
        var result: Set<EditionID> = []
        for edition in editions
        where try first("SELECT 1 FROM edition WHERE id = ?", edition, row: { $0[0] as Int }) != nil {
            result.insert(edition)
        }
        return result
    }

    /// How many editions there are up to one, and behind it.
    package func countEditions(through edition: EditionID) throws(StoreError) -> (before: Int, behind: Int) {
        let before = try first("SELECT count(*) FROM edition WHERE id <= ?", edition) { $0[0] as Int }
        let behind = try first("SELECT count(*) FROM edition WHERE id > ?", edition) { $0[0] as Int }
        return (before ?? 0, behind ?? 0)
    }
}
