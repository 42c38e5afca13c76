/// Keys to numbers of records in eight bytes an entry: half of the key's hash, and the number.
///
/// The keys themselves stand in the records: who asks compares what he finds there, for two keys
/// may have one half hash.
struct PackedIndex: Sendable {
    private var entries: SortedHashes

    /// From the hash and the number of every entry, in any order.
    init(_ entries: [(hash: UInt64, number: Int)]) {
        self.entries = SortedHashes(
            entries.map { $0.hash & ~Self.numberBits | UInt64(UInt32($0.number)) }
        )
    }

    /// The numbers that the key may have, each once, ascending.
    func numbers(_ hash: UInt64) -> some Sequence<Int> {
        let least = hash & ~Self.numberBits
        return entries[least...(least | Self.numberBits)].lazy.map { Int($0 & Self.numberBits) }
    }

    private static let numberBits: UInt64 = 0xFFFF_FFFF
}

/// A set of hashes in one sorted array, in which a place is found by the hash itself.
struct SortedHashes: Sendable {
    private let values: [UInt64]
    /// Where the hashes begin whose first bits are those of the place, and at last where all end.
    private let starts: [UInt32]
    private let shift: UInt64

    /// From hashes in any order; of equal ones the first is kept.
    init(_ unsorted: [UInt64]) {
        var sorted = unsorted
        sorted.sort()
        var count = 0
        for index in sorted.indices where index == 0 || sorted[index] != sorted[index - 1] {
            sorted[count] = sorted[index]
            count += 1
        }
        values = count == unsorted.count ? sorted : Array(sorted[..<count])
        // About eight hashes begin with the same bits.
        let bits = max(1, Int.bitWidth - (count / 8).leadingZeroBitCount)
        shift = UInt64(64 - bits)
        var starts = [UInt32](repeating: 0, count: 1 << bits + 1)
        for value in values { starts[Int(value >> shift) + 1] += 1 }
        for index in starts.indices.dropFirst() { starts[index] += starts[index - 1] }
        self.starts = starts
    }

    func contains(_ hash: UInt64) -> Bool { !self[hash...hash].isEmpty }

    /// The hashes of a range, ascending.
    subscript(_ range: ClosedRange<UInt64>) -> ArraySlice<UInt64> {
        let start = place(of: range.lowerBound)
        var end = start
        while end < values.count, values[end] <= range.upperBound { end += 1 }
        return values[start..<end]
    }

    /// Where the first hash stands that is not smaller.
    private func place(of hash: UInt64) -> Int {
        let bits = Int(hash >> shift)
        var low = Int(starts[bits])
        var high = Int(starts[bits + 1])
        while low < high {
            let middle = (low + high) / 2
            if values[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Hashable {
    /// The hash of this process: seeded, so that nobody outside can make keys meet.
    var packedHash: UInt64 {
        var hasher = Hasher()
        hasher.combine(self)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
