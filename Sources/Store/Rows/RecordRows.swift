package import Base

/// The messages with one creator about one campaign.
package struct ConversationRow: Hashable, Sendable {
    package let id: ConversationID
    package let creator: String
    package let campaign: String
    package var stage: String
    package var assignee: String?
    package var lastInbound: Timestamp?
    package var lastOutbound: Timestamp?
    package let openedAt: Timestamp
    /// The message that is its card, where one was written.
    package var card: MessageID?
    /// Raised by every update; decisions compare it.
    package let version: Int
    /// What else the fold keeps, in its own encoding.
    package var fields: String
}

/// One creator in one campaign: the record that policy reads.
package struct CollaborationRow: Hashable, Sendable {
    package let creator: String
    package let campaign: String
    package var stage: String
    /// Raised by every update; decisions compare it.
    package let version: Int
    /// Terms, shipping and the rest, in the fold's own encoding.
    package var fields: String
}

/// An address that was learnt to be a creator's.
package struct LearntAddressRow: Hashable, Sendable {
    package let address: String
    package let creator: String
    package let learntAt: Timestamp
    package let reason: String

    package init(address: String, creator: String, learntAt: Timestamp, reason: String) {
        self.address = address
        self.creator = creator
        self.learntAt = learntAt
        self.reason = reason
    }
}
