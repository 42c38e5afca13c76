internal import Base
internal import SQLite

extension Store {
    /// Opens the store in a directory, which is made where it is missing, and brings its schema up
    /// to date, after a copy of the old one.
    ///
    /// `whenStopped` is called once, on the writer's thread, when a commit or a sync has failed: the
    /// process should end, since what is durable is known only after a restart (INV-2).
    package static func open(
        _ directory: String,
        in environment: StoreEnvironment,
        project: @escaping Projection,
        whenStopped: @escaping @Sendable (StoreError) -> Void
    ) throws(StoreError) -> Store {
        do throws(FilesError) {
            try environment.files.makeDirectory(directory)
        } catch {
            throw StoreError(error)
        }
        let lock = try StoreLock(directory: directory, vfs: environment.vfs)
        let connection = try openForWriting(directory, environment)
        try connection.upgrade(Schema.migrations, directory: directory, vfs: environment.vfs)
        try connection.refuseUnfinishedRestore()
        let recent = try RecentMarks(connection)
        let context = StoreContext(directory, environment, project: project, whenStopped: whenStopped)
        let readers = Readers(path: databasePath(in: directory), context: context)
        return Store(
            context: context,
            writer: Writer(connection, context: context),
            readers: readers,
            recent: recent,
            lock: lock
        )
    }

    /// Opens the store beside a process that writes it, or while none does, for reading only.
    ///
    /// A store that is missing or has an older schema is an error: only writing mends it.
    package static func openForReading(
        _ directory: String,
        in environment: StoreEnvironment
    ) throws(StoreError) -> Store {
        let path = databasePath(in: directory)
        guard environment.files.exists(path) else { throw .missing("store in \(directory)") }
        let context = StoreContext(directory, environment, project: { _, _ in }, whenStopped: { _ in })
        return try StoreError.translating {
            let connection = try Connection(path: path, vfs: environment.vfs)
            try connection.execute("PRAGMA query_only = 1")
            let version = try connection.schemaVersion()
            guard version == Schema.version else { throw StoreError.otherSchema(found: version, known: Schema.version) }
            let writer = Writer(connection, context: context)
            writer.refuse(.readOnly)
            return Store(
                context: context,
                writer: writer,
                readers: Readers(path: path, context: context),
                recent: RecentMarks([:]),
                lock: nil
            )
        }
    }

    static func databasePath(in directory: String) -> String { directory + "/store.db" }

    static func openForWriting(
        _ directory: String,
        _ environment: StoreEnvironment
    ) throws(StoreError) -> Connection {
        do throws(SQLiteError) {
            let connection = try Connection(path: databasePath(in: directory), vfs: environment.vfs)
            // FULL: the log is synced at each commit (INV-2). Erased bytes are overwritten (INV-6).
            try connection.execute(
                """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA secure_delete = ON;
                PRAGMA temp_store = MEMORY;
                PRAGMA cache_size = -16000;
                """
            )
            return connection
        } catch {
            throw StoreError(error)
        }
    }
}

extension StoreContext {
    init(
        _ directory: String,
        _ environment: StoreEnvironment,
        project: @escaping Projection,
        whenStopped: @escaping @Sendable (StoreError) -> Void
    ) {
        self.init(
            environment: environment,
            project: project,
            whenStopped: whenStopped,
            bodies: Bodies(directory: directory, files: environment.files, maker: environment.structures),
            snapshots: Snapshots()
        )
    }
}

extension Connection {
    /// Brings the schema up to date, after a copy of the database to `store.db.schema-N`.
    ///
    /// A newer schema than the newest migration is refused: an older binary would not keep what it
    /// does not know.
    func upgrade(_ migrations: [Migration], directory: String, vfs: VFSRegistration?) throws(StoreError) {
        let known = migrations.last?.version ?? 0
        try StoreError.translating {
            let found = try schemaVersion()
            guard found <= known else { throw StoreError.otherSchema(found: found, known: known) }
            guard found < known else { return }
            if found > 0 {
                let path = "\(Store.databasePath(in: directory)).schema-\(found)"
                try backup(to: try Connection(path: path, vfs: vfs))
            }
            try migrate(migrations)
        }
    }
}
