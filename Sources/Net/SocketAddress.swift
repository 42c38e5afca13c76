package import Base
internal import Glibc

/// Where a socket is bound or connected.
package enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
    case ip(IPAddress, port: UInt16)
    /// A path in the file system; empty for the unnamed end of a local connection.
    case unix(String)

    /// From `192.0.2.1:25`, `[2001:db8::1]:25`, `unix:/run/lmtp` or an absolute path; nil for
    /// anything else.
    package init?(_ text: String) {
        if text.hasPrefix("unix:") || text.hasPrefix("/") {
            let path = text.hasPrefix("unix:") ? String(text.dropFirst(5)) : text
            guard !path.isEmpty, path.utf8.count < Self.pathCapacity, !path.utf8.contains(0) else { return nil }
            self = .unix(path)
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
            return nil
        }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let address = IPAddress(host) else { return nil }
        guard host.contains(":") == isBracketed else { return nil }
        self = .ip(address, port: port)
    }

    /// The host; nil for a local socket.
    package var host: IPAddress? {
        if case .ip(let address, _) = self { address } else { nil }
    }

    /// Whether only this machine can be at the other end.
    package var isLocal: Bool { host?.isLoopback ?? true }

    package var description: String {
        switch self {
        case .ip(let address, let port): address.family == .v4 ? "\(address):\(port)" : "[\(address)]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// What the kernel takes as a path, with its NUL.
    static let pathCapacity = 108
}

// MARK: The kernel's form

extension SocketAddress {
    var family: Int32 {
        switch self {
        case .ip(let host, _): host.family == .v4 ? AF_INET : AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// Calls `body` with the address as system calls want it.
    func withSystemAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        switch self {
        case .ip(let host, let port) where host.family == .v4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(truncatingIfNeeded: host.value).bigEndian
            return unsafe Self.pass(&address, MemoryLayout<sockaddr_in>.size, body)
        case .ip(let host, let port):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { bytes in
                unsafe bytes.storeBytes(of: host.value.bigEndian, as: UInt128.self)
            }
            return unsafe Self.pass(&address, MemoryLayout<sockaddr_in6>.size, body)
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
                // The structure begins as zeros, so a NUL follows.
                unsafe bytes.copyBytes(from: path.utf8.prefix(Self.pathCapacity - 1))
            }
            return unsafe Self.pass(&address, MemoryLayout<sockaddr_un>.size, body)
        }
    }

    private static func pass<Address, Result>(
        _ address: inout Address,
        _ size: Int,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        // SAFETY: every address structure begins as sockaddr does, and `size` is its own.
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, socklen_t(size)) }
        }
    }

    /// What a call writes into the storage that it is given; nil where the call fails.
    static func fill(_ body: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Bool) -> Self? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let filled = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            // SAFETY: sockaddr_storage is large enough for every address.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, &length) }
        }
        guard filled else { return nil }
        return unsafe withUnsafeBytes(of: &storage) { bytes in
            unsafe Self(UnsafeRawBufferPointer(rebasing: bytes.prefix(Int(length))))
        }
    }

    /// From an address as the kernel writes it.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= MemoryLayout<sa_family_t>.size else { return nil }
        switch unsafe Int32(bytes.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET where bytes.count >= MemoryLayout<sockaddr_in>.size:
            let address = unsafe bytes.loadUnaligned(as: sockaddr_in.self)
            let host = IPAddress(family: .v4, value: UInt128(UInt32(bigEndian: address.sin_addr.s_addr)))
            self = .ip(host, port: UInt16(bigEndian: address.sin_port))
        case AF_INET6 where bytes.count >= MemoryLayout<sockaddr_in6>.size:
            let address = unsafe bytes.loadUnaligned(as: sockaddr_in6.self)
            let number = unsafe withUnsafeBytes(of: address.sin6_addr) { unsafe $0.loadUnaligned(as: UInt128.self) }
            // An IPv4 client on an IPv6 socket is the IPv4 client that it is.
            let host = IPAddress(family: .v6, value: UInt128(bigEndian: number)).unmapped
            self = .ip(host, port: UInt16(bigEndian: address.sin6_port))
        case AF_UNIX:
            let path = unsafe bytes.dropFirst(MemoryLayout<sa_family_t>.size).prefix { $0 != 0 }
            self = unsafe .unix(String(decoding: path, as: UTF8.self))
        default:
            return nil
        }
    }
}
