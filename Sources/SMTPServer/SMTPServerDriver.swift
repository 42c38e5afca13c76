package import Base
package import Net
internal import Reactor
internal import SMTPWire

/// Carries bytes and questions between a connection, an SMTP engine and its backend.
package struct SMTPServerDriver: Sendable {
    private let configuration: SMTPServerConfiguration
    private let backend: any SMTPBackend
    private let tls: TLSServerContext?
    private let time: any TimeSource
    private let entropy: any Entropy
    private let log: Log

    /// How long the last reply may take to leave.
    private static let farewell = Duration.seconds(5)

    /// A driver for the connections of one listener; `tls` is what STARTTLS uses.
    package init(
        configuration: SMTPServerConfiguration,
        backend: any SMTPBackend,
        tls: TLSServerContext?,
        time: any TimeSource,
        entropy: any Entropy,
        log: Log
    ) {
        self.configuration = configuration
        self.backend = backend
        self.tls = tls
        self.time = time
        self.entropy = entropy
        self.log = log
    }

    /// Serves a connection until one side ends it; with implicit TLS the handshake is done already.
    package func serve(_ connection: Connection) async {
        let log = log.with("peer", connection.peer)
        do throws(NetError) {
            try await run(connection, log)
        } catch {
            log.debug("SMTP connection broke: \(error)")
        }
    }

    private func run(_ connection: Connection, _ log: Log) async throws(NetError) {
        let peer = SMTPPeer(address: connection.peer, tls: TLSDescription(connection))
        let backend = backend
        var engine = SMTPServerEngine(configuration: configuration, peer: peer, time: time) {
            backend.scramChallenge(for: $0)
        }
        var session: (any SMTPSession)?
        while true {
            switch engine.next() {
            case .write(let bytes):
                try await connection.write(bytes)
            case .read(let deadline):
                guard try await read(connection, &engine, deadline) else { return }
            case .perform(let request):
                await perform(request, &engine, &session, log)
            case .wait(let duration):
                await connection.loop.sleep(for: duration)
            case .startTLS:
                guard let tls else { return }
                try await connection.startTLS(server: tls)
                engine.secured(TLSDescription(connection) ?? TLSDescription(version: "TLS", cipher: "unknown"))
            case .close:
                await connection.finish(until: time.instant.advanced(by: Self.farewell))
                return
            }
        }
    }

    /// Hands the next input, the deadline or the wish to stop to the engine; false at the end.
    private func read(
        _ connection: Connection,
        _ engine: inout SMTPServerEngine,
        _ deadline: Instant
    ) async throws(NetError) -> Bool {
        // Nothing is kept while the connection is idle: the buffer is made by a read and let go here.
        var buffer: [UInt8] = []
        switch try connection.tryRead(into: &buffer) {
        case .bytes:
            if connection.isShuttingDown { engine.shutDown() }
            engine.receive(buffer.span)
            return true
        case .end:
            return false
        case .wouldBlock:
            break
        }
        switch await connection.wait(until: deadline) {
        case .readable, .signalled: break
        case .shutdown: engine.shutDown()
        case .deadline: engine.timedOut()
        case .canceled: throw .canceled
        }
        return true
    }

    // MARK: What the backend answers

    private func perform(
        _ request: SMTPServerEngine.Request,
        _ engine: inout SMTPServerEngine,
        _ session: inout (any SMTPSession)?,
        _ log: Log
    ) async {
        switch request {
        case .openSession(let peer):
            switch await backend.openSession(peer: peer) {
            case .session(let opened):
                session = opened
                engine.sessionAnswered(refusal: nil)
            case .refused(let reply):
                log.info("SMTP session refused: \(reply)")
                engine.sessionAnswered(refusal: reply)
            }
        case .logIn(let credentials, let peer):
            switch await backend.logIn(credentials, peer: peer) {
            case .session(let opened, let serverFinal):
                session = opened
                engine.logInAccepted(user: opened.user, serverFinal: serverFinal)
            case .refused(let reply, let delay):
                log.info("SMTP log-in refused: \(reply)")
                engine.logInRefused(reply, after: delay)
            }
        case .mail(let sender, let parameters):
            guard let session else { return engine.mailAnswered(.refused(noSession(log))) }
            engine.mailAnswered(await session.mail(from: sender, parameters: parameters))
        case .recipient(let recipient, let envelope):
            guard let session else { return engine.recipientAnswered(.refused(noSession(log))) }
            engine.recipientAnswered(await session.recipient(recipient, to: envelope))
        case .message(let message):
            guard let session else { return engine.messageAnswered(.all(noSession(log))) }
            engine.messageAnswered(checked(await session.message(message), for: message, log))
        }
    }

    /// LMTP needs one reply per recipient, submission one in all: a session that counts otherwise has
    /// lost track of what it kept, so the client is told to come back.
    private func checked(_ answer: MessageAnswer, for message: ReceivedMessage, _ log: Log) -> MessageAnswer {
        guard case .each(let replies) = answer else { return answer }
        if configuration.role == .lmtp, replies.count == message.envelope.recipients.count { return answer }
        let reference = makeReference()
        log.with("reference", reference).error("a session gave \(replies.count) answers to a message")
        return .all(.ourFault(reference: reference))
    }

    /// The engine asks only with a session, so this is a fault of ours.
    private func noSession(_ log: Log) -> SMTPReply {
        let reference = makeReference()
        log.with("reference", reference).error("the SMTP engine asked without a session")
        return .ourFault(reference: reference)
    }

    private func makeReference() -> String { Hexadecimal.encode(entropy.bytes(count: 6)) }
}

extension TLSDescription {
    /// Nil for a connection in the clear.
    fileprivate init?(_ connection: Connection) {
        guard let info = connection.tlsInfo else { return nil }
        self.init(version: info.version, cipher: info.cipher)
    }
}
