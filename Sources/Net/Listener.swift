package import Base
internal import CLinux
internal import Glibc
package import Reactor
internal import Synchronization

/// A socket that listens.
package final class Listener: Acceptor, Watcher, @unchecked Sendable {
    // Unchecked: the variables are used on the loop's thread alone.

    package let address: SocketAddress
    package let loop: EventLoop
    private let log: Log
    let slot: Slot
    private let waiter: Waiter
    private var isClosed = false
    /// A descriptor kept in reserve: closing it makes room to take a client off the queue and turn
    /// it away, where it would otherwise wait for nothing and the queue would look ready for ever.
    private var spare: Int32

    /// Begins to listen; called on the loop.
    ///
    /// `mode` is for the file of a Unix socket.
    package init(on loop: EventLoop, at address: SocketAddress, mode: UInt32 = 0o600, log: Log) throws(NetError) {
        let descriptor = try Socket.open(family: address.family)
        switch address {
        case .unix(let path): try Self.bindFile(descriptor, path, address, mode: mode)
        case .ip(let host, _):
            Socket.set(SO_REUSEADDR, level: SOL_SOCKET, to: 1, on: descriptor.number)
            if host.family == .v6 { Socket.set(IPV6_V6ONLY, level: Int32(IPPROTO_IPV6), to: 1, on: descriptor.number) }
            try Self.bind(descriptor, address)
        }
        guard listen(descriptor.number, Int32(Limits.backlog)) == 0 else { throw .last("listen") }
        self.address = Socket.localAddress(of: descriptor.number)
        self.loop = loop
        self.log = log.with("listener", self.address)
        spare = Self.openSpare()
        do { slot = try Slot(descriptor, on: loop) } catch { throw NetError(error) }
        waiter = Waiter(on: loop)
        slot.watch(self)
    }

    package func accept() async throws(NetError) -> Incoming? {
        while !isClosed {
            guard slot.readiness.contains(.readable) else {
                _ = await waiter.wait(until: .distantFuture)
                continue
            }
            var number: Int32 = -1
            var failure: Int32 = 0
            let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
            let peer = unsafe SocketAddress.fill { address, length in
                number = unsafe greenroom_accept4(slot.descriptor, address, &length, flags)
                failure = errno
                return number >= 0
            }
            guard number < 0 else { return Incoming(Descriptor(owning: number), peer: peer ?? .unix("")) }
            switch failure {
            case EAGAIN: slot.clear(.readable)
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: await rest()
            // What befell a connection before we took it is not the listener's trouble (accept(2)).
            case EINTR, ECONNABORTED, EPROTO, EPERM, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH,
                EOPNOTSUPP, ENETUNREACH:
                continue
            default: throw NetError(errno: failure, call: "accept4")
            }
        }
        return nil
    }

    package func close() {
        loop.perform { [self] in
            guard !isClosed else { return }
            isClosed = true
            waiter.resume(.canceled)
            waiter.disarm()
            slot.close()
            if spare >= 0 { _ = Descriptor(owning: spare) }
            spare = -1
            if case .unix(let path) = address { unsafe unlink(path) }
        }
    }

    package func slotIsReady(_ readiness: Readiness) { waiter.resume(.readable) }

    /// Turns one client away and waits a little: descriptors come back when connections end.
    private func rest() async {
        log.warning("no descriptor is left; accepting pauses")
        if spare >= 0 { _ = Descriptor(owning: spare) }
        spare = -1
        let number = greenroom_accept4(slot.descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
        if number >= 0 { _ = Descriptor(owning: number) }
        spare = Self.openSpare()
        let end = loop.now.advanced(by: Limits.acceptPause)
        while !isClosed, loop.now < end { _ = await waiter.wait(until: end) }
    }

    private static func openSpare() -> Int32 {
        unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
    }

    // MARK: Binding

    private static func bind(_ descriptor: borrowing Descriptor, _ address: SocketAddress) throws(NetError) {
        let number = descriptor.number
        let code = unsafe address.withSystemAddress { unsafe Glibc.bind(number, $0, $1) }
        guard code == 0 else { throw .last("bind") }
    }

    private static func bindFile(
        _ descriptor: borrowing Descriptor,
        _ path: String,
        _ address: SocketAddress,
        mode: UInt32
    ) throws(NetError) {
        try removeStale(path, address)
        // The mode is set before the name exists, so nobody slips in between; the process's mask
        // takes bits away from that, which the second call gives back.
        guard fchmod(descriptor.number, mode) == 0 else { throw .last("fchmod") }
        try bind(descriptor, address)
        guard unsafe chmod(path, mode) == 0 else { throw .last("chmod") }
    }

    /// Removes a socket that a gateway which did not end well has left; one that answers stays.
    private static func removeStale(_ path: String, _ address: SocketAddress) throws(NetError) {
        var information = stat()
        guard unsafe lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFSOCK else { return }
        let probe = try Socket.open(family: AF_UNIX)
        let number = probe.number
        let code = unsafe address.withSystemAddress { unsafe connect(number, $0, $1) }
        if code != 0, errno == ECONNREFUSED { unsafe unlink(path) }
    }
}
