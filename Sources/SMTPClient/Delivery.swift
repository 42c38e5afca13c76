package import Net
package import SMTPWire

/// Where in a session something happened.
package enum SMTPStage: String, Hashable, Sendable {
    case connect, greeting, hello, startTLS, logIn, mail, rcpt, data
    /// The message is on its way, the final dot is not.
    case content
    /// The final dot was sent: from here on the server may have the message.
    case end
    case reset
}

/// Why a step did not succeed.
package struct SMTPFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Cause: Hashable, Sendable {
        /// The server said no.
        case reply(SMTPReply)
        /// The connection broke or a time passed.
        case transport(NetError)
        /// The server closed the connection.
        case closed
        /// What the server sent makes no sense here; the connection cannot be trusted.
        case protocolViolation(String)
        /// TLS is required, or a log-in needs it, and the server offers none.
        case noTLS
        /// The server offers no mechanism for our credentials.
        case noMechanism
        /// The server refused the token, and said this.
        case tokenRefused(String, SMTPReply)
        /// The message needs an extension that the server does not offer.
        case missingExtension(String)
        /// The message is over the size that the server announces, in octets.
        case tooLarge(limit: UInt64)
        /// The message could be read as something else than it is; nothing of it may leave.
        case unclean(DataWriter.Unclean)
        /// The check found other bytes than were released (INV-1).
        case checkRefused

        init(_ obstacle: TransportObstacle) {
            switch obstacle {
            case .tooLarge(let limit): self = .tooLarge(limit: limit)
            case .missingExtension(let name): self = .missingExtension(name)
            }
        }
    }

    package let stage: SMTPStage
    package let cause: Cause

    package init(_ stage: SMTPStage, _ cause: Cause) {
        self.stage = stage
        self.cause = cause
    }

    /// The server's own words, where it said any.
    package var reply: SMTPReply? {
        switch cause {
        case .reply(let reply), .tokenRefused(_, let reply): reply
        default: nil
        }
    }

    /// The enhanced status code (RFC 3463): the server's own, else the one that says the same.
    package var status: EnhancedStatus {
        switch cause {
        case .reply(let reply), .tokenRefused(_, let reply):
            reply.enhanced ?? EnhancedStatus(reply.isPermanent ? 5 : 4, 0, 0)
        case .transport, .closed: EnhancedStatus(4, 4, 2)
        case .protocolViolation: EnhancedStatus(4, 5, 0)
        case .noTLS, .noMechanism: EnhancedStatus(4, 7, 0)
        case .missingExtension("SMTPUTF8"): EnhancedStatus(5, 6, 7)
        case .missingExtension: EnhancedStatus(5, 6, 3)
        case .tooLarge: EnhancedStatus(5, 3, 4)
        case .unclean: EnhancedStatus(5, 6, 0)
        case .checkRefused: EnhancedStatus(4, 3, 0)
        }
    }

    /// Whether the same will fail again for ever.
    package var isPermanent: Bool {
        switch cause {
        case .reply(let reply), .tokenRefused(_, let reply): reply.isPermanent
        case .missingExtension, .tooLarge, .unclean: true
        case .transport, .closed, .protocolViolation, .noTLS, .noMechanism, .checkRefused: false
        }
    }

    package var description: String {
        let what =
            switch cause {
            case .reply(let reply): reply.description
            case .transport(let error): error.description
            case .closed: "the server closed the connection"
            case .protocolViolation(let what): "the server breaks the protocol: \(what)"
            case .noTLS: "the server offers no TLS"
            case .noMechanism: "the server offers no way to log in that fits"
            case .tokenRefused(let detail, let reply): "\(reply) (\(detail))"
            case .missingExtension(let name): "the server offers no \(name)"
            case .tooLarge(let limit): "the message is over the server's limit of \(limit) octets"
            case .unclean(let unclean): "the message cannot be sent: \(unclean.kind) at octet \(unclean.offset)"
            case .checkRefused: "the message is not the one that was released"
            }
        return "\(stage.rawValue): \(what)"
    }
}

/// What became of one recipient.
package enum RecipientOutcome: Hashable, Sendable {
    /// The server has the message and answers for it.
    case accepted(SMTPReply)
    /// Not now; trying again may help.
    case temporary(SMTPFailure)
    /// Never.
    case permanent(SMTPFailure)
    /// The connection was lost after the final dot: the server may have the message or not.
    case unknown(SMTPFailure)
}

/// What became of a message, recipient by recipient.
package struct DeliveryReport: Hashable, Sendable {
    /// In the order of the envelope.
    package let outcomes: [RecipientOutcome]
    /// The check refused: not a byte may have reached anybody, and somebody must look (INV-1).
    package let isRefusedByCheck: Bool

    package init(outcomes: [RecipientOutcome], isRefusedByCheck: Bool = false) {
        self.outcomes = outcomes
        self.isRefusedByCheck = isRefusedByCheck
    }
}

/// Sees every byte of a message before it is sent, and decides whether the final dot follows (INV-1).
package protocol TransmitCheck: ~Copyable {
    /// These octets of the message, without stuffed dots, go out next.
    mutating func take(_ bytes: Span<UInt8>)
    /// Everything was sent but the end; false drops the connection instead.
    mutating func mayEnd() -> Bool
}
