internal import Base
package import Campaigns
internal import Config
internal import IMAPWire
package import Ledger
internal import Message
internal import Outbound
internal import Policy
internal import Store
internal import Views

// Mail that came before its address was known, or while it was thought somebody else's, is attached by what is
// known now (DESIGN §4): as a work item, some messages a round, each in a change of its own.

extension House {
    /// Says that an address is a creator's, for mail to come and for mail that came.
    package func alias(
        _ address: Campaigns.Address,
        of creator: CreatorID,
        why: String,
        by actor: Actor
    ) async throws(HouseError) -> DecisionOutcome {
        try await changeAddresses { transaction in
            let learning = Learning(rulebook: self.rulebook, transaction: transaction, actor: actor)
            if let obstacle = try learning.obstacle(address, for: creator) { return .refused(obstacle) }
            try learning.learn(address, for: creator, why: why)
            return .done("\(address) is \(creator)'s from now on; earlier mail from it is attached anew")
        }
    }

    /// Takes back that an address is a creator's.
    package func unalias(
        _ address: Campaigns.Address,
        of creator: CreatorID,
        why: String,
        by actor: Actor
    ) async throws(HouseError) -> DecisionOutcome {
        try await changeAddresses { transaction in
            let learning = Learning(rulebook: self.rulebook, transaction: transaction, actor: actor)
            if let obstacle = try learning.forget(address, of: creator, why: why) { return .refused(obstacle) }
            return .done("\(address) is not \(creator)'s any more; earlier mail from it is attached anew")
        }
    }

    /// Matching knows of it before anybody is told that it is done.
    private func changeAddresses(
        _ body: @escaping @Sendable (Transaction) throws -> DecisionOutcome
    ) async throws(HouseError) -> DecisionOutcome {
        let outcome = try await change(body)
        try await refreshRecords()
        outboundChanged()
        return outcome
    }

    /// The work that a learnt or forgotten address leaves.
    static let attachingWork = "attach-again"
    /// Messages whose senders one round looks at, and of those the ones that it attaches.
    private static let lookedAtPerRound = 5000
    private static let attachedPerRound = 50

    /// Goes on with what an address that was learnt or forgotten left to do.
    func attachAnew(at now: Timestamp) async throws(HouseError) {
        let work: WorkItemRow?
        do {
            work = try await store.read { try $0.dueWork(kind: Self.attachingWork, at: now) }
        } catch {
            throw HouseError(error)
        }
        guard let work, let task = AttachingAnew(work.arguments) else { return }
        // Whoever learnt it may not have told the rules in force yet.
        if work.progress.isEmpty { try await refreshRecords() }
        let done = MessageID(rawValue: Int64(String(decoding: work.progress, as: UTF8.self)) ?? 0)
        let found = try await mail(of: task.address, after: done)
        for id in found.messages { try await attachAnew(id, task) }
        try await change { transaction in
            // What was said of the address meanwhile begins anew.
            guard try transaction.dueWork(kind: Self.attachingWork, at: transaction.now) == work else { return }
            if let last = found.last {
                try transaction.continueWork(work.id, progress: Array(String(last.rawValue).utf8), dueAt: work.dueAt)
            } else {
                try transaction.finishWork(work.id)
            }
        }
    }

    /// The next messages from an address, and how far was looked; nil at the end.
    private func mail(
        of address: KnownAddress,
        after done: MessageID
    ) async throws(HouseError) -> (messages: [MessageID], last: MessageID?) {
        do {
            return try await store.read { transaction in
                let rows = try transaction.senders(after: done, limit: Self.lookedAtPerRound)
                let own = rows.filter { KnownAddress($0.sender) == address }.map { $0.id }
                let taken = Array(own.prefix(Self.attachedPerRound))
                return (taken, own.count > taken.count ? taken.last : rows.last?.id)
            }
        } catch {
            throw HouseError(error)
        }
    }

    private func attachAnew(_ id: MessageID, _ task: AttachingAnew) async throws(HouseError) {
        let input: MatchInput?
        do {
            input = try await store.read { transaction in
                guard let row = try transaction.message(id) else { return nil }
                return MatchInput(ParsedMessage(try transaction.bytes(ofBody: row.body)))
            }
        } catch StoreError.damagedBody(let hash), StoreError.missing(let hash) {
            // It costs this message alone (D16): the others are attached, and whoever opens it is told.
            log.warning("message \(id) is not attached anew: its stored text is damaged (\(hash))")
            return
        } catch {
            throw HouseError(error)
        }
        guard let input else { return }
        try await change { transaction in
            try task.attach(id, input, self.rulebook, sealKey: self.sealKey, transaction)
        }
    }
}

