internal import Base
package import SMTPWire

/// MAIL, RCPT, DATA and the message.
extension SMTPClientEngine {
    /// Begins a transaction; only when `next` has said `ready`.
    package mutating func begin(_ envelope: Envelope, _ message: [UInt8]) {
        guard case .ready = phase else { return }
        let needs = TransportNeeds(envelope, message)
        var wire = envelope
        wire.parameters = parameters(of: envelope, needs)
        if !capabilities.dsn {
            for index in wire.recipients.indices { wire.recipients[index].parameters = RecipientParameters() }
        }
        let transaction = Transaction(envelope: wire, message: message)
        if let obstacle = capabilities.obstacle(to: needs) {
            phase = .reporting(transaction.report(failure: SMTPFailure(.mail, .init(obstacle))), isBroken: false)
            return
        }
        guard !envelope.recipients.isEmpty else {
            phase = .reporting(DeliveryReport(outcomes: [], isRefusedByCheck: false), isBroken: false)
            return
        }
        self.transaction = transaction
        let mail = SMTPCommand.mail(wire.sender, wire.parameters)
        if capabilities.pipelining {
            askRecipients(behind: [mail], [.mail])
        } else {
            send([mail], [.mail], configuration.timeouts.command)
        }
    }

    /// The parameters of MAIL that this server understands.
    private func parameters(of envelope: Envelope, _ needs: TransportNeeds) -> MailParameters {
        var parameters = MailParameters()
        if capabilities.size { parameters.size = UInt64(needs.size) }
        if needs.eightBitMIME { parameters.body = .eightBitMIME }
        parameters.smtpUTF8 = needs.smtpUTF8
        if capabilities.dsn {
            parameters.ret = envelope.parameters.ret
            parameters.envid = envelope.parameters.envid
        }
        return parameters
    }

    mutating func mailAnswered(_ reply: SMTPReply) {
        guard var transaction else { return }
        if !reply.isSuccess { transaction.mailFailure = SMTPFailure(.mail, .reply(reply)) }
        self.transaction = transaction
        recipientsMayBeDone()
    }

    mutating func rcptAnswered(_ reply: SMTPReply, _ index: Int) {
        if reply.isSuccess {
            transaction?.accepted[index] = true
        } else {
            let failure = SMTPFailure(.rcpt, .reply(reply))
            transaction?.outcomes[index] = reply.isPermanent ? .permanent(failure) : .temporary(failure)
        }
        recipientsMayBeDone()
    }

    /// Goes on once every reply of the group is there.
    private mutating func recipientsMayBeDone() {
        guard expected.isEmpty, var transaction else { return }
        if let failure = transaction.mailFailure {
            // What the server said to pipelined RCPT commands follows from its refusal of MAIL.
            transaction.outcomes = transaction.outcomes.map { _ in nil }
            return finish(transaction.report(failure: failure))
        }
        if transaction.asked < transaction.envelope.recipients.count { return askRecipients() }
        guard transaction.accepted.contains(true) else {
            // Every recipient has its own answer; the failure here is never told.
            finish(transaction.report(failure: SMTPFailure(.rcpt, .closed)))
            return reset()
        }
        // DATA waits for the answers, unlike RFC 2920 allows: were all recipients refused, a server
        // that says 354 all the same would have to be sent an empty message.
        send([.data], [.data], configuration.timeouts.data)
    }

    /// Sends the next RCPT commands: a group where the server knows PIPELINING, else one.
    private mutating func askRecipients(behind commands: [SMTPCommand] = [], _ replies: [Expected] = []) {
        guard let recipients = transaction?.envelope.recipients, let first = transaction?.asked else { return }
        let count = capabilities.pipelining ? Limits.smtpPipeline : 1
        let group = first..<min(first + count, recipients.count)
        transaction?.asked = group.upperBound
        send(
            commands + group.map { .rcpt(recipients[$0]) },
            replies + group.map { .rcpt($0) },
            configuration.timeouts.command
        )
    }

    mutating func dataAnswered(_ reply: SMTPReply) {
        guard let transaction else { return }
        if reply.code == 354 {
            phase = .content(DataWriter(transaction.message))
        } else if reply.isTransient || reply.isPermanent {
            finish(transaction.report(failure: SMTPFailure(.data, .reply(reply))))
            reset()
        } else {
            fail(.protocolViolation("DATA answered by \(reply.code)"), at: .data)
        }
    }

    /// The check's answer to `askCheck` (INV-1).
    package mutating func mayEnd(_ isAllowed: Bool) {
        guard case .askingCheck = phase else { return }
        guard isAllowed else { return fail(.checkRefused, at: .content) }
        transaction?.hasEnded = true
        sendRaw(DataWriter.end, .end, configuration.timeouts.end)
    }

    mutating func endAnswered(_ reply: SMTPReply) {
        guard let transaction else { return }
        if reply.isSuccess {
            finish(transaction.report(reply: reply))
        } else if reply.isTransient || reply.isPermanent {
            finish(transaction.report(failure: SMTPFailure(.end, .reply(reply))))
        } else {
            fail(.protocolViolation("a message answered by \(reply.code)"), at: .end)
        }
    }

    private mutating func finish(_ report: DeliveryReport) {
        transaction = nil
        phase = .reporting(report, isBroken: false)
    }

    /// Forgets the open transaction of the server; its reply is read before the next one begins.
    private mutating func reset() {
        guard case .reporting(let report, false) = phase else { return }
        send([.rset], [.reset], configuration.timeouts.command)
        if case .waiting = phase { phase = .reporting(report, isBroken: false) }
    }

    mutating func resetAnswered(_ reply: SMTPReply) {
        guard reply.isSuccess else { return fail(.reply(reply), at: .reset) }
        phase = .ready
    }
}
