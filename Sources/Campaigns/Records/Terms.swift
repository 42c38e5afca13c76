/// What use of the content beyond the creator's own post, or which other bond, a text speaks of
/// (LABELS §1: usage-rights, exclusivity).
package enum TermKind: String, CaseIterable, Hashable, Sendable, Comparable {
    /// Use that is not named more closely: "usage rights", "a licence".
    case usage
    case paidAds = "paid-ads"
    /// Ads from the creator's own account: partnership ads, Spark codes.
    case whitelisting
    /// On the brand's own channels.
    case repost
    case website
    case rawFiles = "raw-files"
    /// Changes to the content by the brand.
    case editing
    /// Print, posters, television.
    case offline
    /// The creator's name or face in advertising.
    case likeness
    case exclusivity

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// How long a term runs, in days; the longest has no end.
package enum TermLength: Hashable, Sendable, Comparable, CustomStringConvertible {
    case days(Int)
    case forEver

    package static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.days(let left), .days(let right)): left < right
        case (.days, .forEver): true
        case (.forEver, _): false
        }
    }

    package var description: String {
        switch self {
        case .forEver: "without end"
        case .days(let days) where days % 365 == 0: Self.text(days / 365, "year")
        case .days(let days) where days % 30 == 0: Self.text(days / 30, "month")
        case .days(let days): Self.text(days, "day")
        }
    }

    private static func text(_ count: Int, _ unit: String) -> String { "\(count) \(unit)\(count == 1 ? "" : "s")" }
}

/// What may be promised to a creator; what is not named here may not (C8).
///
/// Read by policy, guarded (INV-10).
package struct ApprovedTerms: Hashable, Sendable {
    package var usage: Set<TermKind>
    /// The longest use; none is approved where this is missing.
    package var usageLength: TermLength?
    /// The longest exclusivity; none is approved where this is missing.
    package var exclusivity: TermLength?

    package init(usage: Set<TermKind> = [], usageLength: TermLength? = nil, exclusivity: TermLength? = nil) {
        self.usage = usage
        self.usageLength = usageLength
        self.exclusivity = exclusivity
    }
}
