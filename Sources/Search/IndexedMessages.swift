internal import Base
internal import Message

/// Messages read and cut into words, to be written into the index together.
struct IndexedMessages: Sendable {
    struct Document: Sendable {
        let edition: EditionID
        /// The day of the Date field, as `20261122`.
        let sentDay: Int?
        /// Whether the index knows all its words; else it is read in every search.
        let isWhole: Bool
    }

    private(set) var documents: [Document] = []
    /// The slots of each word, ascending.
    private(set) var words: [[UInt8]: [Int64]] = [:]
    /// The slots of each letter and pair of letters, ascending.
    private(set) var pairs: [Int64: [Int64]] = [:]
    /// Octets of folded text.
    private(set) var octets = 0

    init() {}

    /// Slots of one edition.
    static let places: Int64 = 8

    static func slot(_ edition: EditionID, _ place: SearchPlace) -> Int64 {
        edition.rawValue * places + Int64(place.rawValue)
    }

    /// Adds a message that comes behind all that were added.
    mutating func add(_ edition: EditionID, _ bytes: [UInt8]) {
        var message = SearchableMessage(bytes)
        let sentDay = message.sentDay
        let pieces = SearchPlace.allCases.map { (place: $0, texts: message.pieces(of: $0)) }
        let size = pieces.reduce(0) { $0 + $1.texts.reduce(0) { $0 + $1.count } }
        let isWhole = size <= Limits.indexedText
        documents.append(Document(edition: edition, sentDay: sentDay, isWhole: isWhole))
        guard isWhole else { return }
        octets += size
        for (place, texts) in pieces {
            let slot = Self.slot(edition, place)
            let words = Words.of(place)
            var seen = LetterPairs.Seen()
            for text in texts {
                words.scan(text) { note($0, slot) }
                LetterPairs.scan(text, unless: &seen) { note($0, slot) }
            }
        }
    }

    /// A message whose bytes are gone or damaged: every search finds that out by itself.
    mutating func addUnreadable(_ edition: EditionID) {
        documents.append(Document(edition: edition, sentDay: nil, isWhole: false))
    }

    private mutating func note(_ word: ArraySlice<UInt8>, _ slot: Int64) {
        // Shorter ones are found as letters and pairs.
        guard word.count >= 3, Scalars.count(word, upTo: 3) == 3 else { return }
        let key = Array(word)
        if words[key]?.last != slot { words[key, default: []].append(slot) }
    }

    private mutating func note(_ pair: Int64, _ slot: Int64) {
        if pairs[pair]?.last != slot { pairs[pair, default: []].append(slot) }
    }
}
