package import Base

/// A message on its way out: what approvals and relay read.
package struct OutboundRow: Hashable, Sendable {
    package let id: OutboundID
    package let account: AccountID
    package var author: String
    /// The label of the device password that submitted it.
    package let device: String
    package var state: String
    /// Raised by every update; decisions compare it (DESIGN §3).
    package internal(set) var version: Int
    /// Which text: 1 as submitted, more for corrected versions.
    package var revision: Int
    package var from: String
    package var subject: String
    package var messageID: String
    /// Lists and counts, in the fold's own encoding.
    package var creators = ""
    package var campaign: String?
    package var conversations = ""
    package var required = ""
    package var reasons = ""
    package var permits = ""
    package var notBefore: Timestamp?
    /// When an approved one may leave, undo time included.
    package var releaseAt: Timestamp?
    package var releaseHash: [UInt8] = []
    /// The message in Waiting, later in Sent or Decided.
    package var message: MessageID?
    /// Whether a restored backup does not know if it was sent after all.
    package var mayHaveLeft = false
    package let submittedAt: Timestamp
    package var decidedAt: Timestamp?
    package var decidedBy: String?
    package var decidedWhy: String?
    package var finishedAt: Timestamp?
    /// Who made the current text, where it is not the first one.
    package var editor: String?
    package var assignee: String?
    /// Groups, in the fold's own encoding.
    package var escalatedTo = ""

    /// A row to be inserted; the store gives the number.
    package init(
        account: AccountID,
        author: String,
        device: String,
        state: String,
        from: String,
        subject: String,
        messageID: String,
        submittedAt: Timestamp
    ) {
        id = OutboundID(rawValue: 0)
        self.account = account
        self.author = author
        self.device = device
        self.state = state
        version = 1
        revision = 1
        self.from = from
        self.subject = subject
        self.messageID = messageID
        self.submittedAt = submittedAt
    }
}

/// One text of an outbound message, with the envelope that it was judged under (INV-1).
package struct OutboundRevisionRow: Hashable, Sendable {
    package let outbound: OutboundID
    package let revision: Int
    /// SHA-256 of the bytes as submitted.
    package let submitted: [UInt8]
    /// SHA-256 of the transmit form.
    package let transmit: [UInt8]
    package let mailFrom: String
    /// The parameters of MAIL, as sent.
    package let mailParameters: String
    package let releaseHash: [UInt8]
    package let at: Timestamp
    /// Without angle brackets.
    package let messageID: String
    /// The message that shows this text in Waiting and Decided.
    package let message: MessageID?
}

/// One envelope recipient and how far the relay has come with it.
package struct OutboundRecipientRow: Hashable, Sendable {
    package let outbound: OutboundID
    package let revision: Int
    /// Its place in the envelope, from 0.
    package let position: Int
    package let address: String
    /// The parameters of RCPT, as sent.
    package let parameters: String
    package let isBcc: Bool
    package let state: String
    /// The smarthost's last reply.
    package let lastReply: String
    package let attempts: Int
    package let nextAttempt: Timestamp?
}

/// A recipient of a revision that is to be inserted.
package struct NewRecipient: Hashable, Sendable {
    package let address: String
    package let parameters: String
    package let isBcc: Bool

    package init(address: String, parameters: String, isBcc: Bool) {
        self.address = address
        self.parameters = parameters
        self.isBcc = isBcc
    }
}

/// What one member decided about one revision.
package struct DecisionRow: Hashable, Sendable {
    package let id: Int64
    package let outbound: OutboundID
    package let revision: Int
    package let member: String
    /// In the fold's own encoding.
    package let groups: String
    package let verb: String
    package let reason: String
    package let at: Timestamp
    /// Absent members for whom it was decided, in the fold's own encoding.
    package let standsFor: String
    /// When the undo time ends.
    package let effectiveAt: Timestamp
}

/// One try of the relay, committed before it dials: after a crash an open one says that the
/// message may have left.
package struct AttemptRow: Hashable, Sendable {
    package let id: Int64
    package let outbound: OutboundID
    package let revision: Int
    package let host: String
    package let beganAt: Timestamp
    package let endedAt: Timestamp?
    package let outcome: String
}

/// A message that tells a member of an outbound one.
package struct NoticeRow: Hashable, Sendable {
    package let id: Int64
    package let outbound: OutboundID
    package let revision: Int
    package let member: String
    package let kind: String
    package let message: MessageID
    package let edition: EditionID
    package let messageID: String
    package let at: Timestamp
}
