package import Base
package import SQLite

/// Why the store did not do what it was asked for: always ours, never a client's fault.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A commit or a sync failed before: what is durable is known only after a restart (INV-2).
    case stopped(String)
    /// The store was closed.
    case closed
    /// The disk is full; nothing of the change was kept, and the store goes on.
    case full
    /// Too many changes are waiting.
    case overloaded
    /// The store was opened for reading only.
    case readOnly
    /// There is a store or a backup already where one is to be made.
    case exists(String)
    /// No complete backup lies there, or a restore of one was not finished.
    case notRestored(String)
    /// Another process has the store open for writing.
    case locked
    /// The database has a schema that this binary does not read: a newer one, or one that only a
    /// writer brings up to date.
    case otherSchema(found: Int, known: Int)
    /// No row of this kind and number.
    case missing(String)
    /// A mailbox has given all its UIDs.
    case uidsExhausted(MailboxID)
    /// Stored bytes are not what their hash and size say (INV-3).
    case damagedBody(String)
    /// An event does not follow the head of the ledger (INV-6).
    case outOfOrder(EventNumber)
    case database(SQLiteError)
    case files(FilesError)

    /// SQLite's error, with a full disk told apart.
    init(_ error: SQLiteError) {
        self = .full ~= error.code ? .full : .database(error)
    }

    /// Runs a closure whose errors are those of the store, of SQLite and of the file system.
    static func translating<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
        do {
            return try body()
        } catch let error as StoreError {
            throw error
        } catch let error as SQLiteError {
            throw StoreError(error)
        } catch let error as FilesError {
            throw StoreError(error)
        } catch {
            throw .stopped("\(error)")
        }
    }

    /// The file system's error, with a full disk told apart.
    init(_ error: FilesError) {
        self = error.isDiskFull ? .full : .files(error)
    }

    package var description: String {
        switch self {
        case .stopped(let why): "the store has stopped: \(why)"
        case .closed: "the store is closed"
        case .full: "the disk is full"
        case .readOnly: "the store is open to be read only"
        case .exists(let path): "\(path) exists already"
        case .notRestored(let path): "\(path) is not a complete backup, or was not restored to its end"
        case .overloaded: "too many changes are waiting to be written"
        case .locked: "another process has the store open"
        case .otherSchema(let found, let known):
            "the database has schema \(found), this binary reads \(known)"
        case .missing(let what): "no \(what)"
        case .uidsExhausted(let mailbox): "mailbox \(mailbox) has no UIDs left"
        case .damagedBody(let hash): "the stored bytes of \(hash) are damaged"
        case .outOfOrder(let number): "event \(number) does not follow the head of the ledger"
        case .database(let error): "database: \(error)"
        case .files(let error): "files: \(error)"
        }
    }
}
