import Base
import Config
import Flow
import Gateway
import Ledger
import Net
import Outbound
import Reactor
import SQLite
import Store
import TestSupport

/// A whole gateway on the sample configuration, with data, ports and certificates of its own.
///
/// Everything that it is asked goes through real sockets on loopback; only what the ledger and the
/// sink hold is read from disk.
final class TestGateway: Sendable {
    let machine: Machine
    let gateway: Gateway
    let configuration: Configuration
    /// Of the configuration, its data and what left.
    let directory: String

    var loop: EventLoop { machine.main }
    var house: House { gateway.house }

    /// How a test wants the sample configuration.
    struct Plan: Sendable {
        /// The time in which a decision can be taken back.
        var undoTime = Duration.milliseconds(50)
        /// A file of the configuration, a text in it and what stands there instead.
        var edits: [(file: String, old: String, new: String)] = []

        init(undoTime: Duration = .milliseconds(50), edits: [(file: String, old: String, new: String)] = []) {
            self.undoTime = undoTime
            self.edits = edits
        }

        /// With a smarthost on this machine in place of the sink.
        static func smarthost(port: UInt16) -> Self {
            Self(edits: [("greenroom.toml", "sink = true", "host = \"127.0.0.1\"\nport = \(port)\ntls = \"none\"")])
        }

        /// With another policy file beside those of the sample.
        static func policy(_ text: String, undoTime: Duration = .milliseconds(50)) -> Self {
            Self(undoTime: undoTime, edits: [("policies/test.toml", "", text)])
        }
    }

    /// Certificates for all tests: making them takes longer than most of the tests.
    private static let authority = Result { try TestAuthority() }
    private static let identity = Result { try authority.get().issue(["localhost", "127.0.0.1"]) }

    private init(machine: Machine, gateway: Gateway, configuration: Configuration, directory: String) {
        self.machine = machine
        self.gateway = gateway
        self.configuration = configuration
        self.directory = directory
    }

    /// Starts a gateway on a copy of the sample and runs `body` against it, on its main loop.
    static func run(
        _ plan: Plan = Plan(),
        _ body: @escaping @Sendable (TestGateway) async throws -> Void
    ) async throws {
        let directory = try TestDirectory.make()
        defer { TestDirectory.remove(directory) }
        try SystemProgram.run(["cp", "-r", sample, directory + "/config"])
        try SystemProgram.run(["chmod", "-R", "go-w", directory + "/config"])
        for edit in plan.edits { try rewrite(directory + "/config/" + edit.file, edit.old, edit.new) }
        try await run(in: directory, plan, body)
    }

    /// Runs `body` against a gateway on what stands in a directory, as after a restart.
    static func run(
        in directory: String,
        _ plan: Plan,
        _ body: @escaping @Sendable (TestGateway) async throws -> Void
    ) async throws {
        let configuration = try load(directory, plan)
        let machine = try Machine.live(loops: 1, log: .silent)
        let result = await machine.main.spawn { () async -> Result<Void, any Error> in
            do {
                let gateway = try await Gateway.start(configuration, on: machine) { _ in }
                let running = TestGateway(
                    machine: machine,
                    gateway: gateway,
                    configuration: configuration,
                    directory: directory
                )
                do {
                    try await body(running)
                    await gateway.shutDown()
                } catch {
                    await gateway.shutDown()
                    throw error
                }
                return .success(())
            } catch {
                return .failure(error)
            }
        }.value
        await machine.loops.stop()
        try result.get()
    }

    /// The disk as it is now, in another directory: what a crash at this moment leaves.
    func afterCrash(
        _ plan: Plan = Plan(),
        _ body: @escaping @Sendable (TestGateway) async throws -> Void
    ) async throws {
        let copy = try TestDirectory.make()
        defer { TestDirectory.remove(copy) }
        try SystemProgram.run(["cp", "-r", directory + "/config", directory + "/data", copy])
        try await Self.run(in: copy, plan, body)
    }

    /// The configuration of a directory with ports that the system chooses and certificates of ours.
    static func load(_ directory: String, _ plan: Plan) throws -> Configuration {
        let identity = try identity.get()
        try SystemProgram.run(["mkdir", "-p", directory + "/certs"])
        try SystemProgram.run(["cp", identity.certificateFile, directory + "/certs/server.pem"])
        try SystemProgram.run(["cp", identity.keyFile, directory + "/certs/server-key.pem"])
        try SystemProgram.run(["chmod", "600", directory + "/certs/server-key.pem"])
        let reading = Configuration.load(directory: directory + "/config", from: SystemSecrets())
        guard var configuration = reading.configuration else {
            throw TestFailure(reading.problems.map(\.description).joined(separator: "\n"))
        }
        configuration.gateway.undoTime = plan.undoTime
        configuration.gateway.limits.drain = .milliseconds(100)
        let loopback = IPAddress(family: .v4, value: 0x7F00_0001)
        for index in configuration.gateway.listeners.indices {
            configuration.gateway.listeners[index].place = .network(loopback, port: 0)
        }
        return configuration
    }

    /// The repository's sample, found from this file.
    private static var sample: String {
        #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 } + "/config"
    }

