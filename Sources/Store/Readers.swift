internal import Base
internal import SQLite
internal import Synchronization

/// The connections that read, each used by one thread at a time.
final class Readers: Sendable {
    /// One connection under its own lock, opened at its first use.
    private final class Reader: Sendable {
        let connection = Mutex<Connection?>(nil)
    }

    private struct State {
        var idle: [Int]
        var waiting = 0
    }

    private let readers: [Reader]
    private let state: Mutex<State>
    private let path: String
    private let context: StoreContext

    init(path: String, context: StoreContext) {
        readers = (0..<Limits.readConnections).map { _ in Reader() }
        state = Mutex(State(idle: Array(readers.indices)))
        self.path = path
        self.context = context
    }

    /// Runs a read, or other work that blocks, on a worker thread.
    func run<Value: Sendable>(_ body: @escaping @Sendable (Readers) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let isAccepted = state.withLock { state in
                guard state.waiting < Limits.waitingReads else { return false }
                state.waiting += 1
                return true
            }
            guard isAccepted else { return continuation.resume(throwing: StoreError.overloaded) }
            context.environment.readers.enqueue {
                self.state.withLock { $0.waiting -= 1 }
                continuation.resume(with: Result { try body(self) })
            }
        }
    }

    /// Runs a read on the calling thread.
    func readNow<Value: Sendable>(_ body: @Sendable (ReadTransaction) throws -> Value) throws -> Value {
        let bodies = context.bodies
        return try withConnection { connection in
            do {
                return try connection.transaction(.read) { try body(ReadTransaction(connection, bodies: bodies)) }
            } catch let error as SQLiteError {
                throw StoreError(error)
            }
        }
    }

    /// Lends a connection outside a transaction.
    func withConnection<Value: Sendable>(_ body: @Sendable (Connection) throws -> Value) throws -> Value {
        // Where more threads read than there are connections, they share one and wait for its lock.
        let index = state.withLock { $0.idle.popLast() }
        defer { if let index { state.withLock { $0.idle.append(index) } } }
        return try readers[index ?? 0].connection.withLock { connection in
            if let connection { return try body(connection) }
            let opened = try open()
            connection = opened
            return try body(opened)
        }
    }

    private func open() throws(StoreError) -> Connection {
        do throws(SQLiteError) {
            let connection = try Connection(path: path, vfs: context.environment.vfs)
            try connection.execute("PRAGMA query_only = 1; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY")
            return connection
        } catch {
            throw StoreError(error)
        }
    }
}
