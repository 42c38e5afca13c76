internal import CLinux
internal import Glibc

/// A thread of ours: named, detached, and deaf to signals.
enum Thread {
    /// Runs `body` on a new thread.
    ///
    /// All signals but those of a crash are blocked there: they are taken through
    /// `ProcessSignals`, and a write to a closed socket answers EPIPE without SIGPIPE ending us.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                if let argument = unsafe argument {
                    let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                    Thread.blockSignals()
                    // The kernel keeps 15 bytes of a thread's name.
                    _ = unsafe greenroom_name_thread(pthread_self(), String(start.name.prefix(15)))
                    start.body()
                }
                return nil
            },
            start.toOpaque()
        )
        guard code == 0 else {
            unsafe start.release()
            throw SystemError(call: "pthread_create", errno: code)
        }
        pthread_detach(thread)
    }

    /// Lowers the calling thread's priority; Linux keeps one for each thread.
    static func stepBack() { setpriority(Int32(PRIO_PROCESS.rawValue), 0, 15) }

    private static func blockSignals() {
        var signals = sigset_t()
        unsafe sigfillset(&signals)
        for signal in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS] {
            unsafe sigdelset(&signals, signal)
        }
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
