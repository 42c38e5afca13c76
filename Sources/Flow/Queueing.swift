package import Base
package import Ledger
internal import Outbound
internal import Policy
package import Store

/// What an operator does to released mail that the relay has not got rid of yet.
///
/// It never lets out what was not released: retrying means that the relay may go on (INV-1).
package struct Queueing {
    let rulebook: Rulebook
    let transaction: Transaction

    /// The relay leaves it alone until somebody says otherwise; what is being sent just now still is.
    package func hold(_ id: OutboundID, by actor: Actor, why: String) throws(StoreError) -> DecisionOutcome {
        let (record, rows) = try open(id)
        guard let record else { return .refused("there is no \(id)") }
        let waiting = rows.filter { $0.progress == .waiting }
        guard !waiting.isEmpty else {
            return .refused(rows.isEmpty ? absence(record) : "\(record.id) is on hold already")
        }
        for row in waiting {
            try transaction.update(row, .parked, reply: row.lastReply, attempts: row.attempts, next: nil)
        }
        try note(.queueHeld, record, waiting, by: actor, why: why)
        let isBeingSent = try transaction.isBeingSent(id)
        return .done(
            "\(record.id) is on hold"
                + (isBeingSent ? "; it was being sent just now, so it may leave once more" : "")
        )
    }

    /// The relay tries it at once, on hold or not.
    package func retry(_ id: OutboundID, by actor: Actor, why: String) throws(StoreError) -> DecisionOutcome {
        let (record, rows) = try open(id)
        guard let record else { return .refused("there is no \(id)") }
        guard !rows.isEmpty else { return .refused(absence(record)) }
        for row in rows {
            try transaction.update(row, .waiting, reply: row.lastReply, attempts: row.attempts, next: transaction.now)
        }
        try transaction.forgetPauses()
        try note(.queueRetried, record, rows, by: actor, why: why)
        return .done("\(record.id) is tried now")
    }

    /// The relay tries everything at once that is not on hold.
    package func retryAll() throws(StoreError) -> DecisionOutcome {
        try transaction.forgetPauses()
        _ = try transaction.makeDue(inState: RecipientState.waiting.rawValue)
        return .done("everything that is not on hold is tried now")
    }

    /// Nobody who has not got it gets it any more; its author is told.
    package func drop(
        _ id: OutboundID,
        by actor: Actor,
        named name: String,
        why: String
    ) throws(StoreError) -> DecisionOutcome {
        let (record, rows) = try open(id)
        guard let record else { return .refused("there is no \(id)") }
        guard !rows.isEmpty else { return .refused(absence(record)) }
        guard try !transaction.isBeingSent(id) else {
            return .refused(
                "\(record.id) is being sent just now, or was when the gateway stopped; put it on hold, and drop it "
                    + "when that has ended"
            )
        }
        for row in rows {
            try transaction.update(row, .dropped, reply: why, attempts: row.attempts, next: nil)
        }
        // Who has got it has got it: then it stays sent.
        try note(.dropped, record, rows, by: actor, why: why, state: record.state.after(.cancel))
        let mayHaveLeft = try transaction.hasAttempt(of: id)
        try Notices(rulebook: rulebook, transaction: transaction).tellDropped(
            record,
            recipients: rows.map(\.address),
            by: name,
            why: why,
            mayHaveLeft: mayHaveLeft
        )
        return .done(
            "\(record.id) is out of the queue; \(record.author) is told"
                + (mayHaveLeft ? ". It was tried before and may have left" : "")
        )
    }

    // MARK: -

    /// The message with those of its recipients that something may still become of.
    private func open(_ id: OutboundID) throws(StoreError) -> (OutboundRecord?, [OutboundRecipientRow]) {
        guard let record = try transaction.currentRecord(id) else { return (nil, []) }
        guard record.state == .queued || record.state == .sent else { return (record, []) }
        return (record, try transaction.recipients(of: id, revision: record.revision).filter(\.progress.isOpen))
    }

    private func absence(_ record: OutboundRecord) -> String {
        switch record.state {
        case .held, .approved: "\(record.id) is not released yet; decide on it with greenroom approvals"
        default: "\(record.id) is not in the queue: it is \(record.state.rawValue)"
        }
    }

    private func note(
        _ kind: EventKind,
        _ record: OutboundRecord,
        _ rows: [OutboundRecipientRow],
        by actor: Actor,
        why: String,
        state: OutboundState? = nil
    ) throws(StoreError) {
        var fields = [
            OutboundFold.Field.recipients: EventCoding.list(rows.map(\.address)),
            OutboundFold.Field.why: why,
        ]
        fields[OutboundFold.Field.state] = state?.rawValue
        try transaction.record(
            Event(
                kind,
                .outbound(record.id),
                by: actor,
                at: transaction.now,
                policyVersion: rulebook.version,
                fields: fields
            )
        )
    }
}

extension House {
    /// Does something to the relay's queue: durable when this returns, and the relay looks again.
    package func queue(
        _ body: @escaping @Sendable (Queueing) throws -> DecisionOutcome
    ) async throws(HouseError) -> DecisionOutcome {
        let rulebook = self.rulebook
        let outcome = try await change { try body(Queueing(rulebook: rulebook, transaction: $0)) }
        outboundChanged()
        return outcome
    }
}
