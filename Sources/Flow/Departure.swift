internal import Base
internal import Campaigns
internal import Config
internal import Ledger
internal import Letters
internal import Message
internal import Outbound
internal import Policy
internal import SMTPWire
internal import Store

/// One text on its way out, with all that was made ready before its transaction.
struct PreparedDeparture: Sendable {
    let message: SubmittedMessage
    let envelope: SMTPWire.Envelope
    let form: TransmitForm
    let submitted: StoredBody
    let transmit: StoredBody
    let releaseHash: [UInt8]
    let judgement: Judgement
    let sealKey: Secret
}

/// One message handed in, inside its transaction: recorded with its verdict, shown in the green
/// room, and its approvers told.
struct Departure {
    private let prepared: PreparedDeparture
    let transaction: Transaction
    /// Joined to what policy says: for what the submission itself gives reason to hold.
    var restriction = Verdict.unrestricted

    init(_ prepared: PreparedDeparture, in transaction: Transaction) {
        self.prepared = prepared
        self.transaction = transaction
    }

    var message: SubmittedMessage { prepared.message }
    var form: TransmitForm { prepared.form }
    var judgement: Judgement { prepared.judgement }
    private var envelope: SMTPWire.Envelope { prepared.envelope }
    private var submitted: StoredBody { prepared.submitted }
    private var transmit: StoredBody { prepared.transmit }
    private var releaseHash: [UInt8] { prepared.releaseHash }
    private var sealKey: Secret { prepared.sealKey }
    private var rulebook: Rulebook { judgement.rulebook }

    func file() throws(StoreError) -> SubmissionOutcome {
        let (attachment, judged) = try judgement.verdict(transaction, at: transaction.now)
        let verdict = judged.joined(restriction)
        let conversations = try openConversations(attachment, by: .member(message.author, device: message.device))
        let id = try insert(verdict)
        let shown = try insertShownMessage(id, revision: 1, attachment, conversations)
        try transaction.setMessage(shown, of: id)
        let event = submission(id, attachment, verdict, conversations)
        try transaction.record(event)
        try SentCopies.remove(messageID: form.messageID, from: message.account, transaction)
        // The row says it only when the change has ended; the fold says it now.
        guard let record = OutboundFold.apply(event, to: nil) else { throw .missing("outbound \(id)") }
        if record.state == .held {
            let notices = Notices(rulebook: rulebook, transaction: transaction)
            try notices.askApprovers(of: record, reading: judgement.reading)
        }
        return outcome(record)
    }

    /// The conversations that it belongs to, opened where they are new.
    func openConversations(_ attachment: Attachment, by actor: Actor) throws(StoreError) -> [ConversationID] {
        let arrival = Arrival(
            rulebook: rulebook,
            account: message.account,
            authservID: nil,
            sealKey: sealKey,
            transaction: transaction,
            actor: actor
        )
        return try arrival.openConversations(attachment)
    }

    private func insert(_ verdict: Verdict) throws(StoreError) -> OutboundID {
        let row = OutboundRow(
            account: try transaction.ensureAccount(message.account),
            author: message.author.rawValue,
            device: message.device,
            state: state(verdict).rawValue,
            from: envelope.sender?.text ?? "",
            subject: judgement.input.subject,
            messageID: form.messageID,
            submittedAt: transaction.now
        )
        let id = try transaction.insertOutbound(row)
        try insertRevision(1, of: id, verdict)
        return id
    }

    /// The text with its envelope as it was judged, its recipients released where policy lets it out.
    func insertRevision(_ revision: Int, of id: OutboundID, _ verdict: Verdict) throws(StoreError) {
        let visible = Set(judgement.input.visibleRecipients.map { ASCII.lowercased($0.description) })
        try transaction.insertRevision(
            revision,
            of: id,
            submitted: submitted,
            transmit: transmit,
            mailFrom: envelope.sender?.text ?? "",
            mailParameters: envelope.parameters.text,
            releaseHash: releaseHash,
            messageID: form.messageID,
            recipients: envelope.recipients.map { recipient in
                NewRecipient(
                    address: recipient.address.text,
                    parameters: recipient.parameters.text,
                    isBcc: !visible.contains(ASCII.lowercased(recipient.address.text))
                )
            },
            state: RecipientState.held.rawValue
        )
        if state(verdict) == .queued {
            try transaction.setRecipients(
                of: id,
                revision: revision,
                state: RecipientState.waiting.rawValue,
                nextAttempt: transaction.now
            )
        }
    }

