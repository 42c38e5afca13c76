import Base
import Net

/// Commands per second under a mix like that of imaptest's stress mode.
enum MixBenchmark {
    private static let warmUp = Duration.milliseconds(700)
    private static let slice = Duration.milliseconds(1500)
    /// Taken in turn, so that a busy neighbour disturbs all servers alike.
    private static let slices = 2

    static func run(formats: [DovecotUnderLoad.Format] = [.maildir]) async throws {
        let settings = MixSettings(logsIn: false)
        print(
            "IMAP: a mix of commands like imaptest's, \(settings.users) users, about \(settings.messages) messages each"
        )
        guard let peers = try Peers.start(users: settings.users, formats: formats) else { return }
        defer { peers.stop() }
        for server in peers.servers {
            try await Filling.mailboxes(of: server, settings, on: peers.loop)
            // What filling leaves to be done belongs to no command.
            server.process.settle()
        }
        let names = peers.servers.map { right($0.name, 16) + "  CPU each" }.joined(separator: " ")
        print("                           \(names)   ratio (CPU)  goal")
        for (logsIn, goal) in [(true, 4.0), (false, 2.0)] {
            for tls in [nil, peers.tls] {
                for clients in [1, 10, 50] {
                    try await measure(peers, tls, clients, MixSettings(logsIn: logsIn), goal)
                }
            }
        }
    }

    private static func measure(
        _ peers: Peers,
        _ tls: TLSClientContext?,
        _ clients: Int,
        _ settings: MixSettings,
        _ goal: Double
    ) async throws {
        var figures = peers.servers.map { _ in MixLoad.Figures() }
        for _ in 0..<slices {
            for (index, server) in peers.servers.enumerated() {
                let load = MixLoad(server: server, tls: tls, clients: clients, settings: settings)
                figures[index] = figures[index] + (try await load.run(on: peers.loop, warmUp: warmUp, for: slice))
            }
        }
        var line = "  \(settings.logsIn ? "log-ins" : "staying") \(tls == nil ? "plain" : "TLS  ")"
        line += " \(right(clients, 3)) clients"
        for one in figures { line += " \(right(Int(one.perSecond), 16)) \(right("\(Int(one.cost / 1000)) us", 9))" }
        for one in figures.dropFirst() {
            line += "   \(right(hundredths(figures[0].perSecond / one.perSecond), 5))"
            line += " (\(hundredths(one.cost / figures[0].cost)))"
        }
        line += "  \(Int(goal))"
        if let own = figures.map(\.ownLoad).max(), own > 0.7 { line += "  (the load used \(Int(own * 100)) %)" }
        show(line)
    }
}
