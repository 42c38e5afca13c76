internal import Base
internal import Campaigns
internal import Ledger
internal import Outbound
internal import Policy
internal import Store

/// What a judgement asks of the past: the store's rows, or a history in memory.
protocol JudgedRecords {
    associatedtype Threads: ThreadIndex

    var threads: Threads { get }

    /// Whether one of these Message-IDs is known to belong to a creator.
    ///
    /// Unlike the look-up of threads for matching it fails where it cannot be known: a permit may
    /// depend on the answer (D16).
    func isThreadOfCreator(_ messageIDs: [String]) throws(StoreError) -> Bool

    /// The recorded stages; `nil` where only the configuration gives one.
    ///
    /// `guards`: Who ends a former stage by moving it; `nil` where former stages do not matter.
    func stages(
        of creator: CreatorID,
        in campaign: CampaignID,
        at now: Timestamp,
        guards: Set<MemberID>?
    ) throws(StoreError) -> RecordedStages?

    /// How the two sides wrote to each other, on any campaign.
    ///
    /// `lookBack`: How far back rules ask; `nil` where none asks who wrote.
    func contact(
        with creator: CreatorID,
        author: MemberID,
        message: Judgement.Earlier?,
        at now: Timestamp,
        lookBack: Duration?
    ) throws(StoreError) -> Contact
}

/// A stage, and those of the last 24 hours that still count (INV-10).
struct RecordedStages: Hashable, Sendable {
    var current: Stage
    var former: [Stage] = []

    /// How long a stage counts on after somebody moved it who does not guard it.
    static let memory = Duration.seconds(86_400)
}

/// How the two sides wrote to each other.
struct Contact: Hashable, Sendable {
    var isFirst = true
    var lastInbound: Timestamp?
    var colleagueWroteAt: Timestamp?
    var hasWaitingColleague = false
    var colleague: MemberID?
    /// When mail was handed in that left or may leave, newest first.
    var sent: [Timestamp] = []

    /// One mail of ours to the creator.
    struct Mail {
        let author: MemberID
        let submittedAt: Timestamp
        /// `nil` where it waits.
        let leftAt: Timestamp?
    }

    /// Takes in a mail, the newest first.
    mutating func add(_ mail: Mail, author: MemberID) {
        sent.append(mail.submittedAt)
        guard mail.author != author else { return }
        if let leftAt = mail.leftAt {
            guard colleagueWroteAt.map({ $0 < leftAt }) ?? true else { return }
            colleagueWroteAt = leftAt
            if !hasWaitingColleague { colleague = mail.author }
        } else if !hasWaitingColleague {
            hasWaitingColleague = true
            colleague = mail.author
        }
    }
}

/// The records as a transaction sees them.
struct StoredRecords: JudgedRecords {
    let transaction: ReadTransaction

    var threads: StoredThreads { StoredThreads(transaction: transaction) }

    func isThreadOfCreator(_ messageIDs: [String]) throws(StoreError) -> Bool {
        for id in messageIDs {
            for row in try transaction.messages(withMessageID: ThreadKey.messageID(id)) {
                let events = try transaction.events(about: EventSubject.message(row.id).text).compactMap(\.event)
                let attached = events.last { $0.kind == .attached || $0.kind == .attachedByHand }
                if let attached, !AttachmentFacts(attached).attachment.creators.keys.isEmpty { return true }
            }
        }
        return false
    }

    func stages(
        of creator: CreatorID,
        in campaign: CampaignID,
        at now: Timestamp,
        guards: Set<MemberID>?
    ) throws(StoreError) -> RecordedStages? {
        guard let row = try transaction.conversation(creator: creator.rawValue, campaign: campaign.rawValue),
            let stage = Stage(rawValue: row.stage)
        else {
            return try transaction.collaboration(creator: creator.rawValue, campaign: campaign.rawValue)
                .flatMap { Stage(rawValue: $0.stage) }.map { RecordedStages(current: $0) }
        }
        guard let guards else { return RecordedStages(current: stage) }
        let moves = try transaction.events(
            about: EventSubject.conversation(row.id).text,
            kind: EventKind.stageChanged.rawValue,
            since: now.advanced(by: .zero - RecordedStages.memory)
        ).compactMap(\.event)
        return RecordedStages(current: stage, former: Self.former(moves, guards))
    }

