internal import Glibc

/// A system call that failed, with its error number.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name, for the log.
    package let call: String
    package let errno: Int32

    package init(call: StaticString, errno: Int32) {
        self.call = call.description
        self.errno = errno
    }

    /// The failure of the call that has just returned on this thread.
    package static func last(_ call: StaticString) -> Self {
        Self(call: call, errno: Glibc.errno)
    }

    package var description: String {
        guard let text = unsafe strerror(errno) else { return "\(call): error \(errno)" }
        return unsafe "\(call): \(String(cString: text))"
    }
}
