import Base
import Net
import SASL
import SMTPWire
import TestSupport

@testable import SMTPServer

/// An engine with a backend of fixed answers, spoken to without any socket.
final class Conversation {
    var engine: SMTPServerEngine
    let clock = ManualClock()
    /// What was written since the last look.
    private(set) var written = ""
    private(set) var isClosed = false
    private(set) var hasStartedTLS = false
    private(set) var waits: [Duration] = []
    private(set) var deadline = Instant.distantFuture
    /// What was asked of the backend, in order.
    private(set) var asked: [String] = []
    private(set) var messages: [ReceivedMessage] = []
    /// Everything that had been written when a message was handed over.
    private(set) var writtenBeforeMessage = ""
    var messageAnswer = MessageAnswer.all(SMTPReply(250, EnhancedStatus(2, 0, 0), "Kept"))

    static let tls = TLSDescription(version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384")
    /// What is kept of anna's password, `secret`.
    static let scram = ScramCredential.make(
        Secret("secret"),
        ScramCredential.Parameters(salt: Array("salt".utf8), iterations: 4096)
    )
    static let local = "127.0.0.1:40000"
    static let remote = "192.0.2.7:40000"

    init(
        _ role: SMTPServerConfiguration.Role = .submission,
        tls: SMTPServerConfiguration.TLSMode = .startTLS,
        secured: Bool = true,
        from address: String = Conversation.remote,
        _ change: (inout SMTPServerConfiguration) -> Void = { _ in }
    ) {
        var configuration = SMTPServerConfiguration(role: role, hostName: "mx.example.org", tls: tls)
        change(&configuration)
        let address = SocketAddress(address) ?? .unix("")
        let peer = SMTPPeer(address: address, tls: secured && tls == .implicit ? Conversation.tls : nil)
        engine = SMTPServerEngine(configuration: configuration, peer: peer, time: clock) { _ in
            ScramChallenge(parameters: Conversation.scram.parameters, nonce: "servernonce")
        }
        run()
        if secured, tls == .startTLS {
            send("EHLO first.example.net\r\n")
            send("STARTTLS\r\n")
            _ = take()
        }
    }

    /// Says something and lets the engine answer.
    func send(_ text: String) {
        send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) {
        guard !isClosed else { return }
        engine.receive(bytes.span)
        run()
    }

    /// Says something and gives what was answered.
    func ask(_ text: String) -> String {
        send(text)
        return take()
    }

    /// What was written since the last look.
    func take() -> String {
        defer { written = "" }
        return written
    }

    func timeOut() {
        engine.timedOut()
        run()
    }

    func shutDown() {
        engine.shutDown()
        run()
    }

    /// EHLO and a log-in.
    func logIn() {
        send("EHLO client.example.net\r\n")
        send("AUTH PLAIN \(Base64.encode(Array("\0ann\0secret".utf8)))\r\n")
        _ = take()
    }

    private func run() {
        while true {
            switch engine.next() {
            case .write(let bytes): written += String(decoding: bytes, as: UTF8.self)
            case .read(let deadline):
                self.deadline = deadline
                return
            case .perform(let request): answer(request)
            case .wait(let duration):
                waits.append(duration)
                clock.advance(by: duration)
            case .startTLS:
                hasStartedTLS = true
                engine.secured(Self.tls)
            case .close:
                isClosed = true
                return
            }
        }
    }

    private func answer(_ request: SMTPServerEngine.Request) {
        switch request {
        case .openSession:
            asked.append("open")
            engine.sessionAnswered(refusal: nil)
        case .logIn(.password(let credentials), _):
            let password = String(decoding: credentials.password.exposed, as: UTF8.self)
            asked.append("login \(credentials.authorization)/\(credentials.authentication)/\(password)")
            if password == "secret" {
                engine.logInAccepted(user: credentials.authentication)
            } else {
                engine.logInRefused(.wrongCredentials, after: .seconds(2))
            }
        case .logIn(.scram(let proof), _):
            asked.append("login \(proof.authorization)/\(proof.user)/proof")
            if proof.isProof(of: Self.scram) {
                engine.logInAccepted(user: proof.user, serverFinal: proof.serverFinal(Self.scram))
            } else {
                engine.logInRefused(.wrongCredentials, after: .seconds(2))
            }
        case .mail(let sender, let parameters):
            asked.append("mail <\(sender?.text ?? "")>\(parameters.text)")
            let isBlocked = sender?.localPart == "blocked"
            engine.mailAnswered(isBlocked ? .refused(SMTPReply(550, EnhancedStatus(5, 7, 1), "Not yours")) : .accepted)
        case .recipient(let recipient, _):
            asked.append("rcpt <\(recipient.address.text)>\(recipient.parameters.text)")
            engine.recipientAnswered(recipient.address.localPart == "nobody" ? .refused(.noSuchMailbox) : .accepted)
        case .message(let message):
            asked.append("message \(message.transport)")
            messages.append(message)
            writtenBeforeMessage = written
            engine.messageAnswered(messageAnswer)
        }
    }
}
