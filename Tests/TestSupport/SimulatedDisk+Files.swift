package import Base

extension SimulatedDisk: Files {
    package func writeDurably(_ bytes: [UInt8], to path: String) throws(FilesError) {
        let temporary = path + ".new"
        var operation = "open"
        do throws(DiskFailure) {
            let file = try perform { (state) throws(DiskFailure) in try state.open(temporary, create: true).file }
            operation = "write"
            // In two pieces, so that a cut can fall between them.
            let middle = bytes.count / 2
            for range in [0..<middle, middle..<bytes.count] where !range.isEmpty {
                try perform { (state) throws(DiskFailure) in
                    try state.write(Array(bytes[range]), to: file, at: range.lowerBound)
                }
            }
            operation = "fsync"
            try perform { (state) throws(DiskFailure) in try state.sync(file) }
            operation = "rename"
            try perform { (state) throws(DiskFailure) in try state.rename(temporary, to: path) }
            operation = "fsync"
            try perform { (state) throws(DiskFailure) in try state.syncDirectory(Self.parent(of: path)) }
        } catch {
            throw error.filesError(operation, path)
        }
    }

    package func read(_ path: String) throws(FilesError) -> [UInt8] {
        try read(path, at: 0, count: .max)
    }

    package func read(_ path: String, at offset: Int, count: Int) throws(FilesError) -> [UInt8] {
        do throws(DiskFailure) {
            return try perform { (state) throws(DiskFailure) in
                guard let file = state.names[path], let content = state.contents[file] else { throw .notFound }
                return content.bytes(at: offset, count: count)
            }
        } catch {
            throw error.filesError("open", path)
        }
    }

    package func remove(_ path: String) throws(FilesError) {
        do throws(DiskFailure) {
            try perform { (state) throws(DiskFailure) in try state.remove(path) }
        } catch {
            throw error.filesError("unlink", path)
        }
    }

    package func exists(_ path: String) -> Bool {
        let found = try? perform { (state) throws(DiskFailure) in
            state.names[path] != nil || state.directories.contains(path)
        }
        return found ?? false
    }

    package func makeDirectory(_ path: String) throws(FilesError) {
        // Durable at once: the live one syncs the directory above.
        _ = try? perform { (state) throws(DiskFailure) in
            var path = path
            while path != "/", state.directories.insert(path).inserted {
                state.trace.append(.makeDirectory(path: path))
                path = Self.parent(of: path)
            }
        }
    }

    package func list(_ path: String) throws(FilesError) -> [String] {
        let all = try? perform { (state) throws(DiskFailure) in Array(state.names.keys) + Array(state.directories) }
        return (all ?? []).filter { $0 != "/" && Self.parent(of: $0) == path }
            .map { String($0.dropFirst(path.count + 1)) }.sorted()
    }
}

extension DiskFailure {
    func filesError(_ operation: String, _ path: String) -> FilesError {
        let number: Int32 =
            switch self {
            case .full: 28
            case .broken: 5
            case .notFound: 2
            }
        return FilesError(operation: operation, path: path, errno: number)
    }
}
