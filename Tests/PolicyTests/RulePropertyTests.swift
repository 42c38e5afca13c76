import Base
import Campaigns
import TestSupport
import Testing
import Text
import Triage

@testable import Policy

@Suite("Rules of every shape on messages of every shape (INV-7)")
struct RulePropertyTests {
    private static let seeds: Range<UInt64> = 0..<400

    @Test("INV-7: the order of rules does not matter, and a rule said twice is said once", arguments: seeds)
    func orderFreeAndIdempotent(seed: UInt64) {
        var random = RandomPolicy(seed: seed)
        let (rules, facts) = (random.rules(), random.facts())
        let verdict = rules.decide(facts)
        let shuffled = RuleSet(
            permits: (rules.permits + rules.permits).shuffled(using: &random.generator),
            restrictions: (rules.restrictions + rules.restrictions).shuffled(using: &random.generator),
            defaultApprovals: rules.defaultApprovals,
            clauses: rules.clauses
        )
        #expect(shuffled.decide(facts) == verdict)
        #expect(verdict.joined(verdict) == verdict)
    }

    @Test("INV-7: adding a restriction never loosens", arguments: seeds)
    func addingTightens(seed: UInt64) {
        var random = RandomPolicy(seed: seed)
        let (rules, facts) = (random.rules(), random.facts())
        let more = RuleSet(
            permits: rules.permits,
            restrictions: rules.restrictions + random.restrictions(3, named: "more"),
            defaultApprovals: rules.defaultApprovals,
            clauses: rules.clauses
        )
        #expect(more.decide(facts).isAtLeastAsStrict(as: rules.decide(facts)))
    }

    @Test("INV-7: adding text of any kind never loosens, whatever the rules negate", arguments: seeds)
    func addingTextTightens(seed: UInt64) {
        var random = RandomPolicy(seed: seed)
        let (rules, facts) = (random.rules(), random.facts())
        var more = facts
        for _ in 0..<3 {
            let before = rules.decide(more)
            random.addText(to: &more)
            #expect(rules.decide(more).isAtLeastAsStrict(as: before))
        }
    }

    @Test("Text that could not be read holds what would be rejected or canceled for it", arguments: seeds)
    func unreadHolds(seed: UInt64) {
        var random = RandomPolicy(seed: seed)
        var facts = random.facts()
        facts.unread = []
        let text = Condition.words(["a phrase that stands nowhere"])
        for effect in [Restriction.Effect.cancel, .reject(text: "no"), .hold(approvals: ["legal": 1])] {
            let rules = RuleSet(
                permits: [Permit(name: "all", condition: .always)],
                restrictions: [Restriction(name: "r", condition: text, effect: effect)],
                defaultApprovals: ["managers": 1]
            )
            facts.hasInternalContent = false
            #expect(rules.decide(facts).outcome == .release)
            var unread = facts
            unread.unread = ["it is sealed"]
            let verdict = rules.decide(unread)
            #expect(verdict.outcome == .hold)
            #expect(verdict.reasons.map(\.rule) == ["r"])
        }
    }

    @Test("INV-7: removing a permit never loosens", arguments: seeds)
    func removingAPermitTightens(seed: UInt64) {
        var random = RandomPolicy(seed: seed)
        let (rules, facts) = (random.rules(), random.facts())
        for index in rules.permits.indices {
            var permits = rules.permits
            permits.remove(at: index)
            let fewer = RuleSet(
                permits: permits,
                restrictions: rules.restrictions,
                defaultApprovals: rules.defaultApprovals,
                clauses: rules.clauses
            )
            #expect(fewer.decide(facts).isAtLeastAsStrict(as: rules.decide(facts)))
        }
    }

