package import Base
package import IMAPWire
internal import SQLite

/// Everything that Greenroom keeps: one database, and files for large bodies.
///
/// A change that `write` has answered is durable (INV-2); what others see of it (snapshots, counts,
/// notices) changes only after its commit.
package final class Store: Sendable {
    let context: StoreContext
    let readers: Readers
    let writer: Writer
    /// What \Recent is made of.
    package let recent: RecentMarks
    /// Held as long as the store is open for writing.
    private let lock: StoreLock?

    init(context: StoreContext, writer: Writer, readers: Readers, recent: RecentMarks, lock: StoreLock?) {
        self.context = context
        self.writer = writer
        self.readers = readers
        self.recent = recent
        self.lock = lock
    }

    /// Why nothing is written any more; nil while the store works.
    package var refusal: StoreError? { writer.refusal }

    // MARK: Changes

    /// Makes a change, and returns what it gives once it is durable.
    ///
    /// Changes that wait are committed together; one that throws is undone alone. The closure runs
    /// on the writer's thread, inside the transaction, and must not wait for anything.
    package func write<Value: Sendable>(
        _ change: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            writer.submit(Change(change) { continuation.resume(with: $0) })
        }
    }

    /// Makes a change on the calling thread: for tests and the command line.
    package func writeNow<Value: Sendable>(
        _ change: @escaping @Sendable (Transaction) throws -> Value
    ) throws -> Value {
        let answer = Answer<Value>()
        writer.performNow([Change(change) { answer.set($0) }])
        return try answer.get()
    }

    // MARK: Reads

    /// Reads the store as it is at one moment, on a worker thread.
    ///
    /// A hop to the thread costs more than many look-ups: ask for all that is needed at once.
    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (ReadTransaction) throws -> Value
    ) async throws -> Value {
        try await readers.run { try $0.readNow(body) }
    }

    /// Reads on the calling thread: for tests, the command line and the start of the gateway.
    package func readNow<Value: Sendable>(_ body: @Sendable (ReadTransaction) throws -> Value) throws -> Value {
        try readers.readNow(body)
    }

    /// Runs other work that takes long on a thread for reads.
    package func compute<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws -> Value {
        try await readers.run { _ in work() }
    }

    // MARK: Snapshots

    /// A mailbox as a member sees it, loaded where it is not in memory.
    ///
    /// It stays in memory as long as somebody observes the mailbox: observe first, then ask. Others
    /// stay while there is room (`Limits.warmEntries`).
    package func snapshot(of mailbox: MailboxID, member: String) async throws -> MailboxSnapshot {
        if let current = currentSnapshot(of: mailbox, member: member) { return current }
        return try await readers.run { readers in
            try self.context.snapshots.load(mailbox, member: member) { try readers.readNow($0) }
        }
    }

    /// The newest snapshot where it is in memory, without waiting.
    package func currentSnapshot(of mailbox: MailboxID, member: String) -> MailboxSnapshot? {
        context.snapshots.current(mailbox, member: member)
    }

    /// Rises with each change of the list of mailboxes or of subscriptions, before the change is answered.
    ///
    /// Read before the list is, it tells later whether the list is still true.
    package var listVersion: Int { context.snapshots.listVersion }

    /// Is told of changes after their commit, as long as the observation lives.
    ///
    /// The closure runs on the writer's thread: it may only pass the word on.
    package func observe(
        _ scope: ObservationScope,
        notify: @escaping @Sendable (StoreChange) -> Void
    ) -> Observation {
        context.snapshots.observe(scope, notify)
    }

    // MARK: Bodies

    /// Takes in the bytes of a body, to be named by a change; large ones are durable on return.
    ///
    /// `isShown` is false for bytes that no client is going to see as a message: they are not parsed.
    package func prepare(_ bytes: [UInt8], isShown: Bool = true) async throws -> StoredBody {
        // A small one costs less than the hop to another thread.
        guard bytes.count > Limits.preparedInPlace else { return try prepareNow(bytes, isShown: isShown) }
        return try await readers.run { _ in try self.prepareNow(bytes, isShown: isShown) }
    }

    /// The same on the calling thread.
    package func prepareNow(_ bytes: [UInt8], isShown: Bool = true) throws(StoreError) -> StoredBody {
        if let refusal { throw refusal }
        do throws(StoreError) {
            return try context.bodies.prepare(bytes, isShown: isShown)
        } catch {
            // After a failed sync nobody knows what is durable.
            if case .files(let failure) = error, failure.operation == "fsync" {
                throw writer.stop(because: "\(failure)")
            }
            throw error
        }
    }

    /// Removes bodies that nothing names any more; gives how many.
    ///
    /// Works in slices between other changes; call it again until it gives 0.
    package func collectBodies() async throws -> Int {
        let removed = try await write { try $0.removeUnusedBodies(limit: Limits.bodiesPerCollection) }
        // Only once the rows are durably gone: a file must not be missing for a row that came back.
        if !removed.files.isEmpty { try await write { try $0.removeFiles(removed.files) } }
        return removed.count
    }

    /// Removes body files that no row names: what crashes left behind.
    package func sweepBodies() async throws {
        let files = try await readers.run { _ in try self.context.bodies.list() }
        var rest = files[...]
        while !rest.isEmpty {
            let slice = Array(rest.prefix(Limits.bodiesPerCollection))
            rest = rest.dropFirst(slice.count)
            try await write { try $0.removeFiles(slice) }
        }
    }

    // MARK: End

    /// Writes what waits, moves the log into the database and refuses everything later.
    package func close() {
        writer.close()
    }
}