/// What is to be done with earlier mail of an address.
struct AttachingAnew: Hashable {
    let address: KnownAddress
    /// Who said whose it is.
    let actor: Actor
    let why: String

    init(address: KnownAddress, actor: Actor, why: String) {
        (self.address, self.actor, self.why) = (address, actor, why)
    }

    /// As the work item keeps it.
    var bytes: [UInt8] {
        EventCoding.encode(["address": address.description, "actor": actor.text, "why": why])
    }

    /// Reads what `bytes` wrote.
    init?(_ bytes: [UInt8]) {
        guard let fields = EventCoding.decode(bytes), let address = fields["address"].flatMap({ KnownAddress($0) }),
            let actor = fields["actor"], let why = fields["why"]
        else { return nil }
        self.init(address: address, actor: Actor(text: actor), why: why)
    }

    /// Attaches a message as the rules say now, where they say something else.
    ///
    /// What a person decided stays. Stages stay too: what is undone leaves nothing behind.
    func attach(
        _ id: MessageID,
        _ input: MatchInput,
        _ rulebook: Rulebook,
        sealKey: Secret,
        _ transaction: Transaction
    ) throws(StoreError) {
        guard let row = try transaction.message(id), let event = try transaction.attachment(of: id),
            let account = try transaction.account(row.account).flatMap({
                rulebook.configuration.gateway.account($0.name)
            }), event.kind == .attached, mayDiffer(event)
        else { return }
        let before = AttachmentFacts(event)
        guard before.attachment.direction == .inbound else { return }
        let attachment = Matcher(directory: rulebook.directory, authservID: account.authservID)
            .match(input, in: StoredThreads(transaction: transaction))
        guard
            attachment.creators.keys != before.attachment.creators.keys
                || attachment.creators.attached != before.attachment.creators.attached
                || attachment.campaign != before.attachment.campaign
        else { return }
        let arrival = Arrival(
            rulebook: rulebook,
            account: account,
            authservID: account.authservID,
            sealKey: sealKey,
            transaction: transaction,
            actor: actor
        )
        let conversations = try arrival.openConversations(attachment)
        try transaction.setConversation(conversations.first, of: id)
        let threads = ThreadKey.others(of: input, attachment, in: rulebook.directory)
        for key in threads + conversations.dropFirst().map(ThreadKey.conversation) {
            try transaction.listMessage(id, underMessageID: key)
        }
        var stages: [Stage] = []
        for conversation in conversations {
            guard let row = try transaction.conversation(conversation), let stage = Stage(rawValue: row.stage) else {
                continue
            }
            stages.append(stage)
        }
        let block = ContextBlock(
            attachment,
            conversations: conversations,
            stages: stages,
            directory: rulebook.directory
        ).bytes(bodyHash: row.body, key: sealKey)
        let edition = try transaction.insertEdition(of: id, block: block)
        if !Set(before.attachment.creators.attached).isSubset(of: attachment.creators.attached) {
            try replace(id, by: edition, transaction)
        }
        let isHistory = account.since.map { row.internalDate < $0 } ?? false
        let facts = AttachmentFacts(
            attachment,
            conversations: conversations,
            isOpen: !isHistory && arrival.isOpen(attachment)
        )
        try transaction.record(
            Event(
                .attached,
                .message(id),
                by: actor,
                at: transaction.now,
                policyVersion: rulebook.version,
                fields: facts.fields.merging([ConversationFold.Field.why: why]) { first, _ in first }
            )
        )
    }

    /// What the feeding server said of its author stands: whom it is believed from is not read again.
    private func mayDiffer(_ event: Event) -> Bool { !AttachmentFacts.reason(event).hasPrefix("3.1 ") }

    /// A block that names a creator who was wrong is shown nowhere any more: the message comes back under a
    /// new UID in its account's folders, and the projection places it in views (DESIGN §4).
    private func replace(_ id: MessageID, by edition: EditionID, _ transaction: Transaction) throws(StoreError) {
        for placement in try transaction.placements(of: id) {
            guard let mailbox = try transaction.mailbox(placement.mailbox) else { continue }
            if View(key: mailbox.key) == nil {
                let new = try transaction.place(
                    edition,
                    in: placement.mailbox,
                    received: placement.received,
                    isSeen: placement.flags.system.contains(.seen)
                )
                try transaction.copyPrivateFlags(from: placement, to: new)
            }
            _ = try transaction.expunge([placement.uid], from: placement.mailbox)
        }
    }
}
