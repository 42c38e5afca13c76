/// A row's number in the store, told apart by what it numbers.
package protocol RowIdentifier: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible
where RawValue == Int64 {
    init(rawValue: Int64)
}

extension RowIdentifier {
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    package var description: String { String(rawValue) }
}

/// A mailbox account that Greenroom serves.
package struct AccountID: RowIdentifier {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A folder of an account or a view.
package struct MailboxID: RowIdentifier {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A message, whatever editions of it are shown.
package struct MessageID: RowIdentifier {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// Block + body: one immutable sequence of bytes (INV-3).
package struct EditionID: RowIdentifier {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The messages with one creator about one campaign.
package struct ConversationID: RowIdentifier {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A message on its way out; people read it as `A-1042`.
package struct OutboundID: RowIdentifier {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package var description: String { "A-\(rawValue)" }
}

/// An event's place in the ledger, from 1.
package struct EventNumber: RowIdentifier {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}
