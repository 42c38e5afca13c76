package import Base
internal import SMTPClient
internal import SMTPWire
package import Store

extension RelayQueue {
    /// Commits each recipient's answer together with the events that tell of it, and with them the attempt
    /// that comes next, which is given.
    func conclude(
        _ job: RelayJob,
        _ message: [UInt8],
        _ delivery: DeliveryReport,
        _ capabilities: SMTPCapabilities
    ) async throws -> RelayJob? {
        if delivery.isRefusedByCheck {
            try await park(job, why: "the bytes to be sent are not those that were released")
            return try await claim()
        }
        let isRelayed = delivery.outcomes.contains { if case .accepted = $0 { true } else { false } }
        // Prepared outside the change: a large body is written to a file.
        let body = isRelayed ? try await store.prepare(message) : nil
        let now = time.now
        let isStopping = Task.isCancelled
        return try await store.write { transaction in
            var report = RelayReport(
                outbound: job.outbound,
                revision: job.revision,
                smarthost: host,
                releasedAt: job.releasedAt
            )
            report.transmitForm = body
            report.returned = ReturnedMessage(message, job.judged.parameters)
            report.passesReports = capabilities.dsn
            report.lastAttempt = now
            let current = try transaction.recipients(of: job.outbound, revision: job.revision)
            for (row, outcome) in zip(job.rows, delivery.outcomes) {
                let answer = Verdict(outcome, isOld: now.duration(since: job.releasedAt) > Limits.relayLifetime)
                let isParked = current.first { $0.position == row.position }?.progress == .parked
                var state = answer.state
                var next: Timestamp?
                if state == .waiting {
                    if isParked { state = .parked } else { next = nextTry(row, outcome, isRelayed, now) }
                }
                let told = RelayReport.Answer(
                    row,
                    reply: answer.reply,
                    status: answer.status,
                    diagnostic: answer.diagnostic
                )
                if state == .relayed { report.relayed.append(told) }
                if state == .failed { report.failed.append(told) }
                try transaction.update(row, state, reply: answer.reply, attempts: row.attempts + 1, next: next)
            }
            try transaction.endAttempt(
                job.attempt,
                outcome: delivery.outcomes.map(Self.summary).joined(separator: "; ")
            )
            report.isFinished = try transaction.isFinished(job.outbound, job.revision)
            try recorder.record(report, transaction)
            return isStopping ? nil : try claim(in: transaction)
        }
    }

    /// When a recipient that was put off is tried again.
    private func nextTry(
        _ row: OutboundRecipientRow,
        _ outcome: RecipientOutcome,
        _ isRelayed: Bool,
        _ now: Timestamp
    ) -> Timestamp {
        // RFC 5321 §4.5.3.1.10: one too many for this transaction, none for the next.
        if isRelayed, case .temporary(let failure) = outcome, failure.stage == .rcpt, failure.reply?.code == 452 {
            return now
        }
        return now.advanced(by: BackOff.wait(after: row.attempts))
    }

    /// What an outcome means for the recipient.
    private struct Verdict {
        let state: RecipientState
        let reply: String
        let status: EnhancedStatus
        let diagnostic: String?

        init(_ outcome: RecipientOutcome, isOld: Bool) {
            switch outcome {
            case .accepted(let reply):
                state = .relayed
                self.reply = reply.description
                status = reply.enhanced ?? EnhancedStatus(2, 0, 0)
                diagnostic = reply.description
            case .permanent(let failure):
                state = .failed
                reply = failure.description
                status = failure.status
                diagnostic = failure.reply?.description
            // Where nobody knows, it is sent again: at least once, with the same Message-ID (INV-2).
            case .temporary(let failure), .unknown(let failure):
                state = isOld ? .failed : .waiting
                reply = isOld ? RelayQueue.givenUp("\(failure)") : failure.description
                status = isOld ? RelayQueue.expired : failure.status
                diagnostic = failure.reply?.description
            }
        }
    }

    static func givenUp(_ why: String) -> String { "given up after five days" + (why.isEmpty ? "" : ": \(why)") }

    /// Delivery time expired (RFC 3463 §3.5).
    static let expired = EnhancedStatus(5, 4, 7)

    private static func summary(_ outcome: RecipientOutcome) -> String {
        switch outcome {
        case .accepted(let reply): reply.description
        case .permanent(let failure), .temporary(let failure), .unknown(let failure): failure.description
        }
    }

    // MARK: What nobody answered

