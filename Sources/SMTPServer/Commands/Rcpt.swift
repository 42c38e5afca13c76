internal import SMTPWire

/// RCPT (RFC 5321 §4.1.1.3).
extension SMTPServerEngine {
    mutating func rcpt(_ recipient: EnvelopeRecipient) -> Action? {
        guard let envelope else {
            fault(SMTPReply(503, EnhancedStatus(5, 5, 1), "Say MAIL first"))
            return nil
        }
        guard envelope.recipients.count < configuration.maximumRecipients else {
            // RFC 5321 §4.5.3.1.10: 452, so that the client sends the rest in another transaction.
            write(SMTPReply(452, EnhancedStatus(4, 5, 3), "Too many recipients in one message"))
            return nil
        }
        if recipient.address.needsUTF8, !envelope.parameters.smtpUTF8 {
            fault(SMTPReply(553, EnhancedStatus(5, 6, 7), "An address in UTF-8 needs SMTPUTF8"))
            return nil
        }
        return perform(.recipient(recipient, envelope), .recipient(recipient))
    }

    /// The answer to `recipient`.
    package mutating func recipientAnswered(_ answer: EnvelopeAnswer) {
        guard case .performing(.recipient(let recipient)) = phase else { return }
        awaitCommand()
        switch answer {
        case .accepted:
            envelope?.recipients.append(recipient)
            write(SMTPReply(250, EnhancedStatus(2, 1, 5), "Recipient accepted"))
        case .refused(let reply):
            write(reply)
        }
    }
}
