import Base
import Campaigns
import TestSupport
import Testing

@testable import Policy

@Suite("Verdicts join (INV-7)")
struct VerdictTests {
    /// Verdicts of every shape, made from a seed.
    static func verdicts(seed: UInt64, count: Int) -> [Verdict] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            Verdict(
                outcome: Verdict.Outcome.allCases.randomElement(using: &generator) ?? .hold,
                notBefore: Bool.random(using: &generator)
                    ? Timestamp(seconds: Int64.random(in: 0...5, using: &generator)) : nil,
                approvals: ["legal": Int.random(in: 0...2, using: &generator), "managers": 1],
                reasons: [Verdict.Reason(rule: "r\(Int.random(in: 0...3, using: &generator))", text: "t")],
                permits: Bool.random(using: &generator) ? ["p"] : []
            )
        }
    }

    @Test("INV-7: joining is commutative, associative and idempotent", arguments: 0..<50 as Range<UInt64>)
    func semilattice(seed: UInt64) {
        let three = Self.verdicts(seed: seed, count: 3)
        let (a, b, c) = (three[0], three[1], three[2])
        #expect(a.joined(b) == b.joined(a))
        #expect(a.joined(b).joined(c) == a.joined(b.joined(c)))
        #expect(a.joined(a) == a)
        #expect(a.joined(.unrestricted) == a)
    }

    @Test("INV-7: a join is at least as strict as either side", arguments: 50..<100 as Range<UInt64>)
    func neverLoosens(seed: UInt64) {
        let two = Self.verdicts(seed: seed, count: 2)
        let joined = two[0].joined(two[1])
        for one in two {
            #expect(joined.outcome >= one.outcome)
            if let before = one.notBefore { #expect((joined.notBefore ?? Timestamp(seconds: -1)) >= before) }
            for (group, count) in one.approvals { #expect((joined.approvals[group] ?? 0) >= count) }
        }
    }
}