    /// Ends the attempts of which nobody knows the end, since the process or the store failed meanwhile.
    ///
    /// The message may have left with them or not; it is sent again (INV-2), but not before the time that
    /// was committed with the attempt: a process that dies while it sends must not become a mail flood.
    func closeOpenAttempts() async throws {
        let open = try await store.read { try $0.openAttempts() }
        guard !open.isEmpty else { return }
        let why = "the last attempt was cut off; it may have left already"
        log.warning("\(open.count) attempts were cut off; those messages may have left already and are sent again")
        try await store.write { transaction in
            for attempt in open {
                try transaction.endAttempt(attempt.id, outcome: why)
                for row in try transaction.recipients(of: attempt.outbound, revision: attempt.revision)
                where row.progress.isOpen && row.attempts > 0 {
                    try transaction.update(
                        row,
                        row.progress,
                        reply: why,
                        attempts: row.attempts,
                        next: row.nextAttempt
                    )
                }
            }
        }
    }

    /// Gives up what was released five days ago, and tells authors what is late since four hours; called
    /// where nothing is being sent.
    func lookForLate() async throws {
        let now = time.now
        let failures = try await store.read { try $0.smarthost(host)?.failures ?? 0 }
        try await each(now.advanced(by: .zero - Limits.relayLifetime), isTold: true) { row in
            // What was never tried, since we were away ourselves, is tried once.
            row.attempts > 0 || failures > 0
        } _: { (row, report, transaction) throws(StoreError) in
            let reply = Self.givenUp(row.lastReply)
            try transaction.update(row, .failed, reply: reply, attempts: row.attempts, next: nil)
            report.failed.append(RelayReport.Answer(row, reply: reply, status: Self.expired))
        }
        try await each(now.advanced(by: .zero - Limits.relayDelay), isTold: false) { row in
            row.attempts > 0 || failures > 0
        } _: { (row, report, transaction) throws(StoreError) in
            try transaction.setDelayTold(row.position, of: row.outbound, revision: row.revision)
            let reply = row.lastReply.isEmpty ? try transaction.smarthost(host)?.lastFailure ?? "" : row.lastReply
            report.delayed.append(RelayReport.Answer(row, reply: reply, status: EnhancedStatus(4, 4, 7)))
        }
    }

    /// Does something about each waiting recipient that was released before a time, a change per message.
    private func each(
        _ time: Timestamp,
        isTold: Bool,
        where isMeant: @Sendable (OutboundRecipientRow) -> Bool,
        _ body: @escaping @Sendable (OutboundRecipientRow, inout RelayReport, Transaction) throws(StoreError) -> Void
    ) async throws {
        let found = try await store.read {
            try $0.recipients(
                inState: Self.waiting,
                releasedBefore: time,
                includingTold: isTold,
                limit: Limits.recipients
            )
        }
        let positions = Dictionary(grouping: found.filter(isMeant), by: \.outbound).mapValues {
            Set($0.map(\.position))
        }
        for id in positions.keys.sorted() {
            let meant = positions[id] ?? []
            let message = try await returned(id)
            try await store.write { transaction in
                guard let row = try transaction.outbound(id) else { return }
                var report = RelayReport(
                    outbound: id,
                    revision: row.revision,
                    smarthost: host,
                    releasedAt: row.releasedAt
                )
                report.returned = message
                report.lastAttempt = try transaction.attempts(of: id).last?.beganAt
                for recipient in try transaction.recipients(of: id, revision: row.revision)
                where meant.contains(recipient.position) && recipient.progress == .waiting {
                    try body(recipient, &report, transaction)
                }
                report.isFinished = try transaction.isFinished(id, row.revision)
                try recorder.record(report, transaction)
            }
        }
    }

    /// What a report returns of a message; nothing where its bytes are damaged.
    private func returned(_ id: OutboundID) async throws -> ReturnedMessage {
        do {
            return try await store.read { transaction in
                guard let row = try transaction.outbound(id),
                    let revision = try transaction.revision(row.revision, of: id)
                else { return ReturnedMessage() }
                let envelope = SMTPWire.Envelope(revision, [])
                return ReturnedMessage(try transaction.bytes(ofBody: revision.transmit), envelope.parameters)
            }
        } catch StoreError.damagedBody, StoreError.missing, StoreError.files {
            return ReturnedMessage()
        }
    }
}

extension ReadTransaction {
    /// Whether no recipient of a message may get it any more, or get it later.
    package func isFinished(_ id: OutboundID, _ revision: Int) throws(StoreError) -> Bool {
        try !recipients(of: id, revision: revision).contains { $0.progress.isOpen }
    }
}
