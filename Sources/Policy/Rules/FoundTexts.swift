/// The texts of one message with what was found in each.
struct FoundTexts {
    struct One {
        let said: Facts.Said
        let certain: FoundPhrases
        let possible: FoundPhrases
    }

    /// What is shown, then what stands aside.
    private(set) var all: [One] = []
    /// How many of them a reader may see as the message's text.
    private let shownCount: Int
    /// The nodes of words that stand in each text that may be shown.
    private(set) var certainNodes: Set<Int> = []
    /// The nodes of words that stand in any text.
    private(set) var possibleNodes: Set<Int> = []

    init(_ facts: Facts, _ program: RuleProgram) {
        let hasWords = !program.book.isEmpty
        let shown = [facts.main(isSearched: hasWords)] + facts.alternatives
        let names = hasWords ? facts.names : nil
        shownCount = shown.count
        for said in shown + facts.asides + [names].compactMap({ $0 }) {
            let (certain, possible) = program.book.find(in: said.searched)
            all.append(One(said: said, certain: certain, possible: possible))
        }
        certainNodes = Set(all[0].certain.numbers.flatMap { program.wordNodes[$0] })
        for one in self.shown.dropFirst() {
            certainNodes.formIntersection(one.certain.numbers.flatMap { program.wordNodes[$0] })
        }
        for one in all {
            for phrase in one.possible.numbers { possibleNodes.formUnion(program.wordNodes[phrase]) }
        }
    }

    var shown: ArraySlice<One> { all[..<shownCount] }

    /// The approved wording that stands in each text that may be shown.
    var certainClauses: [Clause] {
        all[0].certain.clauses.filter { clause in shown.allSatisfy { $0.certain.clauses.contains(clause) } }
    }
}
