import Base
import IMAPWire
import Store
import TestSupport
import Testing

@testable import Mirror

@Suite struct OperationTests {
    static let operations: [Operation] = [
        .flags(adding: Flags(.seen, keywords: [Keyword("a=b")]), removing: Flags([.flagged, .answered])),
        .flags(adding: .none, removing: Flags(.draft)),
        .copy(to: MailboxID(rawValue: 3)),
        .move(from: MailboxID(rawValue: 1), to: MailboxID(rawValue: 2)),
        .expunge(from: MailboxID(rawValue: 9)),
        .append(to: MailboxID(rawValue: 4), isSentItem: true),
        .append(to: MailboxID(rawValue: 4), isSentItem: false),
    ]

    @Test(arguments: operations)
    func `an operation is read as it was written`(operation: Operation) throws {
        let world = try World()
        try world.member { transaction, _ in
            try transaction.queueOperation(
                operation.kind,
                of: MessageID(rawValue: 1),
                account: world.account,
                arguments: operation.arguments
            )
        }
        let read = try world.journal.compactMap { Operation($0) }
        #expect(read == [operation])
    }

    @Test(arguments: [
        // base, theirs, pending, ours, result
        ([], ["\\Flagged"], [], ["x"], ["\\Flagged", "x"]),
        (["\\Flagged"], [], [], ["\\Flagged", "x"], ["x"]),
        (["\\Flagged"], [], ["\\Flagged"], ["\\Flagged"], ["\\Flagged"]),
        ([], ["\\Flagged", "y"], ["\\Flagged"], [], ["y"]),
    ])
    func `flags merge by difference`(
        base: [String],
        theirs: [String],
        pending: [String],
        ours: [String],
        result: [String]
    ) {
        let merge = FlagMerge(base: Flags(wire: base), theirs: Flags(wire: theirs), pending: Flags(wire: pending))
        #expect(merge.applied(to: Flags(wire: ours)).names == result)
    }

    @Test func `waits grow, with jitter, to five minutes`() {
        var backoff = Backoff()
        let entropy = SeededEntropy()
        let waits = (0..<12).map { _ in backoff.next(entropy).milliseconds }
        for (index, wait) in waits.enumerated() {
            let base = min(300_000, 1000 << min(index, 9))
            #expect((base * 4 / 5...base * 6 / 5).contains(Int(wait)))
        }
        backoff.reset()
        #expect(backoff.next(entropy).milliseconds <= 1200)
    }

    @Test func `a server's suggested pause is read`() {
        let text = "Request is throttled. Suggested Backoff Time: 299961 milliseconds"
        let refusal = StatusResponse(tag: "a", .bad, text)
        #expect(refusal.suggestedPause == .milliseconds(299_961))
        #expect(!refusal.isFinal)
        #expect(StatusResponse(tag: "a", .bad, "what?").isFinal)
        #expect(!StatusResponse(tag: "a", .no, "what?").isFinal)
    }
}
