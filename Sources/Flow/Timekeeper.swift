package import Base
internal import Campaigns
internal import Ledger
internal import Message
internal import Outbound
internal import Policy
internal import SMTPWire
internal import Store
internal import Triage

// What happens by itself when a time has come: approved mail is released, rejections settle.

extension House {
    /// When something is due next; `nil` where nothing waits for a time.
    package func nextDue() async throws(HouseError) -> Timestamp? {
        do {
            return try await store.read { transaction in
                let times = [
                    try transaction.nextRelease(inState: OutboundState.approved.rawValue),
                    try transaction.nextRelease(inState: OutboundState.rejected.rawValue),
                ]
                return times.compactMap { $0 }.min()
            }
        } catch {
            throw HouseError(error)
        }
    }

    /// Does what is due: each message in a change of its own.
    ///
    /// - Returns: How many messages moved on.
    @discardableResult
    package func settleDue() async throws(HouseError) -> Int {
        let now = time.now
        let due: [OutboundID]
        do {
            due = try await store.read { transaction in
                var rows = try transaction.outbound(inState: OutboundState.approved.rawValue)
                rows += try transaction.outbound(inState: OutboundState.rejected.rawValue)
                return rows.filter { $0.finishedAt == nil && $0.releaseAt.map { $0 <= now } ?? false }.map(\.id)
            }
        } catch {
            throw HouseError(error)
        }
        let rulebook = self.rulebook
        for id in due {
            let bodies = try await transmitForm(of: id)
            try await change { transaction in
                try Settlement(rulebook: rulebook, transaction: transaction).settle(id, transmitForm: bodies)
            }
        }
        if !due.isEmpty { outboundChanged() }
        return due.count
    }

    /// The bytes that would leave, to be judged once more.
    private func transmitForm(of id: OutboundID) async throws(HouseError) -> [UInt8]? {
        do {
            let hash = try await store.read { transaction in
                try transaction.outbound(id).flatMap { row in
                    try transaction.revision(row.revision, of: id)?.transmit
                }
            }
            guard let hash else { return nil }
            return try await store.read { try $0.bytes(ofBody: hash) }
        } catch {
            throw HouseError(error)
        }
    }
}

/// One decision taking effect, inside its transaction.
struct Settlement {
    let rulebook: Rulebook
    let transaction: Transaction

    func settle(_ id: OutboundID, transmitForm: [UInt8]?) throws(StoreError) {
        guard let record = try transaction.currentRecord(id), !record.isSettled,
            record.effectiveAt.map({ $0 <= transaction.now }) ?? false
        else { return }
        switch record.state {
        case .rejected:
            try note(.settled, record, [:])
            try Notices(rulebook: rulebook, transaction: transaction).tellAuthor(of: record)
        case .approved:
            try release(record, transmitForm)
        default:
            break
        }
    }

    /// Policy is asked once more in the transaction that releases: the stricter verdict wins
    /// (DESIGN §3), and without the bytes there is no verdict (D16).
    private func release(_ record: OutboundRecord, _ transmitForm: [UInt8]?) throws(StoreError) {
        guard let transmitForm, let revision = try transaction.revision(record.revision, of: record.id) else { return }
        let envelope = try storedEnvelope(revision)
        let parsed = ParsedMessage(transmitForm)
        let text = SplitText(parsed)
        var input = MatchInput(parsed, text)
        input.addBlindRecipients(envelope)
        let judgement = Judgement(
            rulebook: rulebook,
            author: record.author,
            envelope: envelope,
            selectors: record.campaign.map { [$0] } ?? [],
            input: input,
            reading: OutboundReading(
                parsed,
                text,
                input: input,
                commandDomain: rulebook.commandDomain,
                rules: rulebook.rules,
                hasSignedInternalFields: false
            ),
            earlier: Judgement.Earlier(id: record.id, submittedAt: record.submittedAt)
        )
        // Without approvals a permit let it out; a permit that is gone means that people decide.
        let (_, now) = try judgement.verdict(transaction, at: transaction.now)
        let verdict = now.joined(asked(record))
        let required = rulebook.approvals(required: verdict.approvals, author: record.author)
        let isReleased =
            verdict.outcome == .release
            || (verdict.outcome == .hold && required.isSatisfied(by: record.decisions))
        guard isReleased else { return try holdAgain(record, verdict, judgement.reading) }
        if let notBefore = verdict.notBefore, notBefore > transaction.now {
            try judgeAgain(record, verdict, state: .approved)
            return
        }
        let state = OutboundState.queued
        try note(.released, record, [OutboundFold.Field.state: state.rawValue])
        try transaction.setRecipients(
            of: record.id,
            revision: record.revision,
            state: RecipientState.waiting.rawValue,
            nextAttempt: transaction.now
        )
    }

    /// What was asked for when it was last judged: it may only get stricter (INV-7).
    private func asked(_ record: OutboundRecord) -> Verdict {
        Verdict(
            outcome: record.required.isEmpty ? .release : .hold,
            notBefore: record.notBefore,
            approvals: record.required,
            reasons: record.reasons
        )
    }

    private func holdAgain(
        _ record: OutboundRecord,
        _ verdict: Verdict,
        _ reading: OutboundReading
    ) throws(StoreError) {
        let state: OutboundState =
            switch verdict.outcome {
            case .release, .hold: .held
            case .cancel: .canceled
            case .reject: .rejected
            }
        let event = try judgeAgain(record, verdict, state: state)
        guard let held = OutboundFold.apply(event, to: record), held.state == .held else { return }
        // Who was asked before has a notice, or has decided.
        try Notices(rulebook: rulebook, transaction: transaction)
            .askApprovers(
                of: held,
                reading: reading,
                except: rulebook.deciders(of: rulebook.approvals(of: record), at: transaction.now)
            )
    }

    @discardableResult
    private func judgeAgain(
        _ record: OutboundRecord,
        _ verdict: Verdict,
        state: OutboundState
    ) throws(StoreError) -> Event {
        var fields = [
            OutboundFold.Field.state: state.rawValue,
            OutboundFold.Field.required: OutboundFold.text(of: verdict.approvals),
            OutboundFold.Field.reasons: OutboundFold.text(of: verdict.reasons),
        ]
        if let notBefore = verdict.notBefore {
            fields[OutboundFold.Field.notBefore] = String(notBefore.milliseconds)
            fields[OutboundFold.Field.effectiveAt] = String(notBefore.milliseconds)
        }
        return try note(.judgedAgain, record, fields)
    }

    private func storedEnvelope(_ revision: OutboundRevisionRow) throws(StoreError) -> SMTPWire.Envelope {
        let recipients = try transaction.recipients(of: revision.outbound, revision: revision.revision)
        return SMTPWire.Envelope(revision, recipients)
    }

    @discardableResult
    private func note(
        _ kind: EventKind,
        _ record: OutboundRecord,
        _ fields: [String: String]
    ) throws(StoreError) -> Event {
        let event = Event(
            kind,
            .outbound(record.id),
            by: .gateway,
            at: transaction.now,
            policyVersion: rulebook.version,
            fields: fields
        )
        try transaction.record(event)
        return event
    }
}
