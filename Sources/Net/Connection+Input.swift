package import Base
package import Reactor

/// What an attempt to read gave.
package enum ReadOutcome: Hashable, Sendable {
    /// So many bytes were appended.
    case bytes(Int)
    /// The peer sends no more.
    case end
    /// Nothing is there now.
    case wouldBlock
}

extension Connection {
    /// Whether a read is worth trying.
    var isInputReady: Bool {
        slot.readiness.contains(.readable) && !readNeedsWritable || hasBufferedInput
    }

    /// Whether bytes of the peer have been taken from the socket and not yet read.
    ///
    /// Only TLS keeps such bytes. Before `startTLS` the caller checks its own array: what a peer
    /// sent in plain text must not count as sent under TLS.
    package var hasBufferedInput: Bool { transport.session?.hasPending ?? false }

    /// Appends what is there, up to `limit` bytes, without waiting.
    package func tryRead(into buffer: inout [UInt8], atMost limit: Int = .max) throws(NetError) -> ReadOutcome {
        try checkOpen()
        guard isInputReady else { return .wouldBlock }
        let memory = unsafe UnsafeMutableRawBufferPointer(rebasing: loop.scratch.prefix(max(1, limit)))
        switch unsafe transport.read(slot.descriptor, into: memory) {
        case .count(let count):
            unsafe buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: memory.prefix(count)))
            // A plain socket that gave less than asked is empty, and the next byte is a new edge;
            // not so once the peer has hung up, because that edge has passed.
            if count < memory.count, case .socket = transport, !slot.readiness.contains(.hungUp) {
                slot.clear(.readable)
            }
            return .bytes(count)
        case .end: return .end
        case .wouldBlock(let readiness):
            block(readiness, reading: true)
            return .wouldBlock
        case .failure(let error): throw error
        }
    }

    /// Appends up to `limit` bytes, waiting for the first; returns how many, 0 at the end of the stream.
    ///
    /// Throws `timeout` when the deadline passes first.
    package func read(
        into buffer: inout [UInt8],
        atMost limit: Int = .max,
        until deadline: Instant
    ) async throws(NetError) -> Int {
        while true {
            switch try tryRead(into: &buffer, atMost: limit) {
            case .bytes(let count):
                if mustYield { await Task.yield() }
                return count
            case .end: return 0
            case .wouldBlock: break
            }
            prepareToPark()
            let wake = await unsafe withUnsafeContinuation { unsafe inputWaiter.park($0, until: deadline) }
            if wake == .deadline, !isInputReady {
                try checkOpen()
                throw .timeout
            }
        }
    }

    /// The one place where a session waits: for input, its signal, shutdown or the deadline.
    ///
    /// `readable` means that a read is worth trying; it may still find nothing. Several causes
    /// come one after the other, in the order canceled, shutdown, readable, signalled.
    package func wait(until deadline: Instant) async -> Wake {
        while true {
            if let wake = takeWake() {
                if mustYield { await Task.yield() }
                return wake
            }
            prepareToPark()
            let wake = await unsafe withUnsafeContinuation { unsafe inputWaiter.park($0, until: deadline) }
            if wake == .deadline { return takeWake() ?? .deadline }
        }
    }

    private func takeWake() -> Wake? {
        if isCanceled || isClosed { return .canceled }
        if mustTellShutdown {
            mustTellShutdown = false
            return .shutdown
        }
        if isInputReady { return .readable }
        return signal.take() ? .signalled : nil
    }

    /// Sends what was held back with `more`, before the task is parked.
    func prepareToPark() {
        if queuedCount > 0 { sendQueued() }
        uninterrupted = 0
    }

    /// Whether it is other connections' turn: a peer that sends without pause would otherwise keep
    /// the loop to itself (INV-9).
    private var mustYield: Bool {
        uninterrupted += 1
        guard uninterrupted >= 16 else { return false }
        uninterrupted = 0
        return true
    }
}
