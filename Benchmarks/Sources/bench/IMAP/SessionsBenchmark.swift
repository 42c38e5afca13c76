import Base
import Net
import Reactor

/// Memory of sessions that wait in IDLE in a selected mailbox: all processes of a server together,
/// shared pages divided among who shares them.
enum SessionsBenchmark {
    private static let users = 20
    /// A gateway's listener takes 1000 connections from one address.
    private static let listeners = 6
    /// Dovecot's memory grows by as much with each session: a process, with TLS two.
    private static let sessions = (gateway: 5000, dovecot: 400)
    /// Open before the first figure is taken: what grows once has grown by then.
    private static let first = 100

    static func run() async throws {
        print("IMAP: memory of a session in IDLE, \(sessions.gateway) of them (Dovecot: \(sessions.dovecot))")
        guard let peers = try Peers.start(users: users, listeners: listeners) else { return }
        defer { peers.stop() }
        let settings = MixSettings(logsIn: false)
        for server in peers.servers { try await Filling.mailboxes(of: server, settings, on: peers.loop) }
        print("         " + peers.servers.map { right($0.name, 18) }.joined() + "    ratio   goal")
        for (name, tls, goal) in [("plain", nil, 4.0), ("TLS", peers.tls, 20.0)] {
            var sizes: [Double] = []
            for index in peers.servers.indices {
                let count = index == 0 ? sessions.gateway : sessions.dovecot
                // Memory that earlier sessions have left free would be used again, and not be seen.
                try peers.restart(index)
                sizes.append(try await measure(peers.servers[index], tls, count, on: peers.loop) / 1024)
            }
            var line = "  " + name.padded(7)
            for size in sizes { line += right("\(hundredths(size)) KiB", 18) }
            for size in sizes.dropFirst() { line += right(hundredths(size / sizes[0]), 9) }
            show(line + "   \(sizes[0] <= goal ? "at most" : "OVER") \(Int(goal)) KiB")
        }
    }

    private final class Tally: @unchecked Sendable {
        // Unchecked: the sessions and who counts them are tasks of one loop.
        var open = 0
        var failure: String?
    }

    /// Bytes of each session.
    private static func measure(
        _ server: MailServer,
        _ tls: TLSClientContext?,
        _ count: Int,
        on loop: EventLoop
    ) async throws -> Double {
        try await loop.result {
            let tally = Tally()
            var tasks: [LoopTask<Void>] = []
            defer { for task in tasks { task.cancel() } }
            var before: Int64 = 0
            while tasks.count < count {
                if tasks.count == first { before = await settled(server, on: loop) }
                for _ in 0..<20 { tasks.append(session(tasks.count, server, tls, tally, on: loop)) }
                while tally.open < tasks.count {
                    if let failure = tally.failure { throw BenchError("\(server.name): \(failure)") }
                    await loop.sleep(for: .milliseconds(2))
                }
            }
            let after = await settled(server, on: loop)
            for task in tasks { task.cancel() }
            for task in tasks { await task.value }
            return Double(after - before) / Double(tasks.count - first)
        }
    }

    private static func settled(_ server: MailServer, on loop: EventLoop) async -> Int64 {
        await loop.sleep(for: .seconds(1))
        return server.process.memory
    }

    private static func session(
        _ number: Int,
        _ server: MailServer,
        _ tls: TLSClientContext?,
        _ tally: Tally,
        on loop: EventLoop
    ) -> LoopTask<Void> {
        loop.spawn {
            do {
                try await LoadClient.use(server, tls: tls, listener: number, on: loop) { client in
                    try await client.logIn(number % users)
                    try await client.select("INBOX")
                    try await client.beginIdle()
                    tally.open += 1
                    while true { try await client.waitForNotice() }
                }
            } catch NetError.canceled {
                // The measurement is over.
            } catch {
                tally.failure = "session \(number): \(error)"
            }
        }
    }
}
