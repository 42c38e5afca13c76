package import SMTPWire
package import Store

/// How far the relay has come with one recipient.
package enum RecipientState: String, Sendable {
    /// Not released yet, or not any more.
    case held
    /// The relay may send to it, now or later.
    case waiting
    /// Put on hold in the queue: the relay leaves it alone until somebody says otherwise.
    case parked
    case relayed
    case failed
    /// Taken out of the queue.
    case dropped

    /// Whether something may still become of it.
    package var isOpen: Bool { self == .waiting || self == .parked }
}

extension OutboundRecipientRow {
    package var progress: RecipientState { RecipientState(rawValue: state) ?? .held }

    /// The parameters of RCPT, as stored.
    package var recipientParameters: RecipientParameters {
        (try? RecipientParameters(text: parameters)) ?? RecipientParameters()
    }
}

extension Envelope {
    /// The envelope as it was judged and stored; nothing else may be sent (INV-1).
    package init(_ revision: OutboundRevisionRow, _ recipients: [OutboundRecipientRow]) {
        self.init(
            sender: EnvelopeAddress(revision.mailFrom),
            parameters: (try? MailParameters(text: revision.mailParameters)) ?? MailParameters(),
            recipients: recipients.compactMap { row in
                EnvelopeAddress(row.address).map { EnvelopeRecipient($0, row.recipientParameters) }
            }
        )
    }
}
