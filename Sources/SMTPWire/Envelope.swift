/// A recipient with the parameters of its RCPT command.
package struct EnvelopeRecipient: Hashable, Sendable {
    package var address: EnvelopeAddress
    package var parameters: RecipientParameters

    package init(_ address: EnvelopeAddress, _ parameters: RecipientParameters = RecipientParameters()) {
        self.address = address
        self.parameters = parameters
    }
}

/// Who a message comes from and who shall get it, with the parameters of MAIL and of every RCPT.
package struct Envelope: Hashable, Sendable {
    /// The reverse path; `nil` for `<>`, the sender of bounces.
    package var sender: EnvelopeAddress?
    package var parameters: MailParameters
    /// In the order in which they were named.
    package var recipients: [EnvelopeRecipient]

    package init(
        sender: EnvelopeAddress?,
        parameters: MailParameters = MailParameters(),
        recipients: [EnvelopeRecipient] = []
    ) {
        self.sender = sender
        self.parameters = parameters
        self.recipients = recipients
    }

    /// Whether an address of it can only be sent with SMTPUTF8.
    package var needsUTF8: Bool {
        sender?.needsUTF8 == true || recipients.contains { $0.address.needsUTF8 }
    }
}
