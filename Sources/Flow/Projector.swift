internal import Base
internal import Campaigns
internal import IMAPWire
internal import Ledger
internal import Outbound
internal import Policy
package import Store
internal import Views

/// Folds the events of a change into the record tables and brings the views up to date, inside
/// the same transaction (DESIGN §3): nobody who appends an event can forget it.
package struct Projector: Sendable {
    /// The rules in force, for who may see what and what the folders are called.
    private let rulebook: @Sendable () -> Rulebook

    package init(rulebook: @escaping @Sendable () -> Rulebook) {
        self.rulebook = rulebook
    }

    /// The function that the store runs at the end of every change.
    package func project(_ transaction: Transaction, _ rows: [EventRow]) throws(StoreError) {
        var conversations = Set<ConversationID>()
        var outbound = Set<OutboundID>()
        var messages = Set<MessageID>()
        for row in rows {
            guard let event = row.event else { continue }
            switch event.subject {
            case .conversation(let id):
                try fold(event, into: id, transaction)
                conversations.insert(id)
            case .outbound(let id):
                try fold(event, into: id, transaction)
                outbound.insert(id)
            case .message(let id):
                messages.insert(id)
            case .creator, .campaign, .configuration, .store:
                break
            }
        }
        let placer = Placer(rulebook: rulebook(), transaction: transaction)
        for id in conversations.sorted() {
            for message in try transaction.messages(in: id) { messages.insert(message.id) }
            for message in try transaction.messages(withMessageID: ThreadKey.conversation(id)) {
                messages.insert(message.id)
            }
        }
        for id in messages.sorted() { try placer.place(message: id) }
        for id in outbound.sorted() { try placer.place(outbound: id) }
    }

    // MARK: Folds

    private func fold(_ event: Event, into id: ConversationID, _ transaction: Transaction) throws(StoreError) {
        guard var row = try transaction.conversation(id) else { return }
        let key = ConversationKey(
            creator: CreatorID(row.creator),
            campaign: row.campaign.isEmpty ? nil : CampaignID(row.campaign)
        )
        let before = ConversationRecord(
            id: id,
            key: key,
            stage: Stage(rawValue: row.stage) ?? .contacted,
            assignee: row.assignee.map(MemberID.init(rawValue:)),
            lastInbound: row.lastInbound,
            lastOutbound: row.lastOutbound,
            version: row.version
        )
        guard let after = ConversationFold.apply(event, to: before), after != before else { return }
        row.stage = after.stage.rawValue
        row.assignee = after.assignee?.rawValue
        row.lastInbound = after.lastInbound
        row.lastOutbound = after.lastOutbound
        _ = try transaction.updateConversation(row, expectedVersion: nil)
        if let campaign = key.campaign {
            _ = try transaction.saveCollaboration(
                creator: key.creator.rawValue,
                campaign: campaign.rawValue,
                stage: after.stage.rawValue,
                fields: try transaction.collaboration(creator: row.creator, campaign: row.campaign)?.fields ?? "",
                expectedVersion: nil
            )
        }
    }

    private func fold(_ event: Event, into id: OutboundID, _ transaction: Transaction) throws(StoreError) {
        guard var row = try transaction.outbound(id) else { return }
        let before = try transaction.outboundRecord(row)
        guard let after = OutboundFold.apply(event, to: before) else { return }
        try foldDecisions(event, from: before, to: after, transaction)
        guard after != before else { return }
        row.take(after, at: event.at)
        _ = try transaction.updateOutbound(row, expectedVersion: row.version)
    }

    private func foldDecisions(
        _ event: Event,
        from before: OutboundRecord,
        to after: OutboundRecord,
        _ transaction: Transaction
    ) throws(StoreError) {
        // Decisions on the version before stay with that version.
        let earlier = after.revision == before.revision ? before.decisions : []
        guard after.decisions != earlier else { return }
        for decision in earlier where !after.decisions.contains(decision) {
            _ = try transaction.removeDecisions(
                of: decision.member.rawValue,
                about: after.id,
                revision: after.revision
            )
        }
        for decision in after.decisions where !earlier.contains(decision) {
            try transaction.insertDecision(
                of: decision.member.rawValue,
                about: after.id,
                revision: after.revision,
                groups: EventCoding.list(decision.groups.sorted()),
                verb: decision.verb.rawValue,
                reason: event.fields[OutboundFold.Field.why] ?? "",
                effectiveAt: after.effectiveAt ?? event.at,
                standsFor: EventCoding.list(decision.standsFor.map(\.rawValue))
            )
        }
    }
}
