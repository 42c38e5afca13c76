internal import Base

/// How long to leave a server alone that could not be reached: twice as long each time, with
/// jitter, so that many accounts do not come back at one moment.
struct Backoff {
    private var failures = 0

    private static let longest: Int64 = 300_000

    mutating func reset() { failures = 0 }

    mutating func next(_ entropy: any Entropy) -> Duration {
        let base = min(Self.longest, 1000 << Int64(min(failures, 9)))
        failures += 1
        let jitter = Int64(entropy.number() % UInt64(base * 2 / 5 + 1)) - base / 5
        return .milliseconds(base + jitter)
    }
}
