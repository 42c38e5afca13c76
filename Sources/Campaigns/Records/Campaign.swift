package import Base

/// Whether a campaign runs; paused and completed ones are never open (MATCHING §0).
package enum CampaignStatus: String, CaseIterable, Hashable, Sendable {
    case active
    case paused
    case completed
}

/// A creator's place in a campaign as the files state it; the ledger carries it on from there.
package struct Membership: Hashable, Sendable {
    package var creator: CreatorID
    /// The stage at which the collaboration starts when the file is first read.
    package var startingStage: Stage
    package var agreedRate: Money?
    /// In place of the campaign's terms, where others were approved for this creator.
    package var approvedTerms: ApprovedTerms?

    package init(
        creator: CreatorID,
        startingStage: Stage = .contacted,
        agreedRate: Money? = nil,
        approvedTerms: ApprovedTerms? = nil
    ) {
        self.creator = creator
        self.startingStage = startingStage
        self.agreedRate = agreedRate
        self.approvedTerms = approvedTerms
    }
}

/// One campaign: what it is called, who is in it, what may be agreed.
package struct Campaign: Hashable, Sendable {
    package var id: CampaignID
    /// The full name, found as a whole phrase in subjects (MATCHING §6.2) and texts (§6.5).
    package var name: String
    package var brand: String
    package var status: CampaignStatus
    package var aliases: [String]
    /// Tags that stand in subjects in brackets of any style: `[SPRING26]`.
    package var subjectTags: [String]
    /// What stands behind `+` in an own address: `collabs+spring@brand.example`.
    package var plusTokens: [String]
    /// For display only (MATCHING §0).
    package var starts: CivilTime?
    package var ends: CivilTime?
    /// The most that may be offered to one creator.
    package var ceiling: Money?
    package var usageTerms: String
    /// What may be promised to its creators.
    package var approvedTerms: ApprovedTerms
    package var templates: [MailTemplate]
    /// In place of the house's.
    package var calendar: WorkCalendar?
    /// BCP 47.
    package var languages: [String]
    package var members: [Membership]
    /// Team members whose folders show the campaign.
    package var followers: [MemberID]
    /// The group that guards the fields policy reads (INV-10).
    package var guardingGroup: String?
    /// Who is assigned where a collaboration names nobody.
    package var assignee: MemberID?

    package init(
        id: CampaignID,
        name: String,
        brand: String = "",
        status: CampaignStatus = .active,
        aliases: [String] = [],
        subjectTags: [String] = [],
        plusTokens: [String] = [],
        starts: CivilTime? = nil,
        ends: CivilTime? = nil,
        ceiling: Money? = nil,
        usageTerms: String = "",
        approvedTerms: ApprovedTerms = ApprovedTerms(),
        templates: [MailTemplate] = [],
        calendar: WorkCalendar? = nil,
        languages: [String] = [],
        members: [Membership] = [],
        followers: [MemberID] = [],
        guardingGroup: String? = nil,
        assignee: MemberID? = nil
    ) {
        self.id = id
        self.name = name
        self.brand = brand
        self.status = status
        self.aliases = aliases
        self.subjectTags = subjectTags
        self.plusTokens = plusTokens
        self.starts = starts
        self.ends = ends
        self.ceiling = ceiling
        self.usageTerms = usageTerms
        self.approvedTerms = approvedTerms
        self.templates = templates
        self.calendar = calendar
        self.languages = languages
        self.members = members
        self.followers = followers
        self.guardingGroup = guardingGroup
        self.assignee = assignee
    }
}
