package import Base
internal import Glibc
package import Reactor

/// A host and port to connect to.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// A name, or an address in its usual text.
    package let host: String
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Who opens connections: the system's network, or a simulated one.
package protocol Dialer: Sendable {
    /// Connects, in plain text, from a task of `loop`; the caller wraps what it does in the
    /// connection's `use`.
    func dial(_ endpoint: Endpoint, on loop: EventLoop, until deadline: Instant) async throws(NetError) -> Connection
}

/// Connects by TCP.
package struct TCPDialer: Dialer {
    private let resolver: Resolver

    package init(resolver: Resolver) { self.resolver = resolver }

    /// Tries the host's addresses in turn, each with its share of the time that is left.
    package func dial(
        _ endpoint: Endpoint,
        on loop: EventLoop,
        until deadline: Instant
    ) async throws(NetError) -> Connection {
        let addresses = try await resolver.addresses(of: endpoint.host, on: loop, until: deadline)
        var failure = NetError.timeout
        for (index, address) in addresses.enumerated() {
            let left = deadline.duration(since: loop.now)
            guard left > .zero else { throw .timeout }
            let share = loop.now.advanced(by: left / (addresses.count - index))
            do throws(NetError) {
                return try await Connection.connect(to: .ip(address, port: endpoint.port), on: loop, until: share)
            } catch {
                if error == .canceled { throw error }
                failure = error
            }
        }
        throw failure
    }
}

extension Connection {
    /// Connects to one address from a task of `loop`.
    package static func connect(
        to address: SocketAddress,
        on loop: EventLoop,
        until deadline: Instant
    ) async throws(NetError) -> Connection {
        let descriptor = try Socket.open(family: address.family)
        let number = descriptor.number
        let code = unsafe address.withSystemAddress { unsafe Glibc.connect(number, $0, $1) }
        let isPending = code != 0 && (errno == EINPROGRESS || errno == EINTR)
        guard code == 0 || isPending else { throw .last("connect") }
        let connection = try Connection(descriptor, peer: address, on: loop)
        guard isPending else { return connection }
        do throws(NetError) {
            try await connection.waitForConnect(until: deadline)
            return connection
        } catch {
            connection.close()
            throw error
        }
    }

    private func waitForConnect(until deadline: Instant) async throws(NetError) {
        slot.clear([.readable, .writable])
        let waiter = Waiter(on: loop)
        outputWaiter = waiter
        defer { outputWaiter = nil }
        while !slot.readiness.contains(.writable) {
            let wake = await waiter.waitOrCancel(until: deadline)
            if wake == .canceled || isCanceled { throw .canceled }
            if wake == .deadline { throw .timeout }
        }
        let error = Socket.pendingError(of: slot.descriptor)
        guard error == 0 else { throw NetError(errno: error, call: "connect") }
    }
}
