/// A set of byte values, asked in one shift: the terminal classes of a grammar.
package struct ByteClass: Sendable, Equatable {
    private var low: UInt64 = 0
    private var midLow: UInt64 = 0
    private var midHigh: UInt64 = 0
    private var high: UInt64 = 0

    package init() {}

    /// The class of exactly these bytes.
    package init(_ bytes: StaticString) {
        self.init(sequence: bytes.description.utf8)
    }

    package init(_ range: ClosedRange<UInt8>) {
        self.init(sequence: range)
    }

    private init(sequence: some Sequence<UInt8>) {
        for byte in sequence { insert(byte) }
    }

    @inline(__always)
    package func contains(_ byte: UInt8) -> Bool {
        let word =
            switch byte &>> 6 {
            case 0: low
            case 1: midLow
            case 2: midHigh
            default: high
            }
        return (word &>> UInt64(byte & 63)) & 1 == 1
    }

    package mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) &<< UInt64(byte & 63)
        switch byte &>> 6 {
        case 0: low |= bit
        case 1: midLow |= bit
        case 2: midHigh |= bit
        default: high |= bit
        }
    }

    package func union(_ other: Self) -> Self {
        combined(with: other) { $0 | $1 }
    }

    package func subtracting(_ other: Self) -> Self {
        combined(with: other) { $0 & ~$1 }
    }

    package var inverted: Self {
        Self(0...255).subtracting(self)
    }

    private func combined(with other: Self, _ operation: (UInt64, UInt64) -> UInt64) -> Self {
        var result = Self()
        result.low = operation(low, other.low)
        result.midLow = operation(midLow, other.midLow)
        result.midHigh = operation(midHigh, other.midHigh)
        result.high = operation(high, other.high)
        return result
    }

    package static let digits = Self(0x30...0x39)
    package static let letters = Self(0x41...0x5A).union(Self(0x61...0x7A))
    package static let alphanumerics = letters.union(digits)
    /// Space and horizontal tab (RFC 5234 WSP).
    package static let blanks = Self(" \t")
    package static let controls = Self(0...0x1F).union(Self(0x7F...0x7F))
    package static let eightBit = Self(0x80...0xFF)
    package static let hexDigits = digits.union(Self("abcdefABCDEF"))
}
