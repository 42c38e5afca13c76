package import SASL
package import SMTPWire

/// Who answers what the SMTP engine asks: log-in, addresses, messages.
///
/// One backend serves all connections of a listener. What it refuses it words itself, as a reply; it
/// never throws. Three kinds of refusal: the client's fault is 5yz with advice, ours is 4yz from
/// `SMTPReply.ourFault`, whose reference stands in the log beside the cause, and the end of the
/// transport is the driver's alone.
package protocol SMTPBackend: Sendable {
    /// Submission: checks a log-in. Slow work (password hashes) happens off the event loop, inside.
    func logIn(_ credentials: SASLCredentials, peer: SMTPPeer) async -> LogInAnswer

    /// Submission: what SCRAM answers a name with; at once, and for a name that nobody has as for one
    /// that is there.
    func scramChallenge(for user: String) -> ScramChallenge

    /// LMTP and sink: opens a session for a peer that need not log in; asked once, before the
    /// greeting. The place to check whether the listener takes mail from this address.
    func openSession(peer: SMTPPeer) async -> SessionAnswer
}

extension SMTPBackend {
    /// A backend without log-in is never asked: AUTH is not announced there, and refused.
    package func scramChallenge(for user: String) -> ScramChallenge {
        ScramChallenge(parameters: ScramCredential.Parameters(salt: Array(user.utf8)), nonce: "none")
    }
}

/// The answer to a log-in.
package enum LogInAnswer: Sendable {
    /// With `serverFinal` the client is shown that we know its password too (RFC 5802 §5).
    case session(any SMTPSession, serverFinal: [UInt8]? = nil)
    /// The reply is written after `delay`, which grows with every failure.
    case refused(SMTPReply, delay: Duration)
}

/// The answer to a connection without log-in.
package enum SessionAnswer: Sendable {
    case session(any SMTPSession)
    case refused(SMTPReply)
}

/// A peer that may send mail: a member who logged in, or a trusted server.
///
/// The engine keeps the envelope; a session holds nothing about the transaction.
package protocol SMTPSession: Sendable {
    /// The member's name as the Received field shows it; `nil` without log-in.
    var user: String? { get }

    /// MAIL: may this sender, with these parameters, send? `nil` for `<>`.
    func mail(from sender: EnvelopeAddress?, parameters: MailParameters) async -> EnvelopeAnswer

    /// RCPT: may this recipient be added to what was accepted so far?
    func recipient(_ recipient: EnvelopeRecipient, to envelope: Envelope) async -> EnvelopeAnswer

    /// The message is here. Returns only when what it answers is durable (INV-2).
    func message(_ message: ReceivedMessage) async -> MessageAnswer
}

/// The answer to MAIL or RCPT.
package enum EnvelopeAnswer: Sendable, Equatable {
    case accepted
    case refused(SMTPReply)
}

/// The answer to a message.
package enum MessageAnswer: Sendable, Equatable {
    /// One reply; over LMTP it is given for every recipient.
    case all(SMTPReply)
    /// LMTP only: one reply per recipient, in the order of the envelope (RFC 2033 §4.2).
    case each([SMTPReply])
}

/// A message with its envelope and with what a Received field needs (RFC 5321 §4.4).
package struct ReceivedMessage: Sendable {
    package let envelope: Envelope
    /// Every line ends in CRLF, the last one too; without bare CR, bare LF and NUL.
    package let bytes: [UInt8]
    /// HELO name, address and TLS of the sender.
    package let peer: SMTPPeer
    /// The member who logged in.
    package let user: String?
    /// `with`: ESMTP, ESMTPS, ESMTPSA, UTF8SMTPSA, LMTP, … (RFC 3848, RFC 6531 §4.3).
    package let transport: String

    package init(envelope: Envelope, bytes: [UInt8], peer: SMTPPeer, user: String?, transport: String) {
        self.envelope = envelope
        self.bytes = bytes
        self.peer = peer
        self.user = user
        self.transport = transport
    }
}
