import Base
import IMAPWire
import TestSupport
import Testing

/// Two members, several clients each, one shared folder: a client that was away comes back with
/// QRESYNC and knows what a client knows that never saw the folder before (RFC 7162 §3.2.5).
@Suite("Resynchronization")
struct ResynchronizationTests {
    /// What a mail client keeps of a folder while it is away.
    struct Cache: Sendable {
        var validity: UInt32 = 0
        var modSeq: ModSeq = 0
        var flags: [UID: [String]] = [:]
        var highest: UID = 0

        /// Takes in untagged lines, as a client does that goes by UIDs alone.
        mutating func take(_ lines: [String]) throws {
            for line in lines {
                switch try ResponseParser.parse(Frame(text: Array(line.utf8))) {
                case .vanished(let uids, _):
                    for uid in uids.numbers {
                        let known = flags.removeValue(forKey: uid)
                        #expect(known != nil, "of what it did not have")
                    }
                case .fetch(_, let values): take(values)
                case .status(let status):
                    if case .highestModSeq(let value)? = status.code { modSeq = value }
                    if case .uidValidity(let value)? = status.code { validity = value }
                default: break
                }
            }
        }

        private mutating func take(_ values: [FetchValue]) {
            var uid: UID?
            var names: [String]?
            for value in values {
                switch value {
                case .uid(let value): uid = value
                // \Recent is told to one session alone, and belongs to no cache.
                case .flags(let value): names = value.filter { $0 != "\\Recent" }.sorted()
                default: break
                }
            }
            guard let uid, let names else { return }
            flags[uid] = names
            highest = max(highest, uid)
        }
    }

    private static let members = ["mia", "ben"]
    private static let marks = ["\\Seen", "\\Flagged", "\\Deleted", "$Label1", "\\Answered"]

    @Test("After any pause, and after a restart, the difference is exact", arguments: 1...3)
    func anyPause(seed: UInt64) async throws {
        try await TestGateway.run { house in
            try await house.client("mia").ok("CREATE Together")
            var caches: [String: Cache] = [:]
            var random = SeededGenerator(seed: seed)
            try await Self.rounds(6, house, &caches, &random)
            let (kept, next) = (caches, random.next())
            try await house.afterCrash { house in
                var caches = kept
                var random = SeededGenerator(seed: next)
                try await Self.rounds(6, house, &caches, &random)
            }
        }
    }

    private static func rounds(
        _ count: Int,
        _ house: TestGateway,
        _ caches: inout [String: Cache],
        _ random: inout SeededGenerator
    ) async throws {
        for round in 0..<count {
            for _ in 0..<6 { try await change(house, &random) }
            for member in members where round + 1 == count || random.next() % 2 == 0 {
                var cache = caches[member] ?? Cache()
                try await comeBack(member, house, &cache)
                caches[member] = cache
            }
        }
    }

    /// One change by one member.
    private static func change(_ house: TestGateway, _ random: inout SeededGenerator) async throws {
        let client = try await house.client(members[Int(random.next() % 2)])
        defer { client.lines.close() }
        let kind = random.next() % 7
        let name = "m\(random.next())@mail.example"
        let mark = marks[Int(random.next() % 5)]
        if kind < 2 {
            let mail = Mail.from("Kofi Mensah <kofi@kofimakes.example>", id: name)
            #expect(try await client.append(mail, to: "Together", flags: mark).isOK)
            return
        }
        let uids = try await client.uids("Together", "ALL")
        guard !uids.isEmpty else { return }
        let uid = uids[Int(random.next() % UInt64(uids.count))]
        switch kind {
        case 2, 3: try await client.ok("UID STORE \(uid) +FLAGS (\(mark))")
        case 4: try await client.ok("UID STORE \(uid) -FLAGS.SILENT (\(mark))")
        case 5: try await client.ok("UID MOVE \(uid) Archive")
        default:
            try await client.ok("UID STORE \(uid) +FLAGS.SILENT (\\Deleted)")
            try await client.ok("EXPUNGE")
        }
    }

    /// Connects with what the cache knows, and compares with a client that knows nothing.
    private static func comeBack(_ member: String, _ house: TestGateway, _ cache: inout Cache) async throws {
        let client = try await house.client(member)
        defer { client.lines.close() }
        try await client.ok("ENABLE QRESYNC")
        let known = "\(cache.validity) \(cache.modSeq) 1:\(cache.highest)"
        try cache.take(
            try await client.ok("SELECT Together" + (cache.highest > 0 ? " (QRESYNC (\(known)))" : "")).lines
        )
        let new = try await client.ok("UID FETCH \(cache.highest + 1):* (FLAGS)")
        let modSeq = cache.modSeq
        try cache.take(new.lines)
        #expect(cache.modSeq == modSeq)
        let stranger = try await house.client(member)
        defer { stranger.lines.close() }
        try await stranger.ok("SELECT Together")
        var truth = Cache()
        try truth.take(try await stranger.ok("UID FETCH 1:* (FLAGS)").lines)
        #expect(cache.flags == truth.flags)
    }
}
