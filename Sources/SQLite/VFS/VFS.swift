internal import CSQLite

/// A file system for databases, written in Swift: the simulated disk of the tests.
///
/// Locks and the shared memory of the write-ahead log are kept by the registration, in the
/// process; a file system has only files.
package protocol VFS: Sendable {
    /// Opens a file.
    ///
    /// `create`: Whether a missing file is made.
    func open(_ path: String, kind: VFSFileKind, create: Bool) throws(VFSError) -> any VFSFile
    /// Removes a file.
    ///
    /// `durably`: Whether the removal must be durable on return.
    func delete(_ path: String, durably: Bool) throws(VFSError)
    func exists(_ path: String) -> Bool
}

/// An open file; used by one connection, one thread at a time.
package protocol VFSFile: AnyObject {
    /// Up to `count` bytes from `offset`; fewer only where the file ends.
    func read(at offset: Int, count: Int) throws(VFSError) -> [UInt8]
    func write(_ bytes: [UInt8], at offset: Int) throws(VFSError)
    func truncate(to size: Int) throws(VFSError)
    /// Returns when everything written is durable.
    func sync() throws(VFSError)
    func size() throws(VFSError) -> Int
}

/// What SQLite opens a file for.
package enum VFSFileKind: Sendable {
    case database
    /// A rollback journal or a write-ahead log: made anew, and its name must be durable with its
    /// first sync.
    case journal
    /// May be lost at any time.
    case temporary
}

/// What a file system can fail with, in SQLite's distinctions.
package enum VFSError: Error, Sendable {
    case full
    case read
    case write
    case sync
    case truncate
    case delete
    case notFound

    var code: Int32 {
        switch self {
        case .full: SQLITE_FULL
        case .read: SQLITE_IOERR | (1 << 8)
        case .write: SQLITE_IOERR | (3 << 8)
        case .sync: SQLITE_IOERR | (4 << 8)
        case .truncate: SQLITE_IOERR | (6 << 8)
        case .delete: SQLITE_IOERR | (10 << 8)
        case .notFound: SQLITE_CANTOPEN
        }
    }
}