    @Test("INV-4: no permit lets internal content out", arguments: seeds)
    func internalContent(seed: UInt64) {
        var random = RandomPolicy(seed: seed)
        var facts = random.facts()
        facts.hasInternalContent = true
        let rules = RuleSet(
            permits: random.permits(5) + [Permit(name: "all", condition: .always)],
            defaultApprovals: ["managers": 1]
        )
        #expect((rules.decide(facts).outcome >= .hold) == facts.leavesTheHouse)
    }

    @Test("Released only under a named permit, with its ground (INV-7, D17)", arguments: seeds)
    func everyVerdictExplainsItself(seed: UInt64) {
        var random = RandomPolicy(seed: seed)
        let verdict = random.rules().decide(random.facts())
        switch verdict.outcome {
        case .release: #expect(!verdict.permits.isEmpty)
        default: #expect(!verdict.reasons.isEmpty)
        }
        for permit in verdict.permits { #expect(verdict.grounds.contains { $0.rule == permit && !$0.text.isEmpty }) }
        #expect(verdict.reasons.allSatisfy { !$0.text.isEmpty })
    }

    @Test("What is asked once and in any order is what is asked plainly", arguments: seeds)
    func asksAsAPlainReaderWould(seed: UInt64) {
        var random = RandomPolicy(seed: seed)
        let facts = random.facts()
        let restrictions = random.restrictions(8)
        let permits = random.permits(8)
        let program = RuleProgram(permits: permits, restrictions: restrictions, clauses: RandomPolicy.clauses)
        var evaluation = Evaluation(program, facts)
        let fired = evaluation.firings().map(\.restriction)
        let granted = evaluation.grounds().map(\.permit)
        let reader = PlainReader(facts: facts)
        #expect(fired == restrictions.indices.filter { reader.holdsForAny(restrictions[$0].condition) })
        #expect(granted == permits.indices.filter { reader.holdsForEvery(permits[$0].condition) })
    }
}

/// Conditions read one after the other, with nothing remembered: what is certain, and what is possible.
private struct PlainReader {
    let facts: Facts

    private var subjects: [Facts.Collaborator?] {
        facts.collaborators.isEmpty ? [nil] : facts.collaborators.map { $0 }
    }

    func holdsForAny(_ condition: Condition) -> Bool { subjects.contains { holds(condition, $0, isCertain: false) } }

    func holdsForEvery(_ condition: Condition) -> Bool {
        subjects.allSatisfy { holds(condition, $0, isCertain: true) }
    }

    private func holds(_ condition: Condition, _ subject: Facts.Collaborator?, isCertain: Bool) -> Bool {
        switch condition {
        case .all(let parts): return parts.allSatisfy { holds($0, subject, isCertain: isCertain) }
        case .any(let parts): return parts.contains { holds($0, subject, isCertain: isCertain) }
        case .not(let part): return !holds(part, subject, isCertain: !isCertain)
        case _ where condition.isAboutText:
            if !facts.unread.isEmpty || (isCertain && facts.isShownInDoubt) { return !isCertain }
            let shown = [facts.main(isSearched: true)] + facts.alternatives
            return isCertain
                ? shown.allSatisfy { says(condition, $0, subject, isCertain: true) }
                : (shown + facts.asides + [facts.names].compactMap { $0 })
                    .contains { says(condition, $0, subject, isCertain: false) }
        case .form where isCertain && facts.forms.count > 1: return false
        default:
            return Sighting(facts: facts, collaborator: subject, said: nil, found: FoundPhrases(), isTelling: true)
                .evidence(for: condition) != nil
        }
    }

    private func says(
        _ condition: Condition,
        _ said: Facts.Said,
        _ subject: Facts.Collaborator?,
        isCertain: Bool
    ) -> Bool {
        var book = PhraseBook(clauses: RandomPolicy.clauses)
        if case .words(let phrases) = condition { phrases.forEach { _ = book.add($0) } }
        let (certain, possible) = book.find(in: said.searched)
        let found = isCertain ? certain : possible
        return Sighting(facts: facts, collaborator: subject, said: said, found: found, isTelling: true)
            .evidence(for: condition) != nil
    }
}
