package import Base
internal import Campaigns
internal import Config
internal import Ledger
internal import Message
internal import Outbound
internal import Policy
internal import SMTPWire
internal import Store
internal import Triage

// What happens by itself when a time has come: approved mail is released, rejections settle, authors
// and approvers are told. All of it is found in the tables, after a restart too.

extension House {
    /// Messages, and digests, that one round looks at.
    private static let perRound = 100

    /// When something is due next; `nil` where nothing waits for a time.
    package func nextDue() async throws(HouseError) -> Timestamp? {
        do {
            return try await store.read { transaction in
                var times = [try transaction.nextTimer()]
                for work in Notices.DigestWork.allCases { times.append(try transaction.nextWork(kind: work.rawValue)) }
                for kind in [Self.judgingWork, Self.attachingWork] {
                    times.append(try transaction.nextWork(kind: kind))
                }
                return times.compactMap { $0 }.min()
            }
        } catch {
            throw HouseError(error)
        }
    }

    /// How long nothing is due; nil where nothing waits for a time.
    package func timeToNextDue() async throws(HouseError) -> Duration? {
        guard let next = try await nextDue() else { return nil }
        let wait = next.duration(since: steadyNow)
        // While a jump of the calendar is doubted, the end of the doubt may make something due.
        return steadyDoubt.map { min(wait, $0) } ?? wait
    }

    /// Does what is due: each message in a change of its own.
    ///
    /// - Returns: How many messages were looked at.
    @discardableResult
    package func settleDue() async throws(HouseError) -> Int {
        let now = steadyNow
        let due: [OutboundID]
        do {
            due = try await store.read { try $0.dueOutbound(at: now, limit: Self.perRound) }
        } catch {
            throw HouseError(error)
        }
        // What was let out leaves, whatever fails behind it.
        defer { if !due.isEmpty { outboundChanged() } }
        for id in due {
            let text = try await transmitForm(of: id)
            // The rules in force when the change is made, not those when the round began.
            try await change { transaction in
                try Settlement(rulebook: self.rulebook, transaction: transaction, now: min(now, transaction.now))
                    .settle(id, text)
            }
        }
        try await writeDigests(at: now)
        try await judgeWaiting(at: now)
        try await attachAnew(at: now)
        return due.count
    }

    /// Both kinds of change of one digest make one letter.
    private func writeDigests(at now: Timestamp) async throws(HouseError) {
        typealias Work = Notices.DigestWork
        let grown: [String]
        let shrunk: [String]
        do {
            (grown, shrunk) = try await store.read { transaction in
                func due(_ work: Work) throws(StoreError) -> [String] {
                    try transaction.dueSubjects(kind: work.rawValue, at: now, limit: Self.perRound)
                }
                return (try due(.grown), try due(.shrunk))
            }
        } catch {
            throw HouseError(error)
        }
        for member in Set(grown + shrunk).sorted() {
            let isNews = grown.contains(member)
            try await change { transaction in
                try Notices(rulebook: self.rulebook, transaction: transaction)
                    .writeDigest(of: MemberID(member), isNews: isNews)
                for work in Work.allCases { try transaction.dropWork(kind: work.rawValue, subject: member) }
            }
        }
    }

    /// The bytes that would leave, to be judged once more, with the version that they are.
    func transmitForm(of id: OutboundID) async throws(HouseError) -> Settlement.Text? {
        do {
            let found = try await store.read { transaction -> (Int, [UInt8])? in
                guard let row = try transaction.outbound(id), OutboundState(rawValue: row.state)?.isWaiting == true,
                    let revision = try transaction.revision(row.revision, of: id)
                else { return nil }
                return (row.revision, revision.transmit)
            }
            guard let (revision, hash) = found else { return nil }
            return Settlement.Text(revision: revision, bytes: try await store.read { try $0.bytes(ofBody: hash) })
        } catch {
            throw HouseError(error)
        }
    }
}

/// One decision taking effect, inside its transaction.
struct Settlement {
    let rulebook: Rulebook
    let transaction: Transaction
    /// The time that what is due is measured by: never ahead of the change's own.
    let now: Timestamp

    /// One version's transmit form.
    struct Text: Sendable {
        let revision: Int
        let bytes: [UInt8]
    }

    /// How long a message that cannot be settled is left alone.
    private static let pause = Duration.seconds(60)

