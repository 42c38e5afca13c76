internal import Base

/// The name of an annotation (RFC 5464 §3.2): `/shared/comment`; compared without letter case.
package struct MetadataEntry: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// In lower case, as it is kept and told.
    package let name: String

    /// The name, if it may be used: ASCII without wild cards, two levels or more below `/private` or
    /// `/shared`, none of them empty, within `Limits.metadataName`.
    package init?(_ name: String) {
        let levels = name.split(separator: "/", omittingEmptySubsequences: false)
        guard name.utf8.count <= Limits.metadataName, levels.count >= 2, levels.first == "",
            !levels.dropFirst().contains(""), name.utf8.allSatisfy({ Self.bytes.contains($0) })
        else { return nil }
        let folded = ASCII.lowercased(name)
        guard
            folded == "/private" || folded == "/shared" || folded.hasPrefix("/private/") || folded.hasPrefix("/shared/")
        else { return nil }
        self.name = folded
    }

    package var description: String { name }

    /// Whether each member has their own value.
    package var isPrivate: Bool { name == "/private" || name.hasPrefix("/private/") }

    /// Whether it can hold a value: the two roots cannot.
    package var canHoldValue: Bool { name != "/private" && name != "/shared" }

    /// How many levels this name stands below another; `nil` where it does not.
    package func depth(below other: Self) -> Int? {
        if self == other { return 0 }
        guard name.hasPrefix(other.name + "/") else { return nil }
        return name.utf8.dropFirst(other.name.utf8.count).count { $0 == UInt8(ascii: "/") }
    }

    package static func < (left: Self, right: Self) -> Bool { left.name < right.name }

    /// RFC 5464 §5: no controls, no wild cards, no 8-bit octets.
    private static let bytes = ByteClass(0x21...0x7E).subtracting(ByteClass("*%\"\\"))
}

/// One annotation with its value; without one it is told, or to be, removed.
package struct MetadataValue: Hashable, Sendable {
    package var entry: MetadataEntry
    package var value: [UInt8]?

    package init(_ entry: MetadataEntry, _ value: [UInt8]?) {
        self.entry = entry
        self.value = value
    }
}

/// The arguments of GETMETADATA (RFC 5464 §4.2).
package struct MetadataRequest: Hashable, Sendable {
    /// How far below the named entries it reaches.
    package enum Depth: Hashable, Sendable {
        case zero, one, infinity

        package func reaches(_ levels: Int) -> Bool {
            switch self {
            case .zero: levels == 0
            case .one: levels <= 1
            case .infinity: true
            }
        }
    }

    /// `nil` for the server's own annotations.
    package var mailbox: MailboxName?
    package var entries: [MetadataEntry]
    package var depth: Depth
    package var maxSize: UInt32?

    package init(mailbox: MailboxName?, entries: [MetadataEntry], depth: Depth = .zero, maxSize: UInt32? = nil) {
        self.mailbox = mailbox
        self.entries = entries
        self.depth = depth
        self.maxSize = maxSize
    }
}
