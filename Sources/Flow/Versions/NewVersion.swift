internal import Base
internal import Campaigns
internal import Ledger
internal import Message
internal import Outbound
internal import Policy
internal import SMTPWire
internal import Store
internal import Views

/// A corrected version on its way into the place of the one before, inside its transaction.
struct NewVersion: Sendable {
    let correction: Correction
    let original: CorrectedOriginal
    let departure: PreparedDeparture
    /// Whether it carries the header of a forwarded mail that nobody wrote for its recipients.
    let bringsForward: Bool

    private var rulebook: Rulebook { departure.judgement.rulebook }

    /// Files it; `nil` where the message is not any more what the version was made of.
    func file(in transaction: Transaction) throws(StoreError) -> DecisionOutcome? {
        let (id, editor) = (original.record.id, correction.editor)
        guard let record = try transaction.currentRecord(id), record == original.record else { return nil }
        let decisions = Decisions(rulebook: rulebook, transaction: transaction)
        let departure = Departure(departure, in: transaction)
        // Delays and counts go on as for the version before: it is the same message.
        var judgement = departure.judgement
        judgement.earlier = Judgement.Earlier(id: id, submittedAt: record.submittedAt)
        let (attachment, verdict) = try judgement.verdict(transaction, at: transaction.now)
        guard verdict.outcome <= .hold else {
            let why = verdict.reasons.map(\.text).joined(separator: "; ")
            return try decisions.refuse(
                record,
                "policy refuses this version (\(why)); \(record.token) waits as it was",
                by: editor
            )
        }
        let revision = record.revision + 1
        let conversations = try departure.openConversations(attachment, by: editor.actor)
        try departure.insertRevision(revision, of: id, verdict)
        try takeDown(id, in: transaction)
        let shown = try departure.insertShownMessage(id, revision: revision, attachment, conversations)
        try transaction.setMessage(shown, of: id, revision: revision)
        try transaction.record(
            Event(
                .corrected,
                .outbound(id),
                by: editor.actor,
                at: transaction.now,
                policyVersion: rulebook.version,
                fields: departure.fields(revision: revision, attachment, verdict, conversations)
            )
        )
        try SentCopies.remove(messageID: departure.form.messageID, from: departure.message.account, transaction)
        let outcome = try approve(id, revision, decisions)
        guard let new = try transaction.currentRecord(id) else { throw .missing("outbound \(id)") }
        try tell(new, hasApproved: outcome != nil, transaction)
        let text = "\(new.token) replaces \(record.token). " + (outcome?.text ?? waiting(new))
        try Notices(rulebook: rulebook, transaction: transaction)
            .answer(text, to: editor.id, about: new, answering: correction.messageID)
        return .done(text)
    }

    /// The editor's own approval, for the groups they are in; nobody has approved what they did not mean
    /// to send, such as a notice that their program quoted.
    private func approve(
        _ id: OutboundID,
        _ revision: Int,
        _ decisions: Decisions
    ) throws(StoreError) -> DecisionOutcome? {
        let editor = correction.editor
        guard let record = try decisions.transaction.currentRecord(id), record.state == .held,
            editor.id != record.author, editor.mayApprove, rulebook.rules.ownMail.editorsApprove, !needsLook,
            rulebook.mayDecide(editor.id, on: rulebook.approvals(of: record), at: decisions.transaction.now)
        else { return nil }
        return try decisions.approve(id, revision: revision, by: editor, why: "by correcting it")
    }

    private var needsLook: Bool { bringsForward || departure.judgement.reading.hasInternalContent }

    private func waiting(_ record: OutboundRecord) -> String {
        guard record.state == .held else { return "It needs no approval and leaves" }
        let needs = "It waits and needs \(Decisions.list(rulebook.approvals(of: record).missing(after: []))) to approve"
        guard needsLook, correction.editor.id != record.author else { return needs }
        return needs
            + ": your mail program quoted in it what is not meant for the recipients, so it was not taken as your"
            + " approval; look at it, or send it again without that"
    }

    private func tell(_ record: OutboundRecord, hasApproved: Bool, _ transaction: Transaction) throws(StoreError) {
        if record.state == .held {
            try Notices(rulebook: rulebook, transaction: transaction)
                .askApprovers(
                    of: record,
                    reading: departure.judgement.reading,
                    except: hasApproved ? [correction.editor.id] : []
                )
        }
        try Discussion(rulebook: rulebook, transaction: transaction).tell(about: record, except: correction.editor.id)
    }

    /// The version before is shown nowhere any more; what its author filed of it elsewhere stays.
    private func takeDown(_ id: OutboundID, in transaction: Transaction) throws(StoreError) {
        guard let message = try transaction.outbound(id)?.message else { return }
        for placement in try transaction.placements(of: message) {
            guard let mailbox = try transaction.mailbox(placement.mailbox), View(key: mailbox.key) != nil else {
                continue
            }
            _ = try transaction.expunge([placement.uid], from: placement.mailbox)
        }
    }
}
