internal import Base
internal import Text

/// What was found in a text, in one pass for all rules.
struct FoundPhrases {
    /// The phrases of rules, as they are written there.
    var phrases: Set<String> = []
    /// The same by their numbers.
    var numbers: Set<Int> = []
    /// In the order of the configuration.
    var clauses: [Clause] = []
}

/// The words, phrases and clauses of all rules, looked for together.
struct PhraseBook: Sendable {
    private enum Entry: Sendable {
        /// `sign` is what has to stand right before: `#ad` is not in "ad".
        case phrase(Int, sign: UInt8?)
        case clause(Int)
    }

    private var index = PhraseIndex<Entry>()
    private var numbers: [String: Int] = [:]
    private var phrases: [String] = []
    private let clauses: [Clause]

    init(clauses: [Clause]) {
        self.clauses = clauses
        for (number, clause) in clauses.enumerated() { index.add(clause.text, .clause(number)) }
    }

    var isEmpty: Bool { index.isEmpty }

    /// Adds a phrase once, and gives its number.
    mutating func add(_ phrase: String) -> Int {
        if let number = numbers[phrase] { return number }
        let number = phrases.count
        numbers[phrase] = number
        phrases.append(phrase)
        let first = phrase.utf8.first { !ASCII.isWhiteSpace($0) }
        index.add(phrase, .phrase(number, sign: first.flatMap { Self.signs.contains($0) ? $0 : nil }))
        return number
    }

    private static let signs: Set<UInt8> = [UInt8(ascii: "#"), UInt8(ascii: "@")]

    /// What plainly stands in a text, and what may stand in it: with words far apart, or in letters that only
    /// look like those of the phrase.
    func find(in text: SearchedText) -> (certain: FoundPhrases, possible: FoundPhrases) {
        let hits = index.everyHit(in: text.plain, torn: true)
        let certain = found(hits.lazy.filter { !$0.isTorn }, in: text.plain)
        var possible = hits.contains { $0.isTorn } ? found(hits, in: text.plain) : certain
        if let lookAlike = text.lookAlike {
            let more = found(index.everyHit(in: lookAlike, torn: true), in: lookAlike)
            possible.phrases.formUnion(more.phrases)
            possible.numbers.formUnion(more.numbers)
            possible.clauses += more.clauses.filter { !possible.clauses.contains($0) }
        }
        return (certain, possible)
    }

    private func found(_ hits: some Sequence<PhraseIndex<Entry>.Hit>, in text: FoldedText) -> FoundPhrases {
        var found = FoundPhrases()
        var seen: Set<Int> = []
        for hit in hits {
            switch hit.payload {
            case .phrase(let number, let sign):
                guard sign.map({ text.hasSign($0, before: hit.range) }) ?? true,
                    found.numbers.insert(number).inserted
                else { continue }
                found.phrases.insert(phrases[number])
            case .clause(let number):
                seen.insert(number)
            }
        }
        found.clauses = seen.sorted().map { clauses[$0] }
        return found
    }
}
