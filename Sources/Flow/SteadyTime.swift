package import Base

/// The calendar's time as far as it is believed: where it jumps ahead of the clock that never does, the
/// jump counts only after a while, so that no undo time is cut short by it.
///
/// A calendar that is set back is believed at once: everything then only comes later. After a machine
/// slept, what was due leaves as much later.
package struct SteadyTime: Sendable {
    private var last: (now: Timestamp, instant: Instant)?
    /// Until when the time before a jump is counted on.
    private var doubt: (until: Instant, now: Timestamp, instant: Instant)?

    package init() {}

    /// When a jump is doubted no more; nil where none is.
    package var doubtEnds: Instant? { doubt?.until }

    /// How far the two clocks may come apart by themselves: a calendar that is kept right runs up to half
    /// a thousandth fast.
    private static func tolerance(_ elapsed: Duration) -> Duration { .seconds(2) + elapsed / 1000 }

    /// The time to act by; `patience` is how long a jump is doubted.
    package mutating func read(now: Timestamp, instant: Instant, patience: Duration) -> Timestamp {
        if let last {
            let elapsed = instant.duration(since: last.instant)
            let expected = last.now.advanced(by: elapsed)
            if now.duration(since: expected) > Self.tolerance(elapsed) {
                // Where one is doubted already, what is counted on stays.
                let basis = doubt.map { $0.now.advanced(by: instant.duration(since: $0.instant)) } ?? expected
                doubt = (instant.advanced(by: patience), basis, instant)
            }
        }
        last = (now, instant)
        guard let doubt, instant < doubt.until else {
            self.doubt = nil
            return now
        }
        return min(now, doubt.now.advanced(by: instant.duration(since: doubt.instant)))
    }
}
