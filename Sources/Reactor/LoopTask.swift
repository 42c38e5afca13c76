package import Base

extension EventLoop {
    /// Starts a task that runs on this loop for life; the only place of the house that makes tasks.
    ///
    /// May be called on any thread. Errors are the body's own affair: it returns what became of it.
    @discardableResult
    package func spawn<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> LoopTask<Value> {
        LoopTask(task: Task(executorPreference: self) { await body() })
    }

    /// Waits on this loop until the deadline, or until the calling task is canceled; says which.
    @discardableResult
    package func sleep(until deadline: Instant) async -> Wake {
        await Waiter(on: self).waitOrCancel(until: deadline)
    }

    /// Waits on this loop for some time, or until the calling task is canceled; says which.
    @discardableResult
    package func sleep(for duration: Duration) async -> Wake {
        await sleep(until: clock.instant.advanced(by: duration))
    }
}

/// A task of a loop, to be awaited or canceled; dropping the handle changes nothing.
package struct LoopTask<Value: Sendable>: Sendable {
    fileprivate let task: Task<Value, Never>

    /// Asks the task to end now: its waits end with `canceled`.
    package func cancel() { task.cancel() }

    /// What the task returned, when it has.
    package var value: Value {
        get async { await task.value }
    }
}
