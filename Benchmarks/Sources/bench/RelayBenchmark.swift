import Glibc

/// Mail that is taken in, released and handed on: from the first MAIL to the last message that the
/// server behind has taken.
///
/// That server is Postfix's smtp-sink for both. Taking in goes on while mail is handed on, as it does
/// in life, so that the figure is what the whole way carries.
enum RelayBenchmark {
    private static let messages = 3000
    private static let sessions = 10

    static func run() throws {
        guard SinkServer.isInstalled else { return print("relay: skipped, smtp-sink of Postfix is not installed") }
        let sink = try SinkServer()
        defer { sink.stop() }
        let port = try Scratch.freePort()
        let files = SubmissionHouse.files(port: port, creators: 1, sinkPort: sink.port)
        guard let gateway = try GatewayUnderLoad.start(files, ports: [port], in: Scratch("gateway")) else {
            print("relay: skipped, GREENROOM names no program; use `make bench`")
            return
        }
        defer { gateway.stop() }
        let postfix = try PostfixUnderLoad.start(sinkPort: sink.port)
        defer { postfix?.stop() }
        print("\(messages) messages of 4 KiB from \(sessions) sessions, taken in and handed on to one server")
        print("            accepted a second   handed on a second   CPU each")
        for _ in 0..<2 {
            let ours = try measure("gateway", gateway.process, port, SubmissionHouse.login, "ben@glow.example", sink)
            guard let postfix else { continue }
            let peer = try measure("Postfix", postfix.process, postfix.discardPort, nil, "ben@sink.example", sink)
            print(
                "  ratio     \(right(hundredths(ours.accepted / peer.accepted), 17))"
                    + right(hundredths(ours.relayed / peer.relayed), 21)
            )
        }
    }

    private static func measure(
        _ name: String,
        _ process: ProcessFigures,
        _ port: UInt16,
        _ login: (String, String)?,
        _ recipient: String,
        _ sink: SinkServer
    ) throws -> (accepted: Double, relayed: Double) {
        let load = SubmissionLoad(
            port: port,
            login: login,
            sender: "mia@glow.example",
            recipients: [recipient],
            sessions: sessions
        )
        let before = process.processorTime
        let goal = sink.messages + messages
        let start = OwnTime.now
        let figures = try load.run(messages: messages)
        while sink.messages < goal {
            guard OwnTime.now - start < 300_000_000_000 else {
                throw BenchError("\(name): \(goal - sink.messages) messages have not come after five minutes")
            }
            usleep(2_000)
        }
        let relayed = Double(messages) / (Double(OwnTime.now - start) / 1e9)
        process.settle()
        let cost = Double(process.processorTime - before) / Double(messages)
        show(
            "  " + name.padded(10) + right(Int(figures.perSecond), 17) + right(Int(relayed), 21)
                + right("\(Int(cost / 1000)) us", 11)
        )
        return (figures.perSecond, relayed)
    }
}

/// Postfix's smtp-sink: takes every message, stores none and counts them.
final class SinkServer {
    let port: UInt16
    private let program: StartedProgram
    private let scratch: Scratch

    private static let path = "/usr/sbin/smtp-sink"

    static var isInstalled: Bool { unsafe access(path, X_OK) == 0 }

    init() throws {
        scratch = try Scratch("sink")
        port = try Scratch.freePort()
        let user = geteuid() == 0 ? ["-u", "nobody"] : []
        program = try StartedProgram(
            [Self.path] + user + ["-c", "127.0.0.1:\(port)", "1000"],
            output: scratch.path("counts")
        )
        try program.waitForPort(port, log: scratch.path("counts"))
    }

    func stop() { program.stop() }

    /// Messages taken so far: it writes `sess=… quit=… mesg=…` and a CR whenever one of them rises.
    var messages: Int {
        let file = unsafe open(scratch.path("counts"), O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        lseek(file, max(0, lseek(file, 0, SEEK_END) - 200), SEEK_SET)
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = unsafe read(file, &bytes, bytes.count)
        // What the last CR has not ended may be half written.
        guard let end = bytes.prefix(max(0, count)).lastIndex(of: 0x0D) else { return 0 }
        let words = String(decoding: bytes[..<end], as: UTF8.self).split { $0 == "\r" || $0 == "\n" }
        return words.last.flatMap { $0.split(separator: "mesg=").last }.flatMap { Int($0) } ?? 0
    }
}
