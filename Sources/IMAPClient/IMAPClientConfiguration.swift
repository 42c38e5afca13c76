package import Net

/// How to reach one upstream IMAP server.
package struct IMAPClientConfiguration: Sendable {
    /// When TLS comes about.
    package enum Security: Hashable, Sendable {
        /// From the first byte (RFC 8314 §3.2).
        case implicitTLS
        /// With STARTTLS, or not at all.
        case startTLS
        /// Never: for a server on this machine.
        case plaintext
    }

    /// How long a server may take.
    package struct Timeouts: Sendable {
        package var connect = Duration.seconds(60)
        package var greeting = Duration.seconds(60)
        /// For the next bytes of an answer.
        package var command = Duration.seconds(120)
        package var logout = Duration.seconds(3)

        package init() {}
    }

    package var endpoint: Endpoint
    package var security: Security
    package var timeouts = Timeouts()

    package init(endpoint: Endpoint, security: Security) {
        self.endpoint = endpoint
        self.security = security
    }
}
