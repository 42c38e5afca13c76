internal import Reactor

/// One end of two streams in memory: a connection without the kernel, for tests and simulation.
///
/// Both ends live on one loop.
final class MemoryPipe {
    /// Bytes on their way in one direction.
    private final class Stream {
        var bytes: [UInt8] = []
        var start = 0
        var hasEnded = false
        var count: Int { bytes.count - start }
    }

    /// As much as a socket's buffer would take.
    private static let capacity = 64 * 1024

    private let incoming: Stream
    private let outgoing: Stream
    /// The other end's slot, until this end is closed.
    private var peer: Slot?

    private init(incoming: Stream, outgoing: Stream, peer: Slot) {
        self.incoming = incoming
        self.outgoing = outgoing
        self.peer = peer
    }

    static func ends(_ first: Slot, _ second: Slot) -> (MemoryPipe, MemoryPipe) {
        let there = Stream()
        let back = Stream()
        return (
            MemoryPipe(incoming: back, outgoing: there, peer: second),
            MemoryPipe(incoming: there, outgoing: back, peer: first)
        )
    }

    func read(into memory: UnsafeMutableRawBufferPointer) -> IOResult {
        let count = min(incoming.count, memory.count)
        guard count > 0 else { return incoming.hasEnded ? .end : .wouldBlock(.readable) }
        unsafe memory.copyBytes(from: incoming.bytes[incoming.start..<(incoming.start + count)])
        let wasFull = incoming.count == Self.capacity
        incoming.start += count
        if incoming.count == 0 {
            incoming.bytes = []
            incoming.start = 0
        } else if incoming.start >= Self.capacity {
            incoming.bytes.removeFirst(incoming.start)
            incoming.start = 0
        }
        if wasFull { peer?.tell(.writable) }
        return .count(count)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> IOResult {
        guard !outgoing.hasEnded else { return .failure(.reset) }
        let count = min(Self.capacity - outgoing.count, bytes.count)
        guard count > 0 else { return .wouldBlock(.writable) }
        unsafe outgoing.bytes.append(contentsOf: bytes.prefix(count))
        peer?.tell(.readable)
        return .count(count)
    }

    /// Sends no more: the peer reads what is left and then the end.
    func endOutput() {
        outgoing.hasEnded = true
        peer?.tell([.readable, .hungUp])
    }

    /// Neither sends nor takes any more.
    func close() {
        endOutput()
        incoming.hasEnded = true
        peer?.tell(.writable)
        peer = nil
    }
}
