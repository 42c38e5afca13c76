internal import Base
internal import Net
internal import Reactor

/// A conversation in lines over a real socket: enough of a client for the story, for IMAP, SMTP and
/// LMTP alike.
final class Dialogue {
    private let connection: Connection
    private var buffer: [UInt8] = []
    private var tags = 0
    private static let patience = Duration.seconds(20)

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Opens a connection to this machine, with TLS from the first byte where a context is given.
    static func open(port: UInt16, tls: TLSClientContext?, on loop: EventLoop) async throws -> Dialogue {
        let deadline = loop.now.advanced(by: patience)
        let address = SocketAddress.ip(IPAddress(family: .v4, value: 0x7F00_0001), port: port)
        let connection = try await Connection.connect(to: address, on: loop, until: deadline)
        if let tls { try await connection.startTLS(client: tls, host: "localhost") }
        return Dialogue(connection)
    }

    func close() { connection.close() }

    func send(_ text: String) async throws {
        try await connection.write(Array(text.utf8), until: deadline)
    }

    /// The next line without its CRLF.
    func line() async throws -> String {
        while true {
            if let end = buffer.span.firstIndex(of: ASCII.lf) {
                var line = Array(buffer[..<end])
                buffer.removeFirst(end + 1)
                if line.last == ASCII.cr { line.removeLast() }
                return String(decoding: line, as: UTF8.self)
            }
            try await read()
        }
    }

    private func bytes(_ count: Int) async throws -> [UInt8] {
        while buffer.count < count { try await read() }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private func read() async throws {
        guard try await connection.read(into: &buffer, until: deadline) > 0 else {
            throw DemoFailure("the server hung up")
        }
    }

    private var deadline: Instant { connection.loop.now.advanced(by: Self.patience) }

    // MARK: SMTP and LMTP

    /// A whole reply: its last line, code in front.
    func reply() async throws -> String {
        while true {
            let line = try await line()
            if line.utf8.count < 4 || Array(line.utf8)[3] != 0x2D { return line }
        }
    }

    /// Sends a line and expects a reply that begins with a code.
    @discardableResult
    func ask(_ text: String, expecting code: String) async throws -> String {
        try await send(text + "\r\n")
        let reply = try await reply()
        guard reply.hasPrefix(code) else { throw DemoFailure("\(text.prefix(40)) was answered with \(reply)") }
        return reply
    }

    /// Hands in a message; gives the reply behind its last dot.
    func handIn(from sender: String, to recipients: [String], _ message: String) async throws -> String {
        try await ask("MAIL FROM:<\(sender)>", expecting: "250")
        for recipient in recipients { try await ask("RCPT TO:<\(recipient)>", expecting: "250") }
        try await ask("DATA", expecting: "354")
        try await send(message.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"))
        try await send("\r\n.\r\n")
        return try await reply()
    }

    // MARK: IMAP

    /// Everything that a command was answered with.
    struct Answer {
        /// The untagged lines, each literal in place of its announcement.
        var lines: [String] = []
        /// The literals, in order.
        var literals: [[UInt8]] = []
        /// The tagged line without its tag.
        var result = ""

        var isOK: Bool { result.hasPrefix("OK") }
    }

    /// Sends a command and reads to its tagged answer, which must be OK.
    @discardableResult
    func command(_ text: String) async throws -> Answer {
        tags += 1
        let tag = "d\(tags)"
        try await send("\(tag) \(text)\r\n")
        var answer = Answer()
        while true {
            let line = try await imapLine(&answer)
            if line.hasPrefix(tag + " ") {
                answer.result = String(line.dropFirst(tag.count + 1))
                guard answer.isOK else { throw DemoFailure("\(text.prefix(60)) was answered with \(line)") }
                return answer
            }
            answer.lines.append(line)
        }
    }

    /// Sends APPEND with its literal.
    func append(_ message: String, to mailbox: String) async throws -> Answer {
        let bytes = message.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        return try await command("APPEND \(mailbox) (\\Seen) {\(bytes.utf8.count)+}\r\n\(bytes)")
    }

    private func imapLine(_ answer: inout Answer) async throws -> String {
        var text = try await line()
        while text.hasSuffix("}"), let brace = text.lastIndex(of: "{"),
            let count = Int(text[text.index(after: brace)...].dropLast())
        {
            answer.literals.append(try await bytes(count))
            text += try await line()
        }
        return text
    }
}

/// Why a step of the story did not come out.
struct DemoFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
