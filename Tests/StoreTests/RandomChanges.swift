import Base
import IMAPWire
import TestSupport

@testable import Store

extension House {
    static let members = ["ann", "ben", "cem"]

    /// Makes changes of every kind that shows in mailboxes, chosen by a seed.
    func changeAtRandom(seed: UInt64, steps: Int, after: () async throws -> Void = {}) async throws {
        var random = SeededGenerator(seed: seed)
        for step in 0..<steps {
            try changeOnce(&random, step)
            try await after()
        }
    }

    private func changeOnce(_ random: inout SeededGenerator, _ step: Int) throws {
        let mailboxes = [
            try mailbox("inbox", privateSeen: false), try mailbox("campaign:spring"), try mailbox("queue:unmatched"),
        ]
        let source = mailboxes[Int(random.next() % 3)]
        let target = mailboxes[Int(random.next() % 3)]
        let member = Self.members[Int(random.next() % 3)]
        let rows = try store.readNow { try $0.placements(in: source) }
        let kind = random.next() % 9
        guard kind > 1, !rows.isEmpty else {
            _ = try deliver("message \(step)", to: source, block: kind == 0 ? "X-Block: \(step)\r\n" : "")
            return
        }
        let row = rows[Int(random.next() % UInt64(rows.count))]
        let choices: [SystemFlags] = [.seen, .deleted, .flagged, [.seen, .answered], [.seen, .deleted]]
        let flags = Flags(choices[Int(random.next() % 5)], keywords: random.next() % 2 == 0 ? [Keyword("Blue")] : [])
        try store.writeNow { transaction in
            switch kind {
            case 2, 3: _ = try transaction.changeFlags(.add(flags), of: [row.uid], in: source, member: member)
            case 4: _ = try transaction.changeFlags(.remove(flags), of: [row.uid], in: source, member: member)
            case 5: _ = try transaction.changeFlags(.replace(flags), of: [row.uid], in: source, member: member)
            case 6: _ = try transaction.move(row, to: target)
            case 7: try transaction.expunge([row.uid], from: source)
            default: try transaction.setSeen(step % 2 == 0, uid: row.uid, in: source)
            }
        }
    }
}
