/// Hides numbers behind others, one for one, under a key: a row's number tells how many rows there are,
/// which is nobody's business outside.
///
/// Speck64/128 (Beaulieu and others, 2013): a permutation of 64 bits that costs a few nanoseconds. It
/// guards counts and their order, no secret: nothing may be granted because somebody knows a number.
package struct NumberCloak: Sendable {
    private let roundKeys: [UInt32]
    private static let rounds = 27

    /// From the first 16 octets of a key, which are made up with zeros where there are fewer.
    package init(key: [UInt8]) {
        var words: [UInt32] = [0, 0, 0, 0]
        for (index, octet) in key.prefix(16).enumerated() {
            words[index / 4] |= UInt32(octet) << UInt32(index % 4 * 8)
        }
        var first = words[0]
        var rest = Array(words[1...])
        var keys: [UInt32] = []
        for round in 0..<Self.rounds {
            keys.append(first)
            let next = (first &+ Self.rotateRight(rest[round % 3], 8)) ^ UInt32(round)
            first = Self.rotateRight(first, 29) ^ next
            rest[round % 3] = next
        }
        roundKeys = keys
    }

    package func hide(_ number: UInt64) -> UInt64 {
        var (left, right) = (UInt32(truncatingIfNeeded: number >> 32), UInt32(truncatingIfNeeded: number))
        for key in roundKeys {
            left = (Self.rotateRight(left, 8) &+ right) ^ key
            right = Self.rotateRight(right, 29) ^ left
        }
        return UInt64(left) << 32 | UInt64(right)
    }

    package func reveal(_ hidden: UInt64) -> UInt64 {
        var (left, right) = (UInt32(truncatingIfNeeded: hidden >> 32), UInt32(truncatingIfNeeded: hidden))
        for key in roundKeys.reversed() {
            right = Self.rotateRight(right ^ left, 3)
            left = Self.rotateRight((left ^ key) &- right, 24)
        }
        return UInt64(left) << 32 | UInt64(right)
    }

    private static func rotateRight(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word >> count | word << (32 - count)
    }
}
