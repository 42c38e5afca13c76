package import Base
package import SMTPWire

/// How one listener speaks SMTP.
package struct SMTPServerConfiguration: Sendable {
    /// What the listener is for.
    package enum Role: Hashable, Sendable {
        /// Members hand in mail after a log-in (RFC 6409).
        case submission
        /// A trusted server hands in mail for local mailboxes (RFC 2033).
        case lmtp
        /// Takes anything from this machine without log-in: the smarthost of the embedded default.
        case sink
    }

    /// How TLS comes about.
    package enum TLSMode: Hashable, Sendable {
        case none
        /// Offered with STARTTLS (RFC 3207).
        case startTLS
        /// From the first byte (RFC 8314 §3.3).
        case implicit
    }

    package var role: Role
    /// Our name in the greeting and in the answer to EHLO.
    package var hostName: String
    package var tls: TLSMode
    /// Whether a peer on this machine may log in without TLS.
    package var allowsPlaintextLogInOnLoopback: Bool
    /// LMTP: the networks that may hand in mail; a Unix socket may always.
    package var trustedNetworks: [IPNetwork] = []
    /// The longest line of text that is taken, in octets without CRLF.
    ///
    /// A submission must be sent on as it is, so its lines are held to what may be sent; what comes
    /// from elsewhere is kept here and may have longer ones.
    package var maximumTextLine: Int
    /// The largest message that is taken, in octets.
    package var maximumSize: Int
    /// The most recipients of one message.
    package var maximumRecipients: Int
    /// What the way out carries, as far as it is known: what it does not carry is not offered, so that
    /// clients encode their mail to fit.
    package var carried: @Sendable () -> SMTPCapabilities? = { nil }
    /// How long a command may take to arrive (RFC 5321 §4.5.3.2.7).
    package var commandTimeout: Duration = .seconds(300)
    /// How long the next block of a message may take to arrive (RFC 5321 §4.5.3.2.5).
    package var dataTimeout: Duration = .seconds(180)

    package init(
        role: Role,
        hostName: String,
        tls: TLSMode,
        allowsPlaintextLogInOnLoopback: Bool = false,
        maximumSize: Int = Limits.message,
        maximumRecipients: Int = Limits.recipients
    ) {
        self.role = role
        self.hostName = hostName
        self.tls = tls
        self.allowsPlaintextLogInOnLoopback = allowsPlaintextLogInOnLoopback
        self.maximumTextLine = role == .submission ? Limits.smtpSentLine : Limits.smtpTextLine
        self.maximumSize = maximumSize
        self.maximumRecipients = maximumRecipients
    }
}
