package import Base
package import Campaigns
package import Ledger
internal import Outbound
package import Policy
internal import Store

/// What happened in conversations, on every channel, in order of time (C13).
///
/// Only the newest entries are kept while it is read, so that its memory is bounded by its limit.
package struct Timeline: Hashable, Sendable {
    /// The newest of them, oldest first.
    package private(set) var entries: [TimelineEntry] = []
    /// How many there are in all; what belongs to several conversations counts in each.
    package private(set) var total = 0

    /// How many older ones were left out.
    package var earlier: Int { total - entries.count }

    init(
        of conversations: [ConversationRow],
        creator: CreatorID? = nil,
        limit: Int,
        _ transaction: ReadTransaction
    ) throws(StoreError) {
        var newest = Newest(limit: limit)
        if let creator {
            let subject = EventSubject.creator(creator).text
            newest.add(try transaction.newestEvents(about: subject, but: Self.told, limit: limit)) {
                Found(at: $0.at, conversation: nil, what: .event($0))
            }
            total += try transaction.countEvents(about: subject, but: Self.told)
        }
        for row in conversations {
            let (key, subject) = (ThreadKey.conversation(row.id), EventSubject.conversation(row.id).text)
            newest.add(try transaction.newestMessages(of: row.id, listedUnder: key, limit: limit)) {
                Found(at: $0.internalDate, conversation: row, what: .message($0))
            }
            let sent = OutboundState.sent.rawValue
            newest.add(
                try transaction.newestOutbound(to: row.creator, about: row.campaign, notIn: sent, limit: limit)
            ) { Found(at: $0.submittedAt, conversation: row, what: .outbound($0.id)) }
            newest.add(try transaction.newestEvents(about: subject, but: Self.told, limit: limit)) {
                Found(at: $0.at, conversation: row, what: .event($0))
            }
            total += try transaction.countMessages(of: row.id, listedUnder: key)
            total += try transaction.countOutbound(to: row.creator, about: row.campaign, notIn: sent)
            total += try transaction.countEvents(about: subject, but: Self.told)
        }
        for found in newest.sorted { entries.append(try Self.entry(found, transaction)) }
    }

    /// What messages tell themselves.
    private static let told = (EventKind.heard.rawValue, EventKind.wrote.rawValue)

    // MARK: Finding

    private struct Found: Comparable {
        enum What {
            case event(EventRow)
            case message(MessageRow)
            case outbound(OutboundID)
        }

        let at: Timestamp
        /// Nil for what concerns the creator whatever the campaign.
        let conversation: ConversationRow?
        let what: What

        /// Of one moment, a message comes before what came of it.
        private var order: (Int, Int64) {
            switch what {
            case .message(let row): (0, row.id.rawValue)
            case .outbound(let id): (1, id.rawValue)
            case .event(let row): (2, row.number.rawValue)
            }
        }

        private var place: (Timestamp, Int, Int64, Int64) {
            (at, order.0, order.1, conversation?.id.rawValue ?? 0)
        }

        static func == (left: Self, right: Self) -> Bool { left.place == right.place }
        static func < (left: Self, right: Self) -> Bool { left.place < right.place }
    }

    private struct Newest {
        let limit: Int
        private var found: [Found] = []

        init(limit: Int) { self.limit = limit }

        var sorted: [Found] { found.sorted() }

        mutating func add<Row>(_ rows: [Row], _ make: (Row) -> Found) {
            found += rows.map(make)
            guard found.count > limit else { return }
            found.sort()
            found.removeFirst(found.count - limit)
        }
    }

    // MARK: Telling

    private static func entry(_ found: Found, _ transaction: ReadTransaction) throws(StoreError) -> TimelineEntry {
        TimelineEntry(
            at: found.at,
            conversation: found.conversation?.id,
            creator: found.conversation.map { CreatorID($0.creator) },
            campaign: found.conversation.flatMap { $0.campaign.isEmpty ? nil : CampaignID($0.campaign) },
            content: try content(found.what, transaction)
        )
    }

    private static func content(
        _ what: Found.What,
        _ transaction: ReadTransaction
    ) throws(StoreError) -> TimelineEntry.Content {
        switch what {
        case .event(let row):
            return .event(EventKind(rawValue: row.kind), row.event)
        case .message(let row):
            let attached = try transaction.attachment(of: row.id)
            let attachment = attached.map { AttachmentFacts($0).attachment }
            return .message(
                .init(
                    id: row.id,
                    direction: row.direction,
                    channel: attachment?.channel ?? .email,
                    sender: row.sender,
                    subject: row.subject,
                    confidence: attachment?.confidence ?? .none,
                    reason: attached.map(AttachmentFacts.reason) ?? "",
                    countsAsReply: attachment?.countsAsReply ?? false
                )
            )
        case .outbound(let id):
            guard let record = try transaction.outboundRecord(id) else { return .event(nil, nil) }
            return .outbound(
                .init(
                    token: record.token,
                    state: record.state,
                    author: record.author,
                    recipients: record.recipients,
                    subject: record.subject,
                    reasons: record.reasons,
                    decidedBy: record.decidedBy,
                    why: record.decidedWhy ?? ""
                )
            )
        }
    }
}

/// One thing that happened.
package struct TimelineEntry: Hashable, Sendable {
    /// A mail, a platform's notice or a marketplace's message, in or out.
    package struct Message: Hashable, Sendable {
        package let id: MessageID
        package let direction: String
        package let channel: Channel
        package let sender: String
        package let subject: String
        package let confidence: Confidence
        package let reason: String
        package let countsAsReply: Bool
    }

    /// Mail of ours that has not left.
    package struct Outbound: Hashable, Sendable {
        package let token: String
        package let state: OutboundState
        package let author: MemberID
        package let recipients: [String]
        package let subject: String
        package let reasons: [Verdict.Reason]
        package let decidedBy: String?
        /// What who decided said.
        package let why: String
    }

    package enum Content: Hashable, Sendable {
        case message(Message)
        case outbound(Outbound)
        /// A change of a record; the event itself is gone where it was erased (INV-6).
        case event(EventKind?, Event?)
    }

    package let at: Timestamp
    package let conversation: ConversationID?
    package let creator: CreatorID?
    package let campaign: CampaignID?
    package let content: Content
}

extension ReadTransaction {
    /// The event that attached a message last, or left it open.
    func attachment(of message: MessageID) throws(StoreError) -> Event? {
        try events(about: EventSubject.message(message).text).compactMap(\.event)
            .last { $0.kind == .attached || $0.kind == .attachedByHand }
    }
}
