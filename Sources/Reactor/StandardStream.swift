internal import Glibc

/// Where a command's words go; each text is written at once, never kept back.
package enum StandardStream: Sendable {
    case output
    case error

    /// Writes a text as it is.
    ///
    /// What the stream does not take is lost: nobody is left to tell.
    package func write(_ text: String) {
        let descriptor = self == .output ? STDOUT_FILENO : STDERR_FILENO
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            // SAFETY: the rest of the array is what is written.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            offset += count
        }
    }
}
