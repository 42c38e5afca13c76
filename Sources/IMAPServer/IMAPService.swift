package import Base
internal import IMAPWire
package import Net
internal import Reactor
internal import SASL
internal import Synchronization

/// Serves IMAP on connections: carries bytes between each of them and an engine of its own.
package struct IMAPService: Sendable {
    private let backend: any IMAPBackend
    private let tls: TLSServerContext?
    private let allowsPlaintextLogIn: Bool
    private let uploads: UploadBudget
    private let log: Log

    /// Makes a service for one listener.
    ///
    /// - Parameters:
    ///   - backend: Where clients log in.
    ///   - tls: What STARTTLS is begun with; `nil` where it cannot be had.
    ///   - allowsPlaintextLogIn: Whether passwords may come unencrypted; loopback listeners only.
    ///   - uploads: What all sessions together may hand in at one time.
    ///   - log: Where connections and refused log-ins are told.
    package init(
        backend: any IMAPBackend,
        tls: TLSServerContext?,
        allowsPlaintextLogIn: Bool,
        uploads: UploadBudget = UploadBudget(limit: Limits.uploads),
        log: Log
    ) {
        self.backend = backend
        self.tls = tls
        self.allowsPlaintextLogIn = allowsPlaintextLogIn
        self.uploads = uploads
        self.log = log
    }

    /// Serves until either side ends it; the caller closes the connection.
    package func serve(_ connection: Connection) async {
        let peer = connection.peer.host?.description ?? connection.peer.description
        let settings = EngineSettings(
            peer: peer,
            isEncrypted: connection.isEncrypted,
            canStartTLS: tls != nil && !connection.isEncrypted,
            allowsPlaintextLogIn: allowsPlaintextLogIn,
            channelBindings: ChannelBindings(connection),
            uploads: uploads
        )
        var engine = Engine(backend: backend, settings: settings)
        let log = log.with("peer", peer)
        do throws(NetError) {
            let reason = try await converse(&engine, connection, log)
            if reason.isSuspicious { log.warning(reason.explanation) } else { log.debug(reason.explanation) }
            await connection.finish(until: connection.loop.now.advanced(by: Limits.imapFarewell))
        } catch {
            log.debug("connection ended: \(error)")
        }
        await engine.end()
    }

    private func converse(
        _ engine: inout Engine,
        _ connection: Connection,
        _ log: Log
    ) async throws(NetError) -> CloseReason {
        let out = Responder(sink: ConnectionSink(connection))
        let attention = Attention()
        // The silence that patience is measured by; before log-in, bytes that lead nowhere are silence.
        var lastSign = connection.loop.now
        while true {
            switch engine.next() {
            case .write(let bytes):
                lastSign = connection.loop.now
                // Answers to pipelined commands leave together; a wait sends them.
                try await connection.write(bytes, more: true)
            case .perform(let run):
                // Commands reach deep; an idle session must not keep what they needed.
                let transition = await connection.loop.apart { await run.run(out) }
                note(transition, log)
                engine.complete(transition)
                if case .selected = transition {
                    engine.selectedMailbox?.observe { if attention.isPaid { connection.signal.raise() } }
                }
                if case .notifying = transition { engine.notifyWatch?.observe { connection.signal.raise() } }
                lastSign = connection.loop.now
            case .pause(let delay):
                try await connection.flush()
                await connection.loop.sleep(for: delay)
            case .startTLS:
                guard let tls else { return .connectionLost }
                try await connection.startTLS(server: tls)
                engine.tlsStarted(ChannelBindings(connection))
            case .wait(let patience):
                if attention.turn(engine.wantsNotices) {
                    // What happened until now woke nobody.
                    engine.wake()
                    continue
                }
                let wake = await connection.wait(until: lastSign.advanced(by: patience))
                guard try take(wake, &engine, connection) else { return .connectionLost }
                if engine.member != nil { lastSign = connection.loop.now }
            case .close(let reason): return reason
            }
        }
    }

    /// Tells the engine why the wait ended; `false` where the connection is over.
    private func take(_ wake: Wake, _ engine: inout Engine, _ connection: Connection) throws(NetError) -> Bool {
        switch wake {
        case .readable:
            // Belongs to this turn alone: an idle connection owns no buffer.
            var input: [UInt8] = []
            switch try connection.tryRead(into: &input) {
            case .bytes: engine.receive(input)
            case .end: return false
            case .wouldBlock: break
            }
        case .signalled: engine.wake()
        case .deadline: engine.expire()
        case .shutdown: engine.shutDown()
        case .canceled: return false
        }
        return true
    }

    private func note(_ transition: Transition, _ log: Log) {
        switch transition {
        case .loggedIn(let session), .proven(let session, _, _): log.with("member", session.member).info("logged in")
        case .refused(let answer, _): log.info("log-in refused: \(answer.text)")
        case .stay, .selected, .unselected, .enabled, .notifying, .faulty, .lost: break
        }
    }
}

/// Whether a session wants to be woken by changes: one that is between commands hears of them with the
/// next one, and a busy mailbox need not wake every session that has it selected.
private final class Attention: Sendable {
    private let isOn = Atomic<Bool>(false)

    /// Asked after a change was published; both sides write, so that one of them sees the other.
    var isPaid: Bool { isOn.logicalAnd(true, ordering: .acquiringAndReleasing).newValue }

    /// Turns it on or off; whether it was turned on, and changes before that have to be looked for.
    func turn(_ on: Bool) -> Bool {
        !isOn.exchange(on, ordering: .acquiringAndReleasing) && on
    }
}

/// Writes answers to a connection; a peer that does not read suspends or ends it.
private struct ConnectionSink: ResponseSink {
    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    var isHeard: Bool { !connection.isCanceled && !connection.hasPeerLeft }
    var now: Instant { connection.loop.now }

    func send(_ bytes: [UInt8]) async throws(IMAPFailure) {
        do throws(NetError) {
            try await connection.write(bytes, more: true)
        } catch {
            throw .connectionGone
        }
    }
}

extension ChannelBindings {
    fileprivate init(_ connection: Connection) {
        self.init(exporter: connection.tlsExporter, serverEndPoint: connection.tlsServerEndPoint)
    }
}
