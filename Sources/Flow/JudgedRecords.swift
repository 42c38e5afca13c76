internal import Base
internal import Campaigns
internal import Store

/// What a judgement asks of the past: the store's rows, or a history in memory.
protocol JudgedRecords {
    associatedtype Threads: ThreadIndex

    var threads: Threads { get }

    /// The recorded stage; `nil` where only the configuration gives one.
    func stage(of creator: CreatorID, in campaign: CampaignID) throws(StoreError) -> Stage?

    func contact(with creator: CreatorID) throws(StoreError) -> Contact
}

/// When the two sides last wrote to each other, on any campaign.
struct Contact: Hashable, Sendable {
    var lastInbound: Timestamp?
    var lastOutbound: Timestamp?
}

/// The records as a transaction sees them.
struct StoredRecords: JudgedRecords {
    let transaction: ReadTransaction

    var threads: StoredThreads { StoredThreads(transaction: transaction) }

    func stage(of creator: CreatorID, in campaign: CampaignID) throws(StoreError) -> Stage? {
        try transaction.collaboration(creator: creator.rawValue, campaign: campaign.rawValue)
            .flatMap { Stage(rawValue: $0.stage) }
    }

    func contact(with creator: CreatorID) throws(StoreError) -> Contact {
        let conversations = try transaction.conversations(creator: creator.rawValue)
        return Contact(
            lastInbound: conversations.compactMap(\.lastInbound).max(),
            lastOutbound: conversations.compactMap(\.lastOutbound).max()
        )
    }
}

/// A history that is kept in memory alone: what `explain` was given before.
struct RememberedRecords: JudgedRecords {
    var threads = ThreadHistory()
    var contacts: [CreatorID: Contact] = [:]

    func stage(of creator: CreatorID, in campaign: CampaignID) throws(StoreError) -> Stage? { nil }

    func contact(with creator: CreatorID) throws(StoreError) -> Contact { contacts[creator] ?? Contact() }
}
