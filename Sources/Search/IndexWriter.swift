internal import Base
internal import SQLite

/// Changes the index; used by one thread at a time.
struct IndexWriter {
    let connection: Connection

    /// Octets and slots of one row of postings; a full one is left alone for ever.
    private static let rowOctets = 1024
    private static let rowSlots = 2048

    /// The last edition that the index knows.
    func through() throws(SQLiteError) -> EditionID {
        EditionID(rawValue: try connection.first("SELECT through FROM state WHERE id = 1") { $0[0] } ?? 0)
    }

    /// Adds messages whose editions come behind all that the index knows, in one transaction.
    func add(_ messages: IndexedMessages, through: EditionID) throws {
        try connection.transaction(.write) {
            for document in messages.documents {
                try connection.run(
                    "INSERT INTO document (edition, sent, is_whole) VALUES (?, ?, ?)",
                    document.edition,
                    document.sentDay,
                    document.isWhole
                )
            }
            // Everything in the order of its table, so that neighbours are met together.
            var known: [(id: Int64, slots: [Int64])] = []
            let words = messages.words.map { (hash: Self.hash($0.key), text: $0.key, slots: $0.value) }
            for word in words.sorted(by: { $0.hash < $1.hash }) {
                if let id = try wordID(word.text, word.hash) {
                    known.append((id, word.slots))
                } else {
                    try insert(word.slots, of: try insertWord(word.text, word.hash))
                }
            }
            for (id, slots) in known.sorted(by: { $0.id < $1.id }) { try append(slots, to: id) }
            for (pair, slots) in messages.pairs.sorted(by: { $0.key < $1.key }) { try append(slots, to: pair) }
            try connection.run("UPDATE state SET through = ? WHERE id = 1", through)
        }
    }

    private func wordID(_ word: [UInt8], _ hash: Int64) throws(SQLiteError) -> Int64? {
        try connection.first("SELECT id FROM word WHERE hash = ? AND text = ?", hash, word) { $0[0] }
    }

    private func insertWord(_ word: [UInt8], _ hash: Int64) throws(SQLiteError) -> Int64 {
        try connection.run("INSERT INTO word (hash, text) VALUES (?, ?)", hash, word)
        let id = connection.lastInsertedRow
        try connection.run("INSERT INTO trigram (rowid, text) VALUES (?, CAST(? AS TEXT))", id, word)
        return id
    }

    private func append(_ slots: [Int64], to term: Int64) throws(SQLiteError) {
        let last = try connection.first(
            "SELECT first, slots FROM posting WHERE term = ? ORDER BY first DESC LIMIT 1",
            term
        ) { (first: $0[0] as Int64, bytes: $0[1] as [UInt8]) }
        guard let last, last.bytes.count < Self.rowOctets else { return try insert(slots, of: term) }
        var all = SlotList.decode(last.bytes, first: last.first)
        guard all.count < Self.rowSlots else { return try insert(slots, of: term) }
        all += slots
        try connection.run(
            "UPDATE posting SET slots = ? WHERE term = ? AND first = ?",
            SlotList.encode(all),
            term,
            last.first
        )
    }

    private func insert(_ slots: [Int64], of term: Int64) throws(SQLiteError) {
        guard let first = slots.first else { return }
        try connection.run(
            "INSERT INTO posting (term, first, slots) VALUES (?, ?, ?)",
            term,
            first,
            SlotList.encode(slots)
        )
    }

    /// FNV-1a: only spreads the words over an index; the text itself is compared.
    static func hash(_ word: [UInt8]) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int64(bitPattern: hash)
    }

    // MARK: Removal

    func countDocuments() throws(SQLiteError) -> Int {
        try connection.first("SELECT count(*) FROM document") { $0[0] } ?? 0
    }

    /// The editions that the index knows, ascending.
    func editions() throws(SQLiteError) -> [EditionID] {
        try connection.all("SELECT edition FROM document ORDER BY edition") { $0[0] }
    }

    /// Takes every trace of these editions out of the index: words that only they held, too (INV-6).
    ///
    /// Goes through all postings, since nothing else says which words a message held.
    func remove(_ editions: Set<EditionID>) throws {
        guard !editions.isEmpty else { return }
        try connection.transaction(.write) {
            for edition in editions { try connection.run("DELETE FROM document WHERE edition = ?", edition) }
            let terms: [Int64] = try connection.all("SELECT DISTINCT term FROM posting") { $0[0] }
            for term in terms { try remove(editions, from: term) }
            // What is deleted from FTS5 stays in its segments until they are merged.
            try connection.run("INSERT INTO trigram (trigram) VALUES ('optimize')")
        }
        // Free pages and the log still hold what stood there before.
        try connection.run("VACUUM")
        try connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    private func remove(_ editions: Set<EditionID>, from term: Int64) throws(SQLiteError) {
        let rows = try connection.all("SELECT first, slots FROM posting WHERE term = ?", term) {
            (first: $0[0] as Int64, bytes: $0[1] as [UInt8])
        }
        var isEmpty = true
        for row in rows {
            let slots = SlotList.decode(row.bytes, first: row.first)
            let kept = slots.filter { !editions.contains(EditionID(rawValue: $0 / IndexedMessages.places)) }
            isEmpty = isEmpty && kept.isEmpty
            guard kept.count < slots.count else { continue }
            try connection.run("DELETE FROM posting WHERE term = ? AND first = ?", term, row.first)
            try insert(kept, of: term)
        }
        guard isEmpty, term > 0 else { return }
        let text: [UInt8]? = try connection.first("SELECT text FROM word WHERE id = ?", term) { $0[0] }
        guard let text else { return }
        try connection.run(
            "INSERT INTO trigram (trigram, rowid, text) VALUES ('delete', ?, CAST(? AS TEXT))",
            term,
            text
        )
        try connection.run("DELETE FROM word WHERE id = ?", term)
    }
}
