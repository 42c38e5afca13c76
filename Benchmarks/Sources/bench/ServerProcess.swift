import Base
import Glibc

/// A server in a process of its own, so that its processor time and memory are its alone.
final class ServerProcess {
    let port: UInt16
    private let process: pid_t

    init(_ arguments: [String]) throws {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw BenchError("pipe: error \(errno)") }
        defer { close(ends[0]) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        unsafe posix_spawn_file_actions_addclose(&actions, ends[0])
        var pointers = unsafe ([CommandLine.arguments[0], "serve"] + arguments).map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        var process = pid_t()
        let code = unsafe posix_spawn(&process, "/proc/self/exe", &actions, nil, pointers, environ)
        close(ends[1])
        guard code == 0 else { throw BenchError("posix_spawn: error \(code)") }
        self.process = process
        var line = [UInt8](repeating: 0, count: 16)
        let count = unsafe read(ends[0], &line, line.count)
        let text = String(decoding: line.prefix(max(0, count)).prefix { $0 != 0x0A }, as: UTF8.self)
        guard let port = UInt16(text) else {
            kill(process, SIGKILL)
            throw BenchError("the server \(arguments) did not start")
        }
        self.port = port
    }

    deinit {
        kill(process, SIGKILL)
        var status: Int32 = 0
        _ = unsafe waitpid(process, &status, 0)
    }

    /// Nanoseconds on a processor, all threads together, as the scheduler counts them.
    var processorTime: Int64 {
        var total: Int64 = 0
        guard let directory = unsafe opendir("/proc/\(process)/task") else { return 0 }
        defer { unsafe closedir(directory) }
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard Int(name) != nil else { continue }
            total += Self.numbers("/proc/\(process)/task/\(name)/schedstat").first ?? 0
        }
        return total
    }

    /// Bytes of memory that are resident.
    var memory: Int64 {
        let pages = Self.numbers("/proc/\(process)/statm")
        return pages.count > 1 ? pages[1] * Int64(getpagesize()) : 0
    }

    private static func numbers(_ path: String) -> [Int64] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 256)
        let count = unsafe read(file, &text, text.count)
        return String(decoding: text.prefix(max(0, count)), as: UTF8.self)
            .split { $0 == " " || $0 == "\n" }.compactMap { Int64($0) }
    }
}
