internal import CLinux
internal import Glibc
internal import Reactor

/// The outcome of a call on a transport; would-block is one of them, not an error.
enum IOResult {
    case count(Int)
    /// The peer has ended its side.
    case end
    /// Nothing could be done until the descriptor is ready for this.
    case wouldBlock(Readiness)
    case failure(NetError)
}

/// System calls on sockets.
enum Socket {
    /// A non-blocking stream socket that is closed on exec.
    static func open(family: Int32) throws(NetError) -> Descriptor {
        let flags = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let number = socket(family, Int32(flags), 0)
        guard number >= 0 else { throw .last("socket") }
        return Descriptor(owning: number)
    }

    static func pair() throws(NetError) -> (Int32, Int32) {
        var numbers: [Int32] = [-1, -1]
        let flags = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        guard unsafe socketpair(AF_UNIX, Int32(flags), 0, &numbers) == 0 else { throw .last("socketpair") }
        return (numbers[0], numbers[1])
    }

    static func read(_ descriptor: Int32, into memory: UnsafeMutableRawBufferPointer) -> IOResult {
        while true {
            let count = unsafe recv(descriptor, memory.baseAddress, memory.count, 0)
            if count > 0 { return .count(count) }
            if count == 0 { return .end }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock(.readable)
            default: return .failure(.last("recv"))
            }
        }
    }

    static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> IOResult {
        while true {
            let count = unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return .count(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock(.writable)
            default: return .failure(.last("send"))
            }
        }
    }

    /// Whether the peer has closed or reset its end.
    static func isHungUp(_ descriptor: Int32) -> Bool {
        // POLLRDHUP, which Glibc's module hides behind _GNU_SOURCE.
        let closed: Int16 = 0x2000
        var event = pollfd(fd: descriptor, events: closed, revents: 0)
        guard unsafe poll(&event, 1, 0) == 1 else { return false }
        return event.revents & (closed | Int16(POLLHUP) | Int16(POLLERR)) != 0
    }

    static func set(_ option: Int32, level: Int32, to value: Int32, on descriptor: Int32) {
        var value = value
        // Options tune; a socket that does not take one works without it.
        _ = unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// The error that a socket has kept for us, 0 for none.
    static func pendingError(of descriptor: Int32) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &value, &length) == 0 else { return errno }
        return value
    }

    /// What every TCP connection has: no delay, since we send whole replies, and probes that find
    /// out when an idle client has gone without a word.
    static func tune(_ descriptor: Int32, _ address: SocketAddress) {
        guard case .ip = address else { return }
        set(TCP_NODELAY, level: Int32(IPPROTO_TCP), to: 1, on: descriptor)
        set(SO_KEEPALIVE, level: SOL_SOCKET, to: 1, on: descriptor)
        set(TCP_KEEPIDLE, level: Int32(IPPROTO_TCP), to: 300, on: descriptor)
        set(TCP_KEEPINTVL, level: Int32(IPPROTO_TCP), to: 30, on: descriptor)
        set(TCP_KEEPCNT, level: Int32(IPPROTO_TCP), to: 4, on: descriptor)
    }

    static func localAddress(of descriptor: Int32) -> SocketAddress {
        unsafe SocketAddress.fill { unsafe getsockname(descriptor, $0, &$1) == 0 } ?? .unix("")
    }
}

/// Who is at the other end of a Unix socket, as the kernel says.
package struct PeerCredentials: Hashable, Sendable {
    package let process: Int32
    package let user: UInt32
    package let group: UInt32

    init?(of descriptor: Int32) {
        var credentials = greenroom_credentials()
        guard unsafe greenroom_peer_credentials(descriptor, &credentials) == 0 else { return nil }
        process = credentials.pid
        user = credentials.uid
        group = credentials.gid
    }
}
