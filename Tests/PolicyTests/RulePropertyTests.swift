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

/// Conditions read one after the other, with nothing remembered.
private struct PlainReader {
    let facts: Facts

    private var subjects: [Facts.Collaborator?] {
        facts.collaborators.isEmpty ? [nil] : facts.collaborators.map { $0 }
    }

    func holdsForAny(_ condition: Condition) -> Bool { subjects.contains { holds(condition, $0) } }

    func holdsForEvery(_ condition: Condition) -> Bool { subjects.allSatisfy { holds(condition, $0) } }

    private func holds(_ condition: Condition, _ subject: Facts.Collaborator?) -> Bool {
        switch condition {
        case .all(let parts): return parts.allSatisfy { holds($0, subject) }
        case .any(let parts): return parts.contains { holds($0, subject) }
        case .not(let part): return !holds(part, subject)
        default:
            var book = PhraseBook(clauses: RandomPolicy.clauses)
            if case .words(let phrases) = condition { phrases.forEach { _ = book.add($0) } }
            let text = Facts.searched(
                subject: facts.subject,
                text: facts.text,
                attachments: facts.attachments.map(\.name)
            )
            let sighting = Sighting(
                facts: facts,
                collaborator: subject,
                found: book.find(in: text).found,
                isTelling: true
            )
            return sighting.evidence(for: condition) != nil
        }
    }
}
