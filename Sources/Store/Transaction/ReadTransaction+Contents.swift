package import Base
internal import Crypto
internal import SQLite

/// Bytes of an edition from its first one: block, then body.
package struct StoredContent: Sendable {
    /// Octets of the whole edition.
    package let size: Int
    /// All of them if `bytes.count == size`.
    package let bytes: [UInt8]
}

extension ReadTransaction {
    /// The bytes of an edition (INV-3); `nil` where it or its body is gone.
    ///
    /// `isEnough` says whether a part from the start will do: asked of large bodies alone, which are then
    /// not read whole. What is read whole is checked against its hash.
    package func content(
        of edition: EditionID,
        isEnough: (_ start: [UInt8]) -> Bool = { _ in false }
    ) throws(StoreError) -> StoredContent? {
        let found = try first(
            """
            SELECT e.block, e.size, b.hash, b.size, b.bytes
            FROM edition e JOIN message m ON m.id = e.message JOIN body b ON b.hash = m.body WHERE e.id = ?
            """,
            edition
        ) { row in
            let bytes: [UInt8]? = row[4]
            return (
                block: row[0] as [UInt8],
                size: row[1] as Int,
                hash: row[2] as [UInt8],
                place: bytes.map { BodyPlace.database($0) } ?? .file(size: row[3])
            )
        }
        guard let found else { return nil }
        if case .file(let size) = found.place {
            var end = Self.firstStart
            while end < size {
                let start = found.block + (try bodies.read(found.hash, 0..<end))
                if isEnough(start) { return StoredContent(size: found.size, bytes: start) }
                end *= 8
            }
        }
        return StoredContent(size: found.size, bytes: found.block + (try bodies.read(found.hash, at: found.place)))
    }

    /// A slice of an edition, `nil` where it or its body is gone; the body is not read whole.
    ///
    /// With the first slice the whole body is checked against its hash (INV-3).
    package func slice(of edition: EditionID, _ range: Range<Int>) throws(StoreError) -> [UInt8]? {
        guard let row = try self.edition(edition), let place = try place(ofBody: row.body) else { return nil }
        if range.lowerBound == 0, case .file(let size) = place { try bodies.check(row.body, size: size) }
        return try bytes(of: edition, range)
    }

    /// Octets of a large body that are read first, in search of the end of its header.
    private static let firstStart = 32 * 1024
}
