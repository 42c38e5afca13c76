package import Net

/// How to reach one smarthost.
package struct SMTPClientConfiguration: Sendable {
    /// When TLS comes about.
    package enum Security: Hashable, Sendable {
        /// From the first byte (RFC 8314 §3.3).
        case implicitTLS
        /// With STARTTLS, or not at all.
        case startTLS
        /// With STARTTLS where it is offered; a log-in still needs it.
        case opportunisticTLS
        /// Never: for a server on this machine.
        case plaintext
    }

    /// How long a server may take (RFC 5321 §4.5.3.2).
    package struct Timeouts: Sendable {
        package var connect = Duration.seconds(60)
        package var greeting = Duration.seconds(300)
        /// EHLO, STARTTLS, AUTH, MAIL, RCPT and RSET.
        package var command = Duration.seconds(300)
        package var data = Duration.seconds(120)
        /// For one block of the message to leave.
        package var block = Duration.seconds(180)
        /// For the reply behind the final dot.
        package var end = Duration.seconds(600)
        package var quit = Duration.seconds(5)

        package init() {}
    }

    package var endpoint: Endpoint
    package var security: Security
    /// What we call ourselves in EHLO.
    package var name: String
    package var timeouts = Timeouts()

    package init(endpoint: Endpoint, security: Security, name: String) {
        self.endpoint = endpoint
        self.security = security
        self.name = name
    }
}
