import Base
import Net
import SASL
import SMTPClient
import SMTPWire
import TestSupport

/// A client engine that hears what a test says for the server, without any socket.
final class Dialogue {
    var engine: SMTPClientEngine
    let clock = ManualClock()
    /// The check's answer.
    var mayEnd = true
    private(set) var isReady = false
    private(set) var isClosed = false
    private(set) var handshakes = 0
    private(set) var report: DeliveryReport?
    private(set) var failure: SMTPFailure?
    private(set) var deadline = Instant.distantFuture
    /// What the check was shown.
    private(set) var checked: [UInt8] = []
    private var message: [UInt8] = []
    private var written = ""

    init(_ security: SMTPClientConfiguration.Security = .plaintext, credentials: ClientCredentials? = nil) {
        let configuration = SMTPClientConfiguration(
            endpoint: Endpoint(host: "smtp.example.net", port: 587),
            security: security,
            name: "greenroom.example.org"
        )
        engine = SMTPClientEngine(configuration: configuration, credentials: credentials, time: clock)
        run()
    }

    /// A session that is set up with a server that offers these.
    static func ready(_ extensions: String...) -> Dialogue {
        let dialogue = Dialogue()
        _ = dialogue.hear("220 smtp.example.net\r\n")
        _ = dialogue.hear(ehlo(extensions))
        return dialogue
    }

    static func ehlo(_ extensions: [String]) -> String {
        let lines = ["smtp.example.net"] + extensions
        return lines.enumerated().map { "250\($0 == lines.count - 1 ? " " : "-")\($1)\r\n" }.joined()
    }

    /// The server says something; what we write then.
    func hear(_ text: String) -> String {
        engine.receive(Array(text.utf8).span)
        run()
        return take()
    }

    func send(_ envelope: Envelope, _ message: String) -> String {
        self.message = Array(message.utf8)
        report = nil
        engine.begin(envelope, self.message)
        run()
        return take()
    }

    func fail(_ cause: SMTPFailure.Cause) {
        engine.failed(cause)
        run()
    }

    func quit() -> String {
        engine.quit()
        run()
        return take()
    }

    private func take() -> String {
        defer { written = "" }
        return written
    }

    private func run() {
        isReady = false
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
            case .content(let chunk):
                checked += message[chunk.content]
                written += String(decoding: chunk.wire, as: UTF8.self)
            case .askCheck: engine.mayEnd(mayEnd)
            case .done(let report): self.report = report
            case .failed(let failure): self.failure = failure
            case .close:
                isClosed = true
                return
            }
        }
    }
}

extension Envelope {
    /// An envelope of plain addresses.
    init(from sender: String, to recipients: String...) {
        self.init(
            sender: EnvelopeAddress(sender),
            recipients: recipients.compactMap { EnvelopeAddress($0) }.map { EnvelopeRecipient($0) }
        )
    }
}

extension RecipientOutcome {
    /// One word and the code, as in `permanent 550`.
    var short: String {
        switch self {
        case .accepted(let reply): "accepted \(reply.code)"
        case .temporary(let failure): "temporary \(failure.stage.rawValue) \(failure.reply.map { "\($0.code)" } ?? "-")"
        case .permanent(let failure): "permanent \(failure.stage.rawValue) \(failure.reply.map { "\($0.code)" } ?? "-")"
        case .unknown(let failure): "unknown \(failure.stage.rawValue)"
        }
    }
}
