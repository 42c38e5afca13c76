import Base
import Net
import Reactor
import TestSupport

/// A client that speaks in lines, for IMAP, SMTP and LMTP alike.
final class LineClient {
    private let connection: Connection
    private var buffer: [UInt8] = []
    private static let patience = Duration.seconds(20)

    init(_ connection: Connection) {
        self.connection = connection
    }

    static func open(port: UInt16, tls: TLSClientContext?, on loop: EventLoop) async throws -> LineClient {
        let deadline = loop.now.advanced(by: patience)
        let address = SocketAddress.ip(IPAddress(family: .v4, value: 0x7F00_0001), port: port)
        let connection = try await Connection.connect(to: address, on: loop, until: deadline)
        if let tls { try await connection.startTLS(client: tls, host: "localhost") }
        return LineClient(connection)
    }

    deinit { connection.close() }

    func close() { connection.close() }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try await connection.write(bytes, until: deadline)
    }

    /// The next line without its CRLF.
    func line() async throws -> String {
        while true {
            if let end = buffer.firstIndex(of: ASCII.lf) {
                let line = buffer[..<end].filter { $0 != ASCII.cr }
                buffer.removeFirst(end + 1)
                return String(decoding: line, as: UTF8.self)
            }
            try await read()
        }
    }

    func bytes(_ count: Int) async throws -> [UInt8] {
        while buffer.count < count { try await read() }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private func read() async throws {
        guard try await connection.read(into: &buffer, until: deadline) > 0 else {
            throw TestFailure("the server hung up")
        }
    }

    private var deadline: Instant { connection.loop.now.advanced(by: Self.patience) }

    /// A whole SMTP reply; its lines joined.
    func reply() async throws -> String {
        var lines: [String] = []
        while true {
            let line = try await line()
            lines.append(line)
            if line.utf8.count < 4 || Array(line.utf8)[3] != UInt8(ascii: "-") { return lines.joined(separator: "\n") }
        }
    }

    func ask(_ text: String) async throws -> String {
        try await send(text + "\r\n")
        return try await reply()
    }
}
