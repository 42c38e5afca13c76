package import Base
package import Campaigns

/// A conversation as the events tell it.
package struct ConversationRecord: Hashable, Sendable {
    package let id: ConversationID
    package let key: ConversationKey
    package var stage: Stage
    package var assignee: MemberID?
    /// When the creator's side last wrote something that counts as a reply.
    package var lastInbound: Timestamp?
    /// When something of ours last left for the creator.
    package var lastOutbound: Timestamp?
    /// Raised by every event about it; decisions compare it (DESIGN §3).
    package var version: Int

    package init(
        id: ConversationID,
        key: ConversationKey,
        stage: Stage,
        assignee: MemberID?,
        lastInbound: Timestamp?,
        lastOutbound: Timestamp?,
        version: Int
    ) {
        self.id = id
        self.key = key
        self.stage = stage
        self.assignee = assignee
        self.lastInbound = lastInbound
        self.lastOutbound = lastOutbound
        self.version = version
    }
}

/// The fold of one conversation's events into its record.
package enum ConversationFold {
    /// The field names of the events about conversations.
    package enum Field {
        package static let creator = "creator"
        package static let campaign = "campaign"
        package static let stage = "stage"
        /// The stage before.
        package static let was = "was"
        package static let assignee = "assignee"
        package static let why = "why"
        package static let text = "text"
        /// Which outbound message was written.
        package static let outbound = "outbound"
    }

    /// The record after an event; unchanged where the event tells of nothing in it.
    package static func apply(_ event: Event, to record: ConversationRecord?) -> ConversationRecord? {
        guard case .conversation(let id) = event.subject else { return record }
        let stage = event.fields[Field.stage].flatMap(Stage.init(rawValue:))
        if event.kind == .conversationOpened {
            guard record == nil, let creator = event.fields[Field.creator] else { return record }
            let campaign = event.fields[Field.campaign].map(CampaignID.init(rawValue:))
            return ConversationRecord(
                id: id,
                key: ConversationKey(creator: CreatorID(creator), campaign: campaign),
                stage: stage ?? .contacted,
                assignee: event.fields[Field.assignee].map(MemberID.init(rawValue:)),
                lastInbound: nil,
                lastOutbound: nil,
                version: 1
            )
        }
        guard var record else { return nil }
        switch event.kind {
        case .stageChanged:
            record.stage = stage ?? record.stage
        case .assigned:
            record.assignee = event.fields[Field.assignee].map(MemberID.init(rawValue:))
        case .heard:
            record.lastInbound = event.at
        case .wrote:
            record.lastOutbound = event.at
        default:
            return record
        }
        record.version += 1
        return record
    }
}
