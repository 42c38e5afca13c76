package import Base
internal import Campaigns
package import Config
internal import Crypto
package import Ledger
internal import Outbound
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
    /// Hides the numbers that clients are told (RFC 8474).
    package let cloak: NumberCloak
    private let rules: RulebookBox
    private let wakers = Mutex<[@Sendable () -> Void]>([])

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
        try await change { transaction in
            guard try transaction.latestConfiguration()?.hash != rulebook.version else { return }
            try transaction.keepConfiguration(hash: rulebook.version, text: text)
            try transaction.record(
                Event(
                    .configurationAccepted,
                    .configuration,
                    by: actor,
                    at: transaction.now,
                    policyVersion: rulebook.version,
                    fields: ["files": EventCoding.list(configuration.files.map(\.path))]
                )
            )
        }
        rules.value = rulebook
    }

    /// Decides on outbound mail: whatever came of it is durable, and whoever waits for it is told.
    package func decide(
        _ body: @escaping @Sendable (Decisions) throws -> DecisionOutcome
    ) async throws(HouseError) -> DecisionOutcome {
        let rulebook = self.rulebook
        let outcome = try await change { try body(Decisions(rulebook: rulebook, transaction: $0)) }
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
