import Base
import Net
import Reactor

/// How long it takes until a session in IDLE is told of what another has changed: from the moment
/// when the change is sent until the notice is read.
enum NoticeBenchmark {
    private static let goal = 20.0

    static func run() async throws {
        print("IMAP: a change seen by another session in IDLE (STORE and APPEND in turn)")
        guard let peers = try Peers.start(users: 1) else { return }
        defer { peers.stop() }
        let settings = MixSettings(logsIn: false, messages: 100, users: 1)
        for server in peers.servers { try await Filling.mailboxes(of: server, settings, on: peers.loop) }
        for (index, server) in peers.servers.enumerated() {
            let loop = peers.loop
            // Dovecot collects changes for up to half a second.
            let count = index == 0 ? 400 : 60
            let times = try await loop.result { try await measure(server, count, on: loop) }.sorted()
            let (middle, last) = (times[times.count / 2], times[times.count * 99 / 100])
            let verdict =
                index > 0 ? "" : last <= goal ? "   at most \(Int(goal)) ms at p99" : "   OVER \(Int(goal)) ms"
            show(
                "  " + server.name.padded(18)
                    + "p50 \(right(hundredths(middle), 7)) ms   p99 \(right(hundredths(last), 7)) ms"
                    + verdict
            )
        }
    }

    /// Milliseconds of each change.
    private static func measure(_ server: MailServer, _ count: Int, on loop: EventLoop) async throws -> [Double] {
        try await LoadClient.use(server, tls: nil, on: loop) { watcher in
            try await LoadClient.use(server, tls: nil, on: loop) { worker in
                for client in [watcher, worker] {
                    try await client.logIn(0)
                    try await client.select("INBOX")
                }
                try await watcher.beginIdle()
                var random = SeededRandom(seed: 1)
                var times: [Double] = []
                for number in 0..<count {
                    await loop.sleep(for: .milliseconds(5 + random.below(30)))
                    let start = OwnTime.now
                    if number % 2 == 0 {
                        let sign = number % 4 == 0 ? "+" : "-"
                        try await worker.perform("STORE \(1 + number / 4 % 100) \(sign)FLAGS.SILENT (\\Flagged)")
                    } else {
                        try await worker.append(MailCorpus.message(100_000 + number), to: "INBOX")
                    }
                    try await watcher.waitForNotice()
                    times.append(Double(OwnTime.now - start) / 1e6)
                }
                return times
            }
        }
    }
}
