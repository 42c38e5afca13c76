internal import Glibc
internal import Synchronization

extension EventLoop {
    /// Runs a task on the loop and blocks the calling thread until it has ended.
    ///
    /// For the main thread alone: an asynchronous `main` would hand the main thread to a run time
    /// that lets signals through, and SIGTERM would end the process before it is read.
    package func runBlocking<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
        let semaphore = BlockingSemaphore()
        let box = ResultBox<Value>()
        _ = spawn {
            let value = await body()
            box.result.withLock { $0 = value }
            semaphore.signal()
        }
        while true {
            semaphore.wait()
            if let value = box.result.withLock({ $0 }) { return value }
        }
    }
}

/// Shares a lock between the loop and the thread that waits.
private final class ResultBox<Value: Sendable>: Sendable {
    let result = Mutex<Value?>(nil)
}

/// A thread waits here for another one.
///
/// `@unchecked Sendable`: POSIX semaphores are made to be used by several threads; the memory lives
/// as long as the object, which both sides hold.
@safe
private final class BlockingSemaphore: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
        // SAFETY: freshly allocated, initialised once.
        unsafe semaphore.initialize(to: sem_t())
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func signal() { unsafe sem_post(semaphore) }

    func wait() {
        while unsafe sem_wait(semaphore) != 0, errno == EINTR {}
    }
}
