internal import Glibc

/// An address of a host.
package enum IPAddress: Hashable, Sendable, CustomStringConvertible {
    case v4(UInt32)
    case v6(UInt128)

    /// From its usual text, such as `192.0.2.1` or `2001:db8::1`; nil for anything else.
    package init?(_ text: String) {
        var v4 = in_addr()
        var v6 = in6_addr()
        if unsafe inet_pton(AF_INET, text, &v4) == 1 {
            self = .v4(UInt32(bigEndian: v4.s_addr))
        } else if unsafe inet_pton(AF_INET6, text, &v6) == 1 {
            self.init(v6)
        } else {
            return nil
        }
    }

    /// An IPv4 address written as IPv6 (RFC 4291 §2.5.5.2) becomes the IPv4 address that it is.
    init(_ address: in6_addr) {
        let number = unsafe withUnsafeBytes(of: address) { bytes in
            unsafe bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        }
        self = number >> 32 == 0xFFFF ? .v4(UInt32(truncatingIfNeeded: number)) : .v6(number)
    }

    /// Whether it is this machine itself.
    package var isLoopback: Bool {
        switch self {
        case .v4(let number): number >> 24 == 127
        case .v6(let number): number == 1
        }
    }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch self {
        case .v4(let number):
            var address = in_addr(s_addr: number.bigEndian)
            unsafe inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        case .v6(let number):
            var address = number.bigEndian
            unsafe inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// The addresses that begin with the same bits, such as `10.0.0.0/8`.
package struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    private let first: IPAddress
    private let length: Int

    /// From an address and a length; an address alone is a network of one.
    ///
    /// Bits behind the length must be zero.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = IPAddress(String(parts[0])) else { return nil }
        let width = address.width
        var length = width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts[1]) else {
                return nil
            }
            length = number
        }
        guard length <= width, address.prefix(length) == address else { return nil }
        first = address
        self.length = length
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.width == first.width && address.prefix(length) == first
    }

    package var description: String { "\(first)/\(length)" }
}

extension IPAddress {
    fileprivate var width: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// The address with only its first `length` bits.
    func prefix(_ length: Int) -> Self {
        switch self {
        case .v4(let number): .v4(length <= 0 ? 0 : number & (.max << UInt32(max(0, 32 - length))))
        case .v6(let number): .v6(length <= 0 ? 0 : number & (.max << UInt128(max(0, 128 - length))))
        }
    }

    /// What one customer of a provider has: limits per address count it as one.
    var customer: Self {
        switch self {
        case .v4: self
        case .v6: prefix(64)
        }
    }
}
