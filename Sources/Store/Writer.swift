internal import Base
internal import SQLite
internal import Synchronization

/// A change that waits for the writer, whatever it gives.
protocol PendingChange: Sendable {
    func perform(in transaction: Transaction) throws
    /// Told once: nil when the change is durable, its error otherwise.
    func finish(_ error: (any Error)?)
}

/// A change with the value that it gives.
final class Change<Value: Sendable>: PendingChange {
    private let body: @Sendable (Transaction) throws -> Value
    private let answer: @Sendable (Result<Value, any Error>) -> Void
    private let value = Mutex<Value?>(nil)

    init(
        _ body: @escaping @Sendable (Transaction) throws -> Value,
        answer: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        self.body = body
        self.answer = answer
    }

    func perform(in transaction: Transaction) throws {
        let result = try body(transaction)
        value.withLock { $0 = result }
    }

    func finish(_ error: (any Error)?) {
        if let error { return answer(.failure(error)) }
        // Performed before it is finished without an error.
        answer(value.withLock { $0 }.map { .success($0) } ?? .failure(StoreError.closed))
    }
}

/// The one writer: takes every waiting change, commits them together, then answers all.
///
/// It never waits to collect more: what arrives during one commit makes up the next group. Each
/// change stands in a savepoint of its own, so that a failed one costs only itself.
final class Writer: Sendable {
    private struct State {
        var waiting: [any PendingChange] = []
        var isScheduled = false
        var stopped: StoreError?
    }

    /// What a group leaves behind, told after the lock is free.
    private struct Outcome {
        var answers: [(change: any PendingChange, error: (any Error)?)] = []
        var touched = ChangeSet()

        init() {}

        /// The same error for every change.
        init(_ group: [any PendingChange], _ error: StoreError) {
            answers = group.map { ($0, error) }
        }
    }

    /// What the writer's thread works with.
    private struct Desk {
        let connection: Connection
        var known = KnownRows()
    }

    private let state = Mutex(State())
    private let desk: Mutex<Desk>
    private let context: StoreContext

    init(_ connection: sending Connection, context: StoreContext) {
        desk = Mutex(Desk(connection: connection))
        self.context = context
    }

    // MARK: In

    /// Puts a change into the queue, or answers it at once where it cannot wait.
    func submit(_ change: any PendingChange) {
        let (refusal, schedules): (StoreError?, Bool) = state.withLock { state in
            if let stopped = state.stopped { return (stopped, false) }
            guard state.waiting.count < Limits.waitingChanges else { return (.overloaded, false) }
            state.waiting.append(change)
            defer { state.isScheduled = true }
            return (nil, !state.isScheduled)
        }
        if let refusal { return change.finish(refusal) }
        if schedules { context.environment.writer.enqueue { self.drain() } }
    }

    /// Performs changes as one group on the calling thread.
    func performNow(_ changes: [any PendingChange]) {
        finish(desk.withLock { commit(changes, on: &$0) })
    }

    private func drain() {
        while let group = nextGroup() {
            finish(desk.withLock { commit(group, on: &$0) })
        }
    }

