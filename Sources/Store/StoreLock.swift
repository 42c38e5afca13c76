internal import SQLite
internal import Synchronization

/// The right to write a store: one process at a time, given back when it ends, however it ends.
///
/// An exclusive transaction on an empty database beside the real one: a lock that every file
/// system below SQLite already has.
final class StoreLock: Sendable {
    private let connection: Mutex<Connection>

    init(directory: String, vfs: VFSRegistration?) throws(StoreError) {
        do throws(SQLiteError) {
            let connection = try Connection(path: directory + "/lock", vfs: vfs, busyTimeout: 0)
            try connection.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
            self.connection = Mutex(connection)
        } catch {
            if .busy ~= error.code { throw .locked }
            throw StoreError(error)
        }
    }
}
