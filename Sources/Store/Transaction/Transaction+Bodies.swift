internal import Base
internal import Crypto
internal import SQLite

/// The bytes of a body that `Store.prepare` has taken in: ready to be named by a row.
///
/// As long as one lives, the collection of unused bodies leaves it alone.
package struct StoredBody: Sendable {
    /// SHA-256 of the bytes.
    package let hash: [UInt8]
    package let size: Int
    /// The bytes themselves, where they go into the database; nil where a synced file holds them.
    let bytes: [UInt8]?
    let pin: BodyPin
}

/// Where the bytes of a body lie.
enum BodyPlace {
    case database([UInt8])
    case file(size: Int)
}

extension ReadTransaction {
    func place(ofBody hash: [UInt8]) throws(StoreError) -> BodyPlace? {
        try first("SELECT size, bytes FROM body WHERE hash = ?", hash) { row in
            let bytes: [UInt8]? = row[1]
            return bytes.map { .database($0) } ?? .file(size: row[0])
        }
    }

    /// The size of a body in octets; nil where there is none.
    package func size(ofBody hash: [UInt8]) throws(StoreError) -> Int? {
        try first("SELECT size FROM body WHERE hash = ?", hash) { $0[0] }
    }
}

extension Transaction {
    /// Makes a prepared body part of the store; the same bytes are kept once.
    package func insertBody(_ body: StoredBody) throws(StoreError) {
        try run(
            "INSERT INTO body (hash, size, bytes) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING",
            body.hash,
            body.size,
            body.bytes
        )
    }

    /// Removes at most `limit` bodies that no row names and nobody holds; gives those in files.
    func removeUnusedBodies(limit: Int, keeping isPinned: ([UInt8]) -> Bool) throws(StoreError) -> [[UInt8]] {
        let unused = try all(
            """
            SELECT hash, bytes IS NULL FROM body b
            WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.body = b.hash)
                AND NOT EXISTS (SELECT 1 FROM outbound_revision r WHERE r.submitted = b.hash)
                AND NOT EXISTS (SELECT 1 FROM outbound_revision r WHERE r.transmit = b.hash)
            LIMIT ?
            """,
            limit
        ) { (hash: $0[0] as [UInt8], isFile: $0[1] as Bool) }
        var files: [[UInt8]] = []
        for body in unused where !isPinned(body.hash) {
            try run("DELETE FROM body WHERE hash = ?", body.hash)
            if body.isFile { files.append(body.hash) }
        }
        return files
    }
}
