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
        // Whether the messages of each may stand elsewhere now.
        var conversations: [ConversationID: Bool] = [:]
        var outbound = Set<OutboundID>()
        // What this change handed in and nothing has touched since: it need not be read again.
        var new: [OutboundID: NewOutbound] = [:]
        var messages = Set<MessageID>()
        func fold(_ rows: some Sequence<EventRow>) throws(StoreError) {
            for row in rows {
                guard let event = row.event else { continue }
                switch event.subject {
                case .conversation(let id):
                    let isMoved = try self.fold(event, into: id, transaction)
                    conversations[id] = isMoved || conversations[id] ?? false
                case .outbound(let id):
                    new[id] = try self.fold(event, into: id, transaction)
                    outbound.insert(id)
                case .message(let id):
                    messages.insert(id)
                case .creator, .campaign, .configuration, .store:
                    break
                }
            }
        }
        try fold(rows)
        let rulebook = rulebook()
        // What waits is canceled or held again in the change that gives cause for it (D6).
        try Meanwhile(rulebook: rulebook, transaction: transaction).follow(rows)
        try fold(transaction.events.dropFirst(rows.count))
        let placer = Placer(rulebook: rulebook, transaction: transaction)
        for (id, isMoved) in conversations.sorted(by: { $0.key < $1.key }) {
            let isBehind = isMoved ? true : try isBehind(id, attaching: messages, placer)
            guard isBehind else { continue }
            for message in try transaction.messages(in: id) { messages.insert(message.id) }
            for message in try transaction.messages(withMessageID: ThreadKey.conversation(id)) {
                messages.insert(message.id)
            }
        }
        for id in messages.sorted() { try placer.place(message: id) }
        for id in outbound.sorted() {
            if let new = new[id] { try placer.place(new) } else { try placer.place(outbound: id) }
        }
    }

    /// Whether a conversation of which only more was heard stands where the rules do not want it any more.
    ///
    /// All its messages stand together, so that the newest one of before tells of them all: what a mail costs does
    /// not grow with what was written before.
    private func isBehind(
        _ id: ConversationID,
        attaching new: Set<MessageID>,
        _ placer: Placer
    ) throws(StoreError) -> Bool {
        let newest = try placer.transaction.newestMessages(in: id, limit: new.count + 1)
        guard let last = newest.first(where: { !new.contains($0) }) else { return false }
        return try placer.place(message: last)
    }

    // MARK: Folds

    /// Gives whether its messages may stand elsewhere now.
    private func fold(_ event: Event, into id: ConversationID, _ transaction: Transaction) throws(StoreError) -> Bool {
        guard var row = try transaction.conversation(id) else { return false }
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
        guard let after = ConversationFold.apply(event, to: before), after != before else { return false }
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
        return after.stage != before.stage || after.assignee != before.assignee
    }

    /// Gives what it is now of one that the event hands in.
    private func fold(
        _ event: Event,
        into id: OutboundID,
        _ transaction: Transaction
    ) throws(StoreError) -> NewOutbound? {
        guard var row = try transaction.outbound(id) else { return nil }
        if event.kind == .submitted, let record = OutboundFold.apply(event, to: nil) {
            row.take(record, at: event.at)
            _ = try transaction.updateOutbound(row, expectedVersion: row.version)
            if !record.creators.isEmpty {
                let creators = record.creators.map(\.rawValue)
                try transaction.setContacts(of: id, to: creators, at: record.submittedAt, isNew: true)
            }
            if !record.state.isFinal, !record.creators.isEmpty {
                try transaction.setOpen(id, to: record.creators.map(\.rawValue), isNew: true)
            }
            let due = try deadlines(transaction).next(of: record, isAuthorTold: false, since: event.at)
            if let due { try transaction.setTimer(of: id, to: due) }
            return row.message.map { NewOutbound(record: record, message: $0, submittedAt: row.submittedAt) }
        }
        let before = try transaction.outboundRecord(row)
        guard let after = OutboundFold.apply(event, to: before) else { return nil }
        try foldDecisions(event, from: before, to: after, transaction)
        if after.creators != before.creators {
            try transaction.setContacts(of: id, to: after.creators.map(\.rawValue), at: after.submittedAt)
        }
        guard after != before else { return nil }
        row.take(after, at: event.at)
        _ = try transaction.updateOutbound(row, expectedVersion: row.version)
        if after.creators != before.creators || after.state.isFinal != before.state.isFinal {
            try transaction.setOpen(id, to: after.state.isFinal ? [] : after.creators.map(\.rawValue))
        }
        let isTold = try transaction.isAuthorTold(of: id)
        try transaction.setTimer(of: id, to: deadlines(transaction).next(of: after, isAuthorTold: isTold))
        return nil
    }

    private func deadlines(_ transaction: Transaction) -> Deadlines {
        Deadlines(rulebook: rulebook(), transaction: transaction)
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
