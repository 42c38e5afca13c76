/// A set of message numbers or UIDs as sorted ranges that do not touch (RFC 9051 §9 sequence-set).
package struct NumberSet: Hashable, Sendable {
    package private(set) var ranges: [ClosedRange<UInt32>]

    package init() { ranges = [] }

    package init(_ ranges: some Sequence<ClosedRange<UInt32>>) {
        self.ranges = Self.canonical(Array(ranges))
    }

    package init(_ numbers: some Sequence<UInt32>) {
        self.init(numbers.map { $0...$0 })
    }

    package var isEmpty: Bool { ranges.isEmpty }

    package var count: Int { ranges.reduce(0) { $0 + Int($1.upperBound - $1.lowerBound) + 1 } }

    package func contains(_ number: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= number
    }

    package mutating func insert(_ number: UInt32) {
        if let last = ranges.last, last.upperBound < .max, number == last.upperBound + 1 {
            ranges[ranges.count - 1] = last.lowerBound...number
        } else if !contains(number) {
            ranges = Self.canonical(ranges + [number...number])
        }
    }

    /// Every number, ascending; only for sets whose size is known to be bounded.
    package var numbers: [UInt32] { ranges.flatMap { Array($0) } }

    /// As it stands on the wire: `1:4,7`.
    package var text: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound):\($0.upperBound)" }.joined(separator: ",")
    }

    /// What is in both.
    package func intersection(_ other: Self) -> Self {
        var result: [ClosedRange<UInt32>] = []
        var left = 0
        var right = 0
        while left < ranges.count, right < other.ranges.count {
            let low = max(ranges[left].lowerBound, other.ranges[right].lowerBound)
            let high = min(ranges[left].upperBound, other.ranges[right].upperBound)
            if low <= high { result.append(low...high) }
            if ranges[left].upperBound < other.ranges[right].upperBound { left += 1 } else { right += 1 }
        }
        return Self(result)
    }

    /// What is here without what is in the other.
    package func subtracting(_ other: Self) -> Self {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in other.ranges {
            if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
            guard range.upperBound < .max else { return intersection(Self(gaps)) }
            next = range.upperBound + 1
        }
        return intersection(Self(gaps + [next...UInt32.max]))
    }

    private static func canonical(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, last.upperBound == .max || range.lowerBound <= last.upperBound + 1 {
                result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }
}
