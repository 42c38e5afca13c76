internal import Base
internal import CLinux
internal import Glibc

/// A signal that the gateway answers.
package enum ProcessSignal: Sendable, Hashable, CaseIterable {
    /// SIGTERM: stop gracefully.
    case terminate
    /// SIGINT: the same, from a terminal.
    case interrupt
    /// SIGHUP: read the configuration again.
    case hangUp

    fileprivate var number: Int32 {
        switch self {
        case .terminate: SIGTERM
        case .interrupt: SIGINT
        case .hangUp: SIGHUP
        }
    }
}

/// The process's signals as events of a loop.
package final class ProcessSignals: Watcher, @unchecked Sendable {
    // Unchecked: the variables are used on the loop's thread alone.

    private let slot: Slot
    private let waiter: Waiter
    private var arrived: [ProcessSignal] = []

    /// Blocks the answered signals and ignores SIGPIPE, in the calling thread and all it starts.
    ///
    /// The first thing that `main` does, before any other thread exists: a thread that does not
    /// block a signal would be ended by it.
    package static func prepare() {
        var signals = numbers
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Begins to take signals; called on the loop.
    package init(on loop: EventLoop) throws(SystemError) {
        var signals = Self.numbers
        let number = unsafe signalfd(-1, &signals, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
        guard number >= 0 else { throw .last("signalfd") }
        slot = try Slot(Descriptor(owning: number), on: loop)
        waiter = Waiter(on: loop)
        slot.watch(self)
    }

    /// The next signal; nil when `close` was called.
    package func next() async -> ProcessSignal? {
        while slot.descriptor >= 0 {
            if !arrived.isEmpty { return arrived.removeFirst() }
            if read() { continue }
            _ = await waiter.wait(until: .distantFuture)
        }
        return nil
    }

    /// Stops taking signals; called on the loop.
    package func close() {
        slot.close()
        waiter.resume(.canceled)
    }

    package func slotIsReady(_ readiness: Readiness) { waiter.resume(.readable) }

    private func read() -> Bool {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        guard unsafe Glibc.read(slot.descriptor, &information, size) == size else { return false }
        arrived += ProcessSignal.allCases.filter { UInt32($0.number) == information.ssi_signo }
        return true
    }

    private static var numbers: sigset_t {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for signal in ProcessSignal.allCases { unsafe sigaddset(&signals, signal.number) }
        return signals
    }
}
