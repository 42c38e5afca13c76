import CEcho
import Glibc

/// A server of somebody else's making, with all the processes below it.
struct ProcessFigures {
    let identifier: pid_t

    /// Nanoseconds on a processor: of the process, of its children, and of those that have ended.
    var processorTime: Int64 {
        var ticks = Self.ticks(identifier)?.withEnded ?? 0
        guard let directory = unsafe opendir("/proc") else { return 0 }
        defer { unsafe closedir(directory) }
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let child = pid_t(name), let figures = Self.ticks(child), figures.parent == identifier else {
                continue
            }
            ticks += figures.withEnded
        }
        return ticks * 1_000_000_000 / Int64(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Waits until it does next to nothing, for a minute at most.
    func settle() {
        var last = processorTime
        for _ in 0..<120 {
            usleep(500_000)
            let now = processorTime
            guard now - last > 20_000_000 else { return }
            last = now
        }
    }

    /// proc_pid_stat(5): the name in parentheses may hold blanks, so fields are counted behind it.
    private static func ticks(_ process: pid_t) -> (parent: pid_t, withEnded: Int64)? {
        guard let text = contents("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[end...].split(separator: " ").dropFirst().map(String.init)
        guard fields.count > 14, let parent = pid_t(fields[1]) else { return nil }
        return (parent, fields[11...14].compactMap { Int64($0) }.reduce(0, +))
    }

    static func contents(_ path: String) -> String? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 4096)
        let count = unsafe read(file, &text, text.count)
        return String(decoding: text.prefix(max(0, count)), as: UTF8.self)
    }
}

/// A program that was started, with its output in a file; ended by its number.
final class StartedProgram {
    let identifier: pid_t

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
        var process = pid_t()
        let code = unsafe posix_spawn(&process, arguments[0], &actions, nil, pointers, environ)
        guard code == 0 else { throw BenchError("\(arguments[0]): error \(code)") }
        identifier = process
    }

    /// Asks a process to end, this one or another that it watches over, and waits for this one.
    func stop(_ process: pid_t? = nil) {
        kill(process ?? identifier, SIGTERM)
        for _ in 0..<100 {
            var status: Int32 = 0
            if unsafe waitpid(identifier, &status, WNOHANG) != 0 { return }
            usleep(100_000)
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
        for _ in 0..<200 {
            let descriptor = cecho_connect(port)
            if descriptor >= 0 {
                close(descriptor)
                return
            }
            guard !hasEnded else { break }
            usleep(50_000)
        }
        throw BenchError("it does not listen on \(port):\n\(ProcessFigures.contents(log) ?? "")")
    }
}
