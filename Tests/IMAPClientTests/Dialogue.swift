import Base
import IMAPClient
import IMAPWire
import Net
import SASL
import TestSupport

/// A client engine that hears what a test says for the server, without any socket.
final class Dialogue {
    var engine: IMAPClientEngine
    let clock = ManualClock()
    private(set) var isReady = false
    private(set) var isIdling = false
    private(set) var isClosed = false
    private(set) var handshakes = 0
    private(set) var failure: IMAPClientFailure?
    private(set) var told: [Response] = []
    private(set) var done: StatusResponse?
    private(set) var deadline = Instant.distantFuture
    private var written = ""

    static let password = ClientCredentials.password(
        PlainCredentials(authentication: "team", password: Secret("secret"))
    )
    static let token = ClientCredentials.bearer(
        user: "team",
        token: Secret("token"),
        host: "imap.example",
        port: 993
    )

    init(
        _ security: IMAPClientConfiguration.Security = .plaintext,
        _ credentials: ClientCredentials? = Dialogue.password
    ) {
        let configuration = IMAPClientConfiguration(
            endpoint: Endpoint(host: "imap.example", port: 143),
            security: security
        )
        engine = IMAPClientEngine(configuration: configuration, credentials: credentials, time: clock)
        run()
    }

    /// A session that is logged in with a server that offers these.
    static func ready(_ offered: String) -> Dialogue {
        let dialogue = Dialogue()
        _ = dialogue.hear("* OK hello\r\n")
        _ = dialogue.hear("* CAPABILITY IMAP4rev1\r\nG1 OK -\r\n")
        _ = dialogue.hear("G2 OK in\r\n")
        _ = dialogue.hear("* CAPABILITY \(offered)\r\nG3 OK -\r\n")
        return dialogue
    }

    /// The server says something; what we write then.
    func hear(_ text: String) -> String {
        engine.receive(Array(text.utf8))
        run()
        return take()
    }

    func begin(_ name: StaticString, _ arguments: (inout WireWriter) -> Void = { _ in }) -> String {
        engine.begin(name, arguments)
        run()
        return take()
    }

    func idle() -> String {
        engine.beginIdle()
        run()
        return take()
    }

    func endIdle() -> String {
        engine.endIdle()
        run()
        return take()
    }

    func fail(_ cause: IMAPClientFailure.Cause) {
        engine.failed(cause)
        run()
    }

    private func take() -> String {
        defer { written = "" }
        return written
    }

    private func run() {
        isReady = false
        isIdling = false
        while true {
            switch engine.next() {
            case .write(let bytes): written += String(decoding: bytes, as: UTF8.self)
            case .read(let deadline):
                self.deadline = deadline
                return
            case .startTLS:
                handshakes += 1
                engine.secured()
            case .ready:
                isReady = true
                return
            case .untagged(let response): told.append(response)
            case .idling:
                isIdling = true
                return
            case .done(let status): done = status
            case .failed(let failure): self.failure = failure
            case .close:
                isClosed = true
                return
            }
        }
    }
}
