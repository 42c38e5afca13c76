import Base
import Net
import Reactor
import SASL
import SMTPClient
import SMTPServer
import SMTPWire
import Synchronization

/// What a server was given.
final class Mailbag: Sendable {
    private let messages = Mutex<[ReceivedMessage]>([])

    var all: [ReceivedMessage] { messages.withLock { $0 } }

    func put(_ message: ReceivedMessage) { messages.withLock { $0.append(message) } }
}

/// A backend with one member, ann, whose password is `secret`.
struct MemberBackend: SMTPBackend, SMTPSession {
    let mailbag: Mailbag
    var user: String? { "ann" }

    func logIn(_ credentials: SASLCredentials, peer: SMTPPeer) async -> LogInAnswer {
        guard case .password(let credentials) = credentials else { return .refused(.wrongCredentials, delay: .zero) }
        let isRight = credentials.authentication == "ann" && credentials.password.exposed == Array("secret".utf8)
        return isRight ? .session(self) : .refused(.wrongCredentials, delay: .milliseconds(1))
    }

    func openSession(peer: SMTPPeer) async -> SessionAnswer { .session(self) }

    func mail(from sender: EnvelopeAddress?, parameters: MailParameters) async -> EnvelopeAnswer { .accepted }

    func recipient(_ recipient: EnvelopeRecipient, to envelope: Envelope) async -> EnvelopeAnswer {
        recipient.address.localPart == "nobody" ? .refused(.noSuchMailbox) : .accepted
    }

    func message(_ message: ReceivedMessage) async -> MessageAnswer {
        mailbag.put(message)
        return .all(SMTPReply(250, EnhancedStatus(2, 0, 0), "Kept"))
    }
}

/// Entropy that repeats.
struct ZeroEntropy: Entropy {
    func bytes(count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}

/// A check that keeps what it sees.
struct RecordingCheck: TransmitCheck {
    var seen: [UInt8] = []
    var isAllowed = true

    mutating func take(_ bytes: Span<UInt8>) { seen.append(contentsOf: bytes) }

    mutating func mayEnd() -> Bool { isAllowed }
}

/// A server on one end of a connection, as a task of the loop.
func serve(
    _ connection: Connection,
    _ role: SMTPServerConfiguration.Role,
    _ mailbag: Mailbag,
    tls: TLSServerContext? = nil,
    mode: SMTPServerConfiguration.TLSMode = .none,
    on loop: EventLoop
) -> LoopTask<Void> {
    var configuration = SMTPServerConfiguration(role: role, hostName: "mx.example.org", tls: mode)
    configuration.allowsPlaintextLogInOnLoopback = mode == .none
    let backend: any SMTPBackend =
        role == .sink
        ? SinkBackend { message in
            mailbag.put(message)
            return SMTPReply(250, EnhancedStatus(2, 0, 0), "Kept")
        } : MemberBackend(mailbag: mailbag)
    let driver = SMTPServerDriver(
        configuration: configuration,
        backend: backend,
        tls: tls,
        time: loop.clock,
        entropy: ZeroEntropy(),
        log: .silent
    )
    return loop.spawn { await connection.use { await driver.serve(connection) } }
}

/// A client on the other end.
func client(
    _ connection: Connection,
    _ security: SMTPClientConfiguration.Security = .plaintext,
    credentials: ClientCredentials? = nil,
    tls: TLSClientContext? = nil,
    host: String = "smtp.example.org",
    on loop: EventLoop
) -> SMTPClientSession {
    let configuration = SMTPClientConfiguration(
        endpoint: Endpoint(host: host, port: 587),
        security: security,
        name: "greenroom.example.org"
    )
    return SMTPClientSession(
        connection,
        configuration: configuration,
        credentials: credentials,
        tls: tls,
        time: loop.clock
    )
}
