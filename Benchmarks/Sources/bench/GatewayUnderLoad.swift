import Glibc

/// The gateway in a process of its own, on a configuration made for the measurement.
final class GatewayUnderLoad {
    private(set) var process: ProcessFigures
    private var program: StartedProgram
    private let scratch: Scratch
    private let path: String
    private let ports: [UInt16]

    /// The program to measure; nil where `GREENROOM` names none.
    static var program: String? {
        guard let name = unsafe getenv("GREENROOM") else { return nil }
        return unsafe String(cString: name)
    }

    /// nil where `GREENROOM` names no program.
    ///
    /// `files` are written below `config`.
    static func start(_ files: [String: String], ports: [UInt16], in scratch: Scratch) throws -> GatewayUnderLoad? {
        guard let program else { return nil }
        for directory in ["config", "config/policies", "config/campaigns"] { try scratch.makeDirectory(directory) }
        for (name, text) in files { try scratch.write("config/" + name, text) }
        return try GatewayUnderLoad(program, ports, scratch)
    }

    private init(_ path: String, _ ports: [UInt16], _ scratch: Scratch) throws {
        self.path = path
        self.ports = ports
        self.scratch = scratch
        program = try Self.launch(path, scratch)
        process = ProcessFigures(identifier: program.identifier)
        for port in ports { try program.waitForPort(port, log: scratch.path("log")) }
    }

    private static func launch(_ path: String, _ scratch: Scratch) throws -> StartedProgram {
        try StartedProgram([path, "serve", "--config", scratch.path("config")], output: scratch.path("log"))
    }

    func stop() { program.stop() }

    /// Ends it and starts it again, on what it has stored.
    ///
    /// - Returns: When it was started; by now it listens.
    func restart() throws -> Int64 {
        program.stop()
        let start = OwnTime.now
        program = try Self.launch(path, scratch)
        process = ProcessFigures(identifier: program.identifier)
        for port in ports { try program.waitForPort(port, log: scratch.path("log")) }
        return start
    }
}
