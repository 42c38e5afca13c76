internal import Synchronization

/// A job and the door it came through.
///
/// The runtime does not say in the job whether it was queued for a task's executor or an
/// actor's, and running it as the wrong kind loses the actor's isolation; so the loop is the
/// task executor, `SerialRole` the actors' one, and each marks its jobs.
struct Job {
    enum Role { case task, serial }

    var job: UnownedJob
    var role: Role
}

extension EventLoop {
    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        enqueue(Job(job: unowned, role: .task))
    }

    package func asUnownedTaskExecutor() -> UnownedTaskExecutor {
        unsafe UnownedTaskExecutor(ordinary: self)
    }

    /// The loop as an actor's executor: `nonisolated var unownedExecutor` returns its
    /// `asUnownedSerialExecutor()`.
    package var serialExecutor: any SerialExecutor { serial }
}

/// The loop in the role of an actor's executor.
final class SerialRole: SerialExecutor {
    // Unowned: the loop owns this object, and keeps itself alive while its thread runs.
    unowned let loop: EventLoop

    init(of loop: EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        loop.enqueue(Job(job: unowned, role: .serial))
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    func isIsolatingCurrentContext() -> Bool? { loop.isCurrent }

    func checkIsolated() { precondition(loop.isCurrent, "outside the event loop of this actor") }
}
