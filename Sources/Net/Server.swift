package import Base
package import Reactor
internal import Synchronization

/// Takes connections in, runs a task for each, and ends gracefully.
package final class Server: Sendable {
    /// How a server treats its connections.
    package struct Settings: Sendable {
        /// Connections at one time.
        package var connections = Limits.connectionsPerListener
        /// Connections at one time from one address (IPv6: one /64).
        package var connectionsPerAddress = Limits.connectionsPerAddress
        /// What a client is told that is one too many, in plain text; nothing under TLS.
        package var refusal: [UInt8] = []
        /// Shake hands before the handler sees the connection (RFC 8314 §3).
        package var tls: TLSServerContext?

        package init() {}
    }

    /// Serves one connection; called on the connection's loop, which closes it afterwards.
    ///
    /// It ends soon after `wait` has answered `shutdown`, and at once after `canceled`.
    package typealias Handler = @Sendable (Connection) async -> Void

    private let acceptor: any Acceptor
    private let loops: EventLoopGroup
    private let settings: Settings
    private let log: Log
    private let handler: Handler
    private let state = Mutex(State())
    /// Raised when the last connection has ended.
    private let emptied: Signal

    package init(
        _ acceptor: any Acceptor,
        loops: EventLoopGroup,
        settings: Settings = Settings(),
        log: Log,
        handler: @escaping Handler
    ) {
        self.acceptor = acceptor
        self.loops = loops
        self.settings = settings
        self.log = log.with("listener", acceptor.address)
        self.handler = handler
        emptied = Signal(on: acceptor.loop)
    }

    package var address: SocketAddress { acceptor.address }

    /// Open connections.
    package var connectionCount: Int { state.withLock { $0.connections.count } }

    /// Begins to accept.
    package func start() {
        acceptor.loop.spawn { [self] in await acceptAll() }
    }

    /// Stops accepting, asks every connection to end, and cancels those left at the deadline.
    ///
    /// Returns when all have ended.
    package func shutDown(until deadline: Instant) async {
        acceptor.close()
        let connections = state.withLock { state in
            state.isShuttingDown = true
            return state.connections.values.compactMap(\.connection)
        }
        for connection in connections { connection.requestShutdown() }
        await acceptor.loop.spawn { [self] in
            await waitUntilEmpty(deadline)
            for entry in state.withLock({ Array($0.connections.values) }) {
                entry.connection?.cancel()
                entry.task?.cancel()
            }
            await waitUntilEmpty(.distantFuture)
        }.value
    }

    private func waitUntilEmpty(_ deadline: Instant) async {
        while connectionCount > 0 {
            if await emptied.wait(until: deadline) == .deadline { return }
        }
    }

    // MARK: Accepting

    private func acceptAll() async {
        var accepted = 0
        while true {
            do throws(NetError) {
                guard let incoming = try await acceptor.accept() else { return }
                take(incoming)
            } catch {
                log.error("accepting failed: \(error)")
                _ = await acceptor.loop.sleep(for: Limits.acceptPause)
            }
            accepted += 1
            // A flood of new clients must not keep the loop from those it has.
            if accepted % 16 == 0 { await Task.yield() }
        }
    }

    private func take(_ incoming: Incoming) {
        let key = incoming.peer.host?.customer
        guard let number = state.withLock({ $0.admit(key, settings) }) else {
            log.info("refused \(incoming.peer): too many connections")
            incoming.refuse(settings.tls == nil ? settings.refusal : [])
            return
        }
        let loop = loops.next()
        let task = loop.spawn { [self] in
            await serve(incoming, number, on: loop)
            if state.withLock({ $0.leave(number) }) { emptied.raise() }
        }
        // The task may have ended already, or the server may be stopping.
        state.withLock { $0.connections[number]?.task = task }
    }

    private func serve(_ incoming: Incoming, _ number: Int, on loop: EventLoop) async {
        do throws(NetError) {
            let connection = try incoming.open(on: loop)
            let isLate = state.withLock { state in
                state.connections[number]?.connection = connection
                return state.isShuttingDown
            }
            if isLate { connection.requestShutdown() }
            // Not the connection's `use`: nobody but `shutDown` cancels these tasks, and that cancels
            // the connection itself. A handler for it would cost every idle connection its frames.
            defer { connection.close() }
            if let tls = settings.tls { try await connection.startTLS(server: tls) }
            await handler(connection)
        } catch {
            log.debug("\(incoming.peer) did not get in: \(error)")
        }
    }

    // MARK: State

    private struct State {
        struct Entry {
            var address: IPAddress?
            var connection: Connection?
            var task: LoopTask<Void>?
        }

        var connections: [Int: Entry] = [:]
        var perAddress: [IPAddress: Int] = [:]
        var next = 0
        var isShuttingDown = false

        /// A number for the connection; nil where it is one too many.
        mutating func admit(_ address: IPAddress?, _ settings: Settings) -> Int? {
            guard !isShuttingDown, connections.count < settings.connections else { return nil }
            if let address {
                let count = perAddress[address, default: 0]
                guard count < settings.connectionsPerAddress else { return nil }
                perAddress[address] = count + 1
            }
            next += 1
            connections[next] = Entry(address: address)
            return next
        }

        /// Returns whether it was the last.
        mutating func leave(_ number: Int) -> Bool {
            if let address = connections.removeValue(forKey: number)?.address, let count = perAddress[address] {
                perAddress[address] = count > 1 ? count - 1 : nil
            }
            return connections.isEmpty
        }
    }
}

extension IPAddress {
    /// What one customer of a provider has, which limits per address count as one: an IPv6 /64.
    fileprivate var customer: Self {
        family == .v4 ? self : Self(family: .v6, value: value & (.max << 64))
    }
}
