import CEcho
import Glibc

/// The gateway in a process of its own, on a configuration made for the measurement.
final class GatewayUnderLoad {
    let port: UInt16
    let login = (user: "mia", password: "m5r6-rypn-mxwz-d4yc-w292")
    let process: ProcessFigures
    private let program: StartedProgram
    private let scratch: Scratch

    /// nil where `GREENROOM` names no program.
    static func start(creators: Int) throws -> GatewayUnderLoad? {
        guard let name = unsafe getenv("GREENROOM") else { return nil }
        return try unsafe GatewayUnderLoad(program: String(cString: name), creators: creators)
    }

    private init(program path: String, creators: Int) throws {
        scratch = try Scratch("gateway")
        port = try Scratch.freePort()
        try scratch.makeDirectory("config")
        try scratch.makeDirectory("config/policies")
        try scratch.makeDirectory("config/campaigns")
        try scratch.write("config/greenroom.toml", Self.gateway(port))
        try scratch.write("config/team.toml", Self.team)
        try scratch.write("config/policies/00-start.toml", Self.policy)
        try scratch.write("config/campaigns/spring.toml", Self.campaign(creators))
        try scratch.write("config/creators.csv", Self.roster(creators))
        let log = scratch.path("log")
        program = try StartedProgram([path, "serve", "--config", scratch.path("config")], output: log)
        process = ProcessFigures(identifier: program.identifier)
        try program.waitForPort(port, log: log)
    }

    func stop() { program.stop() }

    private static func gateway(_ port: UInt16) -> String {
        """
        brand = "Glow"
        domains = ["glow.example"]
        command_domain = "greenroom.invalid"
        data = "../data"
        host_name = "localhost"

        [[listeners]]
        service = "submission"
        address = "127.0.0.1:\(port)"
        allow_plaintext = true

        [accounts.team]
        kind = "local"
        shared = true
        addresses = ["hello@glow.example"]

        [smarthost]
        sink = true

        [log]
        level = "warning"
        """
    }

    /// Of the password in `login`, which the sample configuration prints.
    private static let credential =
        "SCRAM-SHA-256$4096:uE0JioaTWuLgFzmp3jPmgg=="
        + "$80clOBfnNAjhSN4BmlMMgJtyY4vokrLkEi7YcTvpQ3M=:Cw3MsyGYZ/lExiYT5aEiEochEI6JDJ7eTBTYpwRt8/Q="

    private static let team = """
        [groups]
        managers = { name = "Managers" }

        [members.mia]
        name = "Mia Berg"
        addresses = ["mia@glow.example"]
        accounts = ["team"]
        campaigns = ["*"]
        follows = ["spring"]

        [[members.mia.devices]]
        label = "Laptop"
        scopes = ["read", "send"]
        sample = true
        password = "\(credential)"

        [members.ben]
        name = "Ben Okafor"
        addresses = ["ben@glow.example"]
        groups = ["managers"]
        accounts = ["team"]
        campaigns = ["*"]
        follows = ["spring"]

        [[members.ben.devices]]
        label = "Laptop"
        scopes = ["read", "send", "approve"]
        sample = true
        password = "\(credential)"
        """

    private static let policy = """
        [default]
        approvals = { managers = 1 }

        [[permits]]
        name = "internal mail"
        when = { every_recipient = ["internal"] }

        [[restrictions]]
        name = "rate above the ceiling"
        when = { any_recipient = ["creator", "agency"], amount_above_ceiling = true }
        hold = { managers = 1 }

        [[restrictions]]
        name = "a colleague just wrote"
        when = { any_recipient = ["creator", "agency"], colleague_wrote_within = "4h" }
        hold = { managers = 1 }
        """

    private static func campaign(_ creators: Int) -> String {
        let members = (0..<creators).map { "creator\($0) = { stage = \"contacted\" }" }.joined(separator: "\n")
        return """
            name = "Spring Serum Launch"
            brand = "Glow"
            status = "active"
            ceiling = "1500 EUR"
            guarded_by = "managers"
            assignee = "mia"
            followers = ["mia", "ben"]

            [creators]
            \(members)
            """
    }

    private static func roster(_ creators: Int) -> String {
        "id,name,addresses\n"
            + (0..<creators).map { "creator\($0),Creator Number \($0),creator\($0)@creators.example\n" }.joined()
    }
}

/// A directory for one measurement, removed with the value.
///
/// Below /var/tmp, which is on a disk: /tmp may be memory, where syncing costs nothing.
final class Scratch {
    let directory: String

    init(_ name: String) throws {
        directory = "/var/tmp/greenroom-bench-\(getpid())-\(name)"
        guard unsafe mkdir(directory, 0o755) == 0 else { throw BenchError("\(directory): error \(errno)") }
    }

    deinit { _ = unsafe system("rm -rf '\(directory)'") }

    func path(_ name: String) -> String { directory + "/" + name }

    func makeDirectory(_ name: String) throws {
        guard unsafe mkdir(path(name), 0o755) == 0 else { throw BenchError("\(path(name)): error \(errno)") }
    }

    func write(_ name: String, _ text: String) throws {
        let file = unsafe open(path(name), O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard file >= 0 else { throw BenchError("\(path(name)): error \(errno)") }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard unsafe Glibc.write(file, bytes, bytes.count) == bytes.count else {
            throw BenchError("\(path(name)): error \(errno)")
        }
    }

    /// A port that nobody uses now.
    static func freePort() throws -> UInt16 {
        var port: UInt16 = 0
        let descriptor = unsafe cecho_listen(&port)
        guard descriptor >= 0 else { throw BenchError("no port is free") }
        close(descriptor)
        return port
    }
}
