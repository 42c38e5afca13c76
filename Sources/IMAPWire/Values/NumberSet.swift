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
