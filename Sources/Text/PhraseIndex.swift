internal import Base

/// Many phrases that are looked for in one pass over a text (campaigns' names, creators' names).
///
/// A phrase is found whole: `glow` is not in `glowing`. Punctuation and white space between its
/// words do not count. Phrases in scripts without spaces are found anywhere. The cost is that of
/// the text, whatever the number of phrases.
package struct PhraseIndex<Payload: Sendable>: Sendable {
    package struct Hit: Sendable {
        package let payload: Payload
        /// In bytes of the folded text.
        package let range: Range<Int>
        /// Whether its words stand further apart than on a line and the next.
        package var isTorn = false
    }

    private struct Phrase: Sendable {
        let words: [[UInt8]]
        let payload: Payload
    }

    /// By the hashes of the first two words; by that of the first where it is the only one, or where the second
    /// may go on in the text.
    private var spaced: [UInt64: [Phrase]] = [:]
    /// By the first two letters, in scripts without spaces.
    private var unspaced: [UInt64: [Phrase]] = [:]
    /// Which keys `spaced` may have: nearly every word of a text begins no phrase.
    private var filter = KeyFilter()

    package init() {}

    package var isEmpty: Bool { spaced.isEmpty && unspaced.isEmpty }

    /// Adds a phrase; one without a letter, or of one letter in a script without spaces, is none.
    package mutating func add(_ text: String, _ payload: Payload) {
        let folded = FoldedText(text)
        let words = folded.words.map { Array(folded.bytes[$0]) }
        guard let first = words.first else { return }
        let phrase = Phrase(words: words, payload: payload)
        if folded.unspaced.first == folded.words.first?.lowerBound {
            guard let key = Self.pair(first, at: 0) else { return }
            unspaced[key, default: []].append(phrase)
            return
        }
        var key = folded.hashes[0]
        if words.count > 1, !Self.mayGoOn(words[1]) { key = Self.joined(key, folded.hashes[1]) }
        spaced[key, default: []].append(phrase)
        filter.insert(key, of: spaced)
    }

    /// The phrases that the text holds, in order; one inside a longer one is not told.
    package func hits(in text: FoldedText) -> [Hit] { Self.outermost(everyHit(in: text)) }

    /// Every phrase that the text holds, those inside longer ones as well, in no order.
    ///
    /// `torn`: Those too whose words stand far apart, with no other word between them.
    package func everyHit(in text: FoldedText, torn: Bool = false) -> [Hit] {
        guard !isEmpty else { return [] }
        var hits: [Hit] = []
        if !spaced.isEmpty {
            let hashes = text.hashes.span
            for number in hashes.indices {
                let key = hashes[number]
                if filter.mayHold(key) { find(key, in: text, at: number, torn, &hits) }
                guard number + 1 < hashes.count else { break }
                let pair = Self.joined(key, hashes[number + 1])
                if filter.mayHold(pair) { find(pair, in: text, at: number, torn, &hits) }
            }
        }
        if !unspaced.isEmpty {
            for start in text.unspaced {
                guard let key = Self.pair(text.bytes, at: start), let phrases = unspaced[key] else { continue }
                for phrase in phrases {
                    guard let end = Self.end(of: phrase, in: text, from: start) else { continue }
                    hits.append(Hit(payload: phrase.payload, range: start..<end))
                }
            }
        }
        return hits
    }

    private func find(_ key: UInt64, in text: FoldedText, at number: Int, _ torn: Bool, _ hits: inout [Hit]) {
        guard let phrases = spaced[key] else { return }
        for phrase in phrases {
            guard let (end, isTorn) = Self.end(of: phrase, in: text, at: number), torn || !isTorn else { continue }
            hits.append(
                Hit(payload: phrase.payload, range: text.words[number].lowerBound..<end, isTorn: isTorn)
            )
        }
    }

    /// Where a phrase ends whose first word has the number, or `nil`.
    private static func end(of phrase: Phrase, in text: FoldedText, at number: Int) -> (end: Int, isTorn: Bool)? {
        guard number + phrase.words.count <= text.words.count else { return nil }
        var end = 0
        var isTorn = false
        for (offset, word) in phrase.words.enumerated() {
            let range = text.words[number + offset]
            if offset > 0 {
                // The words of a phrase stand on one line, or the line was folded.
                if range.lowerBound - end > widestGap { isTorn = true }
                if text.bytes[end..<range.lowerBound].contains(Disguise.separatorByte) { return nil }
            }
            end = range.lowerBound + word.count
            if text.bytes[range].elementsEqual(word) { continue }
            // The last word may go on where its script has no spaces.
            guard offset + 1 == phrase.words.count, text.bytes[range].starts(with: word), mayGoOn(word) else {
                return nil
            }
        }
        return (end, isTorn)
    }

    /// The same in scripts without spaces: byte for byte, blanks between words aside.
    private static func end(of phrase: Phrase, in text: FoldedText, from start: Int) -> Int? {
        var index = start
        for (number, word) in phrase.words.enumerated() {
            if number > 0 {
                while index < text.bytes.count, ASCII.isWhiteSpace(text.bytes[index]) { index += 1 }
            }
            guard index + word.count <= text.bytes.count,
                text.bytes[index..<index + word.count].elementsEqual(word)
            else { return nil }
            index += word.count
        }
        // A phrase that ends in a letter of a spaced script ends where that word does.
        if let last = phrase.words.last?.last, last < 0x80, index < text.bytes.count {
            let next = text.bytes[index]
            if ASCII.isLetter(next) || ASCII.isDigit(next) { return nil }
        }
        return index
    }

    private static func outermost(_ hits: [Hit]) -> [Hit] {
        guard hits.count > 1 else { return hits }
        let sorted = hits.sorted {
            ($0.range.lowerBound, -$0.range.upperBound) < ($1.range.lowerBound, -$1.range.upperBound)
        }
        var result: [Hit] = []
        var outer = 0..<0
        for hit in sorted {
            if hit.range.upperBound > outer.upperBound {
                outer = hit.range
                result.append(hit)
            } else if hit.range == outer {
                result.append(hit)
            }
        }
        return result
    }

    private static var widestGap: Int { 4 }

    /// Whether a word of a text that begins with this one holds it: its script has no spaces.
    private static func mayGoOn(_ word: [UInt8]) -> Bool {
        Script.isUnspaced(FoldedText.scalar(of: word, at: 0).scalar)
    }

    /// The key of two words after each other.
    private static func joined(_ first: UInt64, _ second: UInt64) -> UInt64 {
        (first &* 0x9E37_79B9_7F4A_7C15) ^ second
    }

    private static func pair(_ bytes: [UInt8], at start: Int) -> UInt64? {
        let first = FoldedText.scalar(of: bytes, at: start)
        guard start + first.length < bytes.count else { return nil }
        let second = FoldedText.scalar(of: bytes, at: start + first.length)
        return UInt64(first.scalar) << 32 | UInt64(second.scalar)
    }
}

/// Tells of nearly every key that it is not in a dictionary, in one look at memory (a Bloom filter of one hash).
private struct KeyFilter: Sendable {
    private var bits = [UInt64](repeating: 0, count: 16)

    /// Takes in a key that the dictionary now has; grown so that one bit in sixteen is set at the most.
    mutating func insert<Value>(_ key: UInt64, of keys: [UInt64: Value]) {
        if keys.count * 4 > bits.count * 16 {
            bits = [UInt64](repeating: 0, count: bits.count * 4)
            for key in keys.keys { set(key) }
        } else {
            set(key)
        }
    }

    func mayHold(_ key: UInt64) -> Bool {
        let place = place(key)
        return bits[place.word] & place.bit != 0
    }

    private mutating func set(_ key: UInt64) {
        let place = place(key)
        bits[place.word] |= place.bit
    }

    private func place(_ key: UInt64) -> (word: Int, bit: UInt64) {
        // The upper half: the lower bits of what is multiplied know only of lower bits.
        let mixed = (key ^ key >> 29) &* 0xBF58_476D_1CE4_E5B9 >> 32
        return (Int(truncatingIfNeeded: mixed >> 6) & (bits.count - 1), 1 << (mixed & 63))
    }
}
