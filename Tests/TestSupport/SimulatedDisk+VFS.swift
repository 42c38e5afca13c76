package import SQLite

extension SimulatedDisk: VFS {
    /// The disk under a name that SQLite knows, as long as the registration lives.
    package func register() throws(SQLiteError) -> VFSRegistration {
        try VFSRegistration(name: "disk-\(UInt(bitPattern: ObjectIdentifier(self).hashValue))", vfs: self)
    }

    package func open(_ path: String, kind: VFSFileKind, create: Bool) throws(VFSError) -> any VFSFile {
        do throws(DiskFailure) {
            let (file, isNew) = try perform { (state) throws(DiskFailure) in try state.open(path, create: create) }
            return SimulatedFile(disk: self, file: file, path: path, syncsName: isNew && kind == .journal)
        } catch {
            throw .notFound
        }
    }

    package func delete(_ path: String, durably: Bool) throws(VFSError) {
        do throws(DiskFailure) {
            try perform { (state) throws(DiskFailure) in
                try state.remove(path)
                if durably { try state.syncDirectory(Self.parent(of: path)) }
            }
        } catch .notFound {
            throw .notFound
        } catch {
            throw .delete
        }
    }
}

/// An open file of the simulated disk.
private final class SimulatedFile: VFSFile {
    private let disk: SimulatedDisk
    private let file: Int
    private let path: String
    /// SQLite's own file system syncs the directory with the first sync of a new journal.
    private var syncsName: Bool

    init(disk: SimulatedDisk, file: Int, path: String, syncsName: Bool) {
        self.disk = disk
        self.file = file
        self.path = path
        self.syncsName = syncsName
    }

    func read(at offset: Int, count: Int) throws(VFSError) -> [UInt8] {
        do throws(DiskFailure) {
            return try disk.perform { (state) throws(DiskFailure) in
                state.contents[file]?.bytes(at: offset, count: count) ?? []
            }
        } catch {
            throw .read
        }
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(VFSError) {
        do throws(DiskFailure) {
            try disk.perform { (state) throws(DiskFailure) in try state.write(bytes, to: file, at: offset) }
        } catch .full {
            throw .full
        } catch {
            throw .write
        }
    }

    func truncate(to size: Int) throws(VFSError) {
        do throws(DiskFailure) {
            try disk.perform { (state) throws(DiskFailure) in state.truncate(file, to: size) }
        } catch {
            throw .truncate
        }
    }

    func sync() throws(VFSError) {
        do throws(DiskFailure) {
            try disk.perform { (state) throws(DiskFailure) in
                try state.sync(file)
                if syncsName { try state.syncDirectory(SimulatedDisk.parent(of: path)) }
            }
        } catch {
            throw .sync
        }
        syncsName = false
    }

    func size() throws(VFSError) -> Int {
        do throws(DiskFailure) {
            return try disk.perform { (state) throws(DiskFailure) in state.contents[file]?.count ?? 0 }
        } catch {
            throw .read
        }
    }
}
