internal import Base

/// Timers by the millisecond in six levels of 64 places: setting and removing one costs the
/// same however many there are.
///
/// A place of level 0 is one tick, of level n 64ⁿ ticks; a timer moves to a finer level when its
/// place comes up, so `nextTick` may name the time of such a move rather than of an end.
struct TimerWheel<Payload> {
    /// Names a timer until it ends; after that it names nothing.
    struct ID: Hashable {
        fileprivate var index: Int32
        fileprivate var generation: UInt32
    }

    private struct Node {
        var tick: UInt64 = 0
        var previous: Int32 = -1
        var next: Int32 = -1
        /// `level * 64 + place`, or -1 while the node is free.
        var list: Int32 = -1
        var generation: UInt32 = 0
        var payload: Payload?
    }

    private static var levels: Int { 6 }
    /// Later ticks are put at this distance and looked at again from there; it is short of a whole
    /// round, or the last place would be taken for the first.
    private static var reach: UInt64 { 62 << 30 }

    private var nodes: [Node] = []
    private var free: [Int32] = []
    private var first: [Int32]
    private var last: [Int32]
    /// A bit for each place of a level that holds timers.
    private var occupied: [UInt64]
    private var elapsed: UInt64
    private(set) var count = 0

    init(startingAt tick: UInt64) {
        elapsed = tick
        first = Array(repeating: -1, count: Self.levels * 64)
        last = first
        occupied = Array(repeating: 0, count: Self.levels)
    }

    /// Sets a timer that ends when the wheel is advanced to `tick`, at the earliest to its next tick.
    mutating func insert(_ payload: Payload, at tick: UInt64) -> ID {
        let index: Int32
        if let reused = free.popLast() {
            index = reused
        } else {
            index = Int32(nodes.count)
            nodes.append(Node())
        }
        nodes[Int(index)].payload = payload
        nodes[Int(index)].tick = tick
        link(index)
        count += 1
        return ID(index: index, generation: nodes[Int(index)].generation)
    }

    /// Takes a timer away; nothing happens where it has ended already.
    mutating func remove(_ id: ID) {
        let index = Int(id.index)
        guard nodes.indices.contains(index), nodes[index].generation == id.generation else { return }
        unlink(id.index)
        _ = release(id.index)
    }

    /// When to advance next; nil where no timer is set.
    var nextTick: UInt64? { next()?.tick }

    /// Moves to `tick` and appends what has ended, in order of time.
    mutating func advance(to tick: UInt64, ended: inout [Payload]) {
        while let (list, due) = next(), due <= tick {
            elapsed = due
            var index = first[list]
            first[list] = -1
            last[list] = -1
            occupied[list / 64] &= ~(1 << UInt64(list % 64))
            while index >= 0 {
                let following = nodes[Int(index)].next
                if nodes[Int(index)].tick <= due {
                    if let payload = release(index) { ended.append(payload) }
                } else {
                    link(index)
                }
                index = following
            }
        }
        elapsed = max(elapsed, tick)
    }

    private func next() -> (list: Int, tick: UInt64)? {
        // A timer of a finer level always ends before any of a coarser one.
        for level in 0..<Self.levels where occupied[level] != 0 {
            let width = UInt64(6 * level)
            let here = Int((elapsed >> width) & 63)
            let bits = occupied[level]
            let rotated = here == 0 ? bits : bits >> UInt64(here) | bits << UInt64(64 - here)
            let place = (rotated.trailingZeroBitCount + here) & 63
            let span: UInt64 = 64 << width
            var tick = elapsed & ~(span - 1) + UInt64(place) << width
            if tick <= elapsed { tick += span }
            return (level * 64 + place, tick)
        }
        return nil
    }

    private mutating func link(_ index: Int32) {
        let tick = min(max(nodes[Int(index)].tick, elapsed + 1), elapsed + Self.reach)
        let significant = 63 - ((elapsed ^ tick) | 63).leadingZeroBitCount
        let level = min(significant / 6, Self.levels - 1)
        let place = Int((tick >> UInt64(6 * level)) & 63)
        let list = level * 64 + place
        let tail = last[list]
        nodes[Int(index)].list = Int32(list)
        nodes[Int(index)].previous = tail
        nodes[Int(index)].next = -1
        if tail >= 0 { nodes[Int(tail)].next = index } else { first[list] = index }
        last[list] = index
        occupied[level] |= 1 << UInt64(place)
    }

    private mutating func unlink(_ index: Int32) {
        let node = nodes[Int(index)]
        let list = Int(node.list)
        if node.previous >= 0 { nodes[Int(node.previous)].next = node.next } else { first[list] = node.next }
        if node.next >= 0 { nodes[Int(node.next)].previous = node.previous } else { last[list] = node.previous }
        if first[list] < 0 { occupied[list / 64] &= ~(1 << UInt64(list % 64)) }
    }

    private mutating func release(_ index: Int32) -> Payload? {
        let payload = nodes[Int(index)].payload
        nodes[Int(index)].payload = nil
        nodes[Int(index)].list = -1
        nodes[Int(index)].generation &+= 1
        free.append(index)
        count -= 1
        return payload
    }
}

extension Instant {
    /// The millisecond in which the instant lies.
    var tick: UInt64 { UInt64(max(0, nanoseconds)) / 1_000_000 }

    /// The first millisecond that begins at or after the instant: a timer never ends early.
    var tickAfter: UInt64 {
        let nanoseconds = UInt64(max(0, nanoseconds))
        return nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 == 0 ? 0 : 1)
    }
}
