package import Base

/// The arguments of APPEND: several messages are kept together or not at all (RFC 3502).
package struct AppendRequest: Hashable, Sendable {
    package var mailbox: MailboxName
    /// In the order in which their UIDs follow each other; at least one.
    package var messages: [AppendItem]

    package init(mailbox: MailboxName, messages: [AppendItem]) {
        self.mailbox = mailbox
        self.messages = messages
    }
}

/// The arguments of REPLACE (RFC 8508 §3.1).
package struct ReplaceRequest: Hashable, Sendable {
    /// The message number or UID of the message that leaves; `nil` is `*`.
    package var number: UInt32?
    package var mailbox: MailboxName
    package var message: AppendItem

    package init(number: UInt32?, mailbox: MailboxName, message: AppendItem) {
        self.number = number
        self.mailbox = mailbox
        self.message = message
    }
}

/// One message of APPEND with what is said about it.
package struct AppendItem: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case message([UInt8])
        /// Put together by the server (RFC 4469).
        case parts([CatenatePart])
    }

    package var flags: Flags
    package var received: Timestamp?
    package var content: Content

    package init(flags: Flags, received: Timestamp?, content: Content) {
        self.flags = flags
        self.received = received
        self.content = content
    }
}

/// One piece of a message that the server puts together (RFC 4469 §3).
package enum CatenatePart: Hashable, Sendable {
    case text([UInt8])
    /// A message, or a part of one, that is on this server; as the client wrote it.
    case url(String)
}
