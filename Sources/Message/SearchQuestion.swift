package import Base

/// What SEARCH asks of a message, beyond what a mailbox's snapshot knows.
package enum SearchQuestion: Sendable, Hashable {
    /// Whether a field of this name holds the text; the empty text asks whether there is one.
    case field(String, SearchText)
    case body(SearchText)
    /// Header or body.
    case text(SearchText)
    /// Whether the day of the Date field, as `20261122`, is among these.
    case sent(ClosedRange<Int>)

    /// Whether the header alone answers it.
    package var isOfHeader: Bool {
        switch self {
        case .field, .sent: true
        case .body, .text: false
        }
    }
}

extension SearchableMessage {
    /// The answer that reading the message gives; the only true one.
    package mutating func answer(_ question: SearchQuestion) -> Bool {
        switch question {
        case .field(let name, let text): return hasField(name, holding: text)
        case .body(let text): return text.isEmpty || holds(text, in: .body)
        case .text(let text): return text.isEmpty || holds(text, in: .header) || holds(text, in: .body)
        case .sent(let days): return sentDay.map { days.contains($0) } ?? false
        }
    }

    /// The day of the Date field in its own zone, as `20261122`.
    package var sentDay: Int? {
        mutating get { sent.map { $0.year * 10_000 + $0.month * 100 + $0.day } }
    }
}

/// What an index knows of one question, for each edition of a range.
package struct IndexAnswer: Sendable {
    /// The editions for which it knows anything.
    private let known: Range<Int64>
    /// Certainly among the found, without being read.
    private let sure: EditionBits
    /// Only reading them tells.
    private let open: EditionBits

    package init(known: Range<Int64>, sure: EditionBits, open: EditionBits) {
        self.known = known
        self.sure = sure
        self.open = open
    }

    /// Of an index that knows nothing.
    package static let nothing = Self(known: 0..<0, sure: EditionBits(), open: EditionBits())

    /// Whether the edition is found; nil where it has to be read.
    package func finds(_ edition: EditionID) -> Bool? {
        let number = edition.rawValue
        guard known.contains(number) else { return nil }
        if sure.contains(number) { return true }
        return open.contains(number) ? nil : false
    }
}

/// A set of editions of a range, one bit each.
package struct EditionBits: Sendable, Hashable {
    private let first: Int64
    private var words: [UInt64]

    package init() { self.init(0..<0) }

    /// The empty set of editions of a range.
    package init(_ range: Range<Int64>) {
        first = range.lowerBound
        words = [UInt64](repeating: 0, count: (range.count + 63) / 64)
    }

    /// Every edition of a range.
    package init(all range: Range<Int64>) {
        self.init(range)
        for index in words.indices { words[index] = .max }
    }

    package func contains(_ number: Int64) -> Bool {
        let offset = number - first
        guard offset >= 0, offset < Int64(words.count) * 64 else { return false }
        return words[Int(offset >> 6)] & (1 << UInt64(offset & 63)) != 0
    }

    /// Adds a number, and tells whether it is new; one outside the range is passed over.
    @discardableResult
    package mutating func insert(_ number: Int64) -> Bool {
        let offset = number - first
        guard offset >= 0, offset < Int64(words.count) * 64 else { return false }
        let bit: UInt64 = 1 << UInt64(offset & 63)
        guard words[Int(offset >> 6)] & bit == 0 else { return false }
        words[Int(offset >> 6)] |= bit
        return true
    }

    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// The numbers of a range of which one of eight neighbours is in this set, which begins at eight
    /// times the range's first.
    package func folded(over range: Range<Int64>) -> Self {
        var result = Self(range)
        for (index, word) in words.enumerated() where word != 0 {
            for place in 0..<8 where word >> UInt64(place * 8) & 0xFF != 0 {
                result.insert(range.lowerBound + Int64(index * 8 + place))
            }
        }
        return result
    }

    /// Both sets are of the same range.
    package mutating func formUnion(_ other: Self) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    package mutating func formIntersection(_ other: Self) {
        for index in words.indices { words[index] &= other.words[index] }
    }
}
