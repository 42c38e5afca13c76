import CEcho
import Glibc

/// A directory for one measurement, removed with the value unless it is kept for the next run.
///
/// Below /var/tmp, which is on a disk: /tmp may be memory, where syncing costs nothing.
final class Scratch {
    let directory: String
    private let isKept: Bool

    init(_ name: String) throws {
        directory = "\(Self.prefix)\(getpid())-\(name)"
        isKept = false
        guard unsafe mkdir(directory, 0o755) == 0 else { throw BenchError("\(directory): error \(errno)") }
    }

    /// A directory that later runs find again.
    init(keeping name: String) throws {
        let parent = "\(Self.prefix)kept-\(geteuid())"
        directory = parent + "/" + name
        isKept = true
        _ = unsafe mkdir(parent, 0o755)
        var facts = stat()
        // What anybody could have put there is not trusted.
        guard unsafe lstat(parent, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR, facts.st_uid == geteuid() else {
            throw BenchError("\(parent) is not a directory of ours")
        }
        _ = unsafe mkdir(directory, 0o755)
    }

    /// A part of another, which outlives it.
    init(below parent: Scratch, _ name: String) throws {
        directory = parent.path(name)
        isKept = true
        try parent.makeDirectory(name)
    }

    deinit { if !isKept { Self.remove(directory) } }

    func path(_ name: String) -> String { directory + "/" + name }

    func exists(_ name: String) -> Bool { unsafe access(path(name), F_OK) == 0 }

    /// Removes everything in it.
    func empty() throws {
        Self.remove(directory)
        guard unsafe mkdir(directory, 0o755) == 0 else { throw BenchError("\(directory): error \(errno)") }
    }

    func makeDirectory(_ name: String) throws {
        guard unsafe mkdir(path(name), 0o755) == 0 || errno == EEXIST else {
            throw BenchError("\(path(name)): error \(errno)")
        }
    }

    func write(_ name: String, _ text: String) throws {
        let file = unsafe open(path(name), O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard file >= 0 else { throw BenchError("\(path(name)): error \(errno)") }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard unsafe Glibc.write(file, bytes, bytes.count) == bytes.count else {
            throw BenchError("\(path(name)): error \(errno)")
        }
    }

    /// Removes what runs have left behind that were killed.
    static func removeLeftovers() {
        guard let entries = unsafe opendir("/var/tmp") else { return }
        defer { unsafe closedir(entries) }
        while let entry = unsafe readdir(entries) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            let path = "/var/tmp/" + name
            guard path.hasPrefix(prefix), let run = pid_t(path.dropFirst(prefix.count).prefix { $0 != "-" }) else {
                continue
            }
            if kill(run, 0) != 0, errno == ESRCH { remove(path) }
        }
    }

    private static let prefix = "/var/tmp/greenroom-bench-"

    private static func remove(_ path: String) { _ = unsafe system("rm -rf '\(path)'") }

    /// A port that nobody uses now.
    static func freePort() throws -> UInt16 {
        var port: UInt16 = 0
        let descriptor = unsafe cecho_listen(&port)
        guard descriptor >= 0 else { throw BenchError("no port is free") }
        close(descriptor)
        return port
    }
}
