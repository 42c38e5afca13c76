import Base
import Net
import Reactor

/// Each kind of command alone, by one client that waits for every answer: the server's processor
/// time and the time that passes.
enum CommandBenchmark {
    private static let messages = 100
    private static let duration: Int64 = 700_000_000

    /// One unit of work, done again and again; the number counts them.
    private typealias Unit = @Sendable (_ client: LoadClient, _ number: Int) async throws -> Void

    private static let kinds: [(String, Unit)] = [
        ("NOOP", { client, _ in try await client.perform("NOOP") }),
        ("LIST \"\" *", { client, _ in try await client.perform("LIST \"\" *") }),
        ("STATUS", { client, _ in try await client.perform("STATUS Copies (MESSAGES UNSEEN)") }),
        ("SELECT", { client, _ in try await client.select("INBOX") }),
        ("FETCH 1:100 FLAGS", { client, _ in try await client.perform("FETCH 1:100 (UID FLAGS)") }),
        ("FETCH 1:100 ENVELOPE", { client, _ in try await client.perform("FETCH 1:100 (UID ENVELOPE)") }),
        ("FETCH 1:100 BODYSTRUCTURE", { client, _ in try await client.perform("FETCH 1:100 (BODYSTRUCTURE)") }),
        (
            "FETCH 1:100 HEADER.FIELDS",
            { client, _ in try await client.perform("FETCH 1:100 (BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT)])") }
        ),
        ("FETCH n BODY[HEADER]", { try await $0.perform("FETCH \(1 + $1 % 100) (UID BODY.PEEK[HEADER])") }),
        ("FETCH n BODY[]", { try await $0.perform("FETCH \(1 + $1 % 100) (UID BODY.PEEK[])") }),
        ("FETCH n BODY[1]", { try await $0.perform("FETCH \(1 + $1 % 100) (UID BODY.PEEK[1])") }),
        ("FETCH 1:100 BODY[]", { client, _ in try await client.perform("FETCH 1:100 (UID BODY.PEEK[])") }),
        ("SEARCH UNSEEN", { client, _ in try await client.perform("SEARCH UNSEEN") }),
        ("SEARCH SUBJECT", { client, _ in try await client.perform("SEARCH SUBJECT garden") }),
        ("SEARCH TEXT", { client, _ in try await client.perform("SEARCH TEXT garden") }),
        (
            "STORE n FLAGS",
            { try await $0.perform("STORE \(1 + $1 % 100) \($1 / 100 % 2 == 0 ? "+" : "-")FLAGS (\\Flagged)") }
        ),
        (
            "STORE 1:20 FLAGS.SILENT",
            { try await $0.perform("STORE 1:20 \($1 % 2 == 0 ? "+" : "-")FLAGS.SILENT (\\Answered)") }
        ),
        ("COPY n", { try await $0.perform("COPY \(1 + $1 % 100) Copies") }),
        ("APPEND 4 KiB", { try await $0.append(MailCorpus.message($1, from: templates), to: "Copies") }),
        (
            "APPEND+STORE+EXPUNGE",
            { client, number in
                try await client.append(MailCorpus.message(number, from: templates), to: "INBOX")
                try await client.perform("STORE \(client.exists) +FLAGS.SILENT (\\Deleted)")
                try await client.perform("EXPUNGE")
            }
        ),
        (
            "IDLE, DONE",
            { client, _ in
                try await client.beginIdle()
                try await client.endIdle()
            }
        ),
    ]

    private static let templates = (0..<64).map { MailCorpus.message($0) }

    static func run() async throws {
        print("IMAP: each command alone, one client in lock step; processor time of the server, and time that passed")
        guard let peers = try Peers.start(users: 1) else { return }
        defer { peers.stop() }
        let settings = MixSettings(logsIn: false, messages: messages, users: 1)
        for server in peers.servers {
            try await Filling.mailboxes(of: server, settings, on: peers.loop)
            // What filling leaves to be done belongs to no command.
            server.process.settle()
        }
        let names = peers.servers.map { right($0.name, 20) }.joined()
        print("                             \(names)    ratio (passed)")
        for (name, tls) in [("LOGIN, LOGOUT", nil), ("LOGIN, LOGOUT over TLS", peers.tls)] {
            try await report(name, peers) { server, loop in
                try await repeated(server) { _ in
                    try await LoadClient.use(server, tls: tls, on: loop) { client in
                        try await client.logIn(0)
                        try await client.logOut()
                    }
                }
            }
        }
        for (name, unit) in kinds {
            try await report(name, peers) { server, loop in
                try await LoadClient.use(server, tls: nil, on: loop) { client in
                    try await client.logIn(0)
                    try await client.select("INBOX")
                    for number in 0..<3 { try await unit(client, number) }
                    let cost = try await repeated(server) { try await unit(client, $0) }
                    guard client.refusals == 0 else { throw BenchError("\(server.name) refuses \(name)") }
                    try await client.logOut()
                    return cost
                }
            }
        }
    }

    private struct Cost: Sendable {
        /// Nanoseconds of a unit.
        let processor: Double
        let passed: Double
    }

    private static func repeated(_ server: MailServer, _ unit: (Int) async throws -> Void) async throws -> Cost {
        let before = server.process.processorTime
        let start = OwnTime.now
        var count = 0
        while OwnTime.now - start < duration {
            try await unit(count)
            count += 1
        }
        let passed = OwnTime.now - start
        return Cost(
            processor: Double(server.process.processorTime - before) / Double(count),
            passed: Double(passed) / Double(count)
        )
    }

    private static func report(
        _ name: String,
        _ peers: Peers,
        _ measure: @escaping @Sendable (MailServer, EventLoop) async throws -> Cost
    ) async throws {
        let loop = peers.loop
        var costs: [Cost] = []
        for server in peers.servers { costs.append(try await loop.result { try await measure(server, loop) }) }
        var line = "  \(name.padded(26))"
        for cost in costs { line += " \(right(micro(cost.processor), 9))\(right(micro(cost.passed), 10))" }
        for cost in costs.dropFirst() {
            line += "    \(right(hundredths(cost.processor / costs[0].processor), 5))"
            line += "  (\(hundredths(cost.passed / costs[0].passed)))"
        }
        show(line)
    }

    private static func micro(_ nanoseconds: Double) -> String { "\(Int(nanoseconds / 1000)) us" }
}
