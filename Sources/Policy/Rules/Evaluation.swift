internal import Base
internal import Campaigns
internal import Text

/// One message before all rules.
///
/// What a message says has two answers (INV-7): whether it *certainly* says so, to whoever reads it, and
/// whether it *possibly* does, to somebody. A permit needs what is certain, a restriction fires on what is
/// possible, and `not` turns one into the other; so more text never loosens.
struct Evaluation {
    /// A restriction that fires.
    struct Firing {
        let restriction: Int
        var evidence: String
        /// Whether it fires for every creator addressed.
        var isForAll: Bool
        /// Whether it fires only because some of the text could not be read.
        var isGuess = false
    }

    private enum Answer: UInt8 {
        case open, no, yes
    }

    private enum Strength {
        case certainly, possibly

        var opposite: Self { self == .certainly ? .possibly : .certainly }
    }

    private let program: RuleProgram
    private let facts: Facts
    /// Of each node, what is possible, then what is certain.
    private var answers: [Answer]
    private var subject: Facts.Collaborator?
    private var texts: FoundTexts?
    /// Whether any text may say anything: some of it could not be read.
    private var assumesAnything = false
    private(set) var work = PolicyWork()

    init(_ program: RuleProgram, _ facts: Facts) {
        self.program = program
        self.facts = facts
        answers = [Answer](repeating: .open, count: program.nodes.count * 2)
        subject = facts.collaborators.first
    }

    // MARK: Rules

    /// The restrictions whose condition possibly holds for any of the creators addressed (DESIGN §3).
    mutating func firings() -> [Firing] {
        assume(anything: false)
        var firings = fire()
        guard !facts.unread.isEmpty else { return firings }
        assume(anything: true)
        let certain = Set(firings.map(\.restriction))
        for guess in fire() where !certain.contains(guess.restriction) {
            firings.append(
                Firing(
                    restriction: guess.restriction,
                    evidence: "may apply, for not all could be read: \(facts.unread.joined(separator: ", "))",
                    isForAll: guess.isForAll,
                    isGuess: true
                )
            )
        }
        return firings.sorted { $0.restriction < $1.restriction }
    }

    private mutating func fire() -> [Firing] {
        let asked = askedRestrictions()
        var firings: [Int: Firing] = [:]
        for number in 0..<max(1, facts.collaborators.count) {
            look(at: number)
            for restriction in asked {
                let node = program.restrictions[restriction]
                let isAboutCreator = program.nodes[node].isAboutCreator
                if number > 0, !isAboutCreator { continue }
                if holds(node, .possibly) {
                    // Of several creators the first one explains it.
                    if firings[restriction] == nil {
                        firings[restriction] = Firing(
                            restriction: restriction,
                            evidence: evidence(node, .possibly),
                            isForAll: number == 0 || !isAboutCreator
                        )
                    }
                } else if isAboutCreator {
                    firings[restriction]?.isForAll = false
                }
            }
        }
        return firings.values.sorted { $0.restriction < $1.restriction }
    }

    /// The restrictions that may fire: those that need no words, and those whose words stand there.
    private mutating func askedRestrictions() -> [Int] {
        guard !assumesAnything else { return Array(program.restrictions.indices) }
        guard !program.restrictionsOfWords.isEmpty, isAnyGateOpen() else { return program.wordlessRestrictions }
        let found = read().possibleNodes.flatMap { program.restrictionsOfWords[$0] ?? [] }
        return program.wordlessRestrictions + found.sorted()
    }

    /// Whether words could make any restriction fire, so that the text has to be read.
    private mutating func isAnyGateOpen() -> Bool {
        guard !program.wordGates.isEmpty else { return true }
        for gate in program.wordGates where holds(gate, .possibly) { return true }
        return false
    }

