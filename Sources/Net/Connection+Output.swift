package import Base
internal import Reactor

extension Connection {
    /// Bytes that wait to be sent.
    package var queuedCount: Int { output.count - outputStart }

    /// Sends bytes; what the socket does not take is queued and sent as it does.
    ///
    /// With `more`, small output may wait until the next write without it, `flush`, `read` or
    /// `wait`, so that several replies leave in one packet. The caller is suspended while more
    /// than `Limits.outputHighWater` is queued; a peer that then reads too little for
    /// `Limits.outputStall` (or until the deadline) makes this throw `timeout`, for good.
    package func write(_ bytes: [UInt8], more: Bool = false, until deadline: Instant? = nil) async throws(NetError) {
        try checkWritable()
        if more, queuedCount + bytes.count <= Self.packet {
            append(bytes[...])
            return
        }
        var rest = bytes[...]
        // Nothing is copied where the socket takes it all.
        if queuedCount == 0 {
            sendDirectly(&rest)
            if rest.isEmpty { return }
            try checkWritable()
        }
        while !rest.isEmpty {
            let room = max(0, Limits.outputHighWater - queuedCount)
            append(rest.prefix(room))
            rest = rest.dropFirst(room)
            sendQueued()
            try checkWritable()
            guard queuedCount >= Limits.outputHighWater else { continue }
            try await drain(to: Limits.outputLowWater, until: deadline)
        }
        try checkWritable()
    }

    /// Waits until everything written has been handed to the kernel.
    package func flush(until deadline: Instant? = nil) async throws(NetError) {
        try checkWritable()
        sendQueued()
        try checkWritable()
        if queuedCount > 0 { try await drain(to: 0, until: deadline) }
    }

    /// Up to this much is held back by `more`.
    private static var packet: Int { 16 * 1024 }

    private func checkWritable() throws(NetError) {
        try checkOpen()
        if let writeFailure { throw writeFailure }
    }

    private func drain(to target: Int, until deadline: Instant?) async throws(NetError) {
        let deadline = deadline ?? loop.now.advanced(by: Limits.outputStall)
        let waiter = outputWaiter ?? Waiter(on: loop)
        outputWaiter = waiter
        drainTarget = target
        while queuedCount > target {
            let wake = await waiter.wait(until: deadline)
            try checkWritable()
            if wake == .deadline, queuedCount > target {
                failOutput(.timeout)
                throw .timeout
            }
        }
    }

    private func append(_ bytes: ArraySlice<UInt8>) {
        if outputStart > 0, outputStart >= queuedCount {
            output.removeFirst(outputStart)
            outputStart = 0
        }
        output.append(contentsOf: bytes)
    }

    private func sendDirectly(_ rest: inout ArraySlice<UInt8>) {
        while !rest.isEmpty, slot.readiness.contains(.writable) {
            let result = unsafe rest.withUnsafeBytes { unsafe transport.write(slot.descriptor, $0) }
            switch result {
            case .count(let count): rest = rest.dropFirst(count)
            case .end: return failOutput(.reset)
            case .wouldBlock(let readiness): return block([readiness, .writable], reading: false)
            case .failure(let error): return failOutput(error)
            }
        }
    }

    /// Sends as much of the queue as the transport takes; `retrying` after an event.
    func sendQueued(retrying: Bool = false) {
        guard !isClosed else { return }
        while queuedCount > 0, retrying || slot.readiness.contains(.writable) {
            let result = unsafe output.withUnsafeBytes { bytes in
                unsafe transport.write(slot.descriptor, UnsafeRawBufferPointer(rebasing: bytes[outputStart...]))
            }
            switch result {
            case .count(let count): outputStart += count
            case .end: return failOutput(.reset)
            case .wouldBlock(let readiness):
                block([readiness, .writable], reading: false)
                if queuedCount <= drainTarget { outputWaiter?.resume(.readable) }
                return
            case .failure(let error): return failOutput(error)
            }
        }
        if queuedCount == 0 { releaseOutput() }
        if queuedCount <= drainTarget { outputWaiter?.resume(.readable) }
    }

    /// Lets the queue go; a small buffer is kept while the connection is busy only.
    func releaseOutput() {
        output = []
        outputStart = 0
    }

    private func failOutput(_ error: NetError) {
        if writeFailure == nil { writeFailure = error }
        releaseOutput()
        outputWaiter?.resume(.readable)
    }
}
