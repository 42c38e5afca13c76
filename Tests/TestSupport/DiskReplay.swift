/// Goes through a disk's operations again and makes the disks that a power cut can leave.
package struct DiskReplay {
    /// What becomes of the operations that were not synced.
    package enum Loss: Sendable, CaseIterable {
        /// None of them reached the platter.
        case all
        /// All of them did.
        case nothing
        /// Each did, did not, or was torn, in any order.
        case some
    }

    private var names: [String: Int] = [:]
    private var contents: [Int: DiskContent] = [:]
    private var directories = Set<String>()
    private var pendingNames: [DiskOperation] = []
    private var pendingContents: [Int: [DiskOperation]] = [:]

    package init() {}

    /// Begins with what is on a disk, all of it synced.
    package init(on disk: SimulatedDisk) {
        (names, contents, directories) = disk.platter
    }

    /// Takes the next operation.
    package mutating func apply(_ operation: DiskOperation) {
        switch operation {
        case .create, .remove, .rename:
            pendingNames.append(operation)
        case .write(let file, _, _), .truncate(let file, _):
            pendingContents[file, default: []].append(operation)
        case .sync(let file):
            for change in pendingContents.removeValue(forKey: file) ?? [] {
                Self.change(&contents, by: change)
            }
        case .syncDirectory(let path):
            var rest: [DiskOperation] = []
            for change in pendingNames {
                if Self.directory(of: change) == path { Self.change(&names, by: change) } else { rest.append(change) }
            }
            pendingNames = rest
        case .makeDirectory(let path):
            directories.insert(path)
        }
    }

    /// Whether a power cut at this point loses nothing that was done to files whose path does not begin so.
    package func isSynced(but excepted: String) -> Bool {
        var paths: [Int: String] = [:]
        for (path, file) in names { paths[file] = path }
        for operation in pendingNames {
            switch operation {
            case .create(let path, let file):
                paths[file] = path
                guard path.hasPrefix(excepted) else { return false }
            case .remove(let path), .rename(_, let path):
                guard path.hasPrefix(excepted) else { return false }
            default: return false
            }
        }
        return pendingContents.keys.allSatisfy { paths[$0]?.hasPrefix(excepted) ?? true }
    }

    /// The disk as the power comes back after a cut at this point.
    package func disk(losing loss: Loss, seed: UInt64) -> SimulatedDisk {
        var generator = SeededGenerator(seed: seed)
        var names = names
        var contents = contents
        for change in pendingNames where loss.keeps(&generator) { Self.change(&names, by: change) }
        for file in pendingContents.keys.sorted() {
            for change in pendingContents[file] ?? [] {
                guard loss.keeps(&generator) else { continue }
                Self.change(&contents, by: loss == .some ? Self.torn(change, &generator) : change)
            }
        }
        var state = SimulatedDisk.State()
        state.names = names
        for file in names.values { state.contents[file] = contents[file] ?? DiskContent() }
        state.directories = directories
        state.nextFile = (names.values.max() ?? 0) + 1
        return SimulatedDisk(state)
    }

    /// A write of which sometimes only the first part reached the platter.
    private static func torn(_ operation: DiskOperation, _ generator: inout SeededGenerator) -> DiskOperation {
        guard case .write(let file, let offset, let bytes) = operation, generator.next() % 3 == 0 else {
            return operation
        }
        let kept = Int(generator.next() % UInt64(bytes.count + 1))
        return .write(file: file, offset: offset, bytes: Array(bytes.prefix(kept)))
    }

    private static func change(_ contents: inout [Int: DiskContent], by operation: DiskOperation) {
        switch operation {
        case .write(let file, let offset, let bytes): contents[file, default: DiskContent()].put(bytes, at: offset)
        case .truncate(let file, let size): contents[file, default: DiskContent()].resize(to: size)
        default: break
        }
    }

    private static func change(_ names: inout [String: Int], by operation: DiskOperation) {
        switch operation {
        case .create(let path, let file): names[path] = file
        case .remove(let path): names[path] = nil
        case .rename(let path, let target):
            // Kept without the creation before it, the name stands for nothing.
            if let file = names.removeValue(forKey: path) { names[target] = file }
        default: break
        }
    }

    private static func directory(of operation: DiskOperation) -> String {
        switch operation {
        case .create(let path, _), .remove(let path), .rename(_, let path): SimulatedDisk.parent(of: path)
        default: "/"
        }
    }
}

extension DiskReplay.Loss {
    fileprivate func keeps(_ generator: inout SeededGenerator) -> Bool {
        switch self {
        case .all: false
        case .nothing: true
        case .some: generator.next() % 2 == 0
        }
    }
}
