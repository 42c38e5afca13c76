package import Base
package import Message
internal import SQLite
package import Store
internal import Synchronization

/// The index of a store's messages, in a database of its own beside the store's.
///
/// The words of all messages are a list that FTS5 finds any string of letters in by its trigrams;
/// beside each word stands where it is. Letters and pairs of letters have lists of their own.
package final class SearchIndex: TextIndex {
    /// A connection under its own lock, opened at its first use.
    private final class Reader: Sendable {
        let connection = Mutex<Connection?>(nil)
    }

    private struct State {
        var idle: [Int]
        /// Whether the file turned out to be damaged: it is made anew before anything else.
        var isDamaged = false
        var wake: (@Sendable () -> Void)?
    }

    private let store: Store
    private let path: String
    private let identity: Int64
    private let environment: IndexEnvironment
    private let writer: Mutex<Connection?>
    private let readers: [Reader]
    private let state: Mutex<State>

    /// Opens the index of a store that lies in a directory; blocks.
    package init(of store: Store, in directory: String, _ environment: IndexEnvironment) throws {
        self.store = store
        self.environment = environment
        path = Self.path(in: directory)
        identity = try store.writeNow { try $0.identity() }
        writer = Mutex(try IndexFile.open(path, identity: identity, environment))
        readers = [Reader(), Reader()]
        state = Mutex(State(idle: Array(readers.indices)))
    }

    private static func path(in directory: String) -> String { directory + "/search.db" }

    /// Removes what lies in a directory that gets another store.
    package static func remove(from directory: String, files: any Files) throws {
        try IndexFile.remove(path(in: directory), files)
    }

    // MARK: Questions

    package func answers(
        to questions: [SearchQuestion],
        from: EditionID,
        through: EditionID
    ) async -> [IndexAnswer] {
        await hop(environment.readers) { $0.answersNow(to: questions, from: from, through: through) }
    }

    /// The same on the calling thread.
    package func answersNow(to questions: [SearchQuestion], from: EditionID, through: EditionID) -> [IndexAnswer] {
        do {
            return try withReader { connection in
                try connection.transaction(.read) {
                    try IndexReader(connection, from: from, through: through).answers(to: questions)
                }
            }
        } catch is IndexUnavailable {
            return []
        } catch {
            note(error)
            return []
        }
    }

    func withReader<Value: Sendable>(_ body: (Connection) throws -> Value) throws -> Value {
        // Where more threads ask than there are connections, they share one and wait for its lock.
        let index = state.withLock { $0.idle.popLast() }
        defer { if let index { state.withLock { $0.idle.append(index) } } }
        return try readers[index ?? 0].connection.withLock { connection in
            // Looked at under the lock: the file is removed only after every reader has let go of it.
            guard !state.withLock({ $0.isDamaged }) else { throw IndexUnavailable() }
            if let connection { return try body(connection) }
            let opened = try IndexFile.openForReading(path, environment)
            connection = opened
            return try body(opened)
        }
    }

    // MARK: Taking in

    package func advance() async -> Bool {
        await hop(environment.indexer) { index in
            do {
                return try index.advanceNow()
            } catch {
                index.note(error)
                return false
            }
        }
    }

    /// The same on the calling thread.
    package func advanceNow() throws -> Bool {
        try withWriter { writer in
            let through = try writer.through()
            let pending = try store.readNow { try $0.editions(after: through, limit: Limits.indexedMessages) }
            guard !pending.isEmpty else { return try settle(writer) }
            var messages = IndexedMessages()
            var octets = 0
            var last = through
            for (edition, size) in pending {
                guard octets == 0 || octets + size <= Limits.indexedOctets else { break }
                // What was removed meanwhile is no more than a number here.
                if let bytes = try bytes(of: edition) {
                    messages.add(edition, bytes)
                } else {
                    messages.addUnreadable(edition)
                }
                octets += size
                last = edition
            }
            try writer.add(messages, through: last)
            // What comes while mail keeps coming waits for its own round: a commit for each is dear.
            guard pending.count == Limits.indexedMessages || last != pending.last?.0 else { return try settle(writer) }
            if writer.connection.framesInLog > Limits.framesInLog { try writer.connection.checkpoint() }
            return true
        }
    }

    /// Everything is taken in: says so, after clearing away.
    private func settle(_ writer: IndexWriter) throws -> Bool {
        try collect(writer)
        try writer.connection.checkpoint()
        return false
    }

    private func bytes(of edition: EditionID) throws -> [UInt8]? {
        do {
            return try store.readNow { try $0.bytes(of: edition) }
        } catch StoreError.missing {
            return nil
        } catch StoreError.damagedBody {
            return nil
        } catch StoreError.files {
            return nil
        }
    }

    /// Takes out what members have removed, once that is a good part of the whole.
    private func collect(_ writer: IndexWriter) throws {
        let through = try writer.through()
        let there = try store.readNow { try $0.countEditions(through: through).before }
        let known = try writer.countDocuments()
        guard known - there > max(Self.leastCollected, known / 4) else { return }
        let editions = try writer.editions()
        let existing = try store.readNow { try $0.existing(editions) }
        try writer.remove(Set(editions).subtracting(existing))
    }

    private static let leastCollected = 1000

    private func withWriter<Value: Sendable>(_ body: (IndexWriter) throws -> Value) throws -> Value {
        try writer.withLock { connection in
            if state.withLock({ $0.isDamaged }) {
                connection = nil
                for reader in readers { reader.connection.withLock { $0 = nil } }
                try IndexFile.remove(path, environment.files)
                connection = try IndexFile.open(path, identity: identity, environment)
                state.withLock { $0.isDamaged = false }
            }
            if let connection { return try body(IndexWriter(connection: connection)) }
            let opened = try IndexFile.open(path, identity: identity, environment)
            connection = opened
            return try body(IndexWriter(connection: opened))
        }
    }

    // MARK: Care

    package func progress() async throws -> IndexProgress {
        try await attempt(environment.readers) { try $0.progressNow() }
    }

    /// The same on the calling thread.
    package func progressNow() throws -> IndexProgress {
        let (known, through): (Int, EditionID) = try withReader { connection in
            let writer = IndexWriter(connection: connection)
            return (try writer.countDocuments(), try writer.through())
        }
        return IndexProgress(
            indexed: known,
            pending: try store.readNow { try $0.countEditions(through: through).behind }
        )
    }

    package func rebuild() async throws {
        try await attempt(environment.indexer) { try $0.rebuildNow() }
        state.withLock { $0.wake }?()
    }

    /// The same on the calling thread.
    package func rebuildNow() throws {
        state.withLock { $0.isDamaged = true }
        try withWriter { _ in }
    }

    package func erase(_ editions: Set<EditionID>) async throws {
        try await attempt(environment.indexer) { try $0.withWriter { try $0.remove(editions) } }
    }

    package func onRebuild(_ wake: @escaping @Sendable () -> Void) {
        state.withLock { $0.wake = wake }
    }

    /// A damaged file is made anew by the next `advance`; meanwhile messages are read.
    private func note(_ error: any Error) {
        environment.log.error("the search index does not work, messages are read instead: \(error)")
        guard let error = error as? SQLiteError, error.meansDamage else { return }
        let wake = state.withLock { state in
            state.isDamaged = true
            return state.wake
        }
        wake?()
    }

    // MARK: Threads

    private func hop<Value: Sendable>(
        _ queue: any JobQueue,
        _ body: @escaping @Sendable (SearchIndex) -> Value
    ) async -> Value {
        await withCheckedContinuation { continuation in
            queue.enqueue { continuation.resume(returning: body(self)) }
        }
    }

    private func attempt<Value: Sendable>(
        _ queue: any JobQueue,
        _ body: @escaping @Sendable (SearchIndex) throws -> Value
    ) async throws -> Value {
        try await hop(queue) { index in Result { try body(index) } }.get()
    }
}

/// The file is being made anew.
private struct IndexUnavailable: Error, CustomStringConvertible {
    var description: String { "the search index is being made anew" }
}
