/// A set of message numbers or UIDs as a client writes it, with `*` for the largest that there is
/// (RFC 9051 §9 sequence-set).
package struct SequenceSet: Hashable, Sendable {
    /// One element; `nil` is `*`, and a single number stands at both ends.
    package struct Range: Hashable, Sendable {
        package var first: UInt32?
        package var last: UInt32?

        package init(_ first: UInt32?, _ last: UInt32?) {
            self.first = first
            self.last = last
        }
    }

    package var ranges: [Range]
    /// Whether it is `$`: what the last SEARCH RETURN (SAVE) found (RFC 5182); then `ranges` is empty.
    package let isSavedResult: Bool

    package init(_ ranges: [Range]) {
        self.ranges = ranges
        isSavedResult = false
    }

    /// `$`.
    package static let savedResult = Self(isSavedResult: true)

    private init(isSavedResult: Bool) {
        ranges = []
        self.isSavedResult = isSavedResult
    }

    package init(_ numbers: NumberSet) {
        self.init(numbers.ranges.map { Range($0.lowerBound, $0.upperBound) })
    }

    /// Whether every number named is at most `largest`; `*` names none of an empty mailbox.
    package func isWithin(_ largest: UInt32) -> Bool {
        ranges.allSatisfy { ($0.first ?? largest) <= largest && ($0.last ?? largest) <= largest && largest > 0 }
    }

    /// The numbers meant, `largest` standing for `*`; ranges may be written either way round.
    package func resolved(largest: UInt32) -> NumberSet {
        NumberSet(
            ranges.map { range in
                let first = range.first ?? largest
                let last = range.last ?? largest
                return min(first, last)...max(first, last)
            }
        )
    }

    /// The numbers named, where neither `*` nor `$` is among them.
    package var numbers: NumberSet? {
        guard !isSavedResult, ranges.allSatisfy({ $0.first != nil && $0.last != nil }) else { return nil }
        return resolved(largest: 0)
    }

    package var text: String {
        if isSavedResult { return "$" }
        return ranges.map { range in
            let first = range.first.map(String.init) ?? "*"
            let last = range.last.map(String.init) ?? "*"
            return first == last ? first : "\(first):\(last)"
        }.joined(separator: ",")
    }
}
