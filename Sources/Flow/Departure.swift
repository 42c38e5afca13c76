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

/// One message handed in, inside its transaction: recorded with its verdict, shown in the green
/// room, and its approvers told.
struct Departure {
    let message: SubmittedMessage
    let envelope: SMTPWire.Envelope
    let form: TransmitForm
    let submitted: StoredBody
    let transmit: StoredBody
    let releaseHash: [UInt8]
    let judgement: Judgement
    let sealKey: Secret
    let transaction: Transaction

    private var rulebook: Rulebook { judgement.rulebook }

    func file() throws(StoreError) -> SubmissionOutcome {
        let (attachment, verdict) = try judgement.verdict(transaction, at: transaction.now)
        let arrival = Arrival(
            rulebook: rulebook,
            account: message.account,
            authservID: nil,
            sealKey: sealKey,
            transaction: transaction,
            actor: .member(message.author, device: message.device)
        )
        let conversations = try arrival.openConversations(attachment)
        let id = try insert(attachment, verdict)
        let shown = try insertShownMessage(id, attachment, conversations)
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

    private func insert(_ attachment: Attachment, _ verdict: Verdict) throws(StoreError) -> OutboundID {
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
        let visible = Set(judgement.input.visibleRecipients.map { ASCII.lowercased($0.description) })
        try transaction.insertRevision(
            1,
            of: id,
            submitted: submitted,
            transmit: transmit,
            mailFrom: envelope.sender?.text ?? "",
            mailParameters: envelope.parameters.text,
            releaseHash: releaseHash,
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
                revision: 1,
                state: RecipientState.waiting.rawValue,
                nextAttempt: transaction.now
            )
        }
        return id
    }

    /// The submitted text as author and approvers see it, Bcc included.
    private func insertShownMessage(
        _ id: OutboundID,
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
        block.add("Outbound", "\(id).1")
        _ = try transaction.insertEdition(
            of: shown,
            block: block.bytes(bodyHash: submitted.hash, key: sealKey)
        )
        return shown
    }

    private func state(_ verdict: Verdict) -> OutboundState {
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
        typealias Field = OutboundFold.Field
        var fields = [
            Field.account: message.account.name,
            Field.author: message.author.rawValue,
            Field.device: message.device,
            Field.state: state(verdict).rawValue,
            Field.revision: "1",
            Field.messageID: form.messageID,
            Field.from: envelope.sender?.text ?? "",
            Field.subject: judgement.input.subject,
            Field.recipients: EventCoding.list(envelope.recipients.map(\.address.text)),
            Field.creators: EventCoding.list(attachment.creators.attached.map(\.rawValue)),
            Field.conversations: EventCoding.list(conversations.map(\.description)),
            Field.required: OutboundFold.text(of: verdict.approvals),
            Field.reasons: OutboundFold.text(of: verdict.reasons),
            Field.permits: EventCoding.list(verdict.permits),
            Field.releaseHash: Hexadecimal.encode(releaseHash),
            "match": attachment.reason,
            "submitted": Hexadecimal.encode(submitted.hash),
            "transmit": Hexadecimal.encode(transmit.hash),
        ]
        fields[Field.campaign] = (judgement.selectors.first ?? attachment.campaign)?.rawValue
        if let notBefore = verdict.notBefore {
            fields[Field.notBefore] = String(notBefore.milliseconds)
            fields[Field.effectiveAt] = String(notBefore.milliseconds)
        }
        return Event(
            .submitted,
            .outbound(id),
            by: .member(message.author, device: message.device),
            at: transaction.now,
            policyVersion: rulebook.version,
            fields: fields
        )
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
