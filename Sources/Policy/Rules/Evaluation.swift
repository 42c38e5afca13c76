internal import Base
internal import Campaigns
internal import Text

/// One message before all rules.
struct Evaluation {
    /// A restriction that fires.
    struct Firing {
        let restriction: Int
        let evidence: String
        /// Whether it fires for every creator addressed.
        var isForAll: Bool
    }

    private let program: RuleProgram
    private let facts: Facts
    private var answers: [Answer]
    private var subject: Facts.Collaborator?
    private var found: FoundPhrases?
    private(set) var work = PolicyWork()

    private enum Answer: UInt8 {
        case open, no, yes
    }

    init(_ program: RuleProgram, _ facts: Facts) {
        self.program = program
        self.facts = facts
        answers = [Answer](repeating: .open, count: program.nodes.count)
        subject = facts.collaborators.first
    }

    // MARK: Rules

    /// The restrictions whose condition holds for any of the creators addressed (DESIGN §3).
    mutating func firings() -> [Firing] {
        var firings: [Int: Firing] = [:]
        let count = max(1, facts.collaborators.count)
        for number in 0..<count {
            look(at: number)
            for (restriction, node) in program.restrictions.enumerated() {
                let isAboutCreator = program.nodes[node].isAboutCreator
                if number > 0, !isAboutCreator { continue }
                if holds(node) {
                    // Of several creators the first one explains it.
                    if firings[restriction] == nil {
                        let isForAll = number == 0 || !isAboutCreator
                        firings[restriction] = Firing(
                            restriction: restriction,
                            evidence: evidence(node),
                            isForAll: isForAll
                        )
                    }
                } else if isAboutCreator {
                    firings[restriction]?.isForAll = false
                }
            }
        }
        return firings.values.sorted { $0.restriction < $1.restriction }
    }

    /// The permits whose condition holds, each with why: for every creator addressed, since a permit for
    /// one of them says nothing of the others.
    mutating func grounds() -> [(permit: Int, evidence: String)] {
        var grounds: [Int: String] = [:]
        for number in 0..<max(1, facts.collaborators.count) {
            look(at: number)
            for (permit, node) in program.permits.enumerated() {
                let isAboutCreator = program.nodes[node].isAboutCreator
                if number > 0, !isAboutCreator || grounds[permit] == nil { continue }
                if !holds(node) {
                    grounds[permit] = nil
                } else if number == 0 {
                    grounds[permit] = evidence(node)
                }
            }
        }
        return grounds.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The approved wording that stands in the text.
    mutating func clauses() -> [Clause] { program.hasClauses ? search().clauses : [] }

    // MARK: Conditions

    private mutating func look(at number: Int) {
        guard facts.collaborators.count > 1 else { return }
        subject = facts.collaborators[number]
        for node in program.creatorNodes { answers[node] = .open }
    }

    private mutating func holds(_ number: Int) -> Bool {
        work.questions += 1
        switch answers[number] {
        case .yes: return true
        case .no: return false
        case .open: break
        }
        let node = program.nodes[number]
        let answer: Bool
        switch node.shape {
        case .leaf:
            if node.isWords {
                _ = search()
                answer = answers[number] == .yes
            } else {
                answer = look(node.condition)
            }
        case .all:
            answer = node.askedParts.allSatisfy { holds($0) }
        case .any:
            answer = node.askedParts.contains { holds($0) }
        case .not:
            answer = !node.parts.contains { holds($0) }
        }
        answers[number] = answer ? .yes : .no
        return answer
    }

    private mutating func look(_ condition: Condition) -> Bool {
        work.looks += 1
        let found = condition.readsText ? search() : FoundPhrases()
        return sighting(found, isTelling: false).evidence(for: condition) != nil
    }

    /// Reads the text once, and answers every condition about words.
    private mutating func search() -> FoundPhrases {
        if let found { return found }
        work.passes += 1
        let text =
            facts.searched
            ?? Facts.searched(subject: facts.subject, text: facts.text, attachments: facts.attachments.map(\.name))
        let (found, numbers) = program.book.find(in: text)
        self.found = found
        for number in numbers {
            for node in program.wordNodes[number] { answers[node] = .yes }
        }
        return found
    }

    private func sighting(_ found: FoundPhrases, isTelling: Bool) -> Sighting {
        Sighting(facts: facts, collaborator: subject, found: found, isTelling: isTelling)
    }

    // MARK: Telling

    /// Why a node holds that was asked already.
    private mutating func evidence(_ number: Int) -> String {
        let node = program.nodes[number]
        switch node.shape {
        case .leaf:
            return sighting(found ?? FoundPhrases(), isTelling: true).evidence(for: node.condition) ?? ""
        case .all:
            let parts = node.parts.map { evidence($0) }.filter { $0 != "always" }
            return parts.isEmpty ? "always" : parts.joined(separator: ", ")
        case .any:
            for part in node.parts where holds(part) { return evidence(part) }
            return ""
        case .not:
            return "not \(node.parts.map { program.nodes[$0].condition.summary }.joined())"
        }
    }
}

extension Condition {
    /// Whether it asks for clauses of approved wording.
    fileprivate var readsText: Bool {
        switch self {
        case .wording, .clause: true
        default: false
        }
    }
}
