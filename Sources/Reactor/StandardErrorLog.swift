package import Base
internal import Glibc

extension Log {
    /// A log that writes each line to standard error, with the time before it.
    ///
    /// A line is one `write`, so lines of several threads do not mix. A line that standard error
    /// does not take is lost: nobody is left to tell.
    package static func standardError(threshold: Level = .info, clock: any TimeSource = SystemClock()) -> Self {
        Self(threshold: threshold) { _, line in
            let text = Array("\(CivilTime(clock.now).iso8601) \(line)\n".utf8)
            var offset = 0
            while offset < text.count {
                let count = unsafe text.withUnsafeBytes { bytes in
                    unsafe write(STDERR_FILENO, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
                }
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return }
                offset += count
            }
        }
    }
}
