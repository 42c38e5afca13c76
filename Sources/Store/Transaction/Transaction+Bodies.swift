package import Base
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
    /// What `StructureMaker` made of them: whoever inserts a message of this body keeps it.
    let structure: [UInt8]?
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

    /// The bytes of a body, checked against its hash (INV-3).
    package func bytes(ofBody hash: [UInt8]) throws(StoreError) -> [UInt8] {
        guard let place = try place(ofBody: hash) else { throw .missing("body \(Hexadecimal.encode(hash))") }
        return try bodies.read(hash, at: place)
    }

    /// The bytes of an edition: block, then body (INV-3).
    package func bytes(of edition: EditionID) throws(StoreError) -> [UInt8] {
        guard let row = try self.edition(edition) else { throw .missing("edition \(edition)") }
        return row.block + (try bytes(ofBody: row.body))
    }

    /// Some bytes of an edition, as far as it has them; the body is not read whole.
    package func bytes(of edition: EditionID, _ range: Range<Int>) throws(StoreError) -> [UInt8] {
        guard let row = try self.edition(edition) else { throw .missing("edition \(edition)") }
        let range = range.clamped(to: 0..<row.size)
        let inBlock = range.clamped(to: 0..<row.block.count)
        let inBody = range.clamped(to: row.block.count..<row.size)
        var result = Array(row.block[inBlock])
        if !inBody.isEmpty {
            let start = inBody.lowerBound - row.block.count
            result += try bytes(ofBody: row.body, start..<(start + inBody.count))
        }
        return result
    }

    private func bytes(ofBody hash: [UInt8], _ range: Range<Int>) throws(StoreError) -> [UInt8] {
        let found = try first(
            "SELECT bytes IS NULL, substr(bytes, ?, ?) FROM body WHERE hash = ?",
            range.lowerBound + 1,
            range.count,
            hash
        ) { (isFile: $0[0] as Bool, bytes: $0[1] as [UInt8]) }
        guard let found else { throw .missing("body \(Hexadecimal.encode(hash))") }
        return found.isFile ? try bodies.read(hash, range) : found.bytes
    }

    /// The size of a body in octets; nil where there is none.
    package func size(ofBody hash: [UInt8]) throws(StoreError) -> Int? {
        try first("SELECT size FROM body WHERE hash = ?", hash) { $0[0] }
    }
}

extension Transaction {
    /// Takes in bytes that the change itself made, such as a letter.
    ///
    /// They are not parsed here, since all changes wait for this thread: a structure that is missing is made when it
    /// is first asked for.
    package func prepare(_ bytes: [UInt8]) throws(StoreError) -> StoredBody {
        try bodies.prepare(bytes, isShown: false)
    }

    /// Makes a prepared body part of the store; the same bytes are kept once.
    package func insertBody(_ body: StoredBody) throws(StoreError) {
        guard made.bodies.insert(body.hash).inserted else { return }
        try run(
            "INSERT INTO body (hash, size, bytes) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING",
            body.hash,
            body.size,
            body.bytes
        )
    }

    /// Removes at most `limit` bodies that no row names and nobody holds; gives all and those in files.
    func removeUnusedBodies(limit: Int) throws(StoreError) -> (count: Int, files: [BodyFile]) {
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
        var files: [BodyFile] = []
        var count = 0
        for body in unused where !bodies.pins.isPinned(body.hash) {
            try run("DELETE FROM body WHERE hash = ?", body.hash)
            count += 1
            if body.isFile {
                files.append(BodyFile(hash: body.hash, path: bodies.path(of: body.hash), isFinished: true))
            }
        }
        return (count, files)
    }

    /// Removes a body that no row names and nobody holds; gives its file, if it lies in one.
    func removeBodyIfUnused(_ hash: [UInt8]) throws(StoreError) -> BodyFile? {
        guard !bodies.pins.isPinned(hash) else { return nil }
        let isFile = try first(
            """
            DELETE FROM body WHERE hash = ?
                AND NOT EXISTS (SELECT 1 FROM message m WHERE m.body = body.hash)
                AND NOT EXISTS (SELECT 1 FROM outbound_revision r WHERE r.submitted = body.hash)
                AND NOT EXISTS (SELECT 1 FROM outbound_revision r WHERE r.transmit = body.hash)
            RETURNING bytes IS NULL
            """,
            hash
        ) { $0[0] as Bool }
        return isFile == true ? BodyFile(hash: hash, path: bodies.path(of: hash), isFinished: true) : nil
    }

    /// Removes those of the files that no row names.
    func removeFiles(_ files: [BodyFile]) throws(StoreError) {
        var unused: [BodyFile] = []
        for file in files {
            if file.isFinished, try place(ofBody: file.hash) != nil { continue }
            unused.append(file)
        }
        bodies.remove(unused)
    }
}
