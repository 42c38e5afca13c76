package import Base
internal import Glibc
package import Reactor

/// A stream to a peer: TCP, Unix or memory, plain or TLS.
///
/// It belongs to one loop and is used by tasks of that loop, at most one that reads or waits
/// and one that writes. Any thread may call `cancel`, `requestShutdown` and raise `signal`.
/// While idle it holds no buffers: input goes to the caller's array, output is let go when sent.
package final class Connection: Watcher, @unchecked Sendable {
    // Unchecked: the variables are used on the loop's thread alone, as `assertIsCurrent` checks.

    package let loop: EventLoop
    /// Who is at the other end, and where it came in here.
    package let peer: SocketAddress
    package let local: SocketAddress
    /// Wakes a `wait` from any thread.
    package let signal: Signal

    let slot: Slot
    let inputWaiter: Waiter
    var transport: Transport

    // MARK: Input

    /// The transport must write before it can read again (TLS).
    var readNeedsWritable = false
    /// Successful reads and waits since the task was last parked.
    var uninterrupted = 0

    // MARK: Output

    var output: [UInt8] = []
    /// Where the unsent part of `output` begins.
    var outputStart = 0
    /// Made when a producer is first suspended: most connections never do that.
    var outputWaiter: Waiter?
    /// A suspended producer goes on when no more than this waits to be sent.
    var drainTarget = 0
    var writeFailure: NetError?

    // MARK: State

    private var isStopping = false
    /// Whether `wait` has yet to say so.
    var mustTellShutdown = false
    private var hasBeenCanceled = false
    private var hasBeenClosed = false
    var whenClosed: (@Sendable () -> Void)?

    init(slot: Slot, transport: Transport, peer: SocketAddress, local: SocketAddress) {
        loop = slot.loop
        self.slot = slot
        self.transport = transport
        self.peer = peer
        self.local = local
        inputWaiter = Waiter(on: slot.loop)
        signal = Signal(waking: inputWaiter)
        slot.watch(self)
    }

    convenience init(
        _ descriptor: consuming Descriptor,
        peer: SocketAddress,
        on loop: EventLoop
    ) throws(NetError) {
        Socket.tune(descriptor.number, peer)
        let local = Socket.localAddress(of: descriptor.number)
        let slot: Slot
        do { slot = try Slot(descriptor, on: loop) } catch { throw NetError(error) }
        self.init(slot: slot, transport: .socket, peer: peer, local: local)
    }

    /// The process at the other end of a Unix socket.
    package var peerCredentials: PeerCredentials? {
        guard case .unix = peer, slot.descriptor >= 0 else { return nil }
        return PeerCredentials(of: slot.descriptor)
    }

    /// Whether the gateway is stopping: end at the next good moment.
    package var isShuttingDown: Bool { isStopping }
    package var isCanceled: Bool { hasBeenCanceled }
    package var isClosed: Bool { hasBeenClosed }

    /// Whether the peer has closed its end, as the kernel knows it, whatever still waits to be read.
    ///
    /// For work that takes long: nobody waits for its result any more.
    package var hasPeerLeft: Bool { slot.descriptor >= 0 && Socket.isHungUp(slot.descriptor) }

    // MARK: The connection's scope

    /// Runs `body` as the connection's scope: if the calling task is canceled its waits end, and
    /// at the end the connection is closed.
    package func use<Value, Failure: Error>(
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        defer { close() }
        let outcome: Result<Value, Failure> = await withTaskCancellationHandler {
            do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
        } onCancel: {
            cancel()
        }
        return try outcome.get()
    }

    /// Breaks the connection off: waits end, every later call throws `canceled`.
    ///
    /// May be called on any thread. The descriptor stays open until the scope closes it, so its
    /// number cannot become another connection's while a task still uses this one.
    package func cancel() {
        loop.perform { [self] in
            guard !hasBeenClosed, !hasBeenCanceled else { return }
            hasBeenCanceled = true
            if slot.descriptor >= 0 { _ = Glibc.shutdown(slot.descriptor, Int32(SHUT_RDWR)) }
            inputWaiter.resume(.canceled)
            outputWaiter?.resume(.canceled)
        }
    }

    /// Asks the connection's task to end gracefully: `wait` answers `shutdown` once.
    ///
    /// May be called on any thread.
    package func requestShutdown() {
        loop.perform { [self] in
            guard !isStopping else { return }
            isStopping = true
            mustTellShutdown = true
            inputWaiter.resume(.shutdown)
        }
    }

    /// Closes at once and drops what is queued; closing twice is harmless.
    package func close() {
        loop.assertIsCurrent()
        guard !hasBeenClosed else { return }
        hasBeenClosed = true
        // Waiters first: from here on nobody may wait on the descriptor.
        inputWaiter.resume(.canceled)
        outputWaiter?.resume(.canceled)
        inputWaiter.disarm()
        outputWaiter?.disarm()
        switch transport {
        case .socket: break
        case .tls(let session): session.sendCloseNotify()
        case .memory(let pipe): pipe.close()
        }
        slot.close()
        transport = .socket
        releaseOutput()
        whenClosed?()
        whenClosed = nil
    }

    /// Sends what is queued and the end of the stream, lets the peer end its side, and closes.
    ///
    /// Closing while unread input lies in the kernel resets the connection, which can take the
    /// last reply with it; so input is read and thrown away until the deadline.
    package func finish(until deadline: Instant) async {
        defer { close() }
        do throws(NetError) {
            try await flush(until: deadline)
            switch transport {
            case .memory(let pipe): pipe.endOutput()
            case .tls(let session):
                session.sendCloseNotify()
                _ = Glibc.shutdown(slot.descriptor, Int32(SHUT_WR))
            case .socket: _ = Glibc.shutdown(slot.descriptor, Int32(SHUT_WR))
            }
            var rest: [UInt8] = []
            while try await read(into: &rest, until: deadline) > 0 { rest.removeAll(keepingCapacity: true) }
        } catch {
            // Nothing more can be said to this peer.
        }
    }

    // MARK: Events

    package func slotIsReady(_ readiness: Readiness) {
        if readiness.contains(.writable) { readNeedsWritable = false }
        // TLS may have waited for either direction; a plain socket only for this one.
        if queuedCount > 0, readiness.contains(.writable) || transport.session != nil {
            sendQueued(retrying: true)
        } else if readiness.contains(.writable) {
            outputWaiter?.resume(.readable)
        }
        if isInputReady { inputWaiter.resume(.readable) }
    }

    /// Records what a call would have waited for.
    func block(_ readiness: Readiness, reading: Bool) {
        slot.clear(readiness)
        if reading, readiness.contains(.writable) { readNeedsWritable = true }
    }

    func checkOpen() throws(NetError) {
        loop.assertIsCurrent()
        if hasBeenCanceled { throw .canceled }
        if hasBeenClosed { throw .closed }
    }
}
