package import SASL
package import SMTPWire

/// The backend of a sink: takes every message from this machine and hands it on.
///
/// What the embedded default has in place of a smarthost, so that anybody can see what really left.
package struct SinkBackend: SMTPBackend, SMTPSession {
    /// Keeps a message; returns once it is durable, with the reply.
    package typealias Keep = @Sendable (ReceivedMessage) async -> SMTPReply

    private let keep: Keep

    package init(keep: @escaping Keep) {
        self.keep = keep
    }

    package var user: String? { nil }

    package func openSession(peer: SMTPPeer) async -> SessionAnswer {
        guard peer.isLoopback else {
            return .refused(SMTPReply(554, EnhancedStatus(5, 7, 1), "Only this machine may come here"))
        }
        return .session(self)
    }

    package func logIn(_ credentials: SASLCredentials, peer: SMTPPeer) async -> LogInAnswer {
        .refused(.wrongCredentials, delay: .zero)
    }

    package func mail(from sender: EnvelopeAddress?, parameters: MailParameters) async -> EnvelopeAnswer { .accepted }

    package func recipient(_ recipient: EnvelopeRecipient, to envelope: Envelope) async -> EnvelopeAnswer { .accepted }

    package func message(_ message: ReceivedMessage) async -> MessageAnswer { .all(await keep(message)) }
}
