internal import SMTPWire

/// MAIL (RFC 5321 §4.1.1.2).
extension SMTPServerEngine {
    mutating func mail(_ sender: EnvelopeAddress?, _ parameters: MailParameters) -> Action? {
        guard !peer.greeting.isEmpty else {
            fault(
                SMTPReply(
                    503,
                    EnhancedStatus(5, 5, 1),
                    configuration.role == .lmtp ? "Say LHLO first" : "Say EHLO first"
                )
            )
            return nil
        }
        guard hasSession else {
            let text = mayLogIn ? "Log in first" : "Log in first, over TLS"
            fault(SMTPReply(530, EnhancedStatus(5, 7, 0), text))
            return nil
        }
        guard envelope == nil else {
            fault(SMTPReply(503, EnhancedStatus(5, 5, 1), "A transaction has begun already"))
            return nil
        }
        if let size = parameters.size, size > UInt64(configuration.maximumSize) {
            write(SMTPReply(552, EnhancedStatus(5, 3, 4), "The limit is \(configuration.maximumSize) octets"))
            return nil
        }
        if sender?.needsUTF8 == true, !parameters.smtpUTF8 {
            fault(SMTPReply(553, EnhancedStatus(5, 6, 7), "An address in UTF-8 needs SMTPUTF8"))
            return nil
        }
        return perform(.mail(sender, parameters), .mail(sender, parameters))
    }

    /// The answer to `mail`.
    package mutating func mailAnswered(_ answer: EnvelopeAnswer) {
        guard case .performing(.mail(let sender, let parameters)) = phase else { return }
        awaitCommand()
        switch answer {
        case .accepted:
            envelope = Envelope(sender: sender, parameters: parameters)
            write(SMTPReply(250, EnhancedStatus(2, 1, 0), "Sender accepted"))
        case .refused(let reply):
            write(reply)
        }
    }
}
