package import Base
internal import Campaigns
package import Config
package import Flow
package import Reactor
package import SASL
internal import Synchronization

/// Checks device passwords: off the loops, in the same time for names that exist and names that do
/// not, and slower after every failure (DESIGN §7).
package final class Authenticator: Sendable {
    /// What a log-in came to.
    package enum Outcome: Sendable {
        /// `serverFinal` is what shows a SCRAM client that we know its password.
        case accepted(ActingMember, serverFinal: [UInt8]?)
        /// The answer is held back for a while.
        case refused(delay: Duration)
        /// Too many checks wait already: it says nothing about the password (INV-9).
        case busy
    }

    private let members: @Sendable () -> [Member]
    private let workers: WorkerPool
    private let time: any TimeSource
    private let log: Log
    /// Makes the false salt of unknown names, stable as long as the store is.
    private let decoyKey: Secret
    private let entropy: any Entropy
    private let failures = Mutex(FailureTable())
    private let checked: Mutex<CheckedPasswords>

    package init(
        members: @escaping @Sendable () -> [Member],
        workers: WorkerPool,
        decoyKey: Secret,
        time: any TimeSource,
        entropy: any Entropy,
        log: Log
    ) {
        self.members = members
        self.workers = workers
        self.decoyKey = decoyKey
        self.time = time
        self.entropy = entropy
        self.log = log
        checked = Mutex(CheckedPasswords(entropy: entropy))
    }

    /// What SCRAM answers a name with: all devices of a member share one salt; a name that nobody has
    /// gets a false one that stays the same.
    package func scramChallenge(for user: String, isLocal: Bool) -> ScramChallenge {
        let name = ASCII.lowercased(user)
        let credential = devices(of: member(named: name), isLocal: isLocal).first?.credential
        let parameters = (credential ?? ScramCredential.decoy(for: name, key: decoyKey)).parameters
        return ScramChallenge(parameters: parameters, entropy: entropy)
    }

    private func member(named name: String) -> Member? {
        members().first { member in
            member.id.rawValue == name || member.addresses.contains { ASCII.equalsIgnoringCase($0.description, name) }
        }
    }

    private func devices(of member: Member?, isLocal: Bool) -> [Member.Device] {
        (member?.devices ?? []).filter { isLocal || !$0.isSample }
    }

    /// Checks what a client says of itself; the device that it belongs to must be good for `scope`.
    ///
    /// Failures count for account and `peer` together, since vendors' clouds share addresses.
    /// `isLocal` says that the listener is a local one; sample passwords open no other.
    package func check(
        _ credentials: SASLCredentials,
        peer: String,
        isLocal: Bool,
        scope: Member.Scopes
    ) async -> Outcome {
        let name = ASCII.lowercased(credentials.user)
        let key = FailureTable.Key(name: name, peer: peer)
        let member = member(named: name)
        let devices = devices(of: member, isLocal: isLocal)
        guard let matched = await device(of: credentials, name: name, among: devices) else {
            log.with("peer", peer).warning("log-in not checked: too many wait")
            return .busy
        }
        guard let member, let device = matched.device, device.scopes.contains(scope) else {
            let delay = failures.withLock { $0.fail(key, at: time.instant) }
            log.with("user", name).with("peer", peer).warning("log-in refused")
            return .refused(delay: delay)
        }
        failures.withLock { $0.clear(key) }
        let acting = ActingMember(id: member.id, device: device.label, mayApprove: device.scopes.contains(.approve))
        guard case .scram(let proof) = credentials else { return .accepted(acting, serverFinal: nil) }
        return .accepted(acting, serverFinal: proof.serverFinal(device.credential))
    }

    /// What a check came to; inside is nil where no device fits.
    private struct Match {
        var device: Member.Device?
    }

    /// The device that the credentials belong to; `nil` where too many checks wait.
    private func device(of credentials: SASLCredentials, name: String, among devices: [Member.Device]) async -> Match? {
        switch credentials {
        case .scram(let proof):
            // Some hashes, far less than a hop to another thread; all are tried, and for a name that
            // nobody has a false one, so that time tells nothing.
            guard !devices.isEmpty else {
                _ = proof.isProof(of: ScramCredential.decoy(for: name, key: decoyKey))
                return Match()
            }
            let fitting = devices.filter { proof.isProof(of: $0.credential) }
            return Match(device: fitting.first)
        case .password(let plain):
            let mark = checked.withLock { $0.mark(user: name, password: plain.password) }
            if let storedKey = checked.withLock({ $0.storedKey(mark) }),
                let device = devices.first(where: { $0.credential.storedKey == storedKey })
            {
                return Match(device: device)
            }
            let decoy = ScramCredential.decoy(for: name, key: decoyKey)
            // Strangers cause this work, so its queue is bounded; inside the optional is the device.
            let found = await workers.runIfRoom { () -> Int? in
                Self.firstMatch(devices, password: plain.password, decoy: decoy)
            }
            guard let found else { return nil }
            guard let index = found else { return Match() }
            checked.withLock { $0.remember(mark, storedKey: devices[index].credential.storedKey) }
            return Match(device: devices[index])
        }
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
