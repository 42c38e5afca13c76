internal import Base

/// The server's half of one log-in: PLAIN or LOGIN.
///
/// No I/O and no base 64: the protocol around it frames challenges and responses, and hands in a
/// decoded initial response where the client sent one.
package struct SASLServerExchange: Sendable {
    /// The mechanisms that a server of ours offers, in the order in which it names them.
    package static let offered: [SASLMechanism] = [.plain, .login]

    /// What to do after a response.
    package enum Step: Sendable {
        /// Send this, not yet encoded, and hand in what the client answers.
        case challenge([UInt8])
        /// The client has said everything; whether it is true is for the session to find out.
        case credentials(PlainCredentials)
        /// The response is not one of this mechanism: the client's fault.
        case malformed
    }

    private enum State {
        case plain
        case loginName
        case loginPassword(name: String)
        case finished
    }

    private var state: State

    /// An exchange of a mechanism, or `nil` for one that no server of ours offers.
    package init?(_ mechanism: SASLMechanism) {
        switch mechanism {
        case .plain: state = .plain
        case .login: state = .loginName
        case .xoauth2, .oauthBearer: return nil
        }
    }

    /// The first step; `initialResponse` is `nil` where the client sent none.
    package mutating func start(initialResponse: [UInt8]?) -> Step {
        if let initialResponse { return receive(initialResponse) }
        switch state {
        case .plain: return .challenge([])
        case .loginName: return .challenge(Array("Username:".utf8))
        case .loginPassword, .finished: return .malformed
        }
    }

    /// The step after a response to a challenge.
    package mutating func receive(_ response: [UInt8]) -> Step {
        switch state {
        case .plain:
            state = .finished
            guard let credentials = PlainCredentials(plain: response) else { return .malformed }
            return .credentials(credentials)
        case .loginName:
            // New Outlook sends the name as an initial response, as if LOGIN had one.
            guard let name = Self.name(response) else {
                state = .finished
                return .malformed
            }
            state = .loginPassword(name: name)
            return .challenge(Array("Password:".utf8))
        case .loginPassword(let name):
            state = .finished
            guard !response.isEmpty, response.count <= Limits.saslResponse, !response.contains(0)
            else { return .malformed }
            return .credentials(PlainCredentials(authentication: name, password: Secret(response)))
        case .finished:
            return .malformed
        }
    }

    private static func name(_ response: [UInt8]) -> String? {
        guard !response.isEmpty, response.count <= Limits.saslResponse, !response.contains(0) else { return nil }
        return String(validating: response, as: UTF8.self)
    }
}
