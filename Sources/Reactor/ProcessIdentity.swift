internal import Glibc

/// Who this process is to the system.
package enum ProcessIdentity {
    /// The uid that files and sockets are checked against.
    package static var user: UInt32 { geteuid() }

    /// Where relative paths begin.
    package static var directory: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        // SAFETY: the count is the buffer's own, and getcwd ends what it writes with a NUL.
        guard unsafe getcwd(&buffer, buffer.count) != nil else { return "." }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Lets nobody else read what this process makes, where nothing else is said.
    package static func keepFilesPrivate() { umask(0o077) }

    /// Ends the process without waiting for its threads.
    package static func end(_ code: Int32) -> Never { _exit(code) }
}
