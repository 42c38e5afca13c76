package import Base

/// One creator in one campaign: a fold of the ledger's events.
package struct Collaboration: Hashable, Sendable {
    package var creator: CreatorID
    package var campaign: CampaignID
    package var stage: Stage
    package var agreedRate: Money?
    package var agreedTerms: String
    package var assignee: MemberID?
    package var nextAction: String
    /// Rises with every change; decisions carry the version they read.
    package var version: Int64

    package init(
        creator: CreatorID,
        campaign: CampaignID,
        stage: Stage,
        agreedRate: Money? = nil,
        agreedTerms: String = "",
        assignee: MemberID? = nil,
        nextAction: String = "",
        version: Int64 = 0
    ) {
        self.creator = creator
        self.campaign = campaign
        self.stage = stage
        self.agreedRate = agreedRate
        self.agreedTerms = agreedTerms
        self.assignee = assignee
        self.nextAction = nextAction
        self.version = version
    }
}

/// What a conversation is: the messages with one creator about one campaign, or about none.
package struct ConversationKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var creator: CreatorID
    package var campaign: CampaignID?

    package init(creator: CreatorID, campaign: CampaignID?) {
        self.creator = creator
        self.campaign = campaign
    }

    package var description: String { "\(creator)/\(campaign?.rawValue ?? "-")" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.creator, left.campaign?.rawValue ?? "") < (right.creator, right.campaign?.rawValue ?? "")
    }
}
