package import Base
internal import Crypto
internal import Policy
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

    private let store: Store
    private let recorder: any RelayRecorder
    private let driver: SMTPClientDriver
    private let credentials: Credentials
    /// What attempts are recorded under.
    private let host: String
    private let time: any TimeSource
    private let log: Log

    package init(
        store: Store,
        recorder: any RelayRecorder,
        driver: SMTPClientDriver,
        credentials: @escaping Credentials,
        host: String,
        time: any TimeSource,
        log: Log
    ) {
        self.store = store
        self.recorder = recorder
        self.driver = driver
        self.credentials = credentials
        self.host = host
        self.time = time
        self.log = log
    }

    /// What a run over the queue came to.
    package enum Run: Sendable {
        /// Everything due was tried; when the next recipient is due, if any is.
        case done(next: Timestamp?)
        /// The smarthost could not be reached or logged in to: the rest was left alone.
        case unreachable
    }

    /// Sends everything that is due over one session.
    package func sendDue(on loop: EventLoop) async throws -> Run {
        guard let first = try await nextJob() else { return .done(next: try await nextAttempt()) }
        let attempt = try await begin(first)
        let opened: Result<(any Error)?, SMTPFailure>
        do {
            let login = try await credentials()
            opened = await open(login, on: loop, first, attempt)
        } catch {
            log.error("smarthost \(host): the secret cannot be had: \(error)")
            opened = .failure(SMTPFailure(.logIn, .noMechanism))
        }
        switch opened {
        case .success(nil):
            return .done(next: try await nextAttempt())
        case .success(let error?):
            throw error
        case .failure(let failure):
            // What concerns the smarthost and not the message is no reason to give a message up.
            log.warning("smarthost \(host): \(failure)")
            let outcomes = first.rows.map { _ in RecipientOutcome.temporary(failure) }
            try await conclude(first, attempt, DeliveryReport(outcomes: outcomes, isRefusedByCheck: false))
            return .unreachable
        }
    }

    /// Runs a session over the queue, beginning with a job whose attempt is committed.
    private func open(
        _ login: ClientCredentials?,
        on loop: EventLoop,
        _ first: Job,
        _ attempt: Int64
    ) async -> Result<(any Error)?, SMTPFailure> {
        do throws(SMTPFailure) {
            let failure = try await driver.withSession(credentials: login, on: loop) { session -> (any Error)? in
                do {
                    try await self.send(first, attempt, over: session)
                    while session.isUsable, let job = try await self.nextJob() {
                        try await self.send(job, try await self.begin(job), over: session)
                    }
                    return nil
                } catch {
                    return error
                }
            }
            return .success(failure)
        } catch {
            return .failure(error)
        }
    }

    private func send(_ job: Job, _ attempt: Int64, over session: SMTPClientSession) async throws {
        var check = ReleaseCheck(job)
        let report = await session.send(job.envelope, job.transmitForm, check: &check)
        try await conclude(job, attempt, report)
    }

    private func nextAttempt() async throws -> Timestamp? {
        try await store.read { try $0.nextAttempt(inState: RecipientState.waiting.rawValue) }
    }

    // MARK: One message

    /// A released message with those of its recipients that are due.
    struct Job: Sendable {
        let outbound: OutboundID
        let revision: Int
        let envelope: SMTPWire.Envelope
        /// The whole envelope that was judged: what the release hash covers.
        let judged: SMTPWire.Envelope
        let rows: [OutboundRecipientRow]
        let transmitForm: [UInt8]
        let releaseHash: [UInt8]
        let releasedAt: Timestamp
    }

    private func nextJob() async throws -> Job? {
        let now = time.now
        return try await store.read { transaction in
            let due = try transaction.dueRecipients(inState: RecipientState.waiting.rawValue, at: now, limit: 1)
            guard let first = due.first, let row = try transaction.outbound(first.outbound),
                let revision = try transaction.revision(first.revision, of: first.outbound)
            else { return nil }
            let all = try transaction.recipients(of: first.outbound, revision: first.revision)
            let rows = all.filter {
                $0.state == RecipientState.waiting.rawValue && $0.nextAttempt.map { $0 <= now } ?? false
            }
            return Job(
                outbound: first.outbound,
                revision: first.revision,
                envelope: SMTPWire.Envelope(revision, rows),
                judged: SMTPWire.Envelope(revision, all),
                rows: rows,
                transmitForm: try transaction.bytes(ofBody: revision.transmit),
                releaseHash: row.releaseHash,
                releasedAt: row.finishedAt ?? row.submittedAt
            )
        }
    }

    /// Commits an attempt before a byte leaves: after a crash it says that the message may have left.
    ///
    /// It also puts the next attempt off, so that a crash loop does not become a mail flood.
    private func begin(_ job: Job) async throws -> Int64 {
        let next = time.now.advanced(by: Self.backOff(job.rows.map(\.attempts).max() ?? 0))
        return try await store.write { transaction in
            guard let row = try transaction.outbound(job.outbound),
                row.state == OutboundState.queued.rawValue
                    || row.state == OutboundState.sent.rawValue
            else { throw StoreError.missing("released message \(job.outbound)") }
            for recipient in job.rows {
                try transaction.updateRecipient(
                    recipient.position,
                    of: job.outbound,
                    revision: job.revision,
                    state: RecipientState.waiting.rawValue,
                    lastReply: recipient.lastReply,
                    attempts: recipient.attempts + 1,
                    nextAttempt: next
                )
            }
            return try transaction.beginAttempt(of: job.outbound, revision: job.revision, host: host)
        }
    }

    /// Commits each recipient's answer together with the events that tell of it.
    private func conclude(_ job: Job, _ attempt: Int64, _ report: DeliveryReport) async throws {
        if report.isRefusedByCheck {
            log.error("\(job.outbound): the bytes to be sent are not those that were released")
        }
        let body = try await store.prepare(job.transmitForm)
        let now = time.now
        try await store.write { transaction in
            var relayed: [RelayReport.Answer] = []
            var failed: [RelayReport.Answer] = []
            for (recipient, outcome) in zip(job.rows, report.outcomes) {
                let tries = recipient.attempts + 1
                let end = Self.end(of: outcome, releasedAt: job.releasedAt, now: now)
                let answer = RelayReport.Answer(address: recipient.address, reply: end.reply)
                switch end.state {
                case .relayed: relayed.append(answer)
                case .failed: failed.append(answer)
                case .held, .waiting: break
                }
                try transaction.updateRecipient(
                    recipient.position,
                    of: job.outbound,
                    revision: job.revision,
                    state: end.state.rawValue,
                    lastReply: end.reply,
                    attempts: tries,
                    nextAttempt: end.state == .waiting ? now.advanced(by: Self.backOff(recipient.attempts)) : nil
                )
            }
            try transaction.endAttempt(attempt, outcome: report.outcomes.map(Self.summary).joined(separator: "; "))
            let rest = try transaction.recipients(of: job.outbound, revision: job.revision)
            try recorder.record(
                RelayReport(
                    outbound: job.outbound,
                    revision: job.revision,
                    relayed: relayed,
                    failed: failed,
                    isFinished: !rest.contains { $0.state == RecipientState.waiting.rawValue },
                    transmitForm: body
                ),
                transaction
            )
        }
    }

    private static func end(
        of outcome: RecipientOutcome,
        releasedAt: Timestamp,
        now: Timestamp
    ) -> (state: RecipientState, reply: String) {
        let isOld = now.duration(since: releasedAt) > lifetime
        switch outcome {
        case .accepted(let reply): return (.relayed, reply.description)
        case .permanent(let failure): return (.failed, failure.description)
        // Where nobody knows, it is sent again: at least once, with the same Message-ID (INV-2).
        case .temporary(let failure), .unknown(let failure):
            return (isOld ? .failed : .waiting, isOld ? "given up after five days: \(failure)" : failure.description)
        }
    }

    private static func summary(_ outcome: RecipientOutcome) -> String {
        switch outcome {
        case .accepted(let reply): reply.description
        case .permanent(let failure), .temporary(let failure), .unknown(let failure): failure.description
        }
    }

    /// 1 m, 5 m, 15 m, 30 m, 1 h, 2 h, then every 4 h.
    static func backOff(_ attempts: Int) -> Duration {
        let minutes = [1, 5, 15, 30, 60, 120]
        return .seconds(60 * (attempts < minutes.count ? minutes[attempts] : 240))
    }

    /// Counted from the release (RFC 5321 §4.5.4.1).
    static let lifetime = Duration.seconds(5 * 24 * 3600)
}

/// Hashes what is sent while it is sent; the final dot follows only where it is what was released
/// (INV-1).
struct ReleaseCheck: TransmitCheck, ~Copyable {
    private var hash: SHA256?
    private let expected: [UInt8]

    init(_ job: Relay.Job) {
        hash = ReleaseHash.begin(job.judged, octets: job.transmitForm.count)
        expected = job.releaseHash
    }

    mutating func take(_ bytes: Span<UInt8>) { hash?.update(bytes) }

    mutating func mayEnd() -> Bool { hash.take()?.finish() == expected }
}
