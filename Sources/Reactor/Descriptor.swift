internal import Glibc

/// A file descriptor with one owner, who closes it by letting it go.
package struct Descriptor: ~Copyable, Sendable {
    /// The kernel's number, for system calls only: whoever keeps it keeps a number that may
    /// soon name something else.
    package let number: Int32

    /// Takes over a descriptor that nobody else closes.
    package init(owning number: Int32) { self.number = number }

    /// Hands the descriptor to an owner that cannot hold a `Descriptor`.
    package consuming func release() -> Int32 {
        let number = self.number
        discard self
        return number
    }

    // EINTR from close(2) on Linux means closed all the same; trying again could close a
    // descriptor that another thread has just opened.
    deinit { _ = close(number) }
}
