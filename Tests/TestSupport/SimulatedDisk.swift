internal import Base
internal import SQLite
internal import Synchronization

/// A disk in memory that remembers every operation, so that its power can be cut after any of them.
///
/// What is on the platter after a cut is what was synced, and of the rest what a seed says
/// (`DiskReplay`). A cut needs no second run: nothing before it can have seen it coming.
package final class SimulatedDisk: Sendable {
    /// What can be made to fail.
    package enum Call: Sendable {
        case write
        case sync
    }

    struct State {
        var names: [String: Int] = [:]
        var contents: [Int: DiskContent] = [:]
        var directories = Set<String>()
        var nextFile = 1
        var trace: [DiskOperation] = []
        var calls: [Call: Int] = [.write: 0, .sync: 0]
        var failing: (call: Call, from: Int, isFull: Bool)?
        var capacity = Int.max
        var ignoresSync = false
    }

    private let state: Mutex<State>

    package convenience init() { self.init(State()) }

    init(_ state: sending State) { self.state = Mutex(state) }

    // MARK: What the tests set and ask

    /// The operations so far: the power can be cut after any number of them.
    package var trace: [DiskOperation] { state.withLock { $0.trace } }

    package var operationCount: Int { state.withLock { $0.trace.count } }

    package func count(of call: Call) -> Int { state.withLock { $0.calls[call] ?? 0 } }

    /// Bytes that all files take together.
    package var usedBytes: Int { state.withLock { $0.used } }

    /// Makes the `number`th call of a kind from now on fail, and all after it.
    package func fail(_ call: Call, after number: Int, isFull: Bool = false) {
        state.withLock { $0.failing = (call, ($0.calls[call] ?? 0) + number, isFull) }
    }

    /// Mends what `fail` broke.
    package func mend() { state.withLock { $0.failing = nil } }

    /// Has room for so many bytes; more is a full disk.
    package func setCapacity(_ bytes: Int) { state.withLock { $0.capacity = bytes } }

    /// The mutant of INV-2: says that it synced, and did not.
    package func ignoreSync() { state.withLock { $0.ignoresSync = true } }

    /// Flips one bit of a file.
    package func damage(_ path: String, at offset: Int) {
        state.withLock { state in
            guard let file = state.names[path] else { return }
            state.contents[file]?.flip(at: offset)
        }
    }

    /// Another disk with the same files, as after a clean restart of the machine.
    package func copy() -> SimulatedDisk {
        var copy = State()
        state.withLock { state in
            copy.names = state.names
            for file in state.names.values { copy.contents[file] = state.contents[file] }
            copy.directories = state.directories
            copy.nextFile = state.nextFile
        }
        return SimulatedDisk(copy)
    }

    /// What lies on it now.
    var platter: (names: [String: Int], contents: [Int: DiskContent], directories: Set<String>) {
        state.withLock { ($0.names, $0.contents, $0.directories) }
    }

    /// Bytes of a file; 0 where there is none.
    package func size(_ path: String) -> Int {
        state.withLock { state in state.names[path].flatMap { state.contents[$0]?.count } ?? 0 }
    }

    package var paths: [String] { state.withLock { $0.names.keys.sorted() } }

    // MARK: Operations

    func perform<Value>(_ body: (inout State) throws(DiskFailure) -> Value) throws(DiskFailure) -> Value {
        let result: Result<Value, DiskFailure> = state.withLock { state in
            do throws(DiskFailure) { return .success(try body(&state)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}

/// Why an operation failed.
enum DiskFailure: Error {
    case full
    case broken
    case notFound
}

/// One thing that was done to the disk.
package enum DiskOperation: Sendable {
    case create(path: String, file: Int)
    case remove(path: String)
    case rename(from: String, to: String)
    case write(file: Int, offset: Int, bytes: [UInt8])
    case truncate(file: Int, size: Int)
    case sync(file: Int)
    case syncDirectory(path: String)
    case makeDirectory(path: String)
}

extension SimulatedDisk.State {
    var used: Int { contents.values.reduce(0) { $0 + $1.count } }

    mutating func check(_ call: SimulatedDisk.Call) throws(DiskFailure) {
        let number = (calls[call] ?? 0) + 1
        calls[call] = number
        if let failing, failing.call == call, number >= failing.from {
            throw failing.isFull ? .full : .broken
        }
    }

    mutating func open(_ path: String, create: Bool) throws(DiskFailure) -> (file: Int, isNew: Bool) {
        if let file = names[path] { return (file, false) }
        guard create else { throw .notFound }
        let file = nextFile
        nextFile += 1
        names[path] = file
        contents[file] = DiskContent()
        trace.append(.create(path: path, file: file))
        return (file, true)
    }

    mutating func write(_ bytes: [UInt8], to file: Int, at offset: Int) throws(DiskFailure) {
        try check(.write)
        var content = contents[file] ?? DiskContent()
        contents[file] = nil
        defer { contents[file] = content }
        let growth = max(0, offset + bytes.count - content.count)
        guard used + content.count + growth <= capacity else { throw .full }
        content.put(bytes, at: offset)
        trace.append(.write(file: file, offset: offset, bytes: bytes))
    }

    mutating func truncate(_ file: Int, to size: Int) {
        contents[file]?.resize(to: size)
        trace.append(.truncate(file: file, size: size))
    }

    mutating func sync(_ file: Int) throws(DiskFailure) {
        try check(.sync)
        if !ignoresSync { trace.append(.sync(file: file)) }
    }

    mutating func syncDirectory(_ path: String) throws(DiskFailure) {
        try check(.sync)
        if !ignoresSync { trace.append(.syncDirectory(path: path)) }
    }

    mutating func remove(_ path: String) throws(DiskFailure) {
        guard names.removeValue(forKey: path) != nil else { throw .notFound }
        trace.append(.remove(path: path))
    }

    mutating func rename(_ path: String, to target: String) throws(DiskFailure) {
        guard let file = names.removeValue(forKey: path) else { throw .notFound }
        names[target] = file
        trace.append(.rename(from: path, to: target))
    }
}
