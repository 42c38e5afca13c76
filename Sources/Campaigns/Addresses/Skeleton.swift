internal import Base
internal import Text

/// What an address looks like to a hasty eye: two texts with one skeleton imitate each other
/// (MATCHING §3.3).
///
/// In the manner of UTS 39, with the letters that matter for addresses: other scripts, `rn` for
/// `m`, `vv` for `w`, `1` for `l`, `0` for `o`.
enum Skeleton {
    /// A number that stands for the skeleton of a folded text.
    static func of(_ folded: String) -> UInt64 { hash(bytes(of: folded)) }

    static func bytes(of folded: String) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(folded.utf8.count)
        for scalar in Composition.composed(folded).unicodeScalars {
            guard scalar.value >= 0x80 else {
                append(UInt8(truncatingIfNeeded: scalar.value), to: &result)
                continue
            }
            if let latin = LookAlikes.latin[scalar] {
                for byte in latin.utf8 { append(byte, to: &result) }
            } else if !isInvisible(scalar.value) {
                let narrow = CaseFolding.narrowed(scalar)
                for byte in String(Character(narrow)).utf8 { append(byte, to: &result) }
            }
        }
        return result
    }

    private static func append(_ byte: UInt8, to result: inout [UInt8]) {
        switch byte {
        case 0x31, 0x7C: result.append(0x6C)
        case 0x30: result.append(0x6F)
        case 0x6E where result.last == 0x72: result[result.count - 1] = 0x6D
        case 0x76 where result.last == 0x76: result[result.count - 1] = 0x77
        default: result.append(byte)
        }
    }

    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return value
    }

    private static func isInvisible(_ value: UInt32) -> Bool {
        value == 0xAD || (0x200B...0x200F).contains(value) || value == 0x2060 || value == 0xFEFF
    }
}

/// One edit: a letter more, less or other, or two neighbours changed.
enum Edit {
    static func isOne(_ left: String, _ right: String) -> Bool {
        let (a, b) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
        guard abs(a.count - b.count) <= 1 else { return false }
        var start = 0
        while start < a.count, start < b.count, a[start] == b[start] { start += 1 }
        var (endA, endB) = (a.count, b.count)
        while endA > start, endB > start, a[endA - 1] == b[endB - 1] {
            endA -= 1
            endB -= 1
        }
        switch (endA - start, endB - start) {
        case (1, 0), (0, 1), (1, 1): return true
        case (2, 2): return a[start] == b[start + 1] && a[start + 1] == b[start]
        default: return false
        }
    }
}
