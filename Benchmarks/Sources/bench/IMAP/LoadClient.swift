import Base
import Net
import Reactor

/// One IMAP session of the load, used by one task of its loop.
final class LoadClient {
    /// Messages in the selected mailbox, as the server has told.
    private(set) var exists = 0
    /// What the last command gave.
    private(set) var fetched = 0
    private(set) var found = 0
    /// Octets of all answers.
    private(set) var received = 0
    /// Tagged answers that were NO.
    private(set) var refusals = 0

    /// The last answer that was not OK.
    var lastStatus: String { scanner.lastStatus }

    private let server: MailServer
    private let connection: Connection
    private var scanner = ReplyScanner()

    private init(_ connection: Connection, of server: MailServer) {
        self.connection = connection
        self.server = server
    }

    /// Connects and reads the greeting; the connection closes when the body ends.
    static func use<Value>(
        _ server: MailServer,
        tls: TLSClientContext?,
        listener: Int = 0,
        on loop: EventLoop,
        _ body: (LoadClient) async throws -> Value
    ) async throws -> Value {
        let ports = tls == nil ? server.ports : server.tlsPorts
        let port = ports[listener % ports.count]
        let address = SocketAddress.ip(server.address, port: port)
        let connection = try await Connection.connect(to: address, on: loop, until: loop.now.advanced(by: patience))
        return try await connection.use { () async throws -> Value in
            if let tls { try await connection.startTLS(client: tls, host: "localhost") }
            let client = LoadClient(connection, of: server)
            _ = try await client.next()
            return try await body(client)
        }
    }

    func logIn(_ user: Int) async throws {
        try await perform("LOGIN \(server.login(user)) \(server.password)")
    }

    func logOut() async throws { try await perform("LOGOUT") }

    func select(_ mailbox: String) async throws {
        exists = 0
        try await perform("SELECT \(mailbox)")
    }

    /// Sends a command and waits for its end; NO is counted, BAD is an error.
    func perform(_ command: String) async throws {
        try await send(Array("a \(command)\r\n".utf8))
        try await finish(command)
    }

    /// APPEND with a literal that waits for nothing (RFC 7888).
    func append(_ message: [UInt8], to mailbox: String) async throws {
        try await send(Self.appending(message, to: mailbox))
        try await finish("APPEND")
    }

    /// Many APPENDs, sent before their answers are read.
    func append(_ messages: [[UInt8]], to mailbox: String) async throws {
        try await send(messages.flatMap { Self.appending($0, to: mailbox) })
        for _ in messages { try await finish("APPEND") }
    }

    /// Many messages in one APPEND (RFC 3502).
    func appendTogether(_ messages: [[UInt8]], to mailbox: String) async throws {
        var bytes = Array("a APPEND \(mailbox)".utf8)
        for message in messages { bytes += Array(" {\(message.count)+}\r\n".utf8) + message }
        try await send(bytes + Array("\r\n".utf8))
        try await finish("APPEND")
    }

    private static func appending(_ message: [UInt8], to mailbox: String) -> [UInt8] {
        Array("a APPEND \(mailbox) {\(message.count)+}\r\n".utf8) + message + Array("\r\n".utf8)
    }

    /// Enters IDLE (RFC 2177).
    func beginIdle() async throws {
        try await send(Array("a IDLE\r\n".utf8))
        while true {
            switch try await next() {
            case .continuation: return
            case .tagged: throw BenchError("IDLE: \(scanner.lastStatus)")
            default: break
            }
        }
    }

    func endIdle() async throws {
        try await send(Array("DONE\r\n".utf8))
        try await finish("IDLE")
    }

    /// Waits until the server tells of a message's flags, or of more messages.
    func waitForNotice() async throws {
        while true {
            switch try await next() {
            case .fetch, .exists: return
            case .tagged: throw BenchError("the server has ended IDLE")
            default: break
            }
        }
    }

    /// Waits for the tagged answer.
    private func finish(_ command: String) async throws {
        fetched = 0
        found = 0
        while true {
            switch try await next() {
            case .fetch: fetched += 1
            case .found(let count): found += count
            case .tagged(let condition):
                if condition == .no { refusals += 1 }
                guard condition != .bad else { throw BenchError("\(command): \(scanner.lastStatus)") }
                return
            case .exists, .expunge, .continuation, .other: break
            }
        }
    }

    private func send(_ bytes: [UInt8]) async throws { try await connection.write(bytes) }

    private func next() async throws -> ReplyScanner.Event {
        while true {
            if let event = scanner.next() {
                switch event {
                case .exists(let count): exists = count
                case .expunge: exists -= 1
                default: break
                }
                return event
            }
            var buffer = scanner.takeBuffer()
            let deadline = connection.loop.now.advanced(by: Self.patience)
            let count = try await connection.read(into: &buffer, until: deadline)
            scanner.giveBack(buffer)
            guard count > 0 else { throw BenchError("the server has closed a session: \(scanner.lastStatus)") }
            received += count
        }
    }

    private static let patience = Duration.seconds(300)
}
