package import Base
internal import Campaigns
package import Config
internal import Crypto
package import Ledger
package import Outbound
package import SMTPWire
package import Search
package import Store
internal import Synchronization

/// What the two ways through the house work with: the store, the rules in force, clock and log.
///
/// The ways themselves stand in extensions, one file each.
package final class House: Sendable {
    package let store: Store
    /// What SEARCH asks before it reads; nil where the store is opened without one.
    package let index: (any TextIndex)?
    package let time: any TimeSource
    package let entropy: any Entropy
    package let log: Log
    /// Authenticates header blocks, so that a message that comes back by APPEND is known.
    let sealKey: Secret
    /// What the smarthost offered when it was last heard: submissions that it cannot carry are refused.
    package let smarthost = KnownSmarthost()
    /// Hides the numbers that clients are told (RFC 8474).
    package let cloak: NumberCloak
    private let rules: RulebookBox
    private let wakers = Mutex<[@Sendable () -> Void]>([])
    private let steadyTime = Mutex(SteadyTime())

    package init(
        store: Store,
        index: (any TextIndex)? = nil,
        rules: RulebookBox,
        sealKey: Secret,
        time: any TimeSource,
        entropy: any Entropy,
        log: Log
    ) {
        self.store = store
        self.index = index
        self.rules = rules
        self.sealKey = sealKey
        cloak = NumberCloak(key: HMAC.sha256(key: sealKey.exposed, message: Array("object ids".utf8)))
        self.time = time
        self.entropy = entropy
        self.log = log
    }

    /// The rules in force; a value, so that one message is judged by one set of them.
    package var rulebook: Rulebook { rules.value }

    /// Takes a configuration into force and into the ledger, where it is another than the last one.
    package func accept(_ configuration: Configuration, by actor: Actor = .gateway) async throws(HouseError) {
        let rulebook = try await makeRulebook(configuration)
        let text = configuration.manifest
        let rules = self.rules
        let before = rules.value
        let isNew: Bool
        do {
            isNew = try await change { transaction in
                // In force from this change on: what the writer does next is judged by it, and the
                // projection of this one looks at campaigns as they are now.
                rules.value = rulebook
                guard try transaction.latestConfiguration()?.hash != rulebook.version else { return false }
                let previous = try transaction.events(about: EventSubject.configuration.text).last?.event
                try transaction.keepConfiguration(hash: rulebook.version, text: text)
                var fields = CampaignChanges.fields(of: rulebook, after: previous)
                fields["files"] = EventCoding.list(configuration.files.map(\.path))
                try transaction.record(
                    Event(
                        .configurationAccepted,
                        .configuration,
                        by: actor,
                        at: transaction.now,
                        policyVersion: rulebook.version,
                        fields: fields
                    )
                )
                try HandingOver(rulebook: rulebook, transaction: transaction, actor: actor).handOver()
                guard previous != nil else { return true }
                try transaction.addWork(
                    kind: Self.judgingWork,
                    subject: Self.judgingSubject,
                    dueAt: transaction.now
                )
                return true
            }
        } catch {
            rules.value = before
            throw error
        }
        if isNew { try await showToDeciders() }
    }

    /// Decides on outbound mail: whatever came of it is durable, and whoever waits for it is told.
    package func decide(
        _ body: @escaping @Sendable (Decisions) throws -> DecisionOutcome
    ) async throws(HouseError) -> DecisionOutcome {
        let outcome = try await change { try body(Decisions(rulebook: self.rulebook, transaction: $0)) }
        outboundChanged()
        return outcome
    }

    /// Reads the records of the store into the rules in force, after a member moved a stage or
    /// vouched for an address.
    package func refreshRecords() async throws(HouseError) {
        rules.refresh(try await makeRulebook(rulebook.configuration))
    }

    private func makeRulebook(_ configuration: Configuration) async throws(HouseError) -> Rulebook {
        do {
            return try await store.read { transaction in
                try Rulebook(configuration, transaction)
            }
        } catch {
            throw HouseError(error)
        }
    }

    /// The time that what is due is measured by.
    var steadyNow: Timestamp {
        let (now, instant, patience) = (time.now, time.instant, rulebook.undoTime)
        return steadyTime.withLock { $0.read(now: now, instant: instant, patience: patience) }
    }

    /// How long a jump of the calendar is doubted still; nil where none is.
    var steadyDoubt: Duration? {
        let instant = time.instant
        return steadyTime.withLock { $0.doubtEnds }.map { $0.duration(since: instant) }
    }

    /// Calls `wake` whenever something may be due earlier than was known: a decision, a release.
    package func onOutboundChange(_ wake: @escaping @Sendable () -> Void) {
        wakers.withLock { $0.append(wake) }
    }

    /// Told by whoever changed something that outbound mail may wait for.
    package func outboundMayHaveChanged() { outboundChanged() }

    /// Tells whoever waits for outbound mail to look again.
    func outboundChanged() {
        for wake in wakers.withLock({ $0 }) { wake() }
    }
}

/// Why something could not be done, and whose doing that is.
package enum HouseError: Error, Sendable, CustomStringConvertible {
    /// The member asked for what cannot be done; the text says what would help.
    case refused(String)
    /// The smarthost cannot carry it.
    case uncarried(TransportObstacle)
    /// Ours: the store failed.
    case store(StoreError)

    /// What the store's closures throw, in the house's own terms.
    init(_ error: any Error) {
        switch error {
        case let error as Self: self = error
        case let error as StoreError: self = .store(error)
        default: self = .refused("\(error)")
        }
    }

    package var description: String {
        switch self {
        case .refused(let why): why
        case .uncarried(let obstacle): obstacle.advice
        case .store(let error): error.description
        }
    }
}

extension Rulebook {
    /// The rules of a configuration with the records of a store.
    package init(_ configuration: Configuration, _ transaction: ReadTransaction) throws(StoreError) {
        self.init(
            configuration,
            collaborations: try transaction.knownCollaborations(),
            learnt: try transaction.addressesByCreator()
        )
    }
}

extension ReadTransaction {
    /// The stages as mail and members moved them.
    func knownCollaborations() throws(StoreError) -> [Collaboration] {
        try collaborations().compactMap { row in
            Stage(rawValue: row.stage).map { stage in
                Collaboration(creator: CreatorID(row.creator), campaign: CampaignID(row.campaign), stage: stage)
            }
        }
    }

    /// The addresses that members vouched for by attaching a message.
    func addressesByCreator() throws(StoreError) -> [CreatorID: [KnownAddress]] {
        var result: [CreatorID: [KnownAddress]] = [:]
        for row in try learntAddresses() {
            guard let address = KnownAddress(row.address) else { continue }
            result[CreatorID(row.creator), default: []].append(address)
        }
        return result
    }
}

extension Configuration {
    /// Every file with the hash of its bytes, a line each: what the ledger's version stands for.
    var manifest: [UInt8] {
        Array(files.map { "\(Hexadecimal.encode($0.hash)) \($0.path)\n" }.joined().utf8)
    }
}
