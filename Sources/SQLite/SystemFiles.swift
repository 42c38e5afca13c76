package import Base
internal import Glibc
internal import Synchronization

/// The files of the machine.
///
/// The owner alone may read what it writes. A sync that fails is an error of its own
/// (`fsync`): after it nobody knows what is durable (INV-2).
package struct SystemFiles: Files {
    /// Tells the unfinished files of this process apart.
    private static let unfinished = Atomic<UInt64>(0)

    package init() {}

    package func writeDurably(_ bytes: [UInt8], to path: String) throws(FilesError) {
        // Under another name until its bytes are durable: the name never stands for half a file.
        let number = Self.unfinished.wrappingAdd(1, ordering: .relaxed).newValue
        let temporary = "\(path).\(getpid())-\(number).new"
        do throws(FilesError) {
            try write(bytes, to: temporary)
            guard unsafe rename(temporary, path) == 0 else { throw failure("rename", path) }
        } catch {
            unsafe unlink(temporary)
            throw error
        }
        try syncDirectory(Self.parent(of: path))
    }

    package func read(_ path: String) throws(FilesError) -> [UInt8] {
        let descriptor = try openToRead(path)
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure("fstat", path) }
        return try read(descriptor, path, at: 0, count: Int(status.st_size))
    }

    package func read(_ path: String, at offset: Int, count: Int) throws(FilesError) -> [UInt8] {
        let descriptor = try openToRead(path)
        defer { close(descriptor) }
        return try read(descriptor, path, at: offset, count: count)
    }

    package func remove(_ path: String) throws(FilesError) {
        guard unsafe unlink(path) == 0 else { throw failure("unlink", path) }
    }

    package func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    package func makeDirectory(_ path: String) throws(FilesError) {
        if exists(path) { return }
        let parent = Self.parent(of: path)
        if parent != path { try makeDirectory(parent) }
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("mkdir", path) }
        try syncDirectory(parent)
    }

    package func list(_ path: String) throws(FilesError) -> [String] {
        guard let directory = unsafe opendir(path) else { throw failure("opendir", path) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            // The name is a C string inside the entry, which lives until the next readdir.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private func write(_ bytes: [UInt8], to path: String) throws(FilesError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + written }, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw failure("fsync", path) }
    }

    private func read(
        _ descriptor: Int32,
        _ path: String,
        at offset: Int,
        count: Int
    ) throws(FilesError) -> [UInt8] {
        var failed = false
        // Filled by pread alone; only what it wrote is kept.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
            while filled < count {
                let start = unsafe buffer.baseAddress.map { unsafe $0 + filled }
                let taken = unsafe pread(descriptor, start, count - filled, offset + filled)
                if taken < 0, errno == EINTR { continue }
                if taken < 0 { failed = true }
                guard taken > 0 else { return }
                filled += taken
            }
        }
        if failed { throw failure("pread", path) }
        return bytes
    }

    private func openToRead(_ path: String) throws(FilesError) -> Int32 {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        return descriptor
    }

    private func syncDirectory(_ path: String) throws(FilesError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("fsync", path) }
    }

    private func failure(_ operation: String, _ path: String) -> FilesError {
        FilesError(operation: operation, path: path, errno: errno)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
