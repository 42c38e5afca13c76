package import Base
internal import Policy
internal import SMTPClient
internal import SMTPWire
package import Store

/// The relay's side of the store: what is due, what was begun, what became of it.
struct RelayQueue: Sendable {
    let store: Store
    let recorder: any RelayRecorder
    /// What attempts are recorded under.
    let host: String
    let known: KnownSmarthost
    let limits: RelayLimits
    let time: any TimeSource
    let log: Log

    static let waiting = RecipientState.waiting.rawValue

    // MARK: What is due

    /// When something is due next; nil where nothing waits for a time.
    func nextDue() async throws -> Timestamp? {
        try await store.read { transaction in
            guard let next = try transaction.nextAttempt(inState: Self.waiting) else { return nil }
            return max(next, try pause(transaction))
        }
    }

    /// Until when the smarthost is left alone: after a failure, or since it takes no more this minute.
    private func pause(_ transaction: ReadTransaction) throws(StoreError) -> Timestamp {
        let afterFailure = try transaction.smarthost(host)?.nextAttempt
        var afterRate: Timestamp?
        if let count = limits.messagesPerMinute {
            afterRate = try transaction.attempt(count, backAt: host)?.advanced(by: .seconds(60))
        }
        return max(afterFailure ?? Timestamp(milliseconds: 0), afterRate ?? Timestamp(milliseconds: 0))
    }

    // MARK: One attempt

    /// Commits an attempt before a byte leaves: after a crash it says that the message may have left.
    ///
    /// It also puts the next attempt off, so that a crash loop does not become a mail flood. In the same
    /// change the message's state is looked at: a cancel comes before this, or is too late.
    func claim() async throws -> RelayJob? {
        let now = time.now
        let isDue = try await store.read { transaction in
            try pause(transaction) <= now
                && !transaction.dueRecipients(inState: Self.waiting, at: now, limit: 1).isEmpty
        }
        guard isDue else { return nil }
        return try await store.write { try claim(in: $0) }
    }

    /// The same inside a change, such as the one that concludes the attempt before: one sync for both.
    func claim(in transaction: Transaction) throws(StoreError) -> RelayJob? {
        let now = transaction.now
        guard try pause(transaction) <= now else { return nil }
        for _ in 0..<Limits.relaySkips {
            let due = try transaction.dueRecipients(inState: Self.waiting, at: now, limit: 1)
            guard let first = due.first else { return nil }
            let all = try transaction.recipients(of: first.outbound, revision: first.revision)
            if let job = try begin(first, all, transaction) { return job }
            // It was decided otherwise meanwhile.
            for row in all where row.progress == .waiting {
                try transaction.update(row, .held, reply: row.lastReply, attempts: row.attempts, next: nil)
            }
        }
        return nil
    }

    private func begin(
        _ first: OutboundRecipientRow,
        _ all: [OutboundRecipientRow],
        _ transaction: Transaction
    ) throws(StoreError) -> RelayJob? {
        guard let row = try transaction.outbound(first.outbound), row.revision == first.revision,
            row.state == OutboundState.queued.rawValue || row.state == OutboundState.sent.rawValue,
            let revision = try transaction.revision(first.revision, of: first.outbound)
        else { return nil }
        let due = all.filter { $0.progress == .waiting && $0.nextAttempt.map { $0 <= transaction.now } ?? false }
        // RFC 9422: the rest goes in a transaction of its own.
        let rows = Array(due.prefix(known.capabilities?.maximumRecipients ?? Limits.recipients))
        for recipient in rows {
            try transaction.update(
                recipient,
                .waiting,
                reply: recipient.lastReply,
                attempts: recipient.attempts + 1,
                next: transaction.now.advanced(by: BackOff.wait(after: recipient.attempts))
            )
        }
        let attempt = try transaction.beginAttempt(of: first.outbound, revision: first.revision, host: host)
        let others = try transaction.dueRecipients(inState: Self.waiting, at: transaction.now, limit: 1)
        return RelayJob(
            outbound: first.outbound,
            revision: first.revision,
            attempt: attempt,
            envelope: SMTPWire.Envelope(revision, rows),
            judged: SMTPWire.Envelope(revision, all),
            rows: rows,
            body: revision.transmit,
            releaseHash: row.releaseHash,
            releasedAt: row.releasedAt,
            hasMore: !others.isEmpty
        )
    }

