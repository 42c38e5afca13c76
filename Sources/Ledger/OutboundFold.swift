package import Base
internal import Campaigns
package import Policy

/// The fold of one outbound message's events into its record.
package enum OutboundFold {
    /// The field names of the events about outbound messages.
    package enum Field {
        package static let account = "account"
        package static let author = "author"
        package static let device = "device"
        package static let state = "state"
        package static let revision = "revision"
        package static let messageID = "message-id"
        package static let from = "from"
        package static let subject = "subject"
        package static let recipients = "recipients"
        package static let creators = "creators"
        package static let campaign = "campaign"
        package static let conversations = "conversations"
        package static let required = "required"
        package static let reasons = "reasons"
        package static let permits = "permits"
        /// Why permits hold, and the approved wording in the text.
        package static let grounds = "grounds"
        package static let notBefore = "not-before"
        package static let releaseHash = "release-hash"
        package static let effectiveAt = "effective-at"
        package static let groups = "groups"
        package static let why = "why"
        package static let reply = "reply"
        package static let standsFor = "stands-for"
        package static let assignee = "assignee"
        package static let escalatedTo = "escalated-to"
        package static let submitted = "submitted"
        package static let transmit = "transmit"
        package static let text = "text"
    }

    /// The record after an event; unchanged where the event tells of nothing in it.
    ///
    /// The state comes from the event alone: a fold judges nothing again (INV-6).
    package static func apply(_ event: Event, to record: OutboundRecord?) -> OutboundRecord? {
        guard case .outbound(let id) = event.subject else { return record }
        if event.kind == .submitted { return submitted(event, id: id) }
        guard var record else { return nil }
        let before = record
        if let state = event.fields[Field.state].flatMap(OutboundState.init(rawValue:)) { record.state = state }
        switch event.kind {
        case .corrected:
            take(event, into: &record)
        case .escalated:
            record.escalatedTo = EventCoding.list(from: event.fields[Field.escalatedTo] ?? "")
            record.reasons = reasons(event.fields[Field.reasons])
        case .handedOver:
            record.author = MemberID(event.fields[Field.author] ?? record.author.rawValue)
        case .claimed:
            record.assignee = event.fields[Field.assignee].map(MemberID.init(rawValue:))
        case .approved:
            add(decision(.approve, event), to: &record)
            record.effectiveAt = timestamp(event.fields[Field.effectiveAt])
            decided(&record, by: event)
        case .takenBack:
            record.decisions.removeAll { $0.member == event.actor.member }
            record.effectiveAt = timestamp(event.fields[Field.effectiveAt])
            if record.state != .rejected {
                (record.decidedBy, record.decidedAt, record.decidedWhy) = (nil, nil, nil)
            }
        case .rejected:
            add(decision(.reject, event), to: &record)
            record.effectiveAt = timestamp(event.fields[Field.effectiveAt])
            decided(&record, by: event)
        case .withdrawn, .canceled, .superseded, .expired, .dropped:
            record.isSettled = true
            decided(&record, by: event)
        case .released, .settled:
            record.isSettled = true
        case .restored, .heldAgain:
            record.required = counts(event.fields[Field.required])
            record.reasons = reasons(event.fields[Field.reasons])
            record.decisions = []
            record.effectiveAt = nil
            record.isSettled = false
            (record.decidedBy, record.decidedAt, record.decidedWhy) = (nil, nil, nil)
        case .judgedAgain:
            record.required = counts(event.fields[Field.required])
            record.reasons = reasons(event.fields[Field.reasons])
            record.notBefore = timestamp(event.fields[Field.notBefore])
            if let permits = event.fields[Field.permits] { record.permits = EventCoding.list(from: permits) }
            if record.state == .held {
                record.effectiveAt = nil
            } else if let effective = timestamp(event.fields[Field.effectiveAt]) {
                record.effectiveAt = effective
            }
        default:
            break
        }
        if record != before { record.version += 1 }
        return record
    }

    private static func submitted(_ event: Event, id: OutboundID) -> OutboundRecord {
        let fields = event.fields
        return OutboundRecord(
            id: id,
            account: fields[Field.account] ?? "",
            author: MemberID(fields[Field.author] ?? ""),
            device: fields[Field.device] ?? "",
            state: fields[Field.state].flatMap(OutboundState.init(rawValue:)) ?? .held,
            // The row is inserted with 1; this event, like every other, raises it.
            version: 2,
            revision: fields[Field.revision].flatMap { Int($0) } ?? 1,
            messageID: fields[Field.messageID] ?? "",
            from: fields[Field.from] ?? "",
            subject: fields[Field.subject] ?? "",
            recipients: EventCoding.list(from: fields[Field.recipients] ?? ""),
            creators: EventCoding.list(from: fields[Field.creators] ?? "").map(CreatorID.init(rawValue:)),
            campaign: fields[Field.campaign].map(CampaignID.init(rawValue:)),
            conversations: EventCoding.list(from: fields[Field.conversations] ?? "")
                .compactMap { Int64($0).map(ConversationID.init(rawValue:)) },
            required: counts(fields[Field.required]),
            reasons: reasons(fields[Field.reasons]),
            permits: EventCoding.list(from: fields[Field.permits] ?? ""),
            notBefore: timestamp(fields[Field.notBefore]),
            releaseHash: fields[Field.releaseHash] ?? "",
            submittedAt: event.at,
            effectiveAt: timestamp(fields[Field.effectiveAt]),
            isSettled: false,
            decisions: [],
            decidedBy: nil,
            decidedAt: nil,
            decidedWhy: nil
        )
    }

    /// Another text for the same message: nothing that was said of the one before holds any more.
    private static func take(_ event: Event, into record: inout OutboundRecord) {
        let new = submitted(event, id: record.id)
        record.revision = new.revision
        record.messageID = new.messageID
        record.subject = new.subject
        record.recipients = new.recipients
        record.creators = new.creators
        record.campaign = new.campaign
        record.conversations = new.conversations
        record.required = new.required
        record.reasons = new.reasons
        record.permits = new.permits
        record.notBefore = new.notBefore
        record.releaseHash = new.releaseHash
        record.effectiveAt = new.effectiveAt
        record.editor = event.actor.member
        record.decisions = []
        (record.decidedBy, record.decidedAt, record.decidedWhy) = (nil, nil, nil)
    }

    /// A member's last word counts alone.
    private static func add(_ decision: Decision, to record: inout OutboundRecord) {
        record.decisions.removeAll { $0.member == decision.member }
        record.decisions.append(decision)
    }

    private static func decision(_ verb: Decision.Verb, _ event: Event) -> Decision {
        Decision(
            member: event.actor.member ?? MemberID(event.actor.text),
            groups: Set(EventCoding.list(from: event.fields[Field.groups] ?? "")),
            verb: verb,
            at: event.at,
            standsFor: EventCoding.list(from: event.fields[Field.standsFor] ?? "").map(MemberID.init(rawValue:))
        )
    }

    private static func decided(_ record: inout OutboundRecord, by event: Event) {
        record.decidedBy = event.actor.text
        record.decidedAt = event.at
        record.decidedWhy = event.fields[Field.why]
    }

    /// Rule and text of each reason in turn.
    package static func reasons(_ text: String?) -> [Verdict.Reason] {
        let items = EventCoding.list(from: text ?? "")
        return stride(from: 0, to: items.count - 1, by: 2).map { index in
            Verdict.Reason(rule: items[index], text: items[index + 1])
        }
    }

    package static func text(of reasons: [Verdict.Reason]) -> String {
        EventCoding.list(reasons.flatMap { [$0.rule, $0.text] })
    }

    /// `legal=1 managers=2` as counts by group.
    package static func counts(_ text: String?) -> [String: Int] {
        var result: [String: Int] = [:]
        for item in EventCoding.list(from: text ?? "") {
            let parts = item.split(separator: "=").map(String.init)
            if parts.count == 2, let count = Int(parts[1]) { result[parts[0]] = count }
        }
        return result
    }

    package static func text(of counts: [String: Int]) -> String {
        EventCoding.list(counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
    }

    package static func timestamp(_ text: String?) -> Timestamp? {
        text.flatMap { Int64($0) }.map(Timestamp.init(milliseconds:))
    }
}
