internal import Base

/// What a client has said to be let in.
package enum SASLCredentials: Sendable {
    case password(PlainCredentials)
    /// It knows the password, and never said it.
    case scram(ScramProof)

    /// Whose password it is (authcid).
    package var user: String {
        switch self {
        case .password(let plain): plain.authentication
        case .scram(let proof): proof.user
        }
    }

    /// Whom the client wants to act as; empty for itself (authzid).
    package var authorization: String {
        switch self {
        case .password(let plain): plain.authorization
        case .scram(let proof): proof.authorization
        }
    }
}

/// The server's half of one log-in.
///
/// No I/O and no base 64: the protocol around it frames challenges and responses, and hands in a
/// decoded initial response where the client sent one.
package struct SASLServerExchange: Sendable {
    /// The mechanisms that a server of ours offers, the best first.
    ///
    /// Those that bind to the channel only where it gives something to bind to.
    package static func offered(bindings: ChannelBindings) -> [SASLMechanism] {
        (bindings.isEmpty ? [] : [.scramSHA256Plus]) + [.scramSHA256, .plain, .login]
    }

    /// What to do after a response.
    package enum Step: Sendable {
        /// Send this, not yet encoded, and hand in what the client answers.
        case challenge([UInt8])
        /// The client has said everything; whether it is true is for the session to find out.
        case credentials(SASLCredentials)
        /// The response is not one of this mechanism: the client's fault.
        case malformed
    }

    private enum State {
        case plain
        case loginName
        case loginPassword(name: String)
        case scram(ScramServerExchange)
        case finished
    }

    private var state: State

    /// An exchange of a mechanism, or `nil` for one that is not offered here.
    ///
    /// `challenge` gives what SCRAM answers a name with; for names that do not exist it makes something up.
    package init?(
        _ mechanism: SASLMechanism,
        bindings: ChannelBindings,
        challenge: @escaping @Sendable (String) -> ScramChallenge
    ) {
        switch mechanism {
        case .plain: state = .plain
        case .login: state = .loginName
        case .scramSHA256, .scramSHA256Plus:
            let isBound = mechanism == .scramSHA256Plus
            guard !isBound || !bindings.isEmpty else { return nil }
            state = .scram(ScramServerExchange(isBound: isBound, bindings: bindings, challenge: challenge))
        case .xoauth2, .oauthBearer: return nil
        }
    }

    /// The first step; `initialResponse` is `nil` where the client sent none.
    package mutating func start(initialResponse: [UInt8]?) -> Step {
        if let initialResponse { return receive(initialResponse) }
        switch state {
        // RFC 5802 §5: the client speaks first in SCRAM too.
        case .plain, .scram: return .challenge([])
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
            return .credentials(.password(credentials))
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
            return .credentials(.password(PlainCredentials(authentication: name, password: Secret(response))))
        case .scram(var exchange):
            switch exchange.receive(response) {
            case .challenge(let challenge):
                state = .scram(exchange)
                return .challenge(challenge)
            case .proof(let proof):
                state = .finished
                return .credentials(.scram(proof))
            case .malformed:
                state = .finished
                return .malformed
            }
        case .finished:
            return .malformed
        }
    }

    private static func name(_ response: [UInt8]) -> String? {
        guard !response.isEmpty, response.count <= Limits.saslResponse, !response.contains(0) else { return nil }
        return String(validating: response, as: UTF8.self)
    }
}