    /// The bytes to be sent; nil where they are damaged, which costs this message alone (D16).
    func message(of job: RelayJob) async throws -> [UInt8]? {
        do {
            return try await store.read { try $0.bytes(ofBody: job.body) }
        } catch StoreError.damagedBody(let hash), StoreError.missing(let hash) {
            try await park(job, why: "its stored text is damaged (\(hash))")
        } catch StoreError.files(let error) {
            log.error("\(job.outbound): its stored text cannot be read: \(error)")
            try await putBack(job, why: "its stored text cannot be read now")
        }
        return nil
    }

    /// Gives a job back whose smarthost could not be reached.
    ///
    /// Nothing of it left, and it is no fault of the message's. Without a reason we stop ourselves.
    func giveBack(_ job: RelayJob, why: String?) async throws {
        try await store.write { transaction in
            try transaction.removeAttempt(job.attempt)
            for row in try transaction.open(job) {
                guard let before = job.rows.first(where: { $0.position == row.position }) else { continue }
                try transaction.update(
                    row,
                    row.progress,
                    reply: why ?? row.lastReply,
                    attempts: before.attempts,
                    next: row.progress == .parked ? nil : before.nextAttempt
                )
            }
            guard let why else { return }
            var smarthost = try transaction.smarthost(host) ?? SmarthostRow(host: host)
            // Sessions side by side fail together: that is one failure.
            guard smarthost.nextAttempt.map({ $0 <= transaction.now }) ?? true else { return }
            smarthost.lastFailure = why
            smarthost.nextAttempt = transaction.now.advanced(by: BackOff.wait(after: smarthost.failures))
            smarthost.failures += 1
            try transaction.saveSmarthost(smarthost)
        }
    }

    /// Remembers what the smarthost offers, where that is news.
    func reached(_ capabilities: SMTPCapabilities) async throws {
        let text = capabilities.text
        let row = try await store.read { try $0.smarthost(host) }
        guard row?.capabilities != text || row?.failures != 0 else { return }
        try await store.write { transaction in
            var smarthost = try transaction.smarthost(host) ?? SmarthostRow(host: host)
            smarthost.capabilities = text
            smarthost.heardAt = transaction.now
            (smarthost.failures, smarthost.lastFailure, smarthost.nextAttempt) = (0, "", nil)
            try transaction.saveSmarthost(smarthost)
        }
    }

    /// Puts a job off as after any attempt that did not succeed.
    private func putBack(_ job: RelayJob, why: String) async throws {
        try await store.write { transaction in
            try transaction.endAttempt(job.attempt, outcome: why)
            for row in try transaction.open(job) {
                try transaction.update(row, row.progress, reply: why, attempts: row.attempts, next: row.nextAttempt)
            }
        }
    }

    /// Stops a message whose stored bytes are not those that were released: nothing leaves, nothing is lost,
    /// and somebody must look (INV-1, D16).
    func park(_ job: RelayJob, why: String) async throws {
        log.error("\(job.outbound) is put on hold: \(why)")
        try await store.write { transaction in
            try transaction.endAttempt(job.attempt, outcome: why)
            var report = RelayReport(
                outbound: job.outbound,
                revision: job.revision,
                smarthost: host,
                releasedAt: job.releasedAt
            )
            for row in try transaction.open(job) {
                try transaction.update(row, .parked, reply: why, attempts: row.attempts, next: nil)
                report.parked.append(RelayReport.Answer(row, reply: why, status: EnhancedStatus(4, 3, 0)))
            }
            try recorder.record(report, transaction)
        }
    }
}

extension OutboundRow {
    /// When it was let out; what needed no decision was let out at once.
    package var releasedAt: Timestamp { finishedAt ?? submittedAt }
}

extension Transaction {
    /// Records how far the relay has come with one recipient.
    package func update(
        _ row: OutboundRecipientRow,
        _ state: RecipientState,
        reply: String,
        attempts: Int,
        next: Timestamp?
    ) throws(StoreError) {
        try updateRecipient(
            row.position,
            of: row.outbound,
            revision: row.revision,
            state: state.rawValue,
            lastReply: reply,
            attempts: attempts,
            nextAttempt: next
        )
    }

    /// The recipients of a job that still wait for its answer: meanwhile somebody may have taken it out of
    /// the queue.
    func open(_ job: RelayJob) throws(StoreError) -> [OutboundRecipientRow] {
        let positions = Set(job.rows.map(\.position))
        return try recipients(of: job.outbound, revision: job.revision).filter {
            positions.contains($0.position) && $0.progress.isOpen
        }
    }
}

extension RelayReport.Answer {
    init(_ row: OutboundRecipientRow, reply: String, status: EnhancedStatus, diagnostic: String? = nil) {
        self.init(
            address: row.address,
            parameters: row.recipientParameters,
            isBcc: row.isBcc,
            reply: reply,
            status: status,
            diagnostic: diagnostic
        )
    }
}
