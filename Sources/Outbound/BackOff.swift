internal import Base

/// How long the relay waits before it tries again: 1 m, 5 m, 15 m, 30 m, 1 h, 2 h, then every 4 h.
///
/// The same for a recipient that was put off and for a smarthost that cannot be reached.
package enum BackOff {
    private static let minutes: [Int64] = [1, 5, 15, 30, 60, 120, 240]

    /// The wait after this many failures before this one.
    package static func wait(after failures: Int) -> Duration {
        .seconds(60 * minutes[min(max(failures, 0), minutes.count - 1)])
    }
}
