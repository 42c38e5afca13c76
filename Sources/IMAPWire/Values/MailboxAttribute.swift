internal import Base

/// What a mailbox is for (RFC 6154, RFC 8457).
package enum SpecialUse: String, Hashable, Sendable, CaseIterable {
    case all = "\\All"
    case archive = "\\Archive"
    case drafts = "\\Drafts"
    case flagged = "\\Flagged"
    case important = "\\Important"
    case junk = "\\Junk"
    case sent = "\\Sent"
    case trash = "\\Trash"

    /// The use of an attribute as it stands on the wire, letter case aside.
    package init?(name: String) {
        guard let match = Self.allCases.first(where: { ASCII.equalsIgnoringCase($0.rawValue, name) }) else {
            return nil
        }
        self = match
    }
}

/// What LIST says about a name beside its use (RFC 9051 §7.3.1).
package struct MailboxAttributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The name cannot be selected: only names below it can.
    package static let noSelect = Self(rawValue: 1 << 0)
    /// No mailbox can be made below it.
    package static let noInferiors = Self(rawValue: 1 << 1)
    package static let hasChildren = Self(rawValue: 1 << 2)
    package static let hasNoChildren = Self(rawValue: 1 << 3)
    package static let marked = Self(rawValue: 1 << 4)
    package static let unmarked = Self(rawValue: 1 << 5)
    package static let nonExistent = Self(rawValue: 1 << 6)
    package static let subscribed = Self(rawValue: 1 << 7)
    package static let remote = Self(rawValue: 1 << 8)
    /// It can be listed, but not watched (RFC 5465 §3.1).
    package static let noAccess = Self(rawValue: 1 << 9)

    /// Each attribute with its name on the wire, in the order in which they are written.
    package static let names: [(attribute: Self, name: String)] = [
        (.noSelect, "\\Noselect"), (.noInferiors, "\\Noinferiors"), (.nonExistent, "\\NonExistent"),
        (.hasChildren, "\\HasChildren"), (.hasNoChildren, "\\HasNoChildren"), (.marked, "\\Marked"),
        (.unmarked, "\\Unmarked"), (.subscribed, "\\Subscribed"), (.remote, "\\Remote"),
        (.noAccess, "\\NoAccess"),
    ]
}
