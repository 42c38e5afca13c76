internal import Base
internal import IMAPWire

/// The order that SORT asks for (RFC 5256 §3).
///
/// All criteria of a message become one key whose bytes compare as the criteria do, so that sorting is
/// comparing bytes; a reversed criterion is its complement.
struct SortProgram {
    private let criteria: [SortCriterion]
    private let usesStructures: Bool

    init(_ criteria: [SortCriterion]) {
        self.criteria = criteria
        usesStructures = criteria.contains { $0.key != .arrival && $0.key != .size }
    }

    /// Messages asked of the house at a time.
    private static let batchCount = 1024

    /// The indices in the order of the criteria; where those are the same, in the order of the mailbox.
    func run(_ indices: [Int], _ view: MailboxView, _ progress: Progress) async throws(IMAPFailure) -> [Int] {
        var keyed: [(key: [UInt8], index: Int)] = []
        keyed.reserveCapacity(indices.count)
        var rest = indices[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Self.batchCount)
            rest = rest.dropFirst(batch.count)
            try await progress.check(keyed.count, of: indices.count)
            let entries = batch.map { view.entries[$0] }
            var keys = [[UInt8]?](repeating: nil, count: entries.count)
            if usesStructures {
                let criteria = criteria
                keys = try await view.mailbox.structures(of: entries.map(\.edition)) { place, structure in
                    Self.key(entries[place], structure, criteria)
                }
            }
            for (place, index) in batch.enumerated() {
                // One that is gone keeps a place: what is not known of it counts as empty.
                keyed.append((keys[place] ?? Self.key(entries[place], nil, criteria), index))
            }
        }
        let unsorted = keyed
        return try await view.mailbox.compute {
            unsorted.sorted { left, right in
                if left.key == right.key { return left.index < right.index }
                return left.key.lexicographicallyPrecedes(right.key)
            }.map(\.index)
        }
    }

    // MARK: Keys

    private static func key(
        _ entry: MailboxSnapshot.Entry,
        _ structure: MessageStructure?,
        _ criteria: [SortCriterion]
    ) -> [UInt8] {
        var key: [UInt8] = []
        for criterion in criteria {
            let start = key.count
            switch criterion.key {
            case .arrival: append(entry.received, to: &key)
            case .date: append(structure?.sent ?? entry.received, to: &key)
            case .size: append(UInt64(entry.size), to: &key)
            case .subject: append(structure?[.subject], to: &key)
            case .from: append(structure?[.from], to: &key)
            case .to: append(structure?[.to], to: &key)
            case .cc: append(structure?[.cc], to: &key)
            case .displayFrom: append(structure?[.displayFrom], to: &key)
            case .displayTo: append(structure?[.displayTo], to: &key)
            }
            guard criterion.isReversed else { continue }
            for index in start..<key.count { key[index] = ~key[index] }
        }
        return key
    }

    private static func append(_ time: Timestamp, to key: inout [UInt8]) {
        append(UInt64(bitPattern: time.milliseconds) ^ (1 << 63), to: &key)
    }

    private static func append(_ number: UInt64, to key: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) {
            key.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }

    /// Ended by two zeros, so that a text sorts before all that begin with it; a zero inside is marked.
    private static func append(_ text: ArraySlice<UInt8>?, to key: inout [UInt8]) {
        for byte in text ?? [] {
            key.append(byte)
            if byte == 0 { key.append(1) }
        }
        key.append(0)
        key.append(0)
    }
}
