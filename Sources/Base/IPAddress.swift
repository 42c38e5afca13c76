/// An IPv4 or IPv6 address as a number, without a port or a zone.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Family: Sendable, Hashable {
        case v4
        case v6

        /// Bits in an address.
        package var width: Int { self == .v4 ? 32 : 128 }
    }

    package let family: Family
    /// An IPv4 address stands in the low 32 bits.
    package let value: UInt128

    package init(family: Family, value: UInt128) {
        self.family = family
        self.value = family == .v4 ? value & 0xFFFF_FFFF : value
    }

    /// The address of 4 or 16 bytes in network order.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.init(family: bytes.count == 4 ? .v4 : .v6, value: bytes.reduce(0) { $0 << 8 | UInt128($1) })
    }

    /// Reads `127.0.0.1` or `::1` (RFC 4291 §2.2); no brackets, no zone, no leading zeros in IPv4.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        if bytes.contains(0x3A) {
            guard let value = Self.parseV6(bytes) else { return nil }
            self.init(family: .v6, value: value)
        } else {
            guard let value = Self.parseV4(bytes[...]) else { return nil }
            self.init(family: .v4, value: value)
        }
    }

    /// Network order: 4 or 16 bytes.
    package var bytes: [UInt8] {
        stride(from: family.width - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt128($0)) }
    }

    /// Whether the address never leaves the machine: 127.0.0.0/8, ::1, and the first one mapped.
    package var isLoopback: Bool {
        switch unmapped {
        case let address where address.family == .v4: address.value >> 24 == 127
        case let address: address.value == 1
        }
    }

    /// Whether this is the address that listens everywhere, `0.0.0.0` or `::`.
    package var isUnspecified: Bool { value == 0 }

    /// The IPv4 address inside an IPv4-mapped one (`::ffff:192.0.2.1`); any other as it is.
    package var unmapped: Self {
        guard family == .v6, value >> 32 == 0xFFFF else { return self }
        return Self(family: .v4, value: value & 0xFFFF_FFFF)
    }

    /// The canonical text (RFC 5952 §4).
    package var description: String {
        guard family == .v6 else { return bytes.map(String.init).joined(separator: ".") }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: value >> UInt128(112 - 16 * $0)) }
        guard let gap = Self.longestZeroRun(groups) else { return Self.text(groups[...]) }
        return Self.text(groups[..<gap.lowerBound]) + "::" + Self.text(groups[gap.upperBound...])
    }

    private static func text(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start >= 2, end - start > best?.count ?? 0 { best = start..<end }
            start = max(end, start + 1)
        }
        return best
    }

    private static func parseV4(_ bytes: ArraySlice<UInt8>) -> UInt128? {
        let parts = bytes.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt128 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy(ASCII.isDigit), part.count == 1 || part.first != 0x30
            else { return nil }
            let number = part.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
            guard number <= 255 else { return nil }
            value = value << 8 | UInt128(number)
        }
        return value
    }

    private static func parseV6(_ bytes: [UInt8]) -> UInt128? {
        var before: [UInt16] = []
        var after: [UInt16]?
        var index = 0
        if bytes.count >= 2, bytes[0] == 0x3A {
            guard bytes[1] == 0x3A else { return nil }
            after = []
            index = 2
        }
        while index < bytes.count {
            let part = bytes[index...].prefix { $0 != 0x3A }
            let groups: [UInt16]
            if part.contains(0x2E) {
                guard part.endIndex == bytes.endIndex, let tail = parseV4(part) else { return nil }
                groups = [UInt16(truncatingIfNeeded: tail >> 16), UInt16(truncatingIfNeeded: tail)]
            } else {
                guard (1...4).contains(part.count) else { return nil }
                var group: UInt16 = 0
                for byte in part {
                    guard let digit = ASCII.hexValue(byte) else { return nil }
                    group = group << 4 | UInt16(digit)
                }
                groups = [group]
            }
            if after == nil { before += groups } else { after?.append(contentsOf: groups) }
            index = part.endIndex
            guard index < bytes.count else { break }
            index += 1
            guard index < bytes.count else { return nil }
            if bytes[index] == 0x3A {
                guard after == nil else { return nil }
                after = []
                index += 1
            }
        }
        let count = before.count + (after?.count ?? 0)
        guard after == nil ? count == 8 : count < 8 else { return nil }
        let groups = before + Array(repeating: 0, count: 8 - count) + (after ?? [])
        return groups.reduce(0) { $0 << 16 | UInt128($1) }
    }
}

/// A range of addresses with a common prefix, as in `192.0.2.0/24` (RFC 4632 §3.1).
package struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    package let base: IPAddress
    /// Bits that all addresses share.
    package let prefix: Int

    /// Reads `192.0.2.0/24`, or a single address; bits behind the prefix must be zero.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let base = IPAddress(first) else { return nil }
        var prefix = base.family.width
        if parts.count == 2 {
            guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy(ASCII.isDigit), let number = Int(parts[1])
            else { return nil }
            prefix = number
        }
        guard prefix <= base.family.width, Self.masked(base, prefix) == base.value else { return nil }
        self.base = base
        self.prefix = prefix
    }

    /// Whether the address lies inside; an IPv4-mapped one counts as its IPv4 address.
    package func contains(_ address: IPAddress) -> Bool {
        let candidate = base.family == .v4 ? address.unmapped : address
        return candidate.family == base.family && Self.masked(candidate, prefix) == base.value
    }

    package var description: String { "\(base)/\(prefix)" }

    private static func masked(_ address: IPAddress, _ prefix: Int) -> UInt128 {
        let rest = UInt128(address.family.width - prefix)
        return rest >= 128 ? 0 : (address.value >> rest) << rest
    }
}
