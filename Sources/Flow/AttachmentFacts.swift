internal import Base
internal import Campaigns
internal import Ledger

/// What the ledger says of a message's attachment: the outcome, never to be matched again.
struct AttachmentFacts {
    var attachment: Attachment
    var conversations: [ConversationID]
    /// Whether a person is to decide: it stands in Unmatched.
    var isOpen: Bool

    init(_ attachment: Attachment, conversations: [ConversationID], isOpen: Bool) {
        self.attachment = attachment
        self.conversations = conversations
        self.isOpen = isOpen
    }

    private enum Field {
        static let direction = "direction"
        static let creators = "creators"
        static let creatorCandidates = "creator-candidates"
        static let creatorConfidence = "creator-confidence"
        static let campaign = "campaign"
        static let campaignCandidates = "campaign-candidates"
        static let campaignConfidence = "campaign-confidence"
        static let confidence = "confidence"
        static let reason = "reason"
        static let channel = "channel"
        static let countsAsReply = "counts-as-reply"
        static let signals = "signals"
        static let conversations = "conversations"
        static let isOpen = "open"
    }

    /// The fields of the event that tells it.
    var fields: [String: String] {
        var fields = [
            Field.direction: attachment.direction.rawValue,
            Field.creators: EventCoding.list(attachment.creators.attached.map(\.rawValue)),
            Field.creatorCandidates: EventCoding.list(attachment.creators.candidates.map(\.rawValue)),
            Field.creatorConfidence: attachment.creators.confidence.rawValue,
            Field.campaignCandidates: EventCoding.list(attachment.campaigns.candidates.map(\.rawValue)),
            Field.campaignConfidence: attachment.campaigns.confidence.rawValue,
            Field.confidence: attachment.confidence.rawValue,
            Field.reason: attachment.reason,
            Field.channel: attachment.channel.rawValue,
            Field.countsAsReply: attachment.countsAsReply ? "yes" : "no",
            Field.signals: EventCoding.list(attachment.signals.flatMap { [$0.kind.rawValue, $0.campaign.rawValue] }),
            Field.conversations: EventCoding.list(conversations.map(\.description)),
            Field.isOpen: isOpen ? "yes" : "no",
        ]
        fields[Field.campaign] = attachment.campaign?.rawValue
        return fields
    }

    /// The reason as it was written, of both sides together.
    static func reason(_ event: Event) -> String { event.fields[Field.reason] ?? "" }

    /// Reads what `fields` wrote.
    init(_ event: Event) {
        func keys<Key: RecordKey>(_ field: String) -> [Key] {
            EventCoding.list(from: event.fields[field] ?? "").map(Key.init(rawValue:))
        }
        func confidence(_ field: String) -> Confidence {
            event.fields[field].flatMap(Confidence.init(rawValue:)) ?? .none
        }
        let signals = EventCoding.list(from: event.fields[Field.signals] ?? "")
        attachment = Attachment(
            direction: event.fields[Field.direction].flatMap(Direction.init(rawValue:)) ?? .inbound,
            creators: Finding(
                attached: keys(Field.creators),
                candidates: keys(Field.creatorCandidates),
                confidence: confidence(Field.creatorConfidence)
            ),
            campaigns: Finding(
                attached: event.fields[Field.campaign].map { [CampaignID($0)] } ?? [],
                candidates: keys(Field.campaignCandidates),
                confidence: confidence(Field.campaignConfidence)
            ),
            channel: Channel(event.fields[Field.channel] ?? "email"),
            countsAsReply: event.fields[Field.countsAsReply] == "yes",
            signals: stride(from: 0, to: signals.count - 1, by: 2).compactMap { index in
                Signal.Kind(rawValue: signals[index]).map { Signal($0, CampaignID(signals[index + 1])) }
            }
        )
        conversations = EventCoding.list(from: event.fields[Field.conversations] ?? "")
            .compactMap { Int64($0).map(ConversationID.init(rawValue:)) }
        isOpen = event.fields[Field.isOpen] == "yes"
    }
}
