internal import Base
internal import Glibc
internal import Synchronization

/// A few threads for work that blocks: SQLite, password checks, name look-ups, large files.
///
/// A loop never waits for such work; its task is suspended and goes on on its loop.
package final class WorkerPool: JobQueue {
    private let queue: WorkQueue
    private let capacity: Int

    /// Starts the threads; `capacity` is how many pieces of work may wait for `runIfRoom`.
    package init(name: String, threads: Int, capacity: Int) throws(SystemError) {
        let queue = WorkQueue()
        self.queue = queue
        self.capacity = capacity
        for number in 0..<max(1, threads) {
            try Thread.start(name: threads > 1 ? "\(name)-\(number)" : name) { queue.runThread() }
        }
    }

    // The threads end when what is queued is done.
    deinit { queue.close() }

    /// Runs the body on a worker thread and waits for what it returns or throws.
    ///
    /// Work is begun in order. The queue has no length of its own here: a task waits for one piece
    /// at a time, so what bounds the tasks (connections, accounts) bounds the queue. Canceling
    /// the task does not stop the work.
    package func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await outcome(of: body).get()
    }

    /// The same, or nil at once where `capacity` pieces wait already: for work that strangers
    /// cause, such as password checks, which then answer "try again later" (INV-9).
    package func runIfRoom<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value? {
        guard queue.count < capacity else { return nil }
        return try await outcome(of: body).get()
    }

    package func enqueue(_ job: @escaping @Sendable () -> Void) { queue.append(.call(job)) }

    /// Pieces of work that wait for a thread.
    package var waitingCount: Int { queue.count }

    private func outcome<Value: Sendable, Failure: Error>(
        of body: @escaping @Sendable () throws(Failure) -> Value
    ) async -> Result<Value, Failure> {
        await unsafe withUnsafeContinuation { (continuation: UnsafeContinuation<Result<Value, Failure>, Never>) in
            queue.append(
                .call {
                    let result: Result<Value, Failure>
                    do throws(Failure) { result = .success(try body()) } catch { result = .failure(error) }
                    unsafe continuation.resume(returning: result)
                }
            )
        }
    }
}

/// One thread that is an actor's executor: what is isolated to it may block.
///
/// The writer of the store stands on one: `nonisolated var unownedExecutor` of its actor returns
/// `thread.asUnownedSerialExecutor()`.
package final class WorkerThread: SerialExecutor, JobQueue {
    private let queue = WorkQueue()

    /// Starts the thread; one in the background has the processor when nobody else wants it.
    package init(name: String, isBackground: Bool = false) throws(SystemError) {
        let queue = queue
        try Thread.start(name: name) {
            if isBackground { Thread.stepBack() }
            queue.runThread()
        }
    }

    deinit { queue.close() }

    package func enqueue(_ job: consuming ExecutorJob) {
        unsafe queue.append(.job(UnownedJob(job), self))
    }

    package func enqueue(_ job: @escaping @Sendable () -> Void) { queue.append(.call(job)) }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    package func isIsolatingCurrentContext() -> Bool? { queue.isRunningHere }

    package func checkIsolated() { precondition(queue.isRunningHere, "outside the worker thread of this actor") }
}

/// Work in order, taken by the threads that wait for it.
@safe private final class WorkQueue: @unchecked Sendable {
    // Unchecked: the variables are used under `mutex`. A condition variable is what lets threads
    // sleep without a system call where work is waiting; the standard library has none.

    enum Work {
        case call(@Sendable () -> Void)
        case job(UnownedJob, WorkerThread)
    }

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    /// In order from `head` on.
    private var works: [Work?] = []
    private var head = 0
    private var isClosed = false
    /// The thread, where there is only one.
    private let thread = Atomic<UInt>(0)

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe condition = .allocate(capacity: 1)
        unsafe condition.initialize(to: pthread_cond_t())
        // With default attributes these calls cannot fail on Linux.
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    var isRunningHere: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    var count: Int {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return works.count - head
    }

    func append(_ work: Work) {
        unsafe pthread_mutex_lock(mutex)
        works.append(work)
        unsafe pthread_cond_signal(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    func close() {
        unsafe pthread_mutex_lock(mutex)
        isClosed = true
        unsafe pthread_cond_broadcast(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    func runThread() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        while let work = next() {
            switch work {
            case .call(let call): call()
            case .job(let job, let thread): unsafe job.runSynchronously(on: thread.asUnownedSerialExecutor())
            }
        }
    }

    /// The next piece of work; nil when the queue is closed and empty.
    private func next() -> Work? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while head == works.count {
            if isClosed { return nil }
            unsafe pthread_cond_wait(condition, mutex)
        }
        let work = works[head]
        works[head] = nil
        head += 1
        if head == works.count {
            works.removeAll(keepingCapacity: head <= 1024)
            head = 0
        }
        return work
    }
}
