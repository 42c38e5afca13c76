package import Base
internal import Campaigns
package import Config
package import Flow
package import Reactor
internal import SASL
internal import Synchronization

/// Checks device passwords: off the loops, in the same time for names that exist and names that do
/// not, and slower after every failure (DESIGN §7).
package final class Authenticator: Sendable {
    /// What a log-in came to.
    package enum Outcome: Sendable {
        case accepted(ActingMember)
        /// The answer is held back for a while.
        case refused(delay: Duration)
        /// Too many checks wait already: it says nothing about the password (INV-9).
        case busy
    }

    private let rulebook: @Sendable () -> Rulebook
    private let workers: WorkerPool
    private let time: any TimeSource
    private let log: Log
    /// Makes the false salt of unknown names, stable as long as the store is.
    private let decoyKey: Secret
    private let failures = Mutex(FailureTable())

    package init(
        rulebook: @escaping @Sendable () -> Rulebook,
        workers: WorkerPool,
        decoyKey: Secret,
        time: any TimeSource,
        log: Log
    ) {
        self.rulebook = rulebook
        self.workers = workers
        self.decoyKey = decoyKey
        self.time = time
        self.log = log
    }

    /// Checks a name and a password, which must be good for `scope`.
    ///
    /// Failures count for account and `peer` together, since vendors' clouds share addresses.
    /// `isLocal` says that the listener is a local one; sample passwords open no other.
    package func check(
        user: String,
        password: Secret,
        peer: String,
        isLocal: Bool,
        scope: Member.Scopes
    ) async -> Outcome {
        let name = ASCII.lowercased(user)
        let key = FailureTable.Key(name: name, peer: peer)
        let member = rulebook().configuration.team.members.first { member in
            member.id.rawValue == name || member.addresses.contains { ASCII.equalsIgnoringCase($0.description, name) }
        }
        let devices = (member?.devices ?? []).filter { isLocal || !$0.isSample }
        let decoy = ScramCredential.decoy(for: name, key: decoyKey)
        // Strangers cause this work, so its queue is bounded; inside the optional is the device.
        let checked = await workers.runIfRoom { () -> Int? in
            Self.firstMatch(devices, password: password, decoy: decoy)
        }
        guard let matched = checked else {
            log.with("peer", peer).warning("log-in not checked: too many wait")
            return .busy
        }
        guard let member, let matched, devices[matched].scopes.contains(scope) else {
            let delay = failures.withLock { $0.fail(key, at: time.instant) }
            log.with("user", name).with("peer", peer).warning("log-in refused")
            return .refused(delay: delay)
        }
        failures.withLock { $0.clear(key) }
        let device = devices[matched]
        return .accepted(
            ActingMember(id: member.id, device: device.label, mayApprove: device.scopes.contains(.approve))
        )
    }

    /// The device whose password it is; an unknown name costs as much time as a known one.
    private static func firstMatch(
        _ devices: [Member.Device],
        password: Secret,
        decoy: ScramCredential
    ) -> Int? {
        let credentials = devices.map(\.credential)
        guard !credentials.isEmpty else {
            _ = decoy.verify(password)
            return nil
        }
        return ScramCredential.firstIndex(of: password, in: credentials)
    }
}

/// Failed log-ins by account and address, forgotten after a while.
struct FailureTable {
    struct Key: Hashable {
        let name: String
        let peer: String
    }

    private struct Entry {
        var count: Int
        var last: Instant
    }

    private var entries: [Key: Entry] = [:]

    /// Entries kept at most; the oldest go first.
    private static let capacity = 10_000
    private static let memory = Duration.seconds(15 * 60)
    private static let longestDelay = Duration.seconds(30)

    /// Counts a failure and says how long its answer is held back: one second more each time,
    /// doubling after the third.
    mutating func fail(_ key: Key, at now: Instant) -> Duration {
        var entry = entries[key] ?? Entry(count: 0, last: now)
        if now.duration(since: entry.last) > Self.memory { entry.count = 0 }
        entry.count += 1
        entry.last = now
        if entries.count >= Self.capacity { dropOldest() }
        entries[key] = entry
        guard entry.count > 1 else { return .milliseconds(500) }
        return min(Self.longestDelay, .seconds(1 << min(entry.count - 2, 5)))
    }

    mutating func clear(_ key: Key) { entries[key] = nil }

    private mutating func dropOldest() {
        guard let oldest = entries.min(by: { $0.value.last < $1.value.last }) else { return }
        entries[oldest.key] = nil
    }
}
