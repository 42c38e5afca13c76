package import SMTPWire
package import Store

/// How far the relay has come with one recipient.
package enum RecipientState: String, Sendable {
    /// Not released yet.
    case held
    /// The relay may send to it, now or later.
    case waiting
    case relayed
    case failed
}

extension Envelope {
    /// The envelope as it was judged and stored; nothing else may be sent (INV-1).
    package init(_ revision: OutboundRevisionRow, _ recipients: [OutboundRecipientRow]) {
        self.init(
            sender: EnvelopeAddress(revision.mailFrom),
            parameters: (try? MailParameters(text: revision.mailParameters)) ?? MailParameters(),
            recipients: recipients.compactMap { row in
                EnvelopeAddress(row.address).map { address in
                    let parameters = try? RecipientParameters(text: row.parameters)
                    return EnvelopeRecipient(address, parameters ?? RecipientParameters())
                }
            }
        )
    }
}
