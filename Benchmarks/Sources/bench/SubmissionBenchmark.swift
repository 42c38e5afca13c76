import Base
import Glibc

/// Durable submissions per second: a 250 after DATA with the message synced to the disk.
///
/// To a creator, the gateway matches, judges and holds the message, tells its approver, and Postfix
/// puts it on hold. To a colleague it is released and handed to the sink that stores it, and Postfix
/// hands it to its discard transport, which stores nothing.
enum SubmissionBenchmark {
    private static let creators = 200
    private static let warmUp = Duration.seconds(1)
    private static let duration = Duration.seconds(4)

    static func run() throws {
        let port = try Scratch.freePort()
        let files = SubmissionHouse.files(port: port, creators: creators)
        guard let gateway = try GatewayUnderLoad.start(files, ports: [port], in: Scratch("gateway")) else {
            print("submissions: skipped, GREENROOM names no program; use `make bench`")
            return
        }
        defer { gateway.stop() }
        let postfix = try PostfixUnderLoad.start()
        defer { postfix?.stop() }
        print("accepted submissions per second, synced to the disk by both")
        if postfix == nil { print("  without Postfix: not installed, or not run by root") }
        print("                                             gateway               Postfix")
        print("  recipient     size  sessions   accepted  CPU each   accepted  CPU each   ratio  goal")
        let kinds = [
            ("creator", (0..<creators).map { "creator\($0)@creators.example" }, postfix?.holdPort),
            ("colleague", ["ben@glow.example"], postfix?.discardPort),
        ]
        for (name, recipients, peerPort) in kinds {
            for content in [SubmissionClient.Content.small, .large] {
                for sessions in [1, 10, 50] {
                    let ours = try measure(
                        gateway.process,
                        port,
                        SubmissionHouse.login,
                        recipients,
                        sessions,
                        content
                    )
                    let peer = try postfix.flatMap { postfix in
                        try peerPort.map { try measure(postfix.process, $0, nil, recipients, sessions, content) }
                    }
                    report(name, content, sessions, ours, peer)
                }
            }
        }
    }

    private struct Result {
        let figures: SubmissionLoad.Figures
        /// Nanoseconds of processor per message.
        let cost: Double
    }

    private static func measure(
        _ process: ProcessFigures,
        _ port: UInt16,
        _ login: (String, String)?,
        _ recipients: [String],
        _ sessions: Int,
        _ content: SubmissionClient.Content
    ) throws -> Result {
        let load = SubmissionLoad(
            port: port,
            login: login,
            sender: "mia@glow.example",
            recipients: recipients,
            sessions: sessions,
            content: content
        )
        let before = process.processorTime
        let figures = try load.run(warmUp: warmUp, for: duration)
        // What is done after the 250, delivery for one, belongs to the message; nothing of it may
        // run into the next measurement.
        process.settle()
        let warm = Double(warmUp.components.seconds + duration.components.seconds) / Double(duration.components.seconds)
        let cost = Double(process.processorTime - before) / (Double(figures.accepted) * warm)
        return Result(figures: figures, cost: cost)
    }

    private static func report(
        _ name: String,
        _ content: SubmissionClient.Content,
        _ sessions: Int,
        _ ours: Result,
        _ peer: Result?
    ) {
        var line = "  \(right(name, 9)) \(right(content.name, 8)) \(right(sessions, 9)) \(column(ours))"
        if let peer {
            line += " \(column(peer))   \(hundredths(ours.figures.perSecond / peer.figures.perSecond))"
            line += "     \(sessions == 1 ? 1 : 3)"
        }
        let own = max(ours.figures.ownLoad, peer?.figures.ownLoad ?? 0)
        if own > 0.7 { line += "  (the load itself used \(Int(own * 100)) % of a processor)" }
        print(line)
        // Whoever watches through a pipe sees each line as it comes.
        _ = fflush(nil)
    }

    private static func column(_ result: Result) -> String {
        "\(right(Int(result.figures.perSecond), 10)) \(right("\(Int(result.cost / 1000)) us", 9))"
    }
}
