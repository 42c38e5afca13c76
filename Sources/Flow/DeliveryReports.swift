internal import Base
internal import Config
internal import Ledger
internal import Message
internal import Outbound
internal import Policy
internal import SMTPWire
internal import Store
internal import Views

/// Tells authors what became of their mail on the way: delivery reports (RFC 3464) as local mail in the
/// INBOX that bounces would come to.
///
/// They are handed to nobody else: there is never a report about a report.
struct DeliveryReports {
    let rulebook: Rulebook
    let transaction: Transaction

    /// Reports what the author did not ask to be spared (RFC 3461 §4.1), and successes where they asked and
    /// the smarthost will not tell (RFC 3461 §5.2.3).
    func tell(of record: OutboundRecord, _ report: RelayReport) throws(StoreError) {
        let failed = report.failed.filter { $0.parameters.notify?.contains(.failure) ?? true }
        let delayed = report.delayed.filter { $0.parameters.notify?.contains(.delay) ?? true }
        let relayed = report.relayed.filter {
            !report.passesReports && $0.parameters.notify?.contains(.success) ?? false
        }
        for (action, answers) in [
            (Message.DeliveryReport.Action.failed, failed), (.delayed, delayed), (.relayed, relayed),
        ] {
            // Who got a blind copy is told to the author alone, not to all who read a shared INBOX.
            let account = rulebook.configuration.gateway.account(record.account)
            let blind = account?.ownership == .shared ? answers.filter(\.isBcc) : []
            let others = answers.filter { !blind.contains($0) }
            if !others.isEmpty { try file(action, others, record, report, in: account) }
            if !blind.isEmpty { try file(action, blind, record, report, in: nil) }
        }
    }

    /// Files one report; without an account where the author alone finds it.
    private func file(
        _ action: Message.DeliveryReport.Action,
        _ answers: [RelayReport.Answer],
        _ record: OutboundRecord,
        _ report: RelayReport,
        in account: AccountSettings?
    ) throws(StoreError) {
        let key = "report.\(record.token).\(Hexadecimal.encode(transaction.entropy.bytes(count: 8)))"
        let sender = "mailer-daemon@\(rulebook.commandDomain)"
        let letter = compose(action, answers, record, report, from: sender, key: key)
        let bytes = ComposedField("Return-Path", .structured("<>")).bytes + letter.bytes(boundary: key)
        let house = try transaction.ensureAccount(named: HouseAccount.name, kind: .house, owner: nil)
        var new = NewMessage(
            account: house,
            messageID: ThreadKey.messageID(letter.messageID),
            body: try transaction.prepare(bytes),
            internalDate: transaction.now,
            direction: "letter"
        )
        new.sender = sender
        new.subject = letter.subject
        let message = try transaction.insertMessage(new)
        let edition = try transaction.insertEdition(of: message, block: [])
        let mailbox: MailboxID
        if let account {
            mailbox = try transaction.ensureFolder(.inbox, of: account).id
        } else {
            mailbox = try transaction.ensureViewID(.decided, member: record.author, rulebook)
        }
        _ = try transaction.place(edition, in: mailbox, received: transaction.now)
    }

    private func compose(
        _ action: Message.DeliveryReport.Action,
        _ answers: [RelayReport.Answer],
        _ record: OutboundRecord,
        _ report: RelayReport,
        from sender: String,
        key: String
    ) -> ComposedDeliveryReport {
        let envelope = try? transaction.revision(report.revision, of: record.id)
        let parameters = envelope.flatMap { try? MailParameters(text: $0.mailParameters) }
        let until = report.releasedAt.advanced(by: Limits.relayLifetime)
        return ComposedDeliveryReport(
            reportingHost: rulebook.configuration.gateway.listeners.first?.hostName ?? "localhost",
            from: Address(name: "Greenroom", spec: sender),
            to: Address(spec: record.from),
            date: MailDate(transaction.now),
            messageID: "\(key)@\(rulebook.commandDomain)",
            subject: "\(Self.title(action)): \(record.subject)",
            text: text(action, answers, record, report, until),
            arrival: MailDate(record.submittedAt),
            envelopeID: parameters?.envid,
            recipients: answers.map { answer in
                Message.DeliveryReport.Recipient(
                    address: answer.address,
                    original: answer.parameters.originalRecipient?.address,
                    originalType: answer.parameters.originalRecipient?.kind ?? "rfc822",
                    action: action,
                    status: answer.status.description,
                    diagnostic: answer.diagnostic ?? ""
                )
            },
            remoteHost: answers.contains { $0.diagnostic != nil } ? report.smarthost : nil,
            lastAttempt: report.lastAttempt.map { MailDate($0) },
            willRetryUntil: action == .delayed ? MailDate(until) : nil,
            original: report.returned.bytes,
            // RFC 3461 §4.3: the wish is about failures.
            returnsBody: action == .failed && report.returned.isWhole
        )
    }

    private static func title(_ action: Message.DeliveryReport.Action) -> String {
        switch action {
        case .delayed: "Delayed"
        case .relayed: "Handed on"
        default: "Not delivered"
        }
    }

    private func text(
        _ action: Message.DeliveryReport.Action,
        _ answers: [RelayReport.Answer],
        _ record: OutboundRecord,
        _ report: RelayReport,
        _ until: Timestamp
    ) -> String {
        let list = answers.map { "  \($0.address)\n      \($0.reply)" }.joined(separator: "\n")
        let mail = "Your mail \"\(record.subject)\" of \(MailDate(record.submittedAt).text)"
        switch action {
        case .delayed:
            return """
                \(mail) has not reached these yet:

                \(list)

                Greenroom keeps trying until \(MailDate(until).text). You need not send it again.
                """
        case .relayed:
            return """
                \(mail) was handed on for these:

                \(list)

                That server reports no deliveries: this is the last that you hear of it.
                """
        default:
            let place = record.state == .sent || !report.relayed.isEmpty ? "Sent" : rulebook.path(of: .decided)
            return """
                \(mail) was not delivered to these, and is not tried again:

                \(list)

                Your text stands in \(place). Mend what the answer names, and send it again.
                """
        }
    }
}

extension Notices {
    /// Tells the author that it stays here since what is stored is not what was let out.
    func tellParked(_ record: OutboundRecord, why: String) throws(StoreError) {
        let text = """
            Your mail to \(record.recipients.joined(separator: ", ")) has not left: \(why).

            The fault is on our side. Ask whoever runs Greenroom to look at \(record.id), or send your mail again.
            """
        try tell(record, "Put on hold: \(record.subject)", text, to: record.author)
    }

    /// Tells the author that somebody took it out of the queue.
    func tellDropped(_ record: OutboundRecord, recipients: [String], by name: String, why: String, mayHaveLeft: Bool)
        throws(StoreError)
    {
        let left = mayHaveLeft ? "It may have left before that." : "It had not left."
        let text = """
            \(name) took your mail out of the queue: \(why)

            These get nothing more: \(recipients.joined(separator: ", ")). \(left)
            """
        try tell(record, "Taken out of the queue: \(record.subject)", text, to: record.author)
    }
}
