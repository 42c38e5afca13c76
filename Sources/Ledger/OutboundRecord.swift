package import Base
package import Campaigns
package import Policy

/// An outbound message as the events tell it: the row that approvals and relay read.
package struct OutboundRecord: Hashable, Sendable {
    package let id: OutboundID
    package let account: String
    package let author: MemberID
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

    /// The number that people see, with the version a decision is about: `A-1042.2`.
    package var token: String { "\(id).\(revision)" }

    package var approvals: Approvals { Approvals(required: required, author: author) }
}
