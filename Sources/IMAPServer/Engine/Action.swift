internal import Base
package import SASL

/// What the driver does next for the engine.
package enum Action {
    /// Send these bytes before anything else is done.
    case write([UInt8])
    /// Run the command, then hand what it came to to `Engine.complete`.
    case perform(CommandRun)
    /// Hold everything back for this long: a wrong password was given.
    case pause(Duration)
    /// Everything written is out: begin TLS, then call `Engine.tlsStarted`.
    case startTLS
    /// Wait for bytes (`receive`), for a change of the mailbox (`wake`), for the end of patience
    /// (`expire`) or of the gateway (`shutDown`).
    case wait(patience: Duration)
    case close(CloseReason)
}

/// Why the engine ends a connection.
package enum CloseReason: Hashable, Sendable {
    case loggedOut
    case tooManyFaults
    /// Another protocol's first bytes, by its name.
    case foreignProtocol(String)
    case lineTooLong
    case literalTooLarge
    /// Plaintext behind STARTTLS: somebody may have put it there (CVE-2011-0411).
    case bytesBehindStartTLS
    /// The client left at the end of AUTHENTICATE.
    case saslGivenUp
    case expired
    case shutDown
    /// The configuration no longer knows the member or device, or gives it other rights.
    case accessEnded
    case connectionLost

    /// For the log.
    package var explanation: String {
        switch self {
        case .loggedOut: "logged out"
        case .tooManyFaults: "too many faulty commands"
        case .foreignProtocol(let name): "\(name) spoken on an IMAP port"
        case .lineTooLong: "line too long"
        case .literalTooLarge: "literal too large"
        case .bytesBehindStartTLS: "bytes behind STARTTLS"
        case .saslGivenUp: "log-in given up"
        case .expired: "nothing heard for too long"
        case .shutDown: "gateway stops"
        case .accessEnded: "access ended by a reload"
        case .connectionLost: "connection lost"
        }
    }

    /// Whether the peer did something that the admin may want to know about.
    package var isSuspicious: Bool {
        switch self {
        case .tooManyFaults, .foreignProtocol, .lineTooLong, .literalTooLarge, .bytesBehindStartTLS: true
        case .loggedOut, .saslGivenUp, .expired, .shutDown, .accessEnded, .connectionLost: false
        }
    }
}

/// What a connection is allowed, and where it came from.
package struct EngineSettings: Sendable {
    /// The client's address, without its port.
    package var peer: String
    /// Whether TLS is in force from the start.
    package var isEncrypted: Bool
    /// Whether STARTTLS can be had.
    package var canStartTLS: Bool
    /// Whether passwords may go over the wire unencrypted: loopback listeners only.
    package var allowsPlaintextLogIn: Bool
    /// What SCRAM can be bound to on this connection.
    package var channelBindings: ChannelBindings
    /// Octets of a message in APPEND.
    package var appendLimit: Int
    /// What all sessions together may hand in at one time.
    package var uploads: UploadBudget

    package init(
        peer: String,
        isEncrypted: Bool,
        canStartTLS: Bool,
        allowsPlaintextLogIn: Bool = false,
        channelBindings: ChannelBindings = .none,
        appendLimit: Int = Limits.message,
        uploads: UploadBudget = UploadBudget(limit: Limits.uploads)
    ) {
        self.peer = peer
        self.isEncrypted = isEncrypted
        self.canStartTLS = canStartTLS
        self.allowsPlaintextLogIn = allowsPlaintextLogIn
        self.channelBindings = channelBindings
        self.appendLimit = appendLimit
        self.uploads = uploads
    }
}
