package import Campaigns

/// A use of the content or an exclusivity that a text speaks of, with how long it is to run.
package struct ReadTerm: Hashable, Sendable {
    package var kind: TermKind
    /// The longest time that the sentence names; `nil` where it names none.
    package var length: TermLength?
    /// The words that say it, as they are compared.
    package var words: String

    package init(_ kind: TermKind, length: TermLength? = nil, words: String) {
        self.kind = kind
        self.length = length
        self.words = words
    }
}

/// Data about a creator that a text may ask for, and that a record may hold already (C10).
package enum DataKind: String, CaseIterable, Hashable, Sendable, Comparable {
    case email
    case handle
    case country
    case language
    case rate
    case shippingAddress = "shipping-address"

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
