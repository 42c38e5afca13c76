package import Base
internal import Glibc

/// The machine's own clocks.
package struct SystemClock: TimeSource {
    package init() {}

    package var now: Timestamp {
        let time = Self.read(CLOCK_REALTIME)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    package var instant: Instant {
        let time = Self.read(CLOCK_MONOTONIC)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        // Both clocks exist on every Linux, and the address is valid: the call cannot fail.
        _ = unsafe clock_gettime(clock, &time)
        return time
    }
}
