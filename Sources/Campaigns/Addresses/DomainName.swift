internal import Text

/// A domain as it is compared: folded, U-labels, no dot at the end (MATCHING §1.2).
package struct DomainName: Hashable, Sendable, CustomStringConvertible {
    package let name: String

    /// From either spelling of an internationalised name.
    package init(_ spelled: some StringProtocol) {
        self.name = IDN.unicode(spelled)
    }

    package var description: String { name }

    /// Whether it is that domain or one below it.
    package func isWithin(_ other: DomainName) -> Bool {
        if self == other { return true }
        let suffix = "." + other.name
        // By Characters, so that canonically equivalent spellings are one.
        return name.utf8.count > other.name.utf8.count && name.hasSuffix(suffix)
    }

    /// The domain and those above it, the longest first: `a.b.example`, `b.example`, `example`.
    var andParents: [DomainName] {
        var result = [self]
        var rest = Substring(name)
        while let dot = rest.firstIndex(of: ".") {
            rest = rest[rest.index(after: dot)...]
            result.append(DomainName(folded: String(rest)))
        }
        return result
    }

    init(folded: String) { self.name = folded }
}
