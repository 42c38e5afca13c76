package import Base
internal import Campaigns
internal import Config
internal import IMAPWire
internal import Ledger
internal import Message
internal import Mirror
package import Outbound
internal import Policy
internal import SMTPWire
package import Store

// The way out, last part: what the relay reports becomes events, and the Sent item appears.

/// Records what the smarthost answered, in the same transaction as the recipients' states.
package struct DeliveryRecorder: RelayRecorder {
    private let rulebook: @Sendable () -> Rulebook
    private let sealKey: Secret

    package init(rulebook: @escaping @Sendable () -> Rulebook, sealKey: Secret) {
        self.rulebook = rulebook
        self.sealKey = sealKey
    }

    package func record(_ report: RelayReport, _ transaction: Transaction) throws(StoreError) {
        guard let record = try transaction.outboundRecord(report.outbound) else { return }
        let rulebook = rulebook()
        let isFirst = record.state == .queued
        for (kind, answers, state) in [
            (EventKind.relayed, report.relayed, OutboundState.sent), (.bounced, report.failed, .bounced),
            (.delayed, report.delayed, nil), (.queueHeld, report.parked, nil),
        ] where !answers.isEmpty {
            var fields = [
                OutboundFold.Field.recipients: EventCoding.list(answers.map(\.address)),
                OutboundFold.Field.reply: EventCoding.list(answers.map(\.reply)),
            ]
            // Sent as soon as one recipient has it; bounced only if nobody ever gets it.
            let settles = kind == .relayed || (report.isFinished && report.relayed.isEmpty)
            if let state, record.state == .queued, settles { fields[OutboundFold.Field.state] = state.rawValue }
            try transaction.record(
                Event(
                    kind,
                    .outbound(record.id),
                    by: .gateway,
                    at: transaction.now,
                    policyVersion: rulebook.version,
                    fields: fields
                )
            )
        }
        if isFirst, let body = report.transmitForm { try showSent(record, body, rulebook, transaction) }
        try DeliveryReports(rulebook: rulebook, transaction: transaction).tell(of: record, report)
        if let parked = report.parked.first {
            try Notices(rulebook: rulebook, transaction: transaction).tellParked(record, why: parked.reply)
        }
    }

    /// The final text appears in Sent and in its conversation (D11).
    private func showSent(
        _ record: OutboundRecord,
        _ body: StoredBody,
        _ rulebook: Rulebook,
        _ transaction: Transaction
    ) throws(StoreError) {
        guard let account = rulebook.configuration.gateway.account(record.account) else { return }
        let attachment = Attachment(
            direction: .outbound,
            creators: record.creators.isEmpty
                ? Finding() : Finding(attached: record.creators, confidence: .certain, reason: nil),
            campaigns: record.campaign.map { Finding(attached: [$0], confidence: .certain, reason: nil) } ?? Finding()
        )
        var new = NewMessage(
            account: try transaction.ensureAccount(account),
            messageID: ThreadKey.messageID(record.messageID),
            body: body,
            internalDate: transaction.now,
            direction: Direction.outbound.rawValue
        )
        new.conversation = record.conversations.first
        new.sender = record.from
        new.subject = record.subject
        new.flags.system = .seen
        let message = try transaction.insertMessage(new)
        for conversation in record.conversations.dropFirst() {
            try transaction.listMessage(message, underMessageID: ThreadKey.conversation(conversation))
        }
        let block = ContextBlock(
            attachment,
            conversations: record.conversations,
            stages: [],
            directory: rulebook.directory
        ).bytes(bodyHash: body.hash, key: sealKey)
        let edition = try transaction.insertEdition(of: message, block: block)
        let sent = try transaction.ensureFolder(.sent, of: account)
        _ = try transaction.place(edition, in: sent.id, received: transaction.now, isSeen: true)
        try JournalWriter(transaction).appended(message, to: sent, isSentItem: true)
        let facts = AttachmentFacts(attachment, conversations: record.conversations, isOpen: false)
        func note(_ kind: EventKind, _ subject: EventSubject, _ fields: [String: String]) throws(StoreError) {
            try transaction.record(
                Event(kind, subject, by: .gateway, at: transaction.now, policyVersion: rulebook.version, fields: fields)
            )
        }
        try note(.attached, .message(message), facts.fields)
        for conversation in record.conversations {
            try note(.wrote, .conversation(conversation), [ConversationFold.Field.outbound: String(record.id.rawValue)])
        }
    }
}
