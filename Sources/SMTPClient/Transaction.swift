internal import SMTPWire

/// One message on its way: what was asked for, and what each recipient's answer was.
struct Transaction {
    /// The envelope with the parameters that this server understands.
    let envelope: Envelope
    let message: [UInt8]
    /// Recipients whose RCPT command was sent.
    var asked = 0
    /// RCPT was accepted; the fate of the message decides.
    var accepted: [Bool]
    /// What is decided.
    var outcomes: [RecipientOutcome?]
    /// MAIL was refused: the replies to pipelined RCPT commands mean nothing.
    var mailFailure: SMTPFailure?
    /// The server may have the message.
    var hasEnded = false

    init(envelope: Envelope, message: [UInt8]) {
        self.envelope = envelope
        self.message = message
        accepted = envelope.recipients.map { _ in false }
        outcomes = envelope.recipients.map { _ in nil }
    }

    /// The report where the rest failed like this.
    func report(failure: SMTPFailure) -> DeliveryReport {
        report { index in
            // A reply is an answer; without one, nobody knows what became of a message behind its dot.
            if hasEnded, accepted[index], failure.reply == nil { return .unknown(failure) }
            return failure.isPermanent ? .permanent(failure) : .temporary(failure)
        }
    }

    /// The report where the message was accepted with this reply.
    func report(reply: SMTPReply) -> DeliveryReport {
        report { _ in .accepted(reply) }
    }

    private func report(_ rest: (Int) -> RecipientOutcome) -> DeliveryReport {
        let decided = outcomes.enumerated().map { index, outcome in outcome ?? rest(index) }
        let isRefused = decided.contains { outcome in
            if case .temporary(let failure) = outcome { failure.cause == .checkRefused } else { false }
        }
        return DeliveryReport(outcomes: decided, isRefusedByCheck: isRefused)
    }
}
