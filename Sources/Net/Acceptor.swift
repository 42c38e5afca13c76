package import Reactor
internal import Synchronization

/// Where connections come in.
package protocol Acceptor: Sendable {
    /// Where it listens, with the port that the system chose if none was named.
    var address: SocketAddress { get }
    /// The loop on which `accept` is called.
    var loop: EventLoop { get }
    /// The next connection; nil when the acceptor was closed.
    func accept() async throws(NetError) -> Incoming?
    /// Stops listening; called on any thread.
    func close()
}

/// A connection that has come in and belongs to no loop yet.
package final class Incoming: Sendable {
    package let peer: SocketAddress
    private let source: Mutex<Source>

    private enum Source: Sendable {
        case descriptor(Int32)
        case connection(Connection)
        case taken
    }

    /// Takes over the descriptor.
    init(_ descriptor: consuming Descriptor, peer: SocketAddress) {
        self.peer = peer
        source = Mutex(.descriptor(descriptor.release()))
    }

    /// A connection that exists already, for simulation.
    package init(_ connection: Connection) {
        peer = connection.peer
        source = Mutex(.connection(connection))
    }

    deinit {
        if case .descriptor(let number) = source.withLock({ $0 }) { _ = Descriptor(owning: number) }
    }

    /// Makes it a connection of the loop that the caller runs on; once.
    package func open(on loop: EventLoop) throws(NetError) -> Connection {
        let source = source.withLock { source in
            defer { source = .taken }
            return source
        }
        switch source {
        case .descriptor(let number): return try Connection(Descriptor(owning: number), peer: peer, on: loop)
        case .connection(let connection): return connection
        case .taken: throw .closed
        }
    }

    /// Sends a last word, if the socket takes it at once, and closes.
    package func refuse(_ farewell: [UInt8]) {
        let source = source.withLock { source in
            defer { source = .taken }
            return source
        }
        switch source {
        case .descriptor(let number):
            let descriptor = Descriptor(owning: number)
            _ = unsafe farewell.withUnsafeBytes { unsafe Socket.write(descriptor.number, $0) }
        case .connection(let connection): connection.cancel()
        case .taken: break
        }
    }
}
