internal import CSQLite
internal import Synchronization

/// The locks and shared memory of one registered file system: between connections, in the process.
final class SharedFiles: Sendable {
    /// What all connections share of one file.
    private struct SharedFile {
        /// Who reads, by the identity of their open file.
        var readers = Set<ObjectIdentifier>()
        var reserved: ObjectIdentifier?
        var pending: ObjectIdentifier?
        var exclusive: ObjectIdentifier?
        /// The regions of the write-ahead log's index, and who has joined them.
        var memory: [Region] = []
        var joined = Set<ObjectIdentifier>()
        var slots = [Slot](repeating: Slot(), count: Int(SQLITE_SHM_NLOCK))

        var isUnused: Bool { readers.isEmpty && joined.isEmpty }
    }

    private struct Slot {
        var shared = Set<ObjectIdentifier>()
        var exclusive: ObjectIdentifier?
    }

    /// Memory that SQLite reads and writes on several threads under its own rules.
    ///
    /// `@unchecked Sendable`: allocated once, freed when nobody is joined; ordering is SQLite's own
    /// matter, by locks and barriers.
    @safe
    private struct Region: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
    }

    private let files = Mutex<[String: SharedFile]>([:])
    private let names = Atomic<Int>(0)

    /// A name for a file that SQLite gives none.
    func temporaryName() -> String {
        "temporary-\(names.wrappingAdd(1, ordering: .relaxed).newValue)"
    }

    // MARK: Locks of the file (SQLite's five levels)

    func lock(_ open: OpenFile, to level: Int32) -> Bool {
        guard open.lock < level else { return true }
        let id = ObjectIdentifier(open)
        let isLocked = files.withLock { files in
            var file = files[open.path] ?? SharedFile()
            defer { files[open.path] = file }
            func free(_ holder: ObjectIdentifier?) -> Bool { holder == nil || holder == id }
            switch level {
            case SQLITE_LOCK_SHARED:
                guard free(file.exclusive), free(file.pending) else { return false }
                file.readers.insert(id)
            case SQLITE_LOCK_RESERVED:
                guard free(file.reserved), free(file.exclusive) else { return false }
                file.reserved = id
            default:
                guard free(file.reserved), free(file.pending), free(file.exclusive) else { return false }
                file.pending = id
                guard file.readers.subtracting([id]).isEmpty else { return false }
                file.exclusive = id
            }
            return true
        }
        if isLocked { open.lock = level }
        return isLocked
    }

    func unlock(_ open: OpenFile, to level: Int32) {
        let id = ObjectIdentifier(open)
        open.lock = min(open.lock, level)
        files.withLock { files in
            guard var file = files[open.path] else { return }
            if level < SQLITE_LOCK_RESERVED {
                if file.reserved == id { file.reserved = nil }
                if file.pending == id { file.pending = nil }
                if file.exclusive == id { file.exclusive = nil }
            }
            if level == SQLITE_LOCK_NONE { file.readers.remove(id) }
            files[open.path] = file.isUnused ? nil : file
        }
    }

    func isReserved(_ path: String) -> Bool {
        files.withLock { $0[path]?.reserved != nil }
    }

    // MARK: Shared memory of the write-ahead log

    func map(_ open: OpenFile, region: Int, size: Int, _ extend: Bool) -> UnsafeMutableRawPointer? {
        let id = ObjectIdentifier(open)
        open.hasSharedMemory = true
        let found: Region? = files.withLock { files in
            var file = files[open.path] ?? SharedFile()
            defer { files[open.path] = file }
            file.joined.insert(id)
            while extend, file.memory.count <= region {
                let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
                unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
                file.memory.append(unsafe Region(pointer: memory))
            }
            return region < file.memory.count ? file.memory[region] : nil
        }
        return unsafe found?.pointer
    }

    func unmap(_ open: OpenFile) {
        guard open.hasSharedMemory else { return }
        open.hasSharedMemory = false
        let id = ObjectIdentifier(open)
        files.withLock { files in
            guard var file = files[open.path] else { return }
            file.joined.remove(id)
            for index in file.slots.indices {
                file.slots[index].shared.remove(id)
                if file.slots[index].exclusive == id { file.slots[index].exclusive = nil }
            }
            if file.joined.isEmpty {
                // Nobody is left who has the pointers.
                for region in file.memory { unsafe region.pointer.deallocate() }
                file.memory = []
            }
            files[open.path] = file.isUnused ? nil : file
        }
    }

    func lockMemory(_ open: OpenFile, _ range: Range<Int>, exclusive: Bool) -> Bool {
        let id = ObjectIdentifier(open)
        return files.withLock { files in
            guard var file = files[open.path] else { return false }
            for index in range {
                let slot = file.slots[index]
                guard slot.exclusive == nil || slot.exclusive == id else { return false }
                if exclusive, !slot.shared.subtracting([id]).isEmpty { return false }
            }
            for index in range {
                if exclusive {
                    file.slots[index].exclusive = id
                } else {
                    file.slots[index].shared.insert(id)
                }
            }
            files[open.path] = file
            return true
        }
    }

    func unlockMemory(_ open: OpenFile, _ range: Range<Int>, exclusive: Bool) {
        let id = ObjectIdentifier(open)
        files.withLock { files in
            guard var file = files[open.path] else { return }
            for index in range {
                if exclusive, file.slots[index].exclusive == id { file.slots[index].exclusive = nil }
                if !exclusive { file.slots[index].shared.remove(id) }
            }
            files[open.path] = file
        }
    }

    func barrier() { files.withLock { _ in } }
}
