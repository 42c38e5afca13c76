internal import CLinux

/// What a descriptor is ready for.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    // The protocol's own would be called through its witness table from other modules, several
    // times for each read.
    @inlinable
    package func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }

    package static let readable = Self(rawValue: 1)
    package static let writable = Self(rawValue: 2)
    /// The peer sends no more, or the descriptor failed: a short read is not the end of the input.
    package static let hungUp = Self(rawValue: 4)
}

/// What a slot tells of its readiness, on the loop's thread.
package protocol Watcher: AnyObject, Sendable {
    /// New readiness has arrived; it is latched in the slot already.
    func slotIsReady(_ readiness: Readiness)
}

/// A descriptor's place in its loop: registered once, edge-triggered, for everything.
///
/// Readiness is latched until a call would have blocked, so an edge that comes between that
/// call and the wait is not lost. The slot alone closes the descriptor. Its number carries a
/// generation, so an event for a closed descriptor never reaches the next one of that number.
package final class Slot: @unchecked Sendable {
    // Unchecked: every member is used on the loop's thread alone, as `assertIsCurrent` checks.

    package let loop: EventLoop
    // The stored variables are private, here and in the other types of the loop: then the compiler
    // can prove that accesses do not overlap, and need not check it on every read and write.
    private var latched: Readiness = [.readable, .writable]
    private var number: Int32
    private var watcher: (any Watcher)?
    private var id: SlotTable.ID?

    /// Registers a descriptor with the loop that the caller runs on.
    package init(_ descriptor: consuming Descriptor, on loop: EventLoop) throws(SystemError) {
        loop.assertIsCurrent()
        self.loop = loop
        number = -1
        // Should registering fail, `descriptor` closes itself on the way out.
        id = try loop.register(self, descriptor: descriptor.number)
        number = descriptor.release()
    }

    /// A slot without a descriptor, for what lives in memory; `tell` makes it ready.
    package init(on loop: EventLoop) {
        self.loop = loop
        number = -1
    }

    /// What the descriptor is thought to be ready for; at first everything, so that calls are tried.
    package var readiness: Readiness { latched }

    /// The descriptor's number; -1 where there is none, or no longer.
    package var descriptor: Int32 { number }

    /// Sets who is told; kept until the slot is closed.
    package func watch(_ watcher: any Watcher) {
        loop.assertIsCurrent()
        self.watcher = watcher
    }

    /// Forgets readiness, after a call that would have blocked.
    package func clear(_ readiness: Readiness) { latched.subtract(readiness) }

    /// Latches readiness and tells the watcher.
    package func tell(_ readiness: Readiness) {
        latched.formUnion(readiness)
        watcher?.slotIsReady(readiness)
    }

    /// Closes the descriptor; whoever waits on it has been resumed before.
    package func close() {
        loop.assertIsCurrent()
        watcher = nil
        if let id { loop.unregister(id, descriptor: number) }
        id = nil
        if number >= 0 { _ = Descriptor(owning: number) }
        number = -1
    }
}

/// The slots of a loop by index and generation.
struct SlotTable {
    struct ID: Equatable {
        var index: UInt32
        var generation: UInt32

        init(index: UInt32, generation: UInt32) {
            self.index = index
            self.generation = generation
        }

        /// From what the kernel gives back with an event.
        init(tag: UInt64) {
            index = UInt32(truncatingIfNeeded: tag)
            generation = UInt32(truncatingIfNeeded: tag >> 32)
        }

        var tag: UInt64 { UInt64(generation) << 32 | UInt64(index) }
    }

    private var entries: [(generation: UInt32, slot: Slot?)] = []
    private var free: [UInt32] = []

    var count: Int { entries.count - free.count }

    mutating func insert(_ slot: Slot) -> ID {
        if let index = free.popLast() {
            entries[Int(index)].slot = slot
            return ID(index: index, generation: entries[Int(index)].generation)
        }
        entries.append((0, slot))
        return ID(index: UInt32(entries.count - 1), generation: 0)
    }

    /// The slot of that generation; nil for a stale event.
    subscript(id: ID) -> Slot? {
        let index = Int(id.index)
        guard index < entries.count, entries[index].generation == id.generation else { return nil }
        return entries[index].slot
    }

    mutating func remove(_ id: ID) {
        guard self[id] != nil else { return }
        entries[Int(id.index)].slot = nil
        entries[Int(id.index)].generation &+= 1
        free.append(id.index)
    }
}
