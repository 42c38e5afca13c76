internal import Base
internal import Config
internal import Net
internal import Reactor

/// The gateway of the story: a process of its own on a copy of the configuration with a fresh data
/// directory, so that it can be killed like any other.
final class DemoHouse {
    let loop: EventLoop
    let workers: WorkerPool
    let files: any Files
    let directory: String
    let configuration: Configuration
    let tls: TLSClientContext
    private let program: String
    private var process: RunningProcess?

    var configDirectory: String { directory + "/config" }

    init(
        configDirectory source: String,
        directory: String,
        inspector: some FileInspector,
        files: any Files,
        workers: WorkerPool,
        loop: EventLoop
    ) throws {
        guard let program = RunningProcess.ownPath else { throw DemoFailure("the program's own path is not known") }
        self.program = program
        self.loop = loop
        self.workers = workers
        self.files = files
        self.directory = directory
        try Self.copy(source, to: directory + "/config", inspector, files)
        try Self.copy(source + "/../certs", to: directory + "/certs", inspector, files)
        let reading = Configuration.load(directory: directory + "/config", from: inspector)
        guard let configuration = reading.configuration else {
            throw DemoFailure(reading.problems.map(\.description).joined(separator: "\n"))
        }
        self.configuration = configuration
        tls = try TLSClientContext(trust: .file(directory + "/certs/ca.pem"))
    }

    private static func copy(_ source: String, to target: String, _ inspector: some FileInspector, _ files: any Files)
        throws
    {
        try files.makeDirectory(target)
        for name in try inspector.list(source) {
            let path = source + "/" + name
            switch try inspector.status(path).kind {
            case .file: try files.writeDurably(try inspector.read(path), to: target + "/" + name)
            case .directory: try copy(path, to: target + "/" + name, inspector, files)
            case .other: break
            }
        }
    }

    /// Starts the process and waits until it answers.
    func start() async throws {
        let words = [program, "serve", "--config", configDirectory]
        guard let started = RunningProcess(words, output: directory + "/gateway.log") else {
            throw DemoFailure("\(program) cannot be started")
        }
        process = started
        for _ in 0..<200 {
            if let dialogue = try? await Dialogue.open(port: port(.imaps), tls: tls, on: loop) {
                dialogue.close()
                return
            }
            await loop.sleep(for: .milliseconds(50))
        }
        throw DemoFailure("the gateway does not answer; see \(directory)/gateway.log")
    }

    /// Ends the process as a crash would.
    func crash() async {
        guard let process else { return }
        process.kill9()
        await workers.run { process.waitForEnd() }
        self.process = nil
    }

    func stop() async {
        guard let process else { return }
        process.terminate()
        await workers.run { process.waitForEnd() }
        self.process = nil
    }

    func port(_ service: ListenerSettings.Service) -> UInt16 {
        for listener in configuration.gateway.listeners where listener.service == service {
            if case .network(_, let port) = listener.place { return port }
        }
        return 0
    }

    /// Runs another command of this program on the same configuration.
    func run(_ words: [String]) async -> String? {
        let all = [program] + words + ["--config", configDirectory]
        let output = await workers.run { ChildProcess.output(of: all, limit: 4 * 1024 * 1024) }
        return output.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The messages that really left, as the sink stored them.
    func sunk() throws -> [[UInt8]] {
        guard case .sink(let sink) = configuration.gateway.smarthost, files.exists(sink) else { return [] }
        return try files.list(sink).filter { $0.hasSuffix(".eml") }.map { try files.read(sink + "/" + $0) }
    }

    /// Waits until so many messages have left, or long enough.
    func waitForSunk(_ count: Int) async throws -> [[UInt8]] {
        for _ in 0..<200 {
            let all = try sunk()
            if all.count >= count { return all }
            await loop.sleep(for: .milliseconds(50))
        }
        return try sunk()
    }
}
