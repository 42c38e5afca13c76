package import Reactor

extension Connection {
    /// Two connected ends in memory on one loop, for tests and simulation; they cannot become TLS.
    package static func pair(
        on loop: EventLoop,
        addresses: (SocketAddress, SocketAddress) = (.unix("first"), .unix("second"))
    ) -> (Connection, Connection) {
        let slots = (Slot(on: loop), Slot(on: loop))
        let pipes = MemoryPipe.ends(slots.0, slots.1)
        return (
            Connection(slot: slots.0, transport: .memory(pipes.0), peer: addresses.1, local: addresses.0),
            Connection(slot: slots.1, transport: .memory(pipes.1), peer: addresses.0, local: addresses.1)
        )
    }

    /// Two connected ends of a socket pair, on the calling task's loop.
    package static func socketPair(on loop: EventLoop) throws(NetError) -> (Connection, Connection) {
        let (first, second) = try Socket.pair()
        let other = Descriptor(owning: second)
        let one = try Connection(Descriptor(owning: first), peer: .unix(""), on: loop)
        do throws(NetError) {
            return (one, try Connection(other, peer: .unix(""), on: loop))
        } catch {
            one.close()
            throw error
        }
    }
}
