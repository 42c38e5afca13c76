package import Base
internal import Campaigns
internal import Config
package import Ledger
internal import Outbound
internal import Policy
internal import Store

// Held mail is judged again by the rules that are in force (DESIGN §7): after a reload it may only get
// stricter; to loosen it somebody has to say so.

/// What came of judging a message again.
package struct Rejudged: Hashable, Sendable {
    /// As it was before; its token names it.
    package let before: OutboundRecord
    package let after: OutboundRecord
    /// Why it was left alone; nil where it was judged.
    package let refusal: String?

    package var isChanged: Bool { before != after }
}

extension House {
    /// The work that an accepted configuration leaves: all that waits is judged by it, in rounds.
    static let judgingWork = "judge-again"
    /// What the work is about.
    static let judgingSubject = "waiting"
    /// Messages that one round judges.
    private static let judgedPerRound = 50

    /// Goes on with what an accepted configuration left to do.
    func judgeWaiting(at now: Timestamp) async throws(HouseError) {
        let work: WorkItemRow?
        do {
            work = try await store.read { try $0.dueWork(kind: Self.judgingWork, at: now) }
        } catch {
            throw HouseError(error)
        }
        guard let work else { return }
        let last = OutboundID(rawValue: Int64(String(decoding: work.progress, as: UTF8.self)) ?? 0)
        let ids = try await openOutbound(after: last, limit: Self.judgedPerRound)
        for id in ids { _ = try await judgeAgain(id, loosens: false, by: .gateway) }
        try await change { transaction in
            // A configuration that was accepted meanwhile begins anew.
            guard try transaction.dueWork(kind: Self.judgingWork, at: transaction.now) == work else { return }
            if let last = ids.last {
                try transaction.continueWork(
                    work.id,
                    progress: Array(String(last.rawValue).utf8),
                    dueAt: work.dueAt
                )
            } else {
                try transaction.finishWork(work.id)
            }
        }
    }

    /// Judges messages that wait by the rules in force alone, however strict it was before: all of them,
    /// or those named.
    package func rejudge(_ ids: [OutboundID]?, by actor: Actor) async throws(HouseError) -> [Rejudged] {
        var results: [Rejudged] = []
        if let ids {
            for id in ids {
                guard let result = try await judgeAgain(id, loosens: true, by: actor) else {
                    throw .refused("there is no \(id) that waits")
                }
                results.append(result)
            }
        } else {
            var last = OutboundID(rawValue: 0)
            while let next = try await openOutbound(after: last, limit: Self.judgedPerRound).nilIfEmpty {
                for id in next {
                    if let result = try await judgeAgain(id, loosens: true, by: actor) { results.append(result) }
                    last = id
                }
            }
        }
        outboundChanged()
        return results
    }

    private func openOutbound(after last: OutboundID, limit: Int) async throws(HouseError) -> [OutboundID] {
        do {
            return try await store.read { try $0.openOutbound(after: last, limit: limit) }
        } catch {
            throw HouseError(error)
        }
    }

    private func judgeAgain(
        _ id: OutboundID,
        loosens: Bool,
        by actor: Actor
    ) async throws(HouseError) -> Rejudged? {
        let text = try await transmitForm(of: id)
        return try await change { transaction in
            try Settlement(rulebook: self.rulebook, transaction: transaction, now: transaction.now)
                .judgeAgain(id, text, loosens: loosens, by: actor)
        }
    }
}

extension Settlement {
    /// Judges a message by the rules in force; nil where it does not wait.
    func judgeAgain(
        _ id: OutboundID,
        _ form: Text?,
        loosens: Bool,
        by actor: Actor
    ) throws(StoreError) -> Rejudged? {
        guard let record = try transaction.currentRecord(id) else { return nil }
        // What changed around it comes first, and what the relay has is looked at for that alone.
        let meanwhile = Meanwhile(rulebook: rulebook, transaction: transaction)
        if try meanwhile.apply(to: record) { return try rejudged(record) }
        guard record.state.isWaiting, let judgement = try judgement(of: record, form) else { return nil }
        if loosens, actor.member == record.author {
            return Rejudged(before: record, after: record, refusal: "its author cannot loosen it")
        }
        let (_, current) = try judgement.verdict(transaction, at: transaction.now)
        let verdict = loosens ? current.joined(lasting(record)) : current.joined(asked(record))
        guard verdict.outcome < .cancel else {
            try cancel(record, verdict)
            return try rejudged(record)
        }
        let isReleased = isReleased(verdict, record)
        let isSame =
            verdict.approvals == record.required && verdict.notBefore == record.notBefore
            && isReleased == (record.state == .approved) && (!loosens || verdict.reasons == record.reasons)
        guard !isSame else { return Rejudged(before: record, after: record, refusal: nil) }
        if isReleased {
            try letOut(record, verdict, by: actor)
        } else {
            let asked = rulebook.deciders(of: rulebook.approvals(of: record), at: transaction.now)
            let event = try judgeAgain(record, verdict, state: .held, by: actor)
            if let held = OutboundFold.apply(event, to: record) {
                try Notices(rulebook: rulebook, transaction: transaction).askAgain(about: held, except: asked)
            }
        }
        return try rejudged(record)
    }

    /// Nobody has to decide any more: it leaves after the undo time, and not before policy says.
    private func letOut(_ record: OutboundRecord, _ verdict: Verdict, by actor: Actor) throws(StoreError) {
        let undone = record.effectiveAt ?? transaction.now.advanced(by: rulebook.undoTime)
        let effective = verdict.notBefore.map { max($0, undone) } ?? undone
        try judgeAgain(record, verdict, state: .approved, effectiveAt: effective, by: actor)
    }

    /// What no policy file says and therefore no change of one takes away.
    private func lasting(_ record: OutboundRecord) -> Verdict {
        let reasons = record.reasons.filter { LastingRule.holds($0.rule) }
        guard reasons.contains(where: { $0.rule != LastingRule.escalated }) else {
            return Verdict(outcome: .release, reasons: reasons)
        }
        return Verdict(outcome: .hold, approvals: rulebook.rules.defaultApprovals, reasons: reasons)
    }

    private func rejudged(_ before: OutboundRecord) throws(StoreError) -> Rejudged? {
        try transaction.currentRecord(before.id).map { Rejudged(before: before, after: $0, refusal: nil) }
    }
}

extension Array {
    fileprivate var nilIfEmpty: Self? { isEmpty ? nil : self }
}
