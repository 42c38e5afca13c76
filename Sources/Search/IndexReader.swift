internal import Base
internal import Message
internal import SQLite

/// Answers questions from the index, as it is at one moment.
struct IndexReader {
    private let connection: Connection
    /// The editions that are asked for and that the index knows.
    private let editions: Range<Int64>
    /// How many of them it has.
    private let documents: Int

    /// What one text gives: certain finds, and those that only reading decides.
    private struct Finds {
        var sure: EditionBits
        var open: EditionBits
    }

    /// Called inside a read transaction, which the reader must not outlast.
    init(_ connection: Connection, from: EditionID, through: EditionID) throws(SQLiteError) {
        self.connection = connection
        let known: Int64 = try connection.first("SELECT through FROM state WHERE id = 1") { $0[0] } ?? 0
        let first = max(from.rawValue, 0)
        let last = min(through.rawValue, known)
        editions = first <= last ? first..<(last + 1) : 0..<0
        documents =
            try connection.first(
                "SELECT count(*) FROM document WHERE edition >= ? AND edition < ?",
                editions.lowerBound,
                editions.upperBound
            ) { $0[0] } ?? 0
    }

    func answers(to questions: [SearchQuestion]) throws(SQLiteError) -> [IndexAnswer] {
        guard editions.count / 8 * (questions.count * 2 + 16) <= Limits.searchAnswers else { return [] }
        let unread = try documentsInPart()
        var answers: [IndexAnswer] = []
        for question in questions {
            var finds = try finds(for: question)
            if case .sent = question {} else { finds.open.formUnion(unread) }
            answers.append(IndexAnswer(known: editions, sure: finds.sure, open: finds.open))
        }
        return answers
    }

    private func finds(for question: SearchQuestion) throws(SQLiteError) -> Finds {
        switch question {
        case .sent(let days):
            return Finds(sure: try sent(days), open: EditionBits(editions))
        case .body(let text):
            return try finds(text.bytes, in: [.body])
        case .text(let text):
            var finds = try finds(text.bytes, in: [.header, .body])
            // What the fields know for certain, addresses above all, need not be read.
            if !finds.open.isEmpty {
                finds.sure.formUnion(try self.finds(text.bytes, in: [.from, .to, .cc, .bcc, .subject]).sure)
            }
            return finds
        case .field(let name, let text):
            if let place = SearchPlace(field: name), !text.isEmpty { return try finds(text.bytes, in: [place]) }
            // Whether the text is in that field of the header is for reading to say.
            var open = try candidates(SearchText(name).bytes)
            if !text.isEmpty { open.formIntersection(try candidates(text.bytes)) }
            return Finds(sure: EditionBits(editions), open: open)
        }
    }

    /// The editions whose header may hold a text.
    private func candidates(_ text: [UInt8]) throws(SQLiteError) -> EditionBits {
        var finds = try finds(text, in: [.header])
        finds.sure.formUnion(finds.open)
        return finds.sure
    }

    // MARK: Texts

    /// Looks a text up in places whose pieces are cut alike.
    private func finds(_ text: [UInt8], in places: [SearchPlace]) throws(SQLiteError) -> Finds {
        let empty = Slots(editions, places, documents: documents)
        let none = EditionBits(editions)
        guard !text.isEmpty else { return Finds(sure: none, open: EditionBits(all: editions)) }
        if let pair = LetterPairs.key(text) {
            return Finds(sure: try slots(of: pair, empty).editions, open: none)
        }
        let parts = Words.of(places[0]).parts(of: text)
        if parts.count == 1, parts[0].fit == .inside {
            return Finds(sure: try slots(of: parts[0], empty).editions, open: none)
        }
        // Cut by signs: its parts and its letters must be there, whether in this order is to be read. All must
        // stand in the same place, so that it is not enough to know one place of each message.
        let all = Slots(editions, places, documents: nil)
        var found: Slots?
        for part in parts where Scalars.count(part.bytes, upTo: 3) == 3 {
            try narrow(&found, by: slots(of: part, all))
        }
        for pair in Set(LetterPairs.pairs(of: text)).sorted().prefix(Self.pairsOfText) {
            try narrow(&found, by: slots(of: pair, all))
        }
        return Finds(sure: none, open: found?.editions ?? none)
    }

    /// Pairs of a text that narrow its candidates; more add little.
    private static let pairsOfText = 24

    private func narrow(_ found: inout Slots?, by next: Slots) {
        if found == nil { found = next } else { found?.formIntersection(next) }
    }

    private func slots(of pair: Int64, _ empty: Slots) throws(SQLiteError) -> Slots {
        var slots = empty
        try connection.scan("SELECT first, slots FROM posting WHERE term = ? AND first < ?", pair, slots.end) { row in
            slots.insert(row[1], first: row[0])
            return slots.hasRoom
        }
        return slots
    }

