import Base
import Net
import Reactor

/// What large mailboxes cost: one command each, in the time that passes until its last answer.
enum MailboxBenchmark {
    private static let downloads = 10_000

    private struct Case: Sendable {
        let name: String
        let command: String
        /// Done beforehand, so that what is cached is cached.
        var warmUps = 1
        var repetitions = 3
        /// Milliseconds that the gateway may take at most.
        var goal: Int?
        var isEncrypted = false
        /// How many messages must be answered; nil where the servers may differ.
        var expected: Int?
    }

    private static let cases: [Case] = [
        Case(name: "FETCH 1:* (FLAGS)", command: "FETCH 1:* (FLAGS)", goal: 100, expected: LargeMailbox.messages),
        Case(
            name: "FETCH 1:* (ENVELOPE BODYSTRUCTURE)",
            command: "FETCH 1:* (ENVELOPE BODYSTRUCTURE)",
            expected: LargeMailbox.messages
        ),
        Case(name: "download of \(downloads), plain", command: download, expected: downloads),
        Case(name: "download of \(downloads), TLS", command: download, isEncrypted: true, expected: downloads),
        search("rare word", MailCorpus.rareWord),
        search("common word", MailCorpus.commonWord),
        search("absent word", MailCorpus.absentWord),
        search("two letters", "qu"),
    ]

    private static let download = "FETCH 1:\(downloads) (BODY.PEEK[])"

    private static func search(_ name: String, _ word: String) -> Case {
        Case(name: "SEARCH TEXT, \(name)", command: "SEARCH TEXT \(word)", warmUps: 0, repetitions: 1, goal: 50)
    }

    static func run() async throws {
        print("IMAP: one mailbox of \(LargeMailbox.messages) messages; time until the last answer")
        guard let peers = try await LargeMailbox.start() else { return }
        defer { peers.stop() }
        print("  " + "".padded(36) + peers.servers.map { right($0.name, 18) }.joined() + "    ratio   goal")
        try await measureStart(peers)
        for one in cases {
            var results: [Result] = []
            for server in peers.servers { results.append(try await measure(one, server, peers)) }
            report(one.name, results.map(\.milliseconds), one.goal)
            let found = Set(results.map(\.found))
            if found.count > 1 {
                let counts = results.map { "\($0.found)" }.joined(separator: " and ")
                show("    the servers found different numbers of messages: \(counts)")
            }
        }
    }

    private struct Result: Sendable {
        var milliseconds = 0.0
        var found = 0
    }

    private static func measure(_ one: Case, _ server: MailServer, _ peers: Peers) async throws -> Result {
        let (loop, tls) = (peers.loop, one.isEncrypted ? peers.tls : nil)
        return try await loop.result {
            try await LoadClient.use(server, tls: tls, on: loop) { client in
                try await client.logIn(0)
                try await client.select("INBOX")
                for _ in 0..<one.warmUps { try await client.perform(one.command) }
                var times: [Double] = []
                for _ in 0..<one.repetitions {
                    let start = OwnTime.now
                    try await client.perform(one.command)
                    times.append(Double(OwnTime.now - start) / 1e6)
                }
                let answers = (fetched: client.fetched, found: client.found)
                if client.refusals > 0 { throw BenchError("\(server.name), \(one.name): \(client.lastStatus)") }
                if let expected = one.expected, answers.fetched != expected {
                    throw BenchError("\(server.name), \(one.name): \(answers.fetched) instead of \(expected) answers")
                }
                try await client.logOut()
                return Result(milliseconds: median(times), found: answers.found)
            }
        }
    }

    /// From a server that has just been started: how long SELECT takes, and the start up to its end.
    private static func measureStart(_ peers: Peers) async throws {
        var selects = peers.servers.map { _ in [Double]() }
        var starts = selects
        for _ in 0..<3 {
            for index in peers.servers.indices {
                let start = try peers.restart(index)
                let (loop, server) = (peers.loop, peers.servers[index])
                let times = try await loop.result {
                    try await LoadClient.use(server, tls: nil, on: loop) { client in
                        try await client.logIn(0)
                        let before = OwnTime.now
                        try await client.select("INBOX")
                        let times = (OwnTime.now - before, OwnTime.now - start)
                        guard client.exists == LargeMailbox.messages else {
                            throw BenchError("\(server.name) has \(client.exists) messages")
                        }
                        try await client.logOut()
                        return times
                    }
                }
                selects[index].append(Double(times.0) / 1e6)
                starts[index].append(Double(times.1) / 1e6)
            }
        }
        report("cold SELECT", selects.map(median), 50)
        report("start, log-in and first SELECT", starts.map(median), 500)
    }

    private static func report(_ name: String, _ milliseconds: [Double], _ goal: Int?) {
        var line = "  " + name.padded(36)
        for value in milliseconds { line += right("\(tenths(value)) ms", 18) }
        for value in milliseconds.dropFirst() { line += right(hundredths(value / milliseconds[0]), 9) }
        if let goal { line += "   \(milliseconds[0] <= Double(goal) ? "at most" : "OVER") \(goal) ms" }
        show(line)
    }

    private static func tenths(_ value: Double) -> String {
        let number = Int((value * 10).rounded())
        return "\(number / 10).\(number % 10)"
    }
}
