internal import Text

/// All rules of a configuration, made ready once for judging many messages.
///
/// Equal conditions are one node, asked at most once a message (or once a creator addressed, where the
/// answer may differ); of several that must hold together the cheap ones are asked first, and the text
/// is read in one pass for all rules, if any of them gets so far.
struct RuleProgram: Sendable {
    enum Shape: Sendable {
        case leaf
        case all
        case any
        case not
    }

    struct Node: Sendable {
        let condition: Condition
        let shape: Shape
        /// As they are written, for telling.
        let parts: [Int]
        /// By cost, for asking.
        let askedParts: [Int]
        let isAboutCreator: Bool
        /// Whether the pass over the text answers it.
        let isWords: Bool
    }

    private(set) var nodes: [Node] = []
    /// The nodes of permits and restrictions, in their order.
    private(set) var permits: [Int] = []
    private(set) var restrictions: [Int] = []
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
    }

    private mutating func add(_ condition: Condition, _ known: inout [Condition: Int]) -> Int {
        if let number = known[condition] { return number }
        let parts = condition.parts.map { add($0, &known) }
        let shape: Shape =
            switch condition {
            case .all: .all
            case .any: .any
            case .not: .not
            default: .leaf
            }
        let number = nodes.count
        var isWords = false
        if case .words(let phrases) = condition {
            isWords = true
            for phrase in phrases {
                let place = book.add(phrase)
                while wordNodes.count <= place { wordNodes.append([]) }
                wordNodes[place].append(number)
            }
        }
        switch condition {
        case .stage: readsStages = true
        case .template: readsTemplates = true
        case .colleagueWroteWithin(let period), .sentMoreThan(_, let period): lookBack = max(lookBack ?? .zero, period)
        case .colleagueWroteMeanwhile: lookBack = lookBack ?? .zero
        default: break
        }
        let costs = nodes.map(\.condition)
        nodes.append(
            Node(
                condition: condition,
                shape: shape,
                parts: parts,
                askedParts: parts.sorted { (costs[$0].cost, $0) < (costs[$1].cost, $1) },
                isAboutCreator: condition.isAboutCreator,
                isWords: isWords
            )
        )
        known[condition] = number
        return number
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
