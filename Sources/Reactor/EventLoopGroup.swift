package import Base
internal import Synchronization

/// The event loops of the gateway.
package final class EventLoopGroup: Sendable {
    package let loops: [EventLoop]
    private let turn = Atomic<Int>(0)

    /// Starts `count` loops, at least one.
    package init(count: Int, clock: any TimeSource = SystemClock(), log: Log) throws(SystemError) {
        var loops: [EventLoop] = []
        for number in 0..<max(1, count) {
            try loops.append(EventLoop(name: "loop-\(number)", clock: clock, log: log))
        }
        self.loops = loops
    }

    /// A group of loops that exist already, such as one stepped loop.
    package init(_ loops: [EventLoop]) {
        precondition(!loops.isEmpty, "a group has at least one loop")
        self.loops = loops
    }

    /// A loop for the next connection, each in turn.
    package func next() -> EventLoop {
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return loops[Int(UInt(bitPattern: number) % UInt(loops.count))]
    }

    /// Ends all loops; see `EventLoop.stop`.
    package func stop() async {
        for loop in loops { await loop.stop() }
    }
}
