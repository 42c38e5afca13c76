internal import Base
internal import SQLite

extension Store {
    /// Copies the database and its bodies, as they are at one moment, into a directory, while the
    /// store goes on.
    ///
    /// The database comes first: a body that it names is in a file already, and no file is removed
    /// until all are copied. The copy is marked as complete at the end; a store is made of it by
    /// `restore` alone.
    package func backup(to directory: String) async throws {
        try await readers.run { _ in try self.backupNow(to: directory) }
    }

    /// The same on the calling thread.
    package func backupNow(to directory: String) throws(StoreError) {
        let environment = context.environment
        let path = Backup.databasePath(in: directory)
        guard !environment.files.exists(path) else { throw StoreError.exists(path) }
        try StoreError.translating {
            try environment.files.makeDirectory(directory)
            try context.bodies.keepingAll {
                try readers.withConnection { try $0.backup(to: Connection(path: path, vfs: environment.vfs)) }
                let copy = try Connection(path: path, vfs: environment.vfs)
                // One file, without a log beside it; durable also where a journal is removed.
                try copy.execute("PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA")
                let target = Bodies(directory: directory, files: environment.files)
                for hash in try copy.hashesOfBodyFiles() { try context.bodies.copy(hash, to: target) }
                try copy.run("INSERT INTO counter (name, value) VALUES ('backup', 1)")
            }
        }
    }

    /// Makes a store of a backup, in a directory that has none, as a new generation.
    ///
    /// What happened after the backup is lost here, but clients and servers outside remember it:
    /// every mailbox gets a higher UIDVALIDITY, every unfinished outbound message comes back held as
    /// "may have left already", and the journal is marked to be reconciled before it is replayed.
    package static func restore(
        from source: String,
        to directory: String,
        in environment: StoreEnvironment
    ) throws(StoreError) {
        try StoreError.translating {
            try environment.files.makeDirectory(directory)
            let lock = try StoreLock(directory: directory, vfs: environment.vfs)
            defer { withExtendedLifetime(lock) {} }
            guard environment.files.exists(Backup.databasePath(in: source)) else {
                throw StoreError.notRestored(source)
            }
            let backup = try Connection(path: Backup.databasePath(in: source), vfs: environment.vfs)
            guard try backup.isMarkedAsBackup() else { throw StoreError.notRestored(source) }
            let connection = try openForWriting(directory, environment)
            // An earlier restore that was cut off may be done again; a store may not be overwritten.
            let mayReplace = try connection.schemaVersion() == 0 || connection.isMarkedAsBackup()
            guard mayReplace else { throw StoreError.exists(directory) }

            let bodies = Bodies(directory: source, files: environment.files)
            let target = Bodies(directory: directory, files: environment.files)
            for hash in try backup.hashesOfBodyFiles() { try bodies.copy(hash, to: target) }
            try backup.backup(to: connection)
            try connection.upgrade(Schema.migrations, directory: directory, vfs: environment.vfs)
            let context = StoreContext(directory, environment, project: { _, _ in }, whenStopped: { _ in })
            try connection.transaction(.write) {
                try Transaction(connection, context: context).beginGeneration()
            }
        }
    }
}

/// The names inside a backup.
enum Backup {
    /// Not the store's own name, so that no gateway is started on a backup by mistake.
    static func databasePath(in directory: String) -> String { directory + "/backup.db" }
}

extension Connection {
    /// The bodies that lie in files, in order.
    fileprivate func hashesOfBodyFiles() throws(SQLiteError) -> [[UInt8]] {
        try all("SELECT hash FROM body WHERE bytes IS NULL ORDER BY hash") { $0[0] }
    }

    fileprivate func isMarkedAsBackup() throws(SQLiteError) -> Bool {
        try first("SELECT value FROM counter WHERE name = 'backup'") { $0[0] as Int } != nil
    }

    /// Refuses a database that was copied from a backup and is no new generation yet.
    func refuseUnfinishedRestore() throws(StoreError) {
        try StoreError.translating {
            if try isMarkedAsBackup() { throw StoreError.notRestored(path) }
        }
    }
}
