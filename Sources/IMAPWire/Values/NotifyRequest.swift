/// The arguments of NOTIFY (RFC 5465 §3.1).
package enum NotifyRequest: Hashable, Sendable {
    case none
    /// What is to be told from now on; with `status`, how things stand as well.
    case set(status: Bool, [NotifyGroup])
}

/// Some mailboxes, and what is to be told of them.
package struct NotifyGroup: Hashable, Sendable {
    /// RFC 5465 §6.
    package enum Filter: Hashable, Sendable {
        case selected
        case selectedDelayed
        case inboxes
        case personal
        case subscribed
        case subtree([MailboxName])
        case mailboxes([MailboxName])

        /// Whether it means the mailbox that is selected, whichever that is.
        package var isSelected: Bool { self == .selected || self == .selectedDelayed }
    }

    package var filter: Filter
    package var events: NotifyEvents
    /// What FETCH is to tell of a new message in the selected mailbox.
    package var fetchItems: [FetchItem]
    /// Events that this program does not know.
    package var unknown: [String]

    package init(filter: Filter, events: NotifyEvents, fetchItems: [FetchItem] = [], unknown: [String] = []) {
        self.filter = filter
        self.events = events
        self.fetchItems = fetchItems
        self.unknown = unknown
    }
}

/// What can be told (RFC 5465 §5).
package struct NotifyEvents: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let messageNew = Self(rawValue: 1 << 0)
    package static let messageExpunge = Self(rawValue: 1 << 1)
    package static let flagChange = Self(rawValue: 1 << 2)
    package static let mailboxName = Self(rawValue: 1 << 3)
    package static let subscriptionChange = Self(rawValue: 1 << 4)
    package static let mailboxMetadata = Self(rawValue: 1 << 5)
    package static let serverMetadata = Self(rawValue: 1 << 6)

    /// What is told of messages; the rest is told of mailboxes and of the server.
    package static let messages: Self = [.messageNew, .messageExpunge, .flagChange]

    package static let names: [(event: Self, name: String)] = [
        (.messageNew, "MessageNew"), (.messageExpunge, "MessageExpunge"), (.flagChange, "FlagChange"),
        (.mailboxName, "MailboxName"), (.subscriptionChange, "SubscriptionChange"),
        (.mailboxMetadata, "MailboxMetadataChange"), (.serverMetadata, "ServerMetadataChange"),
    ]
}
