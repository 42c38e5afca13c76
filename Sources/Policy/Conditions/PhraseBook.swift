internal import Base
internal import Text

/// What was found in a text, in one pass for all rules.
struct FoundPhrases {
    /// The phrases of rules, as they are written there.
    var phrases: Set<String> = []
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

    /// Everything that stands in a text, and the numbers of the phrases among it.
    func find(in text: FoldedText) -> (found: FoundPhrases, numbers: Set<Int>) {
        var found = FoundPhrases()
        var numbers: Set<Int> = []
        var seen: Set<Int> = []
        for hit in index.everyHit(in: text) {
            switch hit.payload {
            case .phrase(let number, let sign):
                guard sign.map({ text.hasSign($0, before: hit.range) }) ?? true,
                    numbers.insert(number).inserted
                else { continue }
                found.phrases.insert(phrases[number])
            case .clause(let number):
                seen.insert(number)
            }
        }
        found.clauses = seen.sorted().map { clauses[$0] }
        return (found, numbers)
    }
}
