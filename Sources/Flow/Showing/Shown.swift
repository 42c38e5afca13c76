package import Base
package import Campaigns
internal import Config
internal import Ledger
internal import Outbound
package import Store

/// One creator in one campaign as it stands now: what the files began and the events carried on.
package struct ShownCollaboration: Hashable, Sendable {
    package let creator: CreatorID
    package let name: String?
    package let campaign: CampaignID
    package let stage: Stage?
    package let assignee: MemberID?
    package let agreedRate: Money?
    package let conversation: ConversationID?
    package let lastInbound: Timestamp?
    package let lastOutbound: Timestamp?

    init(_ creator: CreatorID, _ campaign: CampaignID, _ row: ConversationRow?, _ rulebook: Rulebook) {
        let record = rulebook.directory.campaign(campaign)
        self.creator = creator
        self.campaign = campaign
        name = rulebook.directory.creator(creator)?.name
        stage = row.flatMap { Stage(rawValue: $0.stage) } ?? rulebook.directory.stage(of: creator, in: campaign)
        assignee = row?.assignee.map(MemberID.init(rawValue:)) ?? record?.assignee
        agreedRate = record?.members.first { $0.creator == creator }?.agreedRate
        conversation = row?.id
        lastInbound = row?.lastInbound
        lastOutbound = row?.lastOutbound
    }
}

/// A creator's record, with everything that was written to and by them.
package struct ShownCreator: Hashable, Sendable {
    /// An address that a member vouched for.
    package struct LearntAddress: Hashable, Sendable {
        package let address: String
        package let at: Timestamp
        /// Nil where the event that tells it was erased.
        package let by: String?
        package let reason: String
    }

    package let id: CreatorID
    /// As the roster has it; nil where it has it no more.
    package let record: Creator?
    package let agency: Agency?
    package let learnt: [LearntAddress]
    package let collaborations: [ShownCollaboration]
    package let timeline: Timeline

    /// Nil where neither the roster nor the store knows the creator.
    package init?(
        _ id: CreatorID,
        _ rulebook: Rulebook,
        limit: Int,
        _ transaction: ReadTransaction
    ) throws(StoreError) {
        let rows = try transaction.conversations(creator: id.rawValue)
        let record = rulebook.configuration.creators.first { $0.id == id }
        guard record != nil || !rows.isEmpty else { return nil }
        self.id = id
        self.record = record
        agency = record?.agency.flatMap(rulebook.directory.agency)
        let events = try transaction.events(about: EventSubject.creator(id).text).compactMap(\.event)
        learnt = try transaction.learntAddresses(of: id.rawValue).map { row in
            let event = events.last { $0.kind == .addressLearnt && $0.fields["address"] == row.address }
            return LearntAddress(address: row.address, at: row.learntAt, by: event?.actor.text, reason: row.reason)
        }
        let stored = rows.filter { !$0.campaign.isEmpty }.map { CampaignID($0.campaign) }
        collaborations = Set(stored + rulebook.directory.allCampaigns(of: id)).sorted().map { campaign in
            ShownCollaboration(id, campaign, rows.first { $0.campaign == campaign.rawValue }, rulebook)
        }
        timeline = try Timeline(of: rows, creator: id, limit: limit, transaction)
    }

    /// The creators that a word names: an id, an address, or a handle behind `@`; usually one or none.
    package static func ids(
        named word: String,
        _ rulebook: Rulebook,
        _ transaction: ReadTransaction
    ) throws(StoreError) -> [CreatorID] {
        let id = CreatorID(word)
        if rulebook.directory.creator(id) != nil { return [id] }
        if word.hasPrefix("@") {
            let name = HandleName.normalised(word)
            return rulebook.configuration.creators.filter { $0.handles.contains { $0.name == name } }.map(\.id).sorted()
        }
        if let address = KnownAddress(word) { return rulebook.directory.creators(listing: address).sorted() }
        return try transaction.conversations(creator: word).isEmpty ? [] : [id]
    }
}

/// A campaign's record, with where its creators stand and what was written.
package struct ShownCampaign: Hashable, Sendable {
    package let id: CampaignID
    /// As its file has it; nil where there is none any more.
    package let record: Campaign?
    /// How many of its creators stand in each stage.
    package let stages: [Stage: Int]
    /// The first of them, in order of their ids.
    package let collaborations: [ShownCollaboration]
    package let timeline: Timeline

    /// Nil where neither the files nor the store know the campaign.
    package init?(
        _ id: CampaignID,
        _ rulebook: Rulebook,
        limit: Int,
        _ transaction: ReadTransaction
    ) throws(StoreError) {
        let rows = try transaction.conversations(campaign: id.rawValue)
        let record = rulebook.directory.campaign(id)
        guard !id.rawValue.isEmpty, record != nil || !rows.isEmpty else { return nil }
        self.id = id
        self.record = record
        let byCreator = Dictionary(rows.map { (CreatorID($0.creator), $0) }) { first, _ in first }
        let creators = Set(byCreator.keys).union(record?.members.map(\.creator) ?? []).sorted()
        var stages: [Stage: Int] = [:]
        for creator in creators {
            let stored = byCreator[creator].flatMap { Stage(rawValue: $0.stage) }
            if let stage = stored ?? rulebook.directory.stage(of: creator, in: id) { stages[stage, default: 0] += 1 }
        }
        self.stages = stages
        collaborations = creators.prefix(limit).map { ShownCollaboration($0, id, byCreator[$0], rulebook) }
        timeline = try Timeline(of: rows, limit: limit, transaction)
    }

    package var creators: Int { stages.values.reduce(0, +) }
}

/// A conversation's record, with what was written in it.
package struct ShownConversation: Hashable, Sendable {
    package let row: ConversationRow
    package let creatorName: String?
    package let campaignName: String?
    package let timeline: Timeline

    /// Nil where there is none.
    package init?(
        _ id: ConversationID,
        _ rulebook: Rulebook,
        limit: Int,
        _ transaction: ReadTransaction
    ) throws(StoreError) {
        guard let row = try transaction.conversation(id) else { return nil }
        self.row = row
        creatorName = rulebook.directory.creator(CreatorID(row.creator))?.name
        campaignName = rulebook.directory.campaign(CampaignID(row.campaign))?.name
        timeline = try Timeline(of: [row], limit: limit, transaction)
    }
}
