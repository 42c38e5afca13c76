/// A point of the calendar: milliseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init(seconds: Int64) { self.milliseconds = seconds * 1000 }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000 }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    package func advanced(by duration: Duration) -> Self {
        Self(milliseconds: milliseconds + duration.milliseconds)
    }

    package func duration(since earlier: Self) -> Duration {
        .milliseconds(milliseconds - earlier.milliseconds)
    }
}

/// A point of the clock that never jumps: nanoseconds since an arbitrary start.
package struct Instant: Hashable, Comparable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    package func advanced(by duration: Duration) -> Self {
        Self(nanoseconds: nanoseconds + duration.nanoseconds)
    }

    package func duration(since earlier: Self) -> Duration {
        .nanoseconds(nanoseconds - earlier.nanoseconds)
    }

    /// Later than every instant that is reached: no deadline.
    package static let distantFuture = Self(nanoseconds: .max)
}

/// Where components read the time; the simulated one moves only when told to.
package protocol TimeSource: Sendable {
    /// The calendar's time, which may jump.
    var now: Timestamp { get }
    /// The time that deadlines are measured in.
    var instant: Instant { get }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero.
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// Whole nanoseconds, rounded towards zero.
    package var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
