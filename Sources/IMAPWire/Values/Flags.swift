internal import Base

/// The system flags of RFC 9051 §2.3.2, and \Recent of RFC 3501.
package struct SystemFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let seen = Self(rawValue: 1 << 0)
    package static let answered = Self(rawValue: 1 << 1)
    package static let flagged = Self(rawValue: 1 << 2)
    package static let deleted = Self(rawValue: 1 << 3)
    package static let draft = Self(rawValue: 1 << 4)
    package static let recent = Self(rawValue: 1 << 5)

    /// Each flag with its name on the wire, in the order in which they are written.
    package static let names: [(flag: Self, name: String)] = [
        (.answered, "\\Answered"), (.flagged, "\\Flagged"), (.deleted, "\\Deleted"), (.seen, "\\Seen"),
        (.draft, "\\Draft"), (.recent, "\\Recent"),
    ]

    /// The flag of a name as it stands on the wire, letter case aside.
    package init?(name: String) {
        guard let match = Self.names.first(where: { ASCII.equalsIgnoringCase($0.name, name) }) else { return nil }
        self = match.flag
    }
}

/// A flag that a client or Greenroom named: an atom, compared without letter case.
package struct Keyword: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// As it was first written.
    package let name: String
    private let folded: String

    package init(_ name: String) {
        self.name = name
        self.folded = ASCII.lowercased(name)
    }

    package var description: String { name }

    package static func == (left: Self, right: Self) -> Bool { left.folded == right.folded }

    package static func < (left: Self, right: Self) -> Bool { left.folded < right.folded }

    package func hash(into hasher: inout Hasher) { hasher.combine(folded) }
}

/// The flags of one message as one member sees them.
package struct Flags: Hashable, Sendable {
    package var system: SystemFlags
    /// Sorted, each once.
    package private(set) var keywords: [Keyword]

    package init(_ system: SystemFlags = [], keywords: [Keyword] = []) {
        self.system = system
        self.keywords = Self.canonical(keywords)
    }

    /// Keywords that are sorted already, each once.
    init(_ system: SystemFlags, canonical keywords: [Keyword]) {
        self.system = system
        self.keywords = keywords
    }

    package static let none = Self()

    package func contains(_ keyword: Keyword) -> Bool { keywords.contains(keyword) }

    package func union(_ other: Self) -> Self {
        Self(system.union(other.system), keywords: keywords + other.keywords)
    }

    package func subtracting(_ other: Self) -> Self {
        Self(system.subtracting(other.system), keywords: keywords.filter { !other.keywords.contains($0) })
    }

    /// The names as they stand on the wire, system flags first.
    package var names: [String] {
        SystemFlags.names.compactMap { system.contains($0.flag) ? $0.name : nil } + keywords.map(\.name)
    }

    private static func canonical(_ keywords: [Keyword]) -> [Keyword] {
        guard keywords.count > 1 else { return keywords }
        var result: [Keyword] = []
        for keyword in keywords.sorted() where result.last != keyword { result.append(keyword) }
        return result
    }
}

/// What a STORE does to flags (RFC 9051 §6.4.6).
package enum FlagChange: Hashable, Sendable {
    case replace(Flags)
    case add(Flags)
    case remove(Flags)

    package func applied(to flags: Flags) -> Flags {
        switch self {
        case .replace(let new): new
        case .add(let new): flags.union(new)
        case .remove(let old): flags.subtracting(old)
        }
    }
}

extension FlagChange {
    /// Whether one of the flags that it adds or removes is another in the second set than in the first.
    package func meets(from old: Flags, to new: Flags) -> Bool {
        switch self {
        case .replace: old != new
        case .add(let flags), .remove(let flags):
            !flags.system.isDisjoint(with: old.system.symmetricDifference(new.system))
                || flags.keywords.contains { old.contains($0) != new.contains($0) }
        }
    }
}
