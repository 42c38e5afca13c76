/// What the store needs of a file system beside its database: large bodies, the ledger's head.
///
/// A simulated one drops or tears what was not synced when its power is cut (INV-2).
package protocol Files: Sendable {
    /// Writes a new file and returns only after its bytes and its name are durable.
    func writeDurably(_ bytes: [UInt8], to path: String) throws(FilesError)
    func read(_ path: String) throws(FilesError) -> [UInt8]
    /// Reads up to `count` bytes from `offset`.
    func read(_ path: String, at offset: Int, count: Int) throws(FilesError) -> [UInt8]
    func remove(_ path: String) throws(FilesError)
    func exists(_ path: String) -> Bool
    /// Makes the directory and those above it, readable by the owner alone.
    func makeDirectory(_ path: String) throws(FilesError)
    /// The names in a directory, sorted.
    func list(_ path: String) throws(FilesError) -> [String]
}

/// Why a file could not be read or written.
package struct FilesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried, as the system call's name.
    package let operation: String
    package let path: String
    /// The system's error number.
    package let errno: Int32

    package init(operation: String, path: String, errno: Int32) {
        self.operation = operation
        self.path = path
        self.errno = errno
    }

    /// Whether there was no room for what was to be written (ENOSPC, EDQUOT).
    package var isDiskFull: Bool { errno == 28 || errno == 122 }

    package var description: String { "\(operation) \(path): error \(errno)" }
}