    /// The permits whose condition certainly holds, each with why: for every creator addressed, since a
    /// permit for one of them says nothing of the others.
    mutating func grounds() -> [(permit: Int, evidence: String)] {
        assume(anything: !facts.unread.isEmpty)
        var grounds: [Int: String] = [:]
        for number in 0..<max(1, facts.collaborators.count) {
            look(at: number)
            for (permit, node) in program.permits.enumerated() {
                let isAboutCreator = program.nodes[node].isAboutCreator
                if number > 0, !isAboutCreator || grounds[permit] == nil { continue }
                if !holds(node, .certainly) {
                    grounds[permit] = nil
                } else if number == 0 {
                    grounds[permit] = evidence(node, .certainly)
                }
            }
        }
        return grounds.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The approved wording that stands in the text, whoever reads it.
    mutating func clauses() -> [Clause] {
        program.hasClauses && !facts.isShownInDoubt && facts.unread.isEmpty ? read().certainClauses : []
    }

    // MARK: Conditions

    private mutating func look(at number: Int) {
        guard facts.collaborators.count > 1 else { return }
        subject = facts.collaborators[number]
        for node in program.creatorNodes {
            answers[node] = .open
            answers[node + program.nodes.count] = .open
        }
    }

    private mutating func assume(anything: Bool) {
        guard assumesAnything != anything else { return }
        assumesAnything = anything
        answers = [Answer](repeating: .open, count: answers.count)
    }

    private mutating func holds(_ number: Int, _ strength: Strength) -> Bool {
        work.questions += 1
        let place = strength == .possibly ? number : number + program.nodes.count
        switch answers[place] {
        case .yes: return true
        case .no: return false
        case .open: break
        }
        let node = program.nodes[number]
        let answer: Bool
        switch node.shape {
        case .fact:
            work.looks += 1
            answer = factEvidence(program.conditions[number], strength, isTelling: false) != nil
        case .words where assumesAnything || (strength == .certainly && facts.isShownInDoubt),
            .text where assumesAnything || (strength == .certainly && facts.isShownInDoubt):
            answer = strength == .possibly
        case .words:
            let texts = read()
            answer = (strength == .possibly ? texts.possibleNodes : texts.certainNodes).contains(number)
        case .text:
            work.looks += 1
            answer = textEvidence(program.conditions[number], strength, isTelling: false) != nil
        case .all:
            answer = allHold(node.askedParts, strength)
        case .any:
            answer = anyHolds(node.askedParts, strength)
        case .not:
            answer = !anyHolds(node.askedParts, strength.opposite)
        }
        answers[place] = answer ? .yes : .no
        return answer
    }

    private mutating func allHold(_ parts: Range<Int>, _ strength: Strength) -> Bool {
        for place in parts where !holds(program.partNumbers[place], strength) { return false }
        return true
    }

    private mutating func anyHolds(_ parts: Range<Int>, _ strength: Strength) -> Bool {
        for place in parts where holds(program.partNumbers[place], strength) { return true }
        return false
    }

    /// Reads every text once, and finds all words in it.
    private mutating func read() -> FoundTexts {
        if let texts { return texts }
        work.passes += 1
        let read = FoundTexts(facts, program)
        texts = read
        return read
    }

    private func factEvidence(_ condition: Condition, _ strength: Strength, isTelling: Bool) -> String? {
        // Mail that is one thing among others is not certainly that thing.
        if case .form = condition, strength == .certainly, facts.forms.count > 1 { return nil }
        return Sighting(facts: facts, collaborator: subject, said: nil, found: FoundPhrases(), isTelling: isTelling)
            .evidence(for: condition)
    }

    /// Why a condition about the text holds: in each text that may be shown, or in any.
    private mutating func textEvidence(_ condition: Condition, _ strength: Strength, isTelling: Bool) -> String? {
        let texts = read()
        switch strength {
        case .possibly:
            for one in texts.all {
                let sighting = sighting(one.said, one.possible, isTelling)
                guard let evidence = sighting.evidence(for: condition) else { continue }
                return one.said.place.map { "\(evidence), in \($0)" } ?? evidence
            }
            return nil
        case .certainly:
            var first: String?
            for one in texts.shown {
                let sighting = sighting(one.said, one.certain, isTelling)
                guard let evidence = sighting.evidence(for: condition) else { return nil }
                first = first ?? evidence
            }
            return first
        }
    }

    private func sighting(_ said: Facts.Said, _ found: FoundPhrases, _ isTelling: Bool) -> Sighting {
        Sighting(facts: facts, collaborator: subject, said: said, found: found, isTelling: isTelling)
    }

    // MARK: Telling

    /// Why a node holds that was asked already.
    private mutating func evidence(_ number: Int, _ strength: Strength) -> String {
        let node = program.nodes[number]
        let parts = program.partNumbers[node.parts]
        switch node.shape {
        case .fact:
            return factEvidence(program.conditions[number], strength, isTelling: true) ?? ""
        case .words, .text:
            return textEvidence(program.conditions[number], strength, isTelling: true) ?? ""
        case .all:
            let parts = parts.map { evidence($0, strength) }.filter { $0 != "always" && !$0.isEmpty }
            return parts.isEmpty ? "always" : parts.joined(separator: ", ")
        case .any:
            for part in parts where holds(part, strength) { return evidence(part, strength) }
            return ""
        case .not:
            return "not \(parts.map { program.conditions[$0].summary }.joined())"
        }
    }
}
