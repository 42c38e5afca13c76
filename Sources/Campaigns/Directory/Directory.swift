internal import Text

/// All that matching and views know of the records, indexed: an immutable snapshot.
///
/// Built from the accepted configuration and the ledger's collaborations whenever one of them
/// changes; a reference, so that handing it around costs nothing.
package final class Directory: Sendable {
    /// Sorted by id.
    package let creators: [Creator]
    /// Sorted by id.
    package let agencies: [Agency]
    /// Sorted by id.
    package let campaigns: [Campaign]
    package let platforms: [Platform]
    package let marketplaces: [Marketplace]
    package let own: OwnIdentity

    private let campaignNumbers: [CampaignID: Int]
    private let stages: [ConversationKey: Stage]
    private let campaignsOfCreator: MultiIndex<CreatorID>

    let addresses: AddressBook
    let handles: HandleBook
    let senders: SenderBook
    let likenesses: Likenesses
    /// Campaigns by plus token, folded.
    let tokens: MultiIndex<String>
    /// Campaigns by subject tag, name and alias.
    let campaignPhrases: PhraseIndex<Int>
    /// The names of each agency's creators.
    let rosters: [Roster]

    /// Indexes the records.
    ///
    /// A collaboration replaces the starting stage that the campaign's file gives. Records that
    /// contradict each other (one address at two creators) are for Config to refuse; here such
    /// an address is ambiguous, never a choice.
    package init(
        creators: [Creator] = [],
        agencies: [Agency] = [],
        campaigns: [Campaign] = [],
        platforms: [Platform] = [],
        marketplaces: [Marketplace] = [],
        own: OwnIdentity = OwnIdentity(),
        collaborations: [Collaboration] = []
    ) {
        self.creators = creators.sorted { $0.id < $1.id }
        self.agencies = agencies.sorted { $0.id < $1.id }
        self.campaigns = campaigns.sorted { $0.id < $1.id }
        self.platforms = platforms
        self.marketplaces = marketplaces
        self.own = own
        self.campaignNumbers = Self.numbers(self.campaigns.map(\.id))
        self.stages = Self.stages(campaigns, collaborations)
        var campaignsOfCreator = MultiIndex<CreatorID>()
        for key in stages.keys.sorted() {
            guard let campaign = key.campaign, let number = campaignNumbers[campaign] else { continue }
            campaignsOfCreator.add(key.creator, number)
        }
        self.campaignsOfCreator = campaignsOfCreator
        self.addresses = AddressBook(creators: self.creators, agencies: self.agencies, own: own)
        self.handles = HandleBook(creators: self.creators, platforms: platforms)
        self.senders = SenderBook(platforms: platforms, marketplaces: marketplaces)
        self.likenesses = Likenesses(
            creators: self.creators,
            agencies: self.agencies,
            own: own,
            platforms: platforms,
            marketplaces: marketplaces
        )
        var tokens = MultiIndex<String>()
        var phrases = PhraseIndex<Int>()
        for (number, campaign) in self.campaigns.enumerated() {
            for token in campaign.plusTokens { tokens.add(CaseFolding.simple(token), number) }
            for phrase in [campaign.name] + campaign.aliases + campaign.subjectTags {
                phrases.add(phrase, number)
            }
        }
        self.tokens = tokens
        self.campaignPhrases = phrases
        self.rosters = Roster.all(agencies: self.agencies, creators: self.creators)
    }

    package func creator(_ id: CreatorID) -> Creator? { number(of: id).map { creators[$0] } }

    package func campaign(_ id: CampaignID) -> Campaign? { campaignNumbers[id].map { campaigns[$0] } }

    package func agency(_ id: AgencyID) -> Agency? {
        Self.number(of: id, in: agencies) { $0.id }.map { agencies[$0] }
    }

    func number(of id: CreatorID) -> Int? { Self.number(of: id, in: creators) { $0.id } }

    /// The stage of a creator in a campaign; `nil` where there is no record of it.
    package func stage(of creator: CreatorID, in campaign: CampaignID) -> Stage? {
        stages[ConversationKey(creator: creator, campaign: campaign)]
    }

    /// The creator's open campaigns, sorted: the campaign active, the stage neither declined nor
    /// completed (MATCHING §0).
    package func openCampaigns(of creator: CreatorID) -> [CampaignID] {
        campaignsOfCreator[creator].compactMap { number in
            let campaign = campaigns[number]
            guard campaign.status == .active, let stage = stage(of: creator, in: campaign.id),
                stage.isOpen
            else {
                return nil
            }
            return campaign.id
        }.sorted()
    }

    /// The campaigns in which the creator has any record, sorted.
    package func allCampaigns(of creator: CreatorID) -> [CampaignID] {
        campaignsOfCreator[creator].map { campaigns[$0].id }.sorted()
    }

    /// Whether an address is ours (MATCHING §0).
    package func isOwn(_ address: Address) -> Bool { addresses.isOwn(address.key) }

    /// The creators to whom an address belongs by its listed form: usually one or none.
    package func creators(listing address: Address) -> [CreatorID] {
        addresses.creators(listing: address.key).map { creators[$0].id }
    }

    /// The agency that an address speaks for.
    package func agency(of address: Address) -> AgencyID? {
        addresses.agency(address.key).map { agencies[$0].id }
    }

    /// Whether an address is at a platform's or marketplace's sender domain, or below one.
    package func isPlatform(_ address: Address) -> Bool {
        senders.sender(at: address.key.domain) != nil
    }

    /// The place of the record with an id, of records sorted by it.
    private static func number<Record, ID: Comparable>(
        of id: ID,
        in records: [Record],
        _ key: (Record) -> ID
    ) -> Int? {
        var low = 0
        var high = records.count
        while low < high {
            let middle = (low + high) / 2
            if key(records[middle]) < id { low = middle + 1 } else { high = middle }
        }
        return low < records.count && key(records[low]) == id ? low : nil
    }

    private static func numbers<Key: Hashable>(_ keys: [Key]) -> [Key: Int] {
        var result: [Key: Int] = [:]
        result.reserveCapacity(keys.count)
        for (number, key) in keys.enumerated() { result[key] = number }
        return result
    }

    private static func stages(_ campaigns: [Campaign], _ collaborations: [Collaboration])
        -> [ConversationKey: Stage]
    {
        var result: [ConversationKey: Stage] = [:]
        for campaign in campaigns {
            for member in campaign.members {
                result[ConversationKey(creator: member.creator, campaign: campaign.id)] =
                    member.startingStage
            }
        }
        for one in collaborations {
            result[ConversationKey(creator: one.creator, campaign: one.campaign)] = one.stage
        }
        return result
    }
}
