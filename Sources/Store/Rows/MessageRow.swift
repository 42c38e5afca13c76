package import Base
package import IMAPWire

/// A message, whatever editions of it are shown.
package struct MessageRow: Hashable, Sendable {
    package let id: MessageID
    package let account: AccountID
    /// The Message-ID field's value with its angle brackets; empty where there is none.
    package let messageID: String
    /// SHA-256 of the body's bytes.
    package let body: [UInt8]
    /// Octets of the body.
    package let size: Int
    /// INTERNALDATE.
    package let internalDate: Timestamp
    package let direction: String
    /// The flags of the message itself: \Answered, \Flagged, \Draft, \Seen where it is everybody's,
    /// and the keywords that clients set.
    package let flags: Flags
    /// The keywords that Greenroom computes: shown, never stored by a client.
    package let stateKeywords: [Keyword]
    package let conversation: ConversationID?
    package let sender: String
    package let subject: String
}

/// A message that is to be inserted.
package struct NewMessage: Sendable {
    package var account: AccountID
    package var messageID: String
    package var body: StoredBody
    package var internalDate: Timestamp
    package var direction: String
    package var flags = Flags.none
    package var stateKeywords: [Keyword] = []
    package var conversation: ConversationID?
    package var sender = ""
    package var subject = ""

    package init(
        account: AccountID,
        messageID: String,
        body: StoredBody,
        internalDate: Timestamp,
        direction: String
    ) {
        self.account = account
        self.messageID = messageID
        self.body = body
        self.internalDate = internalDate
        self.direction = direction
    }
}

/// Block + body: one immutable sequence of bytes (INV-3).
package struct EditionRow: Hashable, Sendable {
    package let id: EditionID
    package let message: MessageID
    /// The header block, as it stands before the body's first byte.
    package let block: [UInt8]
    /// Octets of block and body together.
    package let size: Int
    /// SHA-256 of the body's bytes.
    package let body: [UInt8]
}

/// A message's place in a mailbox.
package struct PlacementRow: Hashable, Sendable {
    package let mailbox: MailboxID
    package let uid: UID
    package let edition: EditionID
    package let message: MessageID
    package let modSeq: ModSeq
    /// The flags that every member sees until they set their own: the message's, and \Seen as this
    /// placement has it from the start.
    package let flags: Flags
    /// Octets of the edition.
    package let size: Int
    package let received: Timestamp
}
