/// Ascending slots as bytes: distances as variable-length numbers, runs of one distance counted.
///
/// A slot is an edition's number times eight plus a place in it. A letter pair that stands in every
/// message costs a few bytes for thousands of them.
enum SlotList {
    /// What follows a zero is how often the last distance comes again.
    private static let run: UInt8 = 0
    /// Repetitions that are worth a run.
    private static let leastRun = 3

    /// Repetitions that no list has: a damaged one must not run on.
    private static let longestRun: Int64 = 1 << 17

    /// The slots behind the first one, which stands beside the list.
    static func encode(_ slots: [Int64]) -> [UInt8] {
        var bytes: [UInt8] = []
        var index = 1
        while index < slots.count {
            let distance = slots[index] - slots[index - 1]
            append(UInt64(distance), to: &bytes)
            index += 1
            var count = 0
            while index + count < slots.count, slots[index + count] - slots[index + count - 1] == distance {
                count += 1
            }
            guard count >= leastRun else { continue }
            bytes.append(run)
            append(UInt64(count), to: &bytes)
            index += count
        }
        return bytes
    }

    /// Lends each slot of a list that begins with `first`.
    static func scan(_ bytes: [UInt8], first: Int64, _ body: (Int64) -> Void) {
        body(first)
        var slot = first
        var distance: Int64 = 0
        var index = 0
        while index < bytes.count {
            if bytes[index] == run {
                index += 1
                var count = min(take(bytes, &index), Self.longestRun)
                while count > 0 {
                    slot &+= distance
                    body(slot)
                    count -= 1
                }
            } else {
                distance = take(bytes, &index)
                slot &+= distance
                body(slot)
            }
        }
    }

    static func decode(_ bytes: [UInt8], first: Int64) -> [Int64] {
        var slots: [Int64] = []
        scan(bytes, first: first) { slots.append($0) }
        return slots
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func take(_ bytes: [UInt8], _ index: inout Int) -> Int64 {
        var result: Int64 = 0
        var shift: Int64 = 0
        while index < bytes.count, shift < 63 {
            let byte = bytes[index]
            index += 1
            result |= Int64(byte & 0x7F) << shift
            if byte < 0x80 { break }
            shift += 7
        }
        return result
    }
}
