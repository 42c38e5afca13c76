package import Base
package import Campaigns
package import Policy

/// An outbound message as the events tell it: the row that approvals and relay read.
package struct OutboundRecord: Hashable, Sendable {
    package let id: OutboundID
    package let account: String
    /// Who answers for it: its writer, or after they left their successor.
    package var author: MemberID
    package let device: String
    package var state: OutboundState
    /// Raised by every event about it; decisions compare it (DESIGN §3).
    package var version: Int
    /// Which text: 1 as submitted, more for corrected versions.
    package var revision: Int
    package var messageID: String
    package var from: String
    package var subject: String
    /// Every envelope recipient, Bcc among them.
    package var recipients: [String]
    package var creators: [CreatorID]
    package var campaign: CampaignID?
    package var conversations: [ConversationID]
    package var required: [String: Int]
    package var reasons: [Verdict.Reason]
    package var permits: [String]
    package var notBefore: Timestamp?
    package var releaseHash: String
    package var submittedAt: Timestamp
    /// When the last decision takes effect: the undo time is over and any not-before has come.
    package var effectiveAt: Timestamp?
    /// Whether the last decision has taken effect.
    package var isSettled: Bool
    package var decisions: [Decision]
    package var decidedBy: String?
    package var decidedAt: Timestamp?
    package var decidedWhy: String?
    /// Who made the current version, where that is not the author's first one.
    package var editor: MemberID?
    /// Who looks at it, as members told each other.
    package var assignee: MemberID?
    /// Groups that may decide in the place of those that did not in time.
    package var escalatedTo: [String]

    package init(
        id: OutboundID,
        account: String,
        author: MemberID,
        device: String,
        state: OutboundState,
        version: Int,
        revision: Int,
        messageID: String,
        from: String,
        subject: String,
        recipients: [String],
        creators: [CreatorID],
        campaign: CampaignID?,
        conversations: [ConversationID],
        required: [String: Int],
        reasons: [Verdict.Reason],
        permits: [String],
        notBefore: Timestamp?,
        releaseHash: String,
        submittedAt: Timestamp,
        effectiveAt: Timestamp?,
        isSettled: Bool,
        decisions: [Decision],
        decidedBy: String?,
        decidedAt: Timestamp?,
        decidedWhy: String?,
        editor: MemberID? = nil,
        assignee: MemberID? = nil,
        escalatedTo: [String] = []
    ) {
        self.id = id
        self.account = account
        self.author = author
        self.device = device
        self.state = state
        self.version = version
        self.revision = revision
        self.messageID = messageID
        self.from = from
        self.subject = subject
        self.recipients = recipients
        self.creators = creators
        self.campaign = campaign
        self.conversations = conversations
        self.required = required
        self.reasons = reasons
        self.permits = permits
        self.notBefore = notBefore
        self.releaseHash = releaseHash
        self.submittedAt = submittedAt
        self.effectiveAt = effectiveAt
        self.isSettled = isSettled
        self.decisions = decisions
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
        self.decidedWhy = decidedWhy
        self.editor = editor
        self.assignee = assignee
        self.escalatedTo = escalatedTo
    }

    /// The number that people see, with the version a decision is about: `A-1042.2`.
    package var token: String { "\(id).\(revision)" }

    package var approvals: Approvals { Approvals(required: required, author: author) }
}
