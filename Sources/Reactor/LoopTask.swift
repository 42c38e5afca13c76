package import Base

extension EventLoop {
    /// Starts a task that runs on this loop for life; the only place of the house that makes tasks.
    ///
    /// May be called on any thread. Errors are the body's own affair: it returns what became of it.
    @discardableResult
    package func spawn<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> LoopTask<Value> {
        LoopTask(task: Task(executorPreference: self) { await body() })
    }

    /// Runs a body as a task of its own on this loop, which is the caller's, and waits for it.
    ///
    /// A task keeps the memory of its deepest call until it ends. What lives long and is mostly idle
    /// does deep work apart, so that the memory is let go when the work is done.
    package func apart<Value>(_ body: @escaping () async -> Value) async -> Value {
        assertIsCurrent()
        let work = WorkApart(body)
        let task = Task(executorPreference: self) { await work.run() }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        return work.takeValue()
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

/// What `apart` hands to its task and back.
private final class WorkApart<Value>: @unchecked Sendable {
    // Unchecked: the two tasks run on one loop, and the one that made this waits for the other.

    private let body: () async -> Value
    private var value: Value?

    init(_ body: @escaping () async -> Value) { self.body = body }

    func run() async { value = await body() }

    func takeValue() -> Value {
        guard let value = value.take() else { preconditionFailure("the work is not done") }
        return value
    }
}