    /// Where words stand that hold a part of the text as it stands there.
    private func slots(of part: Words.Part, _ empty: Slots) throws(SQLiteError) -> Slots {
        var slots = empty
        let (match, bytes, end) = (Self.match(part.bytes), part.bytes, slots.end)
        switch part.fit {
        case .inside:
            try connection.scan(
                """
                SELECT p.first, p.slots FROM trigram t JOIN word w ON w.id = t.rowid JOIN posting p ON p.term = w.id
                WHERE t.trigram MATCH ? AND instr(w.text, ?) > 0 AND p.first < ?
                """,
                match,
                bytes,
                end
            ) { row in
                slots.insert(row[1], first: row[0])
                return slots.hasRoom
            }
        case .start:
            try connection.scan(
                """
                SELECT p.first, p.slots FROM trigram t JOIN word w ON w.id = t.rowid JOIN posting p ON p.term = w.id
                WHERE t.trigram MATCH ? AND substr(w.text, 1, ?) = ? AND p.first < ?
                """,
                match,
                bytes.count,
                bytes,
                end
            ) { row in
                slots.insert(row[1], first: row[0])
                return slots.hasRoom
            }
        case .end:
            try connection.scan(
                """
                SELECT p.first, p.slots FROM trigram t JOIN word w ON w.id = t.rowid JOIN posting p ON p.term = w.id
                WHERE t.trigram MATCH ? AND substr(w.text, ?) = ? AND p.first < ?
                """,
                match,
                -bytes.count,
                bytes,
                end
            ) { row in
                slots.insert(row[1], first: row[0])
                return slots.hasRoom
            }
        case .whole:
            try connection.scan(
                """
                SELECT p.first, p.slots FROM word w JOIN posting p ON p.term = w.id
                WHERE w.hash = ? AND w.text = ? AND p.first < ?
                """,
                IndexWriter.hash(bytes),
                bytes,
                end
            ) { row in
                slots.insert(row[1], first: row[0])
                return slots.hasRoom
            }
        }
        return slots
    }

    /// Every word that holds these trigrams, as FTS5 is asked for them; at most some of them.
    private static func match(_ bytes: [UInt8]) -> String {
        let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        let last = scalars.count - 3
        let step = max(1, (last + Self.trigramsOfText) / Self.trigramsOfText)
        var terms: [String] = []
        for start in stride(from: 0, through: last, by: step) {
            var term = String.UnicodeScalarView()
            term.append(contentsOf: scalars[start..<(start + 3)])
            terms.append("\"\(String(term))\"")
        }
        return terms.joined(separator: " AND ")
    }

    private static let trigramsOfText = 16

    // MARK: Documents

    private func documentsInPart() throws(SQLiteError) -> EditionBits {
        var bits = EditionBits(editions)
        try connection.scan("SELECT edition FROM document WHERE is_whole = 0") { row in
            bits.insert(row[0])
            return true
        }
        return bits
    }

    private func sent(_ days: ClosedRange<Int>) throws(SQLiteError) -> EditionBits {
        var bits = EditionBits(editions)
        try connection.scan(
            "SELECT edition FROM document WHERE edition >= ? AND edition < ? AND sent BETWEEN ? AND ?",
            editions.lowerBound,
            editions.upperBound,
            days.lowerBound,
            days.upperBound
        ) { row in
            bits.insert(row[0])
            return true
        }
        return bits
    }
}

/// A set of slots in certain places of a range of editions.
struct Slots {
    private let range: Range<Int64>
    private let places: UInt64
    /// Enough is known once this many editions have a slot; nil where every slot counts.
    private let documents: Int?
    private var bits: EditionBits
    /// Slots in the set, and how many there will be when it is looked again whether all are found.
    private var count = 0
    private var nextLook: Int
    /// Whether any edition is not in the set yet.
    private(set) var hasRoom = true

    init(_ editions: Range<Int64>, _ places: [SearchPlace], documents: Int?) {
        range = editions
        self.documents = documents
        nextLook = documents ?? .max
        self.places = places.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
        bits = EditionBits(editions.lowerBound * IndexedMessages.places..<editions.upperBound * IndexedMessages.places)
    }

    /// Behind the last slot.
    var end: Int64 { range.upperBound * IndexedMessages.places }

    /// Adds those of a list that stand in the places.
    mutating func insert(_ list: [UInt8], first: Int64) {
        SlotList.scan(list, first: first) { slot in
            if places & (1 << UInt64(slot & 7)) != 0, bits.insert(slot) { count += 1 }
        }
        guard let documents, count >= nextLook else { return }
        hasRoom = editions.count < documents
        nextLook = count + documents / 8 + 1
    }

    mutating func formIntersection(_ other: Self) { bits.formIntersection(other.bits) }

    /// The editions that have any slot in the set.
    var editions: EditionBits { bits.folded(over: range) }
}