    func settle(_ id: OutboundID, _ text: Text?) throws(StoreError) {
        let events = transaction.events.count
        guard let record = try transaction.currentRecord(id) else { return try transaction.setTimer(of: id, to: nil) }
        try settle(record, text)
        // The projection sets the timer of a message about which something was recorded.
        guard transaction.events.count == events else { return }
        let next = try deadlines.next(of: record, isAuthorTold: transaction.isAuthorTold(of: id))
        let isAhead = next.map { $0 > transaction.now } ?? true
        try transaction.setTimer(of: id, to: isAhead ? next : transaction.now.advanced(by: Self.pause))
    }

    private func settle(_ record: OutboundRecord, _ text: Text?) throws(StoreError) {
        let isEffective = isOver(record.effectiveAt)
        switch record.state {
        case .rejected where isEffective && !record.isSettled:
            try note(.settled, record, [:])
            try Notices(rulebook: rulebook, transaction: transaction).tellAuthor(of: record)
        case .approved where isEffective:
            // Asked once more: nothing leaves that something changed for meanwhile (D6).
            guard try !Meanwhile(rulebook: rulebook, transaction: transaction).apply(to: record) else { return }
            try release(record, text)
        case .held where try isOver(deadlines.expiry(of: record)):
            try expire(record)
        case .held where try isOver(deadlines.escalation(of: record)):
            try escalate(record)
        case .held, .approved:
            guard isOver(record.submittedAt.advanced(by: Deadlines.authorNotice)),
                try !transaction.isAuthorTold(of: record.id)
            else { return }
            try Notices(rulebook: rulebook, transaction: transaction).tellWaiting(record)
        default:
            break
        }
    }

    private var deadlines: Deadlines { Deadlines(rulebook: rulebook, transaction: transaction) }

    private func isOver(_ time: Timestamp?) -> Bool { time.map { $0 <= now } ?? false }

    /// Nobody decided: it is given up, never let out.
    private func expire(_ record: OutboundRecord) throws(StoreError) {
        guard let state = record.state.after(.expire) else { return }
        let why = "nobody decided within \(Self.text(rulebook.configuration.gateway.approvals.expiresAfter))"
        try note(.expired, record, [OutboundFold.Field.state: state.rawValue, OutboundFold.Field.why: why])
        try Notices(rulebook: rulebook, transaction: transaction).tellExpired(record, why: why)
    }

    /// Nobody decided yet: others are asked as well, and may decide in the place of those who were.
    private func escalate(_ record: OutboundRecord) throws(StoreError) {
        guard let escalation = rulebook.configuration.gateway.approvals.escalation else { return }
        let groups = escalation.groups.joined(separator: ", ")
        let reason = Verdict.Reason(
            rule: LastingRule.escalated,
            text: "nobody decided within \(Self.text(escalation.after)): \(groups) may decide as well"
        )
        let before = rulebook.deciders(of: rulebook.approvals(of: record), at: transaction.now)
        let event = try note(
            .escalated,
            record,
            [
                OutboundFold.Field.escalatedTo: EventCoding.list(escalation.groups),
                OutboundFold.Field.reasons: OutboundFold.text(of: record.reasons + [reason]),
            ]
        )
        guard let escalated = OutboundFold.apply(event, to: record) else { return }
        try Notices(rulebook: rulebook, transaction: transaction).askAgain(about: escalated, except: before)
    }

    private static func text(_ duration: Duration?) -> String { duration.map(Durations.text) ?? "the time set" }

