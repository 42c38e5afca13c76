package import Base
internal import Synchronization

/// A clock that moves only when told to.
package final class ManualClock: TimeSource {
    private let offset = Atomic<Int64>(0)
    private let jumps = Atomic<Int64>(0)
    private let start: Timestamp

    /// Its calendar begins at `start`, its instants at one second, so that nothing hides behind zero.
    package init(start: Timestamp = Timestamp(seconds: 1_750_000_000)) { self.start = start }

    package var now: Timestamp {
        start.advanced(by: .nanoseconds(offset.load(ordering: .acquiring) + jumps.load(ordering: .acquiring)))
    }

    package var instant: Instant {
        Instant(nanoseconds: 1_000_000_000 + offset.load(ordering: .acquiring))
    }

    /// Sets the calendar forward or back; instants go on as they were.
    package func jump(by duration: Duration) {
        jumps.wrappingAdd(duration.nanoseconds, ordering: .acquiringAndReleasing)
    }

    package func advance(by duration: Duration) {
        offset.wrappingAdd(duration.nanoseconds, ordering: .acquiringAndReleasing)
    }
}
