package import Base
package import Campaigns

/// All that policy may know of one outbound message; made once, then rules only read it.
///
/// One message may address several creators; a condition holds if it holds for any of them
/// (DESIGN §3).
package struct Facts: Hashable, Sendable {
    /// What a recipient is to the brand.
    package enum RecipientKind: String, Hashable, Sendable, CaseIterable {
        /// At one of the brand's own domains.
        case `internal`
        case creator
        case agency
        /// A platform or marketplace.
        case platform
        case unknown
    }

    /// One envelope recipient.
    package struct Recipient: Hashable, Sendable {
        package var kind: RecipientKind
        package var domain: String

        package init(kind: RecipientKind, domain: String) {
            self.kind = kind
            self.domain = domain
        }
    }

    /// One creator whom the message addresses, in the campaign it is judged under.
    package struct Collaborator: Hashable, Sendable {
        package var creator: CreatorID
        package var campaign: CampaignID?
        package var stage: Stage?
        package var ceiling: Money?
        package var agreedRate: Money?
        /// Whether we have ever written to the creator before.
        package var isFirstContact: Bool
        /// When a colleague last wrote to the creator.
        package var colleagueWroteAt: Timestamp?
        package var isClosed: Bool

        package init(
            creator: CreatorID,
            campaign: CampaignID? = nil,
            stage: Stage? = nil,
            ceiling: Money? = nil,
            agreedRate: Money? = nil,
            isFirstContact: Bool = false,
            colleagueWroteAt: Timestamp? = nil,
            isClosed: Bool = false
        ) {
            self.creator = creator
            self.campaign = campaign
            self.stage = stage
            self.ceiling = ceiling
            self.agreedRate = agreedRate
            self.isFirstContact = isFirstContact
            self.colleagueWroteAt = colleagueWroteAt
            self.isClosed = isClosed
        }
    }

    /// What a message is beside its text.
    package enum Form: String, Hashable, Sendable, CaseIterable {
        case ordinary
        /// An answer to an invitation (RFC 5546 REPLY).
        case calendarAnswer = "calendar-answer"
        /// A receipt (RFC 8098).
        case receipt
    }

    package var now: Timestamp
    package var sender: MemberID
    package var senderGroups: Set<String>
    package var recipients: [Recipient]
    package var collaborators: [Collaborator]
    /// Whether the message answers in a thread of a creator.
    package var isInCreatorThread: Bool
    package var form: Form
    package var subject: String
    /// What the author newly wrote.
    package var text: String
    package var amounts: [Money]
    /// File names with their media types, lower case.
    package var attachments: [String]
    /// A card, a notice or a header block of ours is in it (INV-4).
    package var hasInternalContent: Bool

    package init(
        now: Timestamp,
        sender: MemberID,
        senderGroups: Set<String> = [],
        recipients: [Recipient],
        collaborators: [Collaborator] = [],
        isInCreatorThread: Bool = false,
        form: Form = .ordinary,
        subject: String = "",
        text: String = "",
        amounts: [Money] = [],
        attachments: [String] = [],
        hasInternalContent: Bool = false
    ) {
        self.now = now
        self.sender = sender
        self.senderGroups = senderGroups
        self.recipients = recipients
        self.collaborators = collaborators
        self.isInCreatorThread = isInCreatorThread
        self.form = form
        self.subject = subject
        self.text = text
        self.amounts = amounts
        self.attachments = attachments
        self.hasInternalContent = hasInternalContent
    }
}
