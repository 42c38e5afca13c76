internal import Base
internal import Synchronization

/// Runs each job at once on the thread that brings it, one at a time.
package final class InlineQueue: JobQueue {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var isRunning = false
    }

    private let state = Mutex(State())

    package init() {}

    package func enqueue(_ job: @escaping @Sendable () -> Void) {
        let runs = state.withLock { state in
            state.jobs.append(job)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard runs else { return }
        while let next = next() { next() }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard !state.jobs.isEmpty else {
                state.isRunning = false
                return nil
            }
            return state.jobs.removeFirst()
        }
    }
}

/// Keeps jobs until it is told to run them.
package final class HeldQueue: JobQueue {
    private let jobs = Mutex<[@Sendable () -> Void]>([])

    package init() {}

    package var count: Int { jobs.withLock { $0.count } }

    package func enqueue(_ job: @escaping @Sendable () -> Void) {
        jobs.withLock { $0.append(job) }
    }

    /// Runs what is there, and what comes of it.
    package func run() {
        while let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { job() }
    }
}
