package import Base
internal import Net
package import Reactor
package import SASL
package import SMTPClient
internal import SMTPWire
package import Store

/// Sends released mail to the smarthost: each attempt is committed before it dials, each answer
/// before the next message (INV-2).
package struct Relay: Sendable {
    /// The log-in, asked for anew for every session, so that a renewed token is taken.
    package typealias Credentials = @Sendable () async throws -> ClientCredentials?
    /// Waits a little for something to send over a session that is open; false where nothing came.
    package typealias Lingering = @Sendable () async -> Bool

    private let queue: RelayQueue
    private let driver: SMTPClientDriver
    private let credentials: Credentials
    private let known: KnownSmarthost
    private let crew: RelayCrew
    private let limits: RelayLimits
    private let log: Log

    package init(
        store: Store,
        recorder: any RelayRecorder,
        driver: SMTPClientDriver,
        credentials: @escaping Credentials,
        host: String,
        known: KnownSmarthost = KnownSmarthost(),
        limits: RelayLimits = RelayLimits(),
        time: any TimeSource,
        log: Log
    ) {
        self.driver = driver
        self.credentials = credentials
        self.known = known
        crew = RelayCrew(most: limits.connections - 1)
        self.limits = limits
        let log = log.with("smarthost", host)
        self.log = log
        queue = RelayQueue(
            store: store,
            recorder: recorder,
            host: host,
            known: known,
            limits: limits,
            time: time,
            log: log
        )
    }

    /// Ends the attempts that a crash cut off; called while nothing is being sent.
    package func recover() async throws { try await queue.closeOpenAttempts() }

    /// Gives up what is too old, and tells authors whose mail is late.
    package func lookForLate() async throws { try await queue.lookForLate() }

    /// Sends everything that is due, over as many sessions as are allowed.
    ///
    /// - Returns: When something is due next; nil where nothing waits for a time.
    package func sendDue(
        on loop: EventLoop,
        lingering: @escaping Lingering = { false }
    ) async throws -> Timestamp? {
        crew.begin()
        let first = await withTaskCancellationHandler {
            await Result.of { try await line(on: loop, lingering) }
        } onCancel: {
            crew.cancel()
        }
        for result in await [first] + crew.results() { try result.get() }
        return try await queue.nextDue()
    }

    /// Takes note that something may be due while `sendDue` runs: where every session is at work, one more is
    /// opened, so that a slow answer holds nobody else up.
    package func lookAgain(on loop: EventLoop) {
        crew.grow(on: loop, ifBusy: true) { try await line(on: loop, { false }) }
    }

    // MARK: One session after the other

    private enum End {
        /// The session is over; what is due goes over another one, first the job that was claimed already.
        case session(RelayJob?)
        /// The smarthost could not be reached or logged in to: the rest is left alone.
        case unreachable
    }

    private func line(on loop: EventLoop, _ lingering: @escaping Lingering) async throws {
        var claimed = try await queue.claim()
        while let job = claimed {
            // What was claimed for us to stop with was not begun.
            guard !Task.isCancelled else { return try await queue.giveBack(job, why: nil) }
            guard case .session(let next) = try await runSession(job, on: loop, lingering) else { return }
            claimed = next
            if claimed == nil, !Task.isCancelled { claimed = try await queue.claim() }
        }
    }

    /// Runs a session over the queue, beginning with a job whose attempt is committed.
    private func runSession(
        _ job: RelayJob,
        on loop: EventLoop,
        _ lingering: @escaping Lingering
    ) async throws -> End {
        for isLast in [false, true] {
            let login: ClientCredentials?
            do {
                login = try await credentials()
            } catch {
                log.error("the secret cannot be had: \(error)")
                try await queue.giveBack(job, why: "the secret for the smarthost cannot be had")
                return .unreachable
            }
            switch await open(login, job, on: loop, lingering) {
            case .success(let outcome):
                return .session(try outcome.get())
            case .failure(let failure):
                // A token that has ended looks like a wrong one: it is fetched anew, once.
                if !isLast, failure.stage == .logIn, failure.isPermanent, case .bearer? = login { continue }
                log.warning("not reached: \(failure)")
                let isStopping = failure.cause == .transport(.canceled)
                try await queue.giveBack(job, why: isStopping ? nil : "\(failure)")
                return .unreachable
            }
        }
        return .unreachable
    }

    private func open(
        _ login: ClientCredentials?,
        _ job: RelayJob,
        on loop: EventLoop,
        _ lingering: @escaping Lingering
    ) async -> Result<Result<RelayJob?, any Error>, SMTPFailure> {
        do throws(SMTPFailure) {
            let outcome = try await driver.withSession(credentials: login, on: loop) { session in
                await Result.of { try await self.send(job, over: session, on: loop, lingering) }
            }
            return .success(outcome)
        } catch {
            return .failure(error)
        }
    }

    /// Sends a message, and what is due behind it, for as long as the session lives; gives a job that it did
    /// not live to send.
    private func send(
        _ first: RelayJob,
        over session: SMTPClientSession,
        on loop: EventLoop,
        _ lingering: Lingering
    ) async throws -> RelayJob? {
        known.learn(session.capabilities)
        try await queue.reached(session.capabilities)
        crew.sessionOpened()
        defer { crew.sessionEnded() }
        // The smarthost is there: more may go to it side by side.
        if first.hasMore { addLine(on: loop) }
        var next = try await send(first, over: session)
        while !Task.isCancelled, await session.isReady() {
            if let job = next {
                if job.hasMore { addLine(on: loop) }
                next = try await send(job, over: session)
            } else {
                guard await crew.idle(lingering) else { return nil }
                next = try await queue.claim()
            }
        }
        return next
    }

    private func addLine(on loop: EventLoop) { crew.grow(on: loop) { try await line(on: loop, { false }) } }

    /// Sends a message; gives the job that comes next.
    private func send(_ job: RelayJob, over session: SMTPClientSession) async throws -> RelayJob? {
        guard let message = try await queue.message(of: job) else { return try await queue.claim() }
        var check = ReleaseCheck(job, octets: message.count)
        let report = await session.send(job.envelope, message, check: &check)
        return try await queue.conclude(job, message, report, session.capabilities)
    }
}

/// What the provider allows.
package struct RelayLimits: Hashable, Sendable {
    /// Sessions side by side.
    package var connections: Int
    /// Messages in any minute; nil for no limit.
    package var messagesPerMinute: Int?

    package init(connections: Int = 1, messagesPerMinute: Int? = nil) {
        self.connections = connections
        self.messagesPerMinute = messagesPerMinute
    }
}

extension Result where Failure == any Error {
    /// What a body gives or throws.
    static func of(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