    /// The submitted text as author and approvers see it, Bcc included.
    func insertShownMessage(
        _ id: OutboundID,
        revision: Int,
        _ attachment: Attachment,
        _ conversations: [ConversationID]
    ) throws(StoreError) -> MessageID {
        var new = NewMessage(
            account: try transaction.ensureAccount(message.account),
            messageID: "",
            body: submitted,
            internalDate: transaction.now,
            direction: "held"
        )
        new.sender = envelope.sender?.text ?? ""
        new.subject = judgement.input.subject
        let shown = try transaction.insertMessage(new)
        var block = ContextBlock(
            attachment,
            conversations: conversations,
            stages: [],
            directory: rulebook.directory
        )
        block.add("Outbound", "\(id).\(revision)")
        _ = try transaction.insertEdition(
            of: shown,
            block: block.bytes(bodyHash: submitted.hash, key: sealKey)
        )
        return shown
    }

    func state(_ verdict: Verdict) -> OutboundState {
        switch verdict.outcome {
        case .release: verdict.notBefore.map { $0 > transaction.now } ?? false ? .approved : .queued
        case .hold: .held
        case .cancel: .canceled
        case .reject: .rejected
        }
    }

    private func submission(
        _ id: OutboundID,
        _ attachment: Attachment,
        _ verdict: Verdict,
        _ conversations: [ConversationID]
    ) -> Event {
        Event(
            .submitted,
            .outbound(id),
            by: .member(message.author, device: message.device),
            at: transaction.now,
            policyVersion: rulebook.version,
            fields: fields(revision: 1, attachment, verdict, conversations)
        )
    }

    /// What the ledger tells of one text: envelope, hashes and verdict.
    func fields(
        revision: Int,
        _ attachment: Attachment,
        _ verdict: Verdict,
        _ conversations: [ConversationID]
    ) -> [String: String] {
        typealias Field = OutboundFold.Field
        var fields = [
            Field.account: message.account.name,
            Field.author: message.author.rawValue,
            Field.device: message.device,
            Field.state: state(verdict).rawValue,
            Field.revision: String(revision),
            Field.messageID: form.messageID,
            Field.from: envelope.sender?.text ?? "",
            Field.subject: judgement.input.subject,
            Field.recipients: EventCoding.list(envelope.recipients.map(\.address.text)),
            Field.creators: EventCoding.list(attachment.creators.attached.map(\.rawValue)),
            Field.conversations: EventCoding.list(conversations.map(\.description)),
            Field.required: OutboundFold.text(of: verdict.approvals),
            Field.reasons: OutboundFold.text(of: verdict.reasons),
            Field.permits: EventCoding.list(verdict.permits),
            Field.grounds: OutboundFold.text(of: verdict.grounds),
            Field.releaseHash: Hexadecimal.encode(releaseHash),
            "match": attachment.reason,
            Field.submitted: Hexadecimal.encode(submitted.hash),
            Field.transmit: Hexadecimal.encode(transmit.hash),
        ]
        fields[Field.campaign] = (judgement.selectors.first ?? attachment.campaign)?.rawValue
        if let notBefore = verdict.notBefore {
            fields[Field.notBefore] = String(notBefore.milliseconds)
            fields[Field.effectiveAt] = String(notBefore.milliseconds)
        }
        return fields
    }

    private func outcome(_ record: OutboundRecord) -> SubmissionOutcome {
        let why = record.reasons.map(\.text).joined(separator: "; ")
        switch record.state {
        case .held: return .held(token: record.token, why: why)
        case .rejected, .canceled: return .rejected(token: record.token, why: why)
        default: return .released(token: record.token)
        }
    }
}
