package import Base
internal import Campaigns
package import Ledger
internal import Outbound
internal import Policy
package import Store

// The fold's record and the store's row are the same facts: the ledger knows types, the store
// knows columns.

extension ReadTransaction {
    /// The record of an outbound message.
    package func outboundRecord(_ id: OutboundID) throws(StoreError) -> OutboundRecord? {
        guard let row = try outbound(id) else { return nil }
        return try outboundRecord(row)
    }

    func outboundRecord(_ row: OutboundRow) throws(StoreError) -> OutboundRecord {
        let recipients = try recipients(of: row.id, revision: row.revision)
        let decisions = try decisions(of: row.id, revision: row.revision)
        return OutboundRecord(
            id: row.id,
            account: try account(row.account)?.name ?? "",
            author: MemberID(row.author),
            device: row.device,
            state: OutboundState(rawValue: row.state) ?? .held,
            version: row.version,
            revision: row.revision,
            messageID: row.messageID,
            from: row.from,
            subject: row.subject,
            recipients: recipients.map(\.address),
            creators: EventCoding.list(from: row.creators).map(CreatorID.init(rawValue:)),
            campaign: row.campaign.map(CampaignID.init(rawValue:)),
            conversations: EventCoding.list(from: row.conversations)
                .compactMap { Int64($0).map(ConversationID.init(rawValue:)) },
            required: OutboundFold.counts(row.required),
            reasons: OutboundFold.reasons(row.reasons),
            permits: EventCoding.list(from: row.permits),
            notBefore: row.notBefore,
            releaseHash: Hexadecimal.encode(row.releaseHash),
            submittedAt: row.submittedAt,
            effectiveAt: row.releaseAt,
            isSettled: row.finishedAt != nil,
            decisions: decisions.map { decision in
                Decision(
                    member: MemberID(decision.member),
                    groups: Set(EventCoding.list(from: decision.groups)),
                    verb: Decision.Verb(rawValue: decision.verb) ?? .reject,
                    at: decision.at,
                    standsFor: EventCoding.list(from: decision.standsFor).map(MemberID.init(rawValue:))
                )
            },
            decidedBy: row.decidedBy,
            decidedAt: row.decidedAt,
            decidedWhy: row.decidedWhy,
            editor: row.editor.map(MemberID.init(rawValue:)),
            assignee: row.assignee.map(MemberID.init(rawValue:)),
            escalatedTo: EventCoding.list(from: row.escalatedTo)
        )
    }
}

extension Transaction {
    /// The record as this change has made it so far; the row says it only when the change has ended.
    ///
    /// One command may touch the same mail twice: a client moves a message together with its notice.
    func currentRecord(_ id: OutboundID) throws(StoreError) -> OutboundRecord? {
        var record = try outboundRecord(id)
        let subject = EventSubject.outbound(id).text
        for row in events where row.subject == subject {
            guard let event = row.event, event.kind != .submitted else { continue }
            record = OutboundFold.apply(event, to: record)
        }
        return record
    }
}

extension OutboundRow {
    /// Takes over what the fold of the events says.
    mutating func take(_ record: OutboundRecord, at now: Timestamp) {
        state = record.state.rawValue
        revision = record.revision
        from = record.from
        subject = record.subject
        messageID = record.messageID
        creators = EventCoding.list(record.creators.map(\.rawValue))
        campaign = record.campaign?.rawValue
        conversations = EventCoding.list(record.conversations.map(\.description))
        required = OutboundFold.text(of: record.required)
        reasons = OutboundFold.text(of: record.reasons)
        permits = EventCoding.list(record.permits)
        notBefore = record.notBefore
        releaseAt = record.effectiveAt
        releaseHash = Hexadecimal.decode(record.releaseHash) ?? []
        decidedAt = record.decidedAt
        decidedBy = record.decidedBy
        decidedWhy = record.decidedWhy
        finishedAt = record.isSettled ? finishedAt ?? now : nil
        editor = record.editor?.rawValue
        assignee = record.assignee?.rawValue
        author = record.author.rawValue
        escalatedTo = EventCoding.list(record.escalatedTo)
    }
}
