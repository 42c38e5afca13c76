/// What somebody may do with a mailbox (RFC 4314 §2.1).
package struct AccessRights: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The name shows in LIST.
    package static let lookUp = Self(rawValue: 1 << 0)
    package static let read = Self(rawValue: 1 << 1)
    /// \Seen is kept.
    package static let seen = Self(rawValue: 1 << 2)
    /// Flags other than \Seen and \Deleted.
    package static let write = Self(rawValue: 1 << 3)
    /// Messages may be put there.
    package static let insert = Self(rawValue: 1 << 4)
    /// Mailboxes may be made below it.
    package static let create = Self(rawValue: 1 << 5)
    /// It may be deleted and renamed.
    package static let delete = Self(rawValue: 1 << 6)
    /// \Deleted may be set.
    package static let deleteMessages = Self(rawValue: 1 << 7)
    package static let expunge = Self(rawValue: 1 << 8)

    /// Each right with its letter, in the order in which they are written.
    private static let letters: [(right: Self, letter: Character)] = [
        (.lookUp, "l"), (.read, "r"), (.seen, "s"), (.write, "w"), (.insert, "i"), (.create, "k"), (.delete, "x"),
        (.deleteMessages, "t"), (.expunge, "e"),
    ]

    /// As it stands on the wire, with the letters of RFC 2086 for those that know no others
    /// (RFC 4314 §2.1.1): `c` for k, `d` for any of x, t and e.
    package var text: String {
        var text = String(Self.letters.filter { contains($0.right) }.map(\.letter))
        if contains(.create) { text.append("c") }
        if !isDisjoint(with: [.delete, .deleteMessages, .expunge]) { text.append("d") }
        return text
    }
}

/// Who has which rights to a mailbox.
package struct AccessEntry: Hashable, Sendable {
    package var identifier: String
    package var rights: AccessRights

    package init(identifier: String, rights: AccessRights) {
        self.identifier = identifier
        self.rights = rights
    }
}

/// A quota root with what is used of each resource that is limited (RFC 9208 §3).
package struct QuotaRoot: Hashable, Sendable {
    package struct Resource: Hashable, Sendable {
        /// `STORAGE` in units of 1024 octets, `MESSAGE` in messages.
        package var name: String
        package var usage: UInt64
        package var limit: UInt64

        package init(name: String, usage: UInt64, limit: UInt64) {
            self.name = name
            self.usage = usage
            self.limit = limit
        }
    }

    package var name: String
    package var resources: [Resource]

    package init(name: String, resources: [Resource]) {
        self.name = name
        self.resources = resources
    }
}