    /// The stages that were left, without those that a guard ended.
    static func former(_ moves: [Event], _ guards: Set<MemberID>) -> [Stage] {
        var former: [Stage] = []
        for move in moves {
            if let member = move.actor.member, guards.contains(member) {
                former = []
            } else if let was = move.fields[ConversationFold.Field.was].flatMap(Stage.init(rawValue:)),
                !former.contains(was)
            {
                former.append(was)
            }
        }
        return former
    }

    func contact(
        with creator: CreatorID,
        author: MemberID,
        message: Judgement.Earlier?,
        at now: Timestamp,
        lookBack: Duration?
    ) throws(StoreError) -> Contact {
        let conversations = try transaction.conversations(creator: creator.rawValue)
        var contact = Contact()
        contact.lastInbound = conversations.compactMap(\.lastInbound).max()
        let lastOutbound = conversations.compactMap(\.lastOutbound).max()
        contact.isFirst = contact.lastInbound == nil && lastOutbound == nil
        guard let lookBack else { return contact }
        let start = now.advanced(by: .zero - lookBack - Self.longestWait)
        var isKnown = false
        for row in try transaction.contacts(creator: creator.rawValue, since: start, limit: Limits.countedContacts)
        where row.outbound != message?.id {
            isKnown = true
            guard let mail = Self.mail(row, before: message) else { continue }
            contact.add(mail, author: author)
        }
        // Mail from before the store knew to whom each goes: whose it was is not recorded.
        if !isKnown { contact.colleagueWroteAt = lastOutbound }
        return contact
    }

    /// Mail that was handed in this long before the period may have left within it.
    static let longestWait = Duration.seconds(30 * 86_400)

    /// What counts as written: what left, and what was handed in before and may still leave.
    private static func mail(_ row: ContactRow, before message: Judgement.Earlier?) -> Contact.Mail? {
        switch OutboundState(rawValue: row.state) {
        case .queued, .sent:
            return Contact.Mail(
                author: MemberID(row.author),
                submittedAt: row.submittedAt,
                leftAt: row.finishedAt ?? row.submittedAt
            )
        case .held, .approved:
            if let message, row.outbound > message.id { return nil }
            return Contact.Mail(author: MemberID(row.author), submittedAt: row.submittedAt, leftAt: nil)
        default:
            return nil
        }
    }
}

/// A history that is kept in memory alone: what `explain` was given before.
struct RememberedRecords: JudgedRecords {
    var threads = ThreadHistory()
    /// Oldest first.
    var sent: [CreatorID: [(author: MemberID?, at: Timestamp)]] = [:]
    var heard: [CreatorID: Timestamp] = [:]

    func isThreadOfCreator(_ messageIDs: [String]) throws(StoreError) -> Bool {
        messageIDs.contains { id in threads.messages(withID: id).contains { !$0.creators.keys.isEmpty } }
    }

    func stages(
        of creator: CreatorID,
        in campaign: CampaignID,
        at now: Timestamp,
        guards: Set<MemberID>?
    ) throws(StoreError) -> RecordedStages? { nil }

    func contact(
        with creator: CreatorID,
        author: MemberID,
        message: Judgement.Earlier?,
        at now: Timestamp,
        lookBack: Duration?
    ) throws(StoreError) -> Contact {
        var contact = Contact()
        let mails = sent[creator] ?? []
        contact.lastInbound = heard[creator]
        contact.isFirst = heard[creator] == nil && mails.isEmpty
        for mail in mails.reversed() {
            contact.add(
                Contact.Mail(author: mail.author ?? "somebody", submittedAt: mail.at, leftAt: mail.at),
                author: author
            )
        }
        return contact
    }
}