    private static func rewrite(_ path: String, _ old: String, _ new: String) throws {
        let files = SystemFiles()
        let text = files.exists(path) ? String(decoding: try files.read(path), as: UTF8.self) : ""
        guard old.isEmpty || text.contains(old) else { throw TestFailure("\(path) does not hold \(old)") }
        let parts =
            old.isEmpty ? [text, ""] : text.split(separator: old, omittingEmptySubsequences: false).map(String.init)
        try files.writeDurably(Array(parts.joined(separator: new).utf8), to: path)
    }

    // MARK: Clients

    /// The port of a listener.
    func port(_ service: ListenerSettings.Service) -> UInt16 {
        for listener in gateway.listeners where listener.service == service {
            if case .ip(_, let port) = listener.address { return port }
        }
        return 0
    }

    func dial(_ service: ListenerSettings.Service) async throws -> LineClient {
        let context =
            try service.isImplicitTLS ? TLSClientContext(trust: .file(Self.authority.get().certificateFile)) : nil
        return try await LineClient.open(port: port(service), tls: context, on: loop)
    }

    /// The device passwords that the sample prints.
    static func password(of user: String) -> String {
        switch user {
        case "mia": "m5r6-rypn-mxwz-d4yc-w292"
        case "ben": "zrgw-gcf2-kpx4-uabx-f9dq"
        case "lea": "2kgc-8g7f-5wn8-j5fz-bkz9"
        default: ""
        }
    }

    /// A member's mail client, logged in over TLS.
    func client(_ user: String) async throws -> MailClient {
        let lines = try await dial(.imaps)
        _ = try await lines.line()
        let client = MailClient(lines, loop: loop)
        try await client.ok("LOGIN \(user) \(Self.password(of: user))")
        return client
    }

    /// Hands a message in by LMTP; gives the answer for each recipient.
    @discardableResult
    func deliver(_ message: String, to recipients: [String] = ["hello@glow.example"]) async throws -> [String] {
        let lines = try await dial(.lmtp)
        defer { lines.close() }
        _ = try await lines.reply()
        _ = try await lines.ask("LHLO mx.glow.example")
        _ = try await lines.ask("MAIL FROM:<bounce@elsewhere.example>")
        var answers: [String] = []
        var accepted = 0
        for recipient in recipients {
            let reply = try await lines.ask("RCPT TO:<\(recipient)>")
            if reply.hasPrefix("250") { accepted += 1 } else { answers.append(reply) }
        }
        guard accepted > 0 else { return answers }
        _ = try await lines.ask("DATA")
        try await lines.send(message.withCRLF + ".\r\n")
        for _ in 0..<accepted { answers.append(try await lines.reply()) }
        return answers
    }

    /// Submits a message as a member; gives the last answer: a refusal, or the one behind the dot.
    @discardableResult
    func submit(
        _ user: String,
        to recipients: [String],
        from sender: String = "hello@glow.example",
        _ message: String
    ) async throws -> String {
        let lines = try await dial(.submissions)
        defer { lines.close() }
        _ = try await lines.reply()
        _ = try await lines.ask("EHLO laptop.glow.example")
        let login = Base64.encode(Array("\u{0}\(user)\u{0}\(Self.password(of: user))".utf8))
        let welcome = try await lines.ask("AUTH PLAIN \(login)")
        guard welcome.hasPrefix("235") else { return welcome }
        for line in ["MAIL FROM:<\(sender)>"] + recipients.map({ "RCPT TO:<\($0)>" }) {
            let reply = try await lines.ask(line)
            guard reply.hasPrefix("250") else { return reply }
        }
        _ = try await lines.ask("DATA")
        try await lines.send(message.withCRLF + ".\r\n")
        return try await lines.reply()
    }

    // MARK: What really happened

    /// A message that reached the smarthost.
    struct Sunk: Sendable {
        let bytes: [UInt8]
        /// MAIL and RCPT, a line each.
        let envelope: String

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    func sunk() throws -> [Sunk] {
        let sink = directory + "/data/sink"
        let files = machine.files
        guard files.exists(sink) else { return [] }
        return try files.list(sink).filter { $0.hasSuffix(".envelope") }.map { name in
            let message = sink + "/" + name.dropLast("envelope".count) + "eml"
            return Sunk(
                bytes: try files.read(message),
                envelope: String(decoding: try files.read(sink + "/" + name), as: UTF8.self)
            )
        }
    }

    /// Waits until something holds; the wait is bounded, and nothing is asserted of its length.
    @discardableResult
    func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<400 {
            if try await condition() { return true }
            await loop.sleep(for: .milliseconds(20))
        }
        return false
    }

    /// The events of the ledger, in order.
    func events() async throws -> [Event] {
        try await rows().compactMap(\.event)
    }

    func rows() async throws -> [EventRow] {
        try await house.store.read { try $0.events(from: EventNumber(rawValue: 1), limit: 100_000) }
    }

    func kinds() async throws -> [EventKind] { try await events().map(\.kind) }

    func records() async throws -> [OutboundRecord] {
        try await house.store.read { transaction in
            var records: [OutboundRecord] = []
            var number: Int64 = 1
            while let record = try transaction.outboundRecord(OutboundID(rawValue: number)) {
                records.append(record)
                number += 1
            }
            return records
        }
    }
}

extension String {
    /// The lines as the wire has them, each ended.
    var withCRLF: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { $0 + "\r\n" }.joined()
    }
}