    /// Policy is asked once more in the transaction that releases: the stricter verdict wins
    /// (DESIGN §3), and without the bytes there is no verdict (D16).
    private func release(_ record: OutboundRecord, _ form: Text?) throws(StoreError) {
        guard let judgement = try judgement(of: record, form) else { return }
        // Without approvals a permit let it out; a permit that is gone means that people decide.
        let (_, current) = try judgement.verdict(transaction, at: transaction.now)
        let verdict = current.joined(asked(record))
        guard isReleased(verdict, record) else { return try holdAgain(record, verdict, judgement.reading) }
        if let notBefore = verdict.notBefore, notBefore > now {
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

    func isReleased(_ verdict: Verdict, _ record: OutboundRecord) -> Bool {
        let required = rulebook.approvals(
            required: verdict.approvals,
            author: record.author,
            standIns: record.escalatedTo
        )
        return verdict.outcome == .release
            || (verdict.outcome == .hold && required.isSatisfied(by: record.decisions))
    }

    /// A stored message, to be judged again; nil where its bytes are not those of the version that waits.
    func judgement(of record: OutboundRecord, _ form: Text?) throws(StoreError) -> Judgement? {
        guard let form, form.revision == record.revision,
            let revision = try transaction.revision(record.revision, of: record.id)
        else { return nil }
        let envelope = try storedEnvelope(revision)
        let parsed = ParsedMessage(form.bytes)
        let text = SplitText(parsed)
        var input = MatchInput(parsed, text)
        input.addBlindRecipients(envelope)
        let answered =
            AnsweredMail.isNeeded(text, subject: input.subject)
            ? try AnsweredMail(parsed.header, transaction) : .none
        return Judgement(
            rulebook: rulebook,
            author: record.author,
            envelope: envelope,
            selectors: record.campaign.map { [$0] } ?? [],
            input: input,
            reading: OutboundReading(
                parsed,
                text,
                input: input,
                answered: answered,
                commandDomain: rulebook.commandDomain,
                hasSignedInternalFields: false
            ),
            earlier: Judgement.Earlier(id: record.id, submittedAt: record.submittedAt)
        )
    }

    /// What was asked for when it was last judged: it may only get stricter (INV-7).
    func asked(_ record: OutboundRecord) -> Verdict {
        Verdict(
            outcome: record.required.isEmpty ? .release : .hold,
            notBefore: record.notBefore,
            approvals: record.required,
            reasons: record.reasons
        )
    }

    func holdAgain(
        _ record: OutboundRecord,
        _ verdict: Verdict,
        _ reading: OutboundReading
    ) throws(StoreError) {
        guard verdict.outcome < .cancel else { return try cancel(record, verdict) }
        let event = try judgeAgain(record, verdict, state: .held)
        guard let held = OutboundFold.apply(event, to: record) else { return }
        // Who was asked before has a notice, or has decided.
        try Notices(rulebook: rulebook, transaction: transaction)
            .askApprovers(
                of: held,
                reading: reading,
                except: rulebook.deciders(of: rulebook.approvals(of: record), at: transaction.now)
            )
    }

    /// Policy says by now that it must not leave at all: its author is told why.
    func cancel(_ record: OutboundRecord, _ verdict: Verdict) throws(StoreError) {
        guard let state = record.state.after(.cancel) else { return }
        let why = verdict.reasons.map(\.text).joined(separator: "; ")
        let fields = [OutboundFold.Field.state: state.rawValue, OutboundFold.Field.why: why]
        let event = try note(.canceled, record, fields)
        guard let canceled = OutboundFold.apply(event, to: record) else { return }
        try Notices(rulebook: rulebook, transaction: transaction).tellCanceled(canceled, why: why)
    }

    @discardableResult
    func judgeAgain(
        _ record: OutboundRecord,
        _ verdict: Verdict,
        state: OutboundState,
        effectiveAt: Timestamp? = nil,
        by actor: Actor = .gateway
    ) throws(StoreError) -> Event {
        var fields = [
            OutboundFold.Field.state: state.rawValue,
            OutboundFold.Field.required: OutboundFold.text(of: verdict.approvals),
            OutboundFold.Field.reasons: OutboundFold.text(of: verdict.reasons),
            OutboundFold.Field.permits: EventCoding.list(verdict.permits),
        ]
        if let notBefore = verdict.notBefore {
            fields[OutboundFold.Field.notBefore] = String(notBefore.milliseconds)
        }
        if let effective = effectiveAt ?? verdict.notBefore {
            fields[OutboundFold.Field.effectiveAt] = String(effective.milliseconds)
        }
        return try note(.judgedAgain, record, fields, by: actor)
    }

    private func storedEnvelope(_ revision: OutboundRevisionRow) throws(StoreError) -> SMTPWire.Envelope {
        let recipients = try transaction.recipients(of: revision.outbound, revision: revision.revision)
        return SMTPWire.Envelope(revision, recipients)
    }

    @discardableResult
    func note(
        _ kind: EventKind,
        _ record: OutboundRecord,
        _ fields: [String: String],
        by actor: Actor = .gateway
    ) throws(StoreError) -> Event {
        let event = Event(
            kind,
            .outbound(record.id),
            by: actor,
            at: transaction.now,
            policyVersion: rulebook.version,
            fields: fields
        )
        try transaction.record(event)
        return event
    }
}
