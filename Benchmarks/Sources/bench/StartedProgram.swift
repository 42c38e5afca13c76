import CEcho
import Glibc

/// A program that was started, with its output in a file; ended by its number, and also where this
/// process is killed.
final class StartedProgram {
    let identifier: pid_t
    /// Ends the program when the pipe to it breaks, which it does with this process.
    private let guardian: pid_t
    private let pipe: Int32

    init(_ arguments: [String], output: String) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        unsafe posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        var pointers = unsafe arguments.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // The threads of this process take no signals; the program is to be ended by one.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var process = pid_t()
        let code = unsafe posix_spawn(&process, arguments[0], &actions, &attributes, pointers, environ)
        guard code == 0 else { throw BenchError("\(arguments[0]): error \(code)") }
        identifier = process
        (guardian, pipe) = try Self.guarding(process)
    }

    private static func guarding(_ process: pid_t) throws -> (pid_t, Int32) {
        var ends: [Int32] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0 else { throw BenchError("pipe: error \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        let script = "trap '' INT TERM; read -r line || kill -TERM \(process) 2>/dev/null"
        let words: [String] = ["/bin/sh", "-c", script]
        var pointers = unsafe words.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        var guardian = pid_t()
        let code = unsafe posix_spawn(&guardian, "/bin/sh", &actions, nil, pointers, environ)
        guard code == 0 else { throw BenchError("/bin/sh: error \(code)") }
        return (guardian, ends[1])
    }

    /// The program has ended: its number may become another's.
    private func dismissGuardian() {
        let line: [UInt8] = [0x0A]
        _ = unsafe write(pipe, line, 1)
        close(pipe)
        var status: Int32 = 0
        _ = unsafe waitpid(guardian, &status, 0)
    }

    /// Asks a process to end, this one or another that it watches over, and waits for this one.
    func stop(_ process: pid_t? = nil) {
        defer { dismissGuardian() }
        kill(process ?? identifier, SIGTERM)
        for _ in 0..<1000 {
            var status: Int32 = 0
            if unsafe waitpid(identifier, &status, WNOHANG) != 0 { return }
            usleep(10_000)
        }
        kill(identifier, SIGKILL)
        var status: Int32 = 0
        _ = unsafe waitpid(identifier, &status, 0)
    }

    var hasEnded: Bool {
        var status: Int32 = 0
        return unsafe waitpid(identifier, &status, WNOHANG) != 0
    }

    /// Waits until something listens on a port of 127.0.0.1.
    func waitForPort(_ port: UInt16, log: String) throws {
        for _ in 0..<2000 {
            let descriptor = cecho_connect(port)
            if descriptor >= 0 {
                close(descriptor)
                return
            }
            guard !hasEnded else { break }
            usleep(5_000)
        }
        throw BenchError("it does not listen on \(port):\n\(ProcessFigures.contents(log) ?? "")")
    }
}