    private func nextGroup() -> [any PendingChange]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isScheduled = false
                return nil
            }
            let group = Array(state.waiting.prefix(Limits.changesPerCommit))
            state.waiting.removeFirst(group.count)
            return group
        }
    }

    // MARK: Commit

    private func commit(_ group: [any PendingChange], on desk: inout Desk) -> Outcome {
        let connection = desk.connection
        if let stopped = state.withLock({ $0.stopped }) { return Outcome(group, stopped) }
        var outcome = Outcome()
        var performed: [any PendingChange] = []
        do throws(SQLiteError) {
            try connection.begin(.write)
        } catch {
            return Outcome(group, StoreError(error))
        }
        for (index, change) in group.enumerated() {
            let transaction = Transaction(connection, context: context, knowing: desk.known)
            do {
                try connection.savepoint {
                    try change.perform(in: transaction)
                    try context.project(transaction, transaction.events)
                }
                desk.known = transaction.known
                performed.append(change)
                outcome.touched.formUnion(transaction.touched)
            } catch {
                let failure = (error as? SQLiteError).map(StoreError.init) ?? error
                outcome.answers.append((change, failure))
                // SQLite undoes the whole transaction where it cannot undo the savepoint alone.
                guard !connection.isOutsideTransaction else {
                    desk.known = KnownRows()
                    return undone(performed + group[(index + 1)...], by: failure, outcome)
                }
            }
        }
        guard !performed.isEmpty else {
            connection.rollback()
            return outcome
        }
        do throws(SQLiteError) {
            try connection.commit()
        } catch {
            connection.rollback()
            desk.known = KnownRows()
            // A full disk is met while the log is written, before the frame that would make the
            // transaction valid: it is known to be undone, which is not known of any other failure.
            let failure = StoreError(error)
            if failure == .full, connection.isOutsideTransaction {
                outcome.touched = ChangeSet()
                outcome.answers += performed.map { ($0, failure) }
                return outcome
            }
            return stopped(performed, by: failure, outcome)
        }
        context.snapshots.publish(outcome.touched, from: ReadTransaction(connection, bodies: context.bodies))
        outcome.answers += performed.map { ($0, nil) }
        return outcome
    }

    /// What becomes of a group whose transaction SQLite has undone.
    private func undone(
        _ changes: [any PendingChange],
        by failure: any Error,
        _ outcome: Outcome
    ) -> Outcome {
        guard failure as? StoreError == .full else { return stopped(changes, by: failure, outcome) }
        var outcome = outcome
        outcome.touched = ChangeSet()
        outcome.answers += changes.map { ($0, failure) }
        return outcome
    }

    private func stopped(
        _ changes: [any PendingChange],
        by failure: any Error,
        _ outcome: Outcome
    ) -> Outcome {
        let reason = stop(because: "\(failure)")
        var outcome = outcome
        outcome.touched = ChangeSet()
        outcome.answers += changes.map { ($0, reason) }
        return outcome
    }

    private func finish(_ outcome: Outcome) {
        for (change, error) in outcome.answers { change.finish(error) }
        context.snapshots.notify(outcome.touched)
        // Moving it costs several commits: where changes wait, the log may grow for a while, and pages that they
        // change again are moved once.
        let isBusy = state.withLock { !$0.waiting.isEmpty }
        moveLog(longerThan: isBusy ? Self.busyLog * Limits.framesInLog : Limits.framesInLog)
    }

    /// How many times longer the log becomes before it is moved while changes wait.
    private static let busyLog = 4

    /// Moves the log into the database where it has become long; between commits, after the answers.
    func moveLog(longerThan frames: Int) {
        let failure: SQLiteError? = desk.withLock { desk in
            guard desk.connection.framesInLog > frames else { return nil }
            do throws(SQLiteError) {
                try desk.connection.checkpoint()
                return nil
            } catch {
                return error
            }
        }
        guard let failure else { return }
        if .full ~= failure.code {
            context.environment.log.warning("the database cannot grow: the disk is full")
        } else {
            stop(because: "checkpoint: \(failure)")
        }
    }

    // MARK: End

    /// Ends all writing: what is durable is known only after a restart (INV-2).
    @discardableResult
    func stop(because reason: String) -> StoreError {
        let (error, waiting, isFirst) = state.withLock { state in
            let isFirst = state.stopped == nil
            let error = state.stopped ?? .stopped(reason)
            state.stopped = error
            defer { state.waiting = [] }
            return (error, state.waiting, isFirst)
        }
        for change in waiting { change.finish(error) }
        if isFirst {
            context.environment.log.error("the store stops: \(reason)")
            context.whenStopped(error)
        }
        return error
    }

    /// Refuses all later changes; the waiting ones are still written.
    func close() {
        drain()
        refuse(.closed)
        moveLog(longerThan: 0)
    }

    /// Refuses all changes from now on.
    func refuse(_ error: StoreError) {
        state.withLock { $0.stopped = $0.stopped ?? error }
    }

    /// Why nothing is written any more; nil while the writer works.
    var refusal: StoreError? { state.withLock { $0.stopped } }
}
