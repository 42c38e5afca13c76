package import Base
internal import CLinux
internal import Glibc
package import Reactor
internal import Synchronization

/// Finds the addresses of names, on worker threads: the C library's look-up blocks.
package struct Resolver: Sendable {
    private let workers: WorkerPool

    package init(workers: WorkerPool) { self.workers = workers }

    /// The addresses of a host in the order in which to try them; at least one.
    ///
    /// Called by a task of `loop`. A look-up that the deadline overtakes goes on in its thread, and
    /// what it finds is dropped.
    package func addresses(
        of host: String,
        on loop: EventLoop,
        until deadline: Instant
    ) async throws(NetError) -> [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        guard !host.isEmpty, host.utf8.count <= 255, !host.utf8.contains(0) else { throw .resolve("not a host name") }
        let answer = Answer(on: loop)
        let workers = workers
        loop.spawn {
            let result = await workers.runIfRoom { Self.lookUp(host) }
            answer.give(result ?? .failure(.resolve("too many look-ups are waiting")))
        }
        switch await answer.signal.wait(until: deadline) {
        case .canceled: throw .canceled
        case .deadline: throw .timeout
        default: return try answer.take()
        }
    }

    private static func lookUp(_ host: String) -> Result<[IPAddress], NetError> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { return unsafe .failure(.resolve(String(cString: gai_strerror(code)))) }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            let bytes = unsafe UnsafeRawBufferPointer(
                start: entry.pointee.ai_addr,
                count: Int(entry.pointee.ai_addrlen)
            )
            if let host = unsafe SocketAddress(bytes)?.host, !addresses.contains(host) { addresses.append(host) }
            unsafe next = unsafe entry.pointee.ai_next
        }
        return addresses.isEmpty ? .failure(.resolve("no address")) : .success(addresses)
    }

    /// Where the look-up leaves what it found, for a task that may have stopped waiting.
    private final class Answer: Sendable {
        let signal: Signal
        private let result = Mutex<Result<[IPAddress], NetError>?>(nil)

        init(on loop: EventLoop) { signal = Signal(on: loop) }

        func give(_ result: Result<[IPAddress], NetError>) {
            self.result.withLock { $0 = result }
            signal.raise()
        }

        func take() throws(NetError) -> [IPAddress] {
            guard let result = result.withLock({ $0 }) else { throw .resolve("no answer") }
            return try result.get()
        }
    }
}
