internal import Text

/// All rules of a configuration, made ready once for judging many messages.
///
/// Equal conditions are one node, asked at most once a message (or once a creator addressed, where the
/// answer may differ); of several that must hold together the cheap ones are asked first. The words of all
/// rules are found in one pass over the text, and of the restrictions that need one of them only those are
/// asked whose words stand there.
struct RuleProgram: Sendable {
    enum Shape: Sendable {
        /// The envelope, the moment, the records.
        case fact
        /// What the message says; the pass over the text answers `words`.
        case text
        case words
        case all
        case any
        case not
    }

    /// Plain numbers, so that asking one costs no counting of references.
    struct Node: Sendable {
        let shape: Shape
        let isAboutCreator: Bool
        /// In `partNumbers`, as they are written, for telling.
        let parts: Range<Int>
        /// The same by cost, for asking.
        let askedParts: Range<Int>
    }

    private(set) var nodes: [Node] = []
    private(set) var conditions: [Condition] = []
    private(set) var partNumbers: [Int] = []
    /// The nodes of permits and restrictions, in their order.
    private(set) var permits: [Int] = []
    private(set) var restrictions: [Int] = []
    /// The restrictions that no words are needed for, in their order.
    private(set) var wordlessRestrictions: [Int] = []
    /// Those that hold only where the words of a node stand, by its number.
    private(set) var restrictionsOfWords: [Int: [Int]] = [:]
    /// What has to hold beside words for any of those to fire, each once; empty where one needs words alone.
    private(set) var wordGates: [Int] = []
    private(set) var book: PhraseBook
    /// Which nodes hold where a phrase stands, by its number.
    private(set) var wordNodes: [[Int]] = []
    /// The nodes that are asked anew for every creator.
    private(set) var creatorNodes: [Int] = []
    private(set) var readsStages = false
    private(set) var readsTemplates = false
    private(set) var lookBack: Duration?
    let hasClauses: Bool

    init(permits: [Permit], restrictions: [Restriction], clauses: [Clause]) {
        book = PhraseBook(clauses: clauses)
        hasClauses = !clauses.isEmpty
        var known: [Condition: Int] = [:]
        self.permits = permits.map { add($0.condition, &known) }
        self.restrictions = restrictions.map { add($0.condition, &known) }
        creatorNodes = nodes.indices.filter { nodes[$0].isAboutCreator }
        var gates: Set<Int?> = []
        for (restriction, node) in self.restrictions.enumerated() {
            if let words = neededWords(of: node) {
                restrictionsOfWords[words, default: []].append(restriction)
                gates.insert(gate(of: node))
            } else {
                wordlessRestrictions.append(restriction)
            }
        }
        wordGates = gates.contains(nil) ? [] : gates.compactMap { $0 }.sorted()
    }

    /// A cheap condition without which a node cannot hold, the same for all creators addressed.
    private func gate(of node: Int) -> Int? {
        guard nodes[node].shape == .all else { return nil }
        return partNumbers[nodes[node].askedParts].first { nodes[$0].shape == .fact && !nodes[$0].isAboutCreator }
    }

    /// The words without which a node cannot hold.
    private func neededWords(of node: Int) -> Int? {
        switch nodes[node].shape {
        case .words: node
        case .all: partNumbers[nodes[node].parts].first { nodes[$0].shape == .words }
        default: nil
        }
    }

    private mutating func add(_ condition: Condition, _ known: inout [Condition: Int]) -> Int {
        if let number = known[condition] { return number }
        let parts = condition.parts.map { add($0, &known) }
        let costs = conditions
        let askedParts = parts.sorted { (costs[$0].cost, $0) < (costs[$1].cost, $1) }
        let number = nodes.count
        if case .words(let phrases) = condition {
            for phrase in phrases {
                let place = book.add(phrase)
                while wordNodes.count <= place { wordNodes.append([]) }
                wordNodes[place].append(number)
            }
        }
        switch condition {
        case .stage, .asksForDataOnFile: readsStages = true
        case .template: readsTemplates = true
        case .colleagueWroteWithin(let period), .sentMoreThan(_, let period): lookBack = max(lookBack ?? .zero, period)
        case .colleagueWroteMeanwhile: lookBack = lookBack ?? .zero
        default: break
        }
        let start = partNumbers.count
        partNumbers += parts + askedParts
        let middle = start + parts.count
        nodes.append(
            Node(
                shape: Self.shape(of: condition),
                isAboutCreator: condition.isAboutCreator,
                parts: start..<middle,
                askedParts: middle..<partNumbers.count
            )
        )
        conditions.append(condition)
        known[condition] = number
        return number
    }

    private static func shape(of condition: Condition) -> Shape {
        switch condition {
        case .all: .all
        case .any: .any
        case .not: .not
        case .words: .words
        default: condition.isAboutText ? .text : .fact
        }
    }
}

/// How much was done for one verdict: what the cost of policy is made of.
package struct PolicyWork: Hashable, Sendable {
    /// Conditions without parts that were looked at.
    package var looks = 0
    /// Conditions that were asked, known answers among them.
    package var questions = 0
    /// Passes over the text.
    package var passes = 0

    package init() {}
}
