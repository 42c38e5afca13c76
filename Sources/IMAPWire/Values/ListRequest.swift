internal import Base

/// The arguments of LIST and LSUB, decoded; `%` and `*` are wild cards.
package struct ListRequest: Hashable, Sendable {
    package var reference: String
    package var patterns: [String]
    /// Which of the names that match are meant.
    package var selection: ListSelection
    /// What is told of them.
    package var returns: ListReturns
    /// Whether any part of RFC 5258 was used: then `""` is a name like any other (§3), and no attribute
    /// stands for another.
    package var isExtended: Bool

    package init(
        reference: String,
        patterns: [String],
        selection: ListSelection = [],
        returns: ListReturns = ListReturns(),
        isExtended: Bool = false
    ) {
        self.reference = reference
        self.patterns = patterns
        self.selection = selection
        self.returns = returns
        self.isExtended = isExtended
    }
}

/// Selection options of LIST (RFC 5258 §3.1, RFC 6154 §5.2): a name must meet them all.
package struct ListSelection: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let subscribed = Self(rawValue: 1 << 0)
    package static let specialUse = Self(rawValue: 1 << 1)
    /// Shows mailboxes of other servers too; there are none.
    package static let remote = Self(rawValue: 1 << 2)
    /// Shows names for what is below them.
    package static let recursiveMatch = Self(rawValue: 1 << 3)

    /// Those that say something about a name, which RECURSIVEMATCH needs beside it.
    package static let criteria: Self = [.subscribed, .specialUse]

    /// Each option with its name on the wire, in the order in which CHILDINFO names them.
    package static let names: [(option: Self, name: String)] = [
        (.subscribed, "SUBSCRIBED"), (.specialUse, "SPECIAL-USE"), (.remote, "REMOTE"),
        (.recursiveMatch, "RECURSIVEMATCH"),
    ]
}

/// Return options of LIST (RFC 5258 §3.2, RFC 5819, RFC 6154, RFC 8440, RFC 9590).
package struct ListReturns: Hashable, Sendable {
    package var subscribed = false
    package var children = false
    package var specialUse = false
    package var myRights = false
    /// What STATUS is to say of each mailbox; `nil` for nothing.
    package var status: [StatusItem]?
    /// The annotations that METADATA is to tell of each; `nil` for none.
    package var metadata: [MetadataEntry]?

    package init() {}
}

/// What STATUS asks for (RFC 9051 §6.3.11, RFC 7162, RFC 7889, RFC 8438, RFC 8474, RFC 9208).
package enum StatusItem: String, Hashable, Sendable, CaseIterable {
    case messages = "MESSAGES"
    case recent = "RECENT"
    case uidNext = "UIDNEXT"
    case uidValidity = "UIDVALIDITY"
    case unseen = "UNSEEN"
    case deleted = "DELETED"
    case size = "SIZE"
    case highestModSeq = "HIGHESTMODSEQ"
    case appendLimit = "APPENDLIMIT"
    case mailboxID = "MAILBOXID"
    case deletedStorage = "DELETED-STORAGE"
}
