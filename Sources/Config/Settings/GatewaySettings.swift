package import Base
package import Campaigns
package import Views

/// What `greenroom.toml` says: the machine's side of the gateway.
package struct GatewaySettings: Sendable, Hashable {
    /// The brand's name as people read it.
    package var brand: String
    /// The brand's own mail domains.
    package var domains: [DomainName]
    /// The domain of command addresses (INV-4).
    package var commandDomain: DomainName
    /// Where everything is stored.
    package var dataDirectory: String
    /// The path of the control socket; its directory is made 0700.
    package var controlSocket: String
    package var listeners: [ListenerSettings]
    package var accounts: [AccountSettings]
    package var smarthost: Smarthost
    package var folders: FolderSettings
    /// How long a decision may be taken back before it takes effect.
    package var undoTime: Duration
    package var approvals: ApprovalSettings
    /// When people work, where a campaign says nothing else.
    package var calendar: WorkCalendar
    package var limits: ServiceLimits
    package var log: LogSettings

    /// The account with this name.
    package func account(_ name: String) -> AccountSettings? {
        accounts.first { $0.name == name }
    }
}

/// Limits an admin may set; those of the protocols are constants in `Base.Limits`.
package struct ServiceLimits: Sendable, Hashable {
    /// Bytes of a message, submitted, appended or delivered.
    package var message: Int = Limits.message
    package var recipients: Int = Limits.recipients
    package var connectionsPerAddress: Int = Limits.connectionsPerAddress
    /// An IMAP session without a command is ended after this (RFC 9051 §5.4: at least 30 minutes).
    package var imapIdle: Duration = .seconds(30 * 60)
    /// An SMTP session without a command is ended after this (RFC 5321 §4.5.3.2.7: at least 5 minutes).
    package var smtpIdle: Duration = .seconds(5 * 60)
    /// How long sessions may finish their work after SIGTERM.
    package var drain: Duration = .seconds(20)

    package init() {}
}

/// What `[folders]` says: the names of what Greenroom makes, bound to fixed ids.
package struct FolderSettings: Sendable, Hashable {
    package var names: FolderNames = FolderNames()
    /// Where accounts beyond the first one stand (RFC 2342).
    package var shared: String = "Shared"
    /// Languages whose verbs are read in replies to notices (BCP 47).
    package var languages: [String] = ["en"]

    package init() {}
}

/// Where log lines go and which.
package struct LogSettings: Sendable, Hashable {
    package enum Destination: Sendable, Hashable {
        case standardError
        /// Appended to; opened again on SIGHUP.
        case file(path: String)
    }

    package var level: Log.Level = .info
    package var destination: Destination = .standardError

    package init() {}
}

/// A place where clients or servers connect.
package struct ListenerSettings: Sendable, Hashable {
    /// What is spoken there.
    package enum Service: String, Sendable, Hashable, CaseIterable {
        /// IMAP, TLS by STARTTLS.
        case imap
        /// IMAP over TLS (RFC 8314).
        case imaps
        /// Message submission, TLS by STARTTLS (RFC 6409).
        case submission
        /// Message submission over TLS (RFC 8314).
        case submissions
        /// Delivery of inbound mail (RFC 2033).
        case lmtp

        /// Whether the connection begins with a TLS handshake.
        package var isImplicitTLS: Bool { self == .imaps || self == .submissions }
        /// Whether members log in there.
        package var hasLogin: Bool { self != .lmtp }
    }

    package enum Place: Sendable, Hashable, CustomStringConvertible {
        case network(IPAddress, port: UInt16)
        case unix(path: String)

        /// Whether nobody outside this machine can reach it.
        package var isLocal: Bool {
            switch self {
            case .network(let address, _): address.isLoopback
            case .unix: true
            }
        }

        package var description: String {
            switch self {
            case .network(let address, let port) where address.family == .v6: "[\(address)]:\(port)"
            case .network(let address, let port): "\(address):\(port)"
            case .unix(let path): "unix:\(path)"
            }
        }
    }

    package var service: Service
    package var place: Place
    /// What this host calls itself in greetings.
    package var hostName: String
    /// Missing only where no TLS is offered.
    package var tls: CertificateFiles?
    /// Whether members may log in without TLS; only ever on a local place.
    package var allowsPlaintext: Bool
    /// Who may connect, empty for everybody; LMTP on a network place always names some.
    package var networks: [IPNetwork]
    /// Whose Authentication-Results the feeding server vouches for (RFC 8601 §5); LMTP only.
    package var authservID: String?
    /// Connections at a time.
    package var connections: Int
}

/// A certificate chain with its key, both PEM.
package struct CertificateFiles: Sendable, Hashable {
    package var certificate: String
    package var key: String
}

/// Where released mail goes.
package enum Smarthost: Sendable, Hashable {
    /// A sink inside the program that stores what it is given below `directory`.
    case sink(directory: String)
    case server(RemoteServer, SmarthostLimits)

    /// What it is called in the log, in the queue and in reports.
    package var name: String {
        switch self {
        case .sink: "sink"
        case .server(let server, _): "\(server.host):\(server.port)"
        }
    }
}

/// What the smarthost's provider allows.
package struct SmarthostLimits: Sendable, Hashable {
    /// Connections side by side.
    package var connections: Int = 2
    /// Messages in any minute; nil for no limit.
    package var messagesPerMinute: Int?

    package init() {}
}

/// A server that Greenroom logs in to: an account's upstream or the smarthost.
package struct RemoteServer: Sendable, Hashable {
    package enum TLSMode: String, Sendable, Hashable, CaseIterable {
        /// A handshake at once (`tls`).
        case direct = "tls"
        case startTLS = "starttls"
        /// Loopback only.
        case none
    }

    package enum Authentication: Sendable, Hashable {
        case none
        case password(user: String, SecretSource)
        /// The secret is an access token.
        case xoauth2(user: String, SecretSource)
    }

    /// A name or an address.
    package var host: String
    package var port: UInt16
    package var tls: TLSMode
    package var authentication: Authentication
    /// Trusted certificates, PEM, in place of the system's.
    package var caFile: String?
}
