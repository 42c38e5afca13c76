package import IMAPWire
package import Net

/// Why a step with an upstream server did not succeed.
package struct IMAPClientFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in a session something happened.
    package enum Stage: String, Hashable, Sendable {
        case connect, greeting, startTLS, capability, logIn, command
    }

    package enum Cause: Hashable, Sendable {
        /// The server answered NO or BAD; the session goes on.
        case refused(StatusResponse)
        /// The connection broke or a time passed.
        case transport(NetError)
        /// The server closed the connection.
        case closed
        /// The server said BYE, and this.
        case bye(String)
        /// What the server sent makes no sense here; the connection cannot be trusted.
        case protocolViolation(String)
        /// TLS is required and the server offers none.
        case noTLS
        /// The server offers no mechanism for our credentials.
        case noMechanism
        /// The server refused the token, and said this.
        case tokenRefused(String, StatusResponse)
    }

    package let stage: Stage
    package let cause: Cause

    package init(_ stage: Stage, _ cause: Cause) {
        self.stage = stage
        self.cause = cause
    }

    /// What the server answered to a command, where the session goes on.
    package var refusal: StatusResponse? {
        guard stage == .command, case .refused(let status) = cause else { return nil }
        return status
    }

    package var description: String {
        let what =
            switch cause {
            case .refused(let status): "\(status.condition.rawValue) \(status.text)"
            case .transport(let error): error.description
            case .closed: "the server closed the connection"
            case .bye(let text): "BYE \(text)"
            case .protocolViolation(let what): "the server breaks the protocol: \(what)"
            case .noTLS: "the server offers no TLS"
            case .noMechanism: "the server offers no way to log in that fits"
            case .tokenRefused(let detail, let status): "\(status.text) (\(detail))"
            }
        return "\(stage.rawValue): \(what)"
    }
}
