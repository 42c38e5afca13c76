internal import Base
internal import Config
internal import Net
internal import Reactor

/// The gateway of the story: a process of its own on the given configuration with fresh data, so
/// that it can be killed like any other.
final class DemoHouse {
    let loop: EventLoop
    let configuration: Configuration
    let tls: TLSClientContext
    /// Where the gateway keeps everything, its log among it.
    let directory: String
    private let workers: WorkerPool
    private let files: any Files
    private let options: [String]
    private let program: String
    private var process: RunningProcess?

    /// A gateway that is not started yet.
    ///
    /// The authority that the clients trust stands beside the listeners' certificate.
    init(_ place: ConfigurationPlace, _ configuration: Configuration, _ workplace: Workplace, _ workers: WorkerPool)
        throws
    {
        guard let program = RunningProcess.ownPath else { throw DemoFailure("the program's own path is not known") }
        guard let certificate = configuration.gateway.listeners.compactMap(\.tls).first?.certificate,
            let slash = certificate.lastIndex(of: "/")
        else { throw DemoFailure("no listener has a certificate") }
        self.program = program
        self.configuration = configuration
        self.workers = workers
        loop = workplace.loop
        files = workplace.files
        directory = configuration.gateway.dataDirectory
        options = ["--config", place.directory, "--data", directory]
        try files.makeDirectory(directory)
        tls = try TLSClientContext(trust: .file(certificate[..<slash] + "/ca.pem"))
    }

    /// Starts the process and waits until it answers.
    func start() async throws {
        let words = [program, "serve"] + options
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
        let all = [program] + words + options
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
