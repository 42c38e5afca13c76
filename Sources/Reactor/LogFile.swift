package import Base
internal import Glibc
internal import Synchronization

/// A file that log lines are appended to, and that a log rotation may take away.
package final class LogFile: Sendable {
    private let path: String
    private let clock: any TimeSource
    private let descriptor: Mutex<Int32>

    /// Opens the file, made for its owner alone where it is missing.
    package init(_ path: String, clock: any TimeSource = SystemClock()) throws(SystemError) {
        self.path = path
        self.clock = clock
        descriptor = Mutex(try Self.open(path))
    }

    deinit {
        let number = descriptor.withLock { $0 }
        Glibc.close(number)
    }

    /// Opens the path again; the old file goes on where that fails.
    package func reopen() throws(SystemError) {
        let new = try Self.open(path)
        let old = descriptor.withLock { number in
            let old = number
            number = new
            return old
        }
        Glibc.close(old)
    }

    /// A log that writes each line to the file, with the time before it.
    package func log(threshold: Log.Level) -> Log {
        Log(threshold: threshold) { [self] _, line in
            let text = Array("\(CivilTime(clock.now).iso8601) \(line)\n".utf8)
            // One write a line; what a full disk does not take is lost.
            descriptor.withLock { number in
                // SAFETY: the count is the array's own.
                _ = unsafe text.withUnsafeBytes { unsafe write(number, $0.baseAddress, $0.count) }
            }
        }
    }

    private static func open(_ path: String) throws(SystemError) -> Int32 {
        // SAFETY: the path is passed as a C string, which the call only reads.
        let number = unsafe Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard number >= 0 else { throw .last("open") }
        return number
    }
}
