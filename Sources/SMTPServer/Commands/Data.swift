internal import SMTPWire

/// DATA and the message behind it (RFC 5321 §4.1.1.4, RFC 2033 §4.2).
extension SMTPServerEngine {
    mutating func data() {
        guard let envelope else {
            fault(SMTPReply(503, EnhancedStatus(5, 5, 1), "Say MAIL first"))
            return
        }
        // A message that came with the command, before we asked for it, would be read as commands.
        if refusePipelined() { return }
        guard !envelope.recipients.isEmpty else {
            write(SMTPReply(554, EnhancedStatus(5, 5, 1), "No valid recipients"))
            return
        }
        write(SMTPReply(354, "Go on, end with CR LF . CR LF"))
        awaitData()
    }

    /// The end has come: the message goes to the session, or what is wrong with it to the client.
    mutating func endData(_ reader: consuming DataReader) -> Action? {
        guard let envelope else { return nil }
        do {
            let bytes = try reader.finish()
            let message = ReceivedMessage(
                envelope: envelope,
                bytes: bytes,
                peer: peer,
                user: user,
                transport: transport
            )
            return perform(.message(message), .message(recipients: envelope.recipients.count))
        } catch {
            answer(.all(error.reply), recipients: envelope.recipients.count)
            return nil
        }
    }

    /// The answer to `message`, given once it is durable (INV-2).
    package mutating func messageAnswered(_ answer: MessageAnswer) {
        guard case .performing(.message(let recipients)) = phase else { return }
        self.answer(answer, recipients: recipients)
    }

    private mutating func answer(_ answer: MessageAnswer, recipients: Int) {
        envelope = nil
        awaitCommand()
        let isPerRecipient = configuration.role == .lmtp
        switch answer {
        case .all(let reply):
            for _ in 0..<(isPerRecipient ? recipients : 1) { write(reply) }
        case .each(let replies) where isPerRecipient && replies.count == recipients:
            replies.forEach { write($0) }
        case .each:
            // A session that cannot count its answers has lost track of what it kept.
            let reply = SMTPReply(451, EnhancedStatus(4, 3, 0), "The fault is on our side, please try again later")
            for _ in 0..<(isPerRecipient ? recipients : 1) { write(reply) }
        }
    }

    /// The protocol by its registered name (RFC 3848, RFC 6531 §4.3).
    private var transport: String {
        let isUTF8 = envelope?.parameters.smtpUTF8 == true
        let base =
            switch configuration.role {
            case .lmtp: "LMTP"
            case .submission, .sink: isUTF8 ? "SMTP" : isExtended ? "ESMTP" : "SMTP"
            }
        return (isUTF8 ? "UTF8" : "") + base + (peer.tls == nil ? "" : "S") + (user == nil ? "" : "A")
    }
}
