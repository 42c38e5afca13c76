internal import Synchronization

/// Which bodies are held by somebody: the collection of unused bodies leaves them alone.
final class BodyPins: Sendable {
    private let counts = Mutex<[[UInt8]: Int]>([:])

    func pin(_ hash: [UInt8]) -> BodyPin { BodyPin(hash, in: self) }

    func isPinned(_ hash: [UInt8]) -> Bool { counts.withLock { $0[hash] != nil } }

    /// Runs a closure unless the body is pinned, and lets nobody pin it meanwhile.
    func unlessPinned(_ hash: [UInt8], _ body: () -> Void) {
        counts.withLock { counts in
            if counts[hash] == nil { body() }
        }
    }

    fileprivate func add(_ hash: [UInt8]) { counts.withLock { $0[hash, default: 0] += 1 } }

    fileprivate func remove(_ hash: [UInt8]) {
        counts.withLock { counts in
            guard let count = counts[hash] else { return }
            counts[hash] = count > 1 ? count - 1 : nil
        }
    }
}

/// Holds one body for as long as it lives.
final class BodyPin: Sendable {
    private let hash: [UInt8]
    private let pins: BodyPins

    init(_ hash: [UInt8], in pins: BodyPins) {
        self.hash = hash
        self.pins = pins
        pins.add(hash)
    }

    deinit { pins.remove(hash) }
}
