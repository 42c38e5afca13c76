package import Base
package import IMAPWire
package import Net
internal import Reactor
package import SASL

/// A session with an upstream server, used by one task of its connection's loop.
package final class IMAPClientSession {
    private let connection: Connection
    private let configuration: IMAPClientConfiguration
    private let tls: TLSClientContext?
    private let time: any TimeSource
    private var engine: IMAPClientEngine
    private var isOver = false
    /// The mailbox that is selected, as it was when it was.
    package internal(set) var selected: SelectedMailbox?

    package init(
        _ connection: Connection,
        configuration: IMAPClientConfiguration,
        credentials: ClientCredentials?,
        tls: TLSClientContext?,
        time: any TimeSource
    ) {
        self.connection = connection
        self.configuration = configuration
        self.tls = tls
        self.time = time
        engine = IMAPClientEngine(configuration: configuration, credentials: credentials, time: time)
    }

    /// Whether the server offers an extension, named as in CAPABILITY.
    package func offers(_ capability: String) -> Bool { engine.capabilities.contains(capability) }

    /// Greeting, TLS and log-in.
    package func open() async throws(IMAPClientFailure) {
        if configuration.security == .implicitTLS {
            do throws(NetError) {
                try await startTLS()
            } catch {
                end()
                throw IMAPClientFailure(.startTLS, .transport(error))
            }
        }
        _ = try await run { _ in }
    }

    /// Says goodbye where there is still somebody to say it to.
    package func logOut() async {
        guard !isOver, engine.isReady else { return }
        engine.begin("LOGOUT")
        let deadline = time.instant.advanced(by: configuration.timeouts.logout)
        // The server answers BYE, which ends the session: that it does is all we want to know.
        _ = try? await run(until: deadline) { _ in }
        end()
    }

    // MARK: The loop

    /// Sends a command and hands over what the server says to it; throws `refused` for NO and BAD.
    @discardableResult
    func perform(
        _ name: StaticString,
        _ arguments: (inout WireWriter) -> Void = { _ in },
        untagged: (Response) -> Void = { _ in }
    ) async throws(IMAPClientFailure) -> StatusResponse {
        guard !isOver else { throw IMAPClientFailure(.command, .closed) }
        engine.begin(name, arguments)
        guard let status = try await run(untagged) else { throw IMAPClientFailure(.command, .closed) }
        guard status.condition == .ok else { throw IMAPClientFailure(.command, .refused(status)) }
        return status
    }

    /// Waits in IDLE until the server tells of a change or the deadline passes (RFC 2177).
    ///
    /// - Returns: What the server told.
    package func idle(until deadline: Instant) async throws(IMAPClientFailure) -> [Response] {
        guard !isOver else { throw IMAPClientFailure(.command, .closed) }
        engine.beginIdle()
        var told: [Response] = []
        _ = try await run(idlingUntil: deadline) { response in
            switch response {
            case .exists, .expunge, .fetch, .recent, .other: told.append(response)
            default: break
            }
        }
        return told
    }

    /// Waits without saying anything; false where the task was canceled.
    package func pause(until deadline: Instant) async -> Bool {
        await connection.loop.sleep(until: deadline) != .canceled
    }

    /// Does what the engine says until the command is over; nil where none was under way.
    private func run(
        until limit: Instant = .distantFuture,
        idlingUntil idleDeadline: Instant? = nil,
        _ untagged: (Response) -> Void
    ) async throws(IMAPClientFailure) -> StatusResponse? {
        var hasNews = false
        while true {
            switch engine.next() {
            case .write(let bytes):
                await attempt { () async throws(NetError) in try await self.connection.write(bytes) }
            case .read(let deadline):
                await attempt { () async throws(NetError) in try await self.read(until: min(deadline, limit)) }
            case .startTLS:
                await attempt { () async throws(NetError) in
                    try await self.startTLS()
                    self.engine.secured()
                }
            case .untagged(let response):
                untagged(response)
                switch response {
                case .exists, .expunge, .fetch, .other: hasNews = true
                default: break
                }
            case .idling:
                guard !hasNews, let idleDeadline, time.instant < idleDeadline else {
                    engine.endIdle()
                    continue
                }
                await attempt { () async throws(NetError) in try await self.wait(until: idleDeadline) }
            case .ready: return nil
            case .done(let status): return status
            case .failed(let failure):
                end()
                throw failure
            case .close:
                end()
                throw IMAPClientFailure(.command, .closed)
            }
        }
    }

    /// Does what the network may refuse; the engine learns of it.
    private func attempt(_ body: () async throws(NetError) -> Void) async {
        do throws(NetError) {
            try await body()
        } catch {
            engine.failed(.transport(error))
        }
    }

    private func startTLS() async throws(NetError) {
        guard let tls else { throw .tls("no client context") }
        try await connection.startTLS(client: tls, host: configuration.endpoint.host)
    }

    private func read(until deadline: Instant) async throws(NetError) {
        var buffer: [UInt8] = []
        if try await connection.read(into: &buffer, until: deadline) == 0 {
            engine.failed(.closed)
        } else {
            engine.receive(buffer)
        }
    }

    /// Waits for bytes, or for the deadline.
    private func wait(until deadline: Instant) async throws(NetError) {
        do throws(NetError) {
            try await read(until: deadline)
        } catch {
            guard error == .timeout else { throw error }
        }
    }

    private func end() {
        isOver = true
        selected = nil
        connection.close()
    }
}
