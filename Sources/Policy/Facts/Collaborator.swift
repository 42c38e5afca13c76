package import Base
package import Campaigns
package import Triage

extension Facts {
    /// One creator whom the message addresses, in the campaign it is judged under.
    package struct Collaborator: Hashable, Sendable {
        package var creator: CreatorID
        package var campaign: CampaignID?
        package var stage: Stage?
        /// The stages of the last 24 hours that nobody who guards the campaign ended (INV-10).
        package var formerStages: [Stage]
        package var ceiling: Money?
        package var agreedRate: Money?
        package var approvedTerms: ApprovedTerms
        /// What the creator's record holds, beside what the stage says was given.
        package var onFile: Set<DataKind>
        /// Whether we have ever written to the creator before.
        package var isFirstContact: Bool
        /// When mail of a colleague's last left for the creator.
        package var colleagueWroteAt: Timestamp?
        /// Whether mail of a colleague's to the creator waits that was handed in before.
        package var hasWaitingColleague: Bool
        /// Who that was.
        package var colleague: MemberID?
        /// When the creator's side last wrote.
        package var creatorWroteAt: Timestamp?
        /// When mail of ours to the creator was handed in that left or may leave, newest first.
        package var contacts: [Timestamp]
        package var isClosed: Bool

        package init(
            creator: CreatorID,
            campaign: CampaignID? = nil,
            stage: Stage? = nil,
            formerStages: [Stage] = [],
            ceiling: Money? = nil,
            agreedRate: Money? = nil,
            approvedTerms: ApprovedTerms = ApprovedTerms(),
            onFile: Set<DataKind> = [],
            isFirstContact: Bool = false,
            colleagueWroteAt: Timestamp? = nil,
            hasWaitingColleague: Bool = false,
            colleague: MemberID? = nil,
            creatorWroteAt: Timestamp? = nil,
            contacts: [Timestamp] = [],
            isClosed: Bool = false
        ) {
            self.creator = creator
            self.campaign = campaign
            self.stage = stage
            self.formerStages = formerStages
            self.ceiling = ceiling
            self.agreedRate = agreedRate
            self.approvedTerms = approvedTerms
            self.onFile = onFile
            self.isFirstContact = isFirstContact
            self.colleagueWroteAt = colleagueWroteAt
            self.hasWaitingColleague = hasWaitingColleague
            self.colleague = colleague
            self.creatorWroteAt = creatorWroteAt
            self.contacts = contacts
            self.isClosed = isClosed
        }

        /// All that is on file: from a stage on, shipping details were given (LABELS §6).
        var dataOnFile: Set<DataKind> {
            guard let stage, stage >= .infoCollected, stage != .declined else { return onFile }
            return onFile.union([.shippingAddress])
        }
    }
}
