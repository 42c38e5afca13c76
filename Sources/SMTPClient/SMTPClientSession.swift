package import Base
package import Net
internal import Reactor
package import SASL
package import SMTPWire

/// A session with a smarthost, used by one task of its connection's loop.
package final class SMTPClientSession {
    private let connection: Connection
    private let configuration: SMTPClientConfiguration
    private let tls: TLSClientContext?
    private let time: any TimeSource
    private var engine: SMTPClientEngine

    package init(
        _ connection: Connection,
        configuration: SMTPClientConfiguration,
        credentials: ClientCredentials?,
        tls: TLSClientContext?,
        time: any TimeSource
    ) {
        self.connection = connection
        self.configuration = configuration
        self.tls = tls
        self.time = time
        engine = SMTPClientEngine(configuration: configuration, credentials: credentials, time: time)
    }

    /// What the server offers.
    package var capabilities: SMTPCapabilities { engine.capabilities }

    /// Whether the next message may be sent over this session.
    package var isUsable: Bool { !connection.isClosed && !isOver }

    private var isOver = false

    /// Whether the next message may be sent, once what the server said since the last one was heard: one
    /// that ends an idle session is no answer to a message.
    package func isReady() async -> Bool {
        guard isUsable else { return false }
        listen()
        var nothing = NoCheck()
        guard case .ready = await run([], &nothing) else { return false }
        return isUsable
    }

    /// Greeting, EHLO, TLS and log-in.
    package func open() async throws(SMTPFailure) {
        if configuration.security == .implicitTLS {
            do throws(NetError) {
                guard let tls else { throw .tls("no client context") }
                try await connection.startTLS(client: tls, host: configuration.endpoint.host)
            } catch {
                isOver = true
                throw SMTPFailure(.startTLS, .transport(error))
            }
        }
        var nothing = NoCheck()
        switch await run([], &nothing) {
        case .ready: return
        case .failed(let failure): throw failure
        case .done, .closed: throw SMTPFailure(.greeting, .closed)
        }
    }

    /// Sends one message and tells what became of it for every recipient.
    ///
    /// `check` sees every octet before it leaves and decides whether the final dot follows; where it
    /// refuses, the connection is dropped and nobody gets the message (INV-1).
    package func send<Check: TransmitCheck & ~Copyable>(
        _ envelope: Envelope,
        _ message: [UInt8],
        check: inout Check
    ) async -> DeliveryReport {
        // What the server said since the last message, or its end, comes before this one begins.
        listen()
        if case .failed(let failure) = await run([], &check) { return Self.report(failure, envelope) }
        guard engine.isReady else { return Self.report(SMTPFailure(.mail, .closed), envelope) }
        engine.begin(envelope, message)
        switch await run(message, &check) {
        case .done(let report): return report
        case .failed(let failure): return Self.report(failure, envelope)
        case .ready, .closed: return Self.report(SMTPFailure(.mail, .closed), envelope)
        }
    }

    /// Says goodbye where there is still somebody to say it to.
    package func quit() async {
        guard !isOver else { return }
        var nothing = NoCheck()
        engine.quit()
        _ = await run([], &nothing)
    }

    // MARK: The loop

    private enum Outcome {
        case ready
        case done(DeliveryReport)
        case failed(SMTPFailure)
        case closed
    }

    /// Does what the engine says until it has something to tell.
    private func run<Check: TransmitCheck & ~Copyable>(_ message: [UInt8], _ check: inout Check) async -> Outcome {
        while true {
            let action = engine.next()
            do throws(NetError) {
                switch action {
                case .write(let bytes):
                    try await connection.write(bytes)
                case .read(let deadline):
                    try await read(until: deadline)
                case .startTLS:
                    guard let tls else { throw .tls("no client context") }
                    try await connection.startTLS(client: tls, host: configuration.endpoint.host)
                    engine.secured()
                case .content(let chunk):
                    check.take(message.span.extracting(chunk.content))
                    try await connection.write(
                        chunk.wire,
                        until: time.instant.advanced(by: configuration.timeouts.block)
                    )
                    listen()
                case .askCheck:
                    engine.mayEnd(check.mayEnd())
                case .ready: return .ready
                case .done(let report):
                    if engine.isClosed { end() }
                    return .done(report)
                case .failed(let failure):
                    end()
                    return .failed(failure)
                case .close:
                    end()
                    return .closed
                }
            } catch {
                listen()
                engine.failed(.transport(error))
            }
        }
    }

    private func read(until deadline: Instant) async throws(NetError) {
        var buffer: [UInt8] = []
        if try await connection.read(into: &buffer, until: deadline) == 0 {
            engine.failed(.closed)
        } else {
            engine.receive(buffer.span)
        }
    }

    /// Hears what is there already, without waiting.
    private func listen() {
        var buffer: [UInt8] = []
        do throws(NetError) {
            switch try connection.tryRead(into: &buffer) {
            case .bytes: engine.receive(buffer.span)
            case .end: engine.failed(.closed)
            case .wouldBlock: break
            }
        } catch {
            engine.failed(.transport(error))
        }
    }

    /// Drops the connection with what is queued: behind a refused check nothing more may leave.
    private func end() {
        isOver = true
        connection.close()
    }

    private static func report(_ failure: SMTPFailure, _ envelope: Envelope) -> DeliveryReport {
        // A session that ended before the transaction says nothing about the message.
        DeliveryReport(outcomes: envelope.recipients.map { _ in .temporary(failure) }, isRefusedByCheck: false)
    }

    private struct NoCheck: TransmitCheck {
        mutating func take(_ bytes: Span<UInt8>) {}
        mutating func mayEnd() -> Bool { false }
    }
}
