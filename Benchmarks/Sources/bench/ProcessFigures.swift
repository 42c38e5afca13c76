import CEcho
import Glibc

/// A server of somebody else's making, with all the processes below it.
struct ProcessFigures {
    let identifier: pid_t

    /// Nanoseconds on a processor: of the process, of its children, and of those that have ended.
    var processorTime: Int64 {
        let ticks = family.reduce(0) { $0 + (Self.ticks($1)?.withEnded ?? 0) }
        return ticks * 1_000_000_000 / Int64(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Bytes of memory, of the process and of its children; pages that several share are divided.
    var memory: Int64 {
        family.reduce(0) { total, process in
            let lines = Self.contents("/proc/\(process)/smaps_rollup")?.split(separator: "\n") ?? []
            guard let line = lines.first(where: { $0.hasPrefix("Pss:") }) else { return total }
            return total + (Int64(line.filter(\.isNumber)) ?? 0) * 1024
        }
    }

    /// The process and its children.
    private var family: [pid_t] {
        guard let directory = unsafe opendir("/proc") else { return [] }
        defer { unsafe closedir(directory) }
        var members = [identifier]
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let child = pid_t(name), let figures = Self.ticks(child), figures.parent == identifier else {
                continue
            }
            members.append(child)
        }
        return members
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
