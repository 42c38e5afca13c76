package import Base

/// What we prove ourselves with to an upstream server.
package enum ClientCredentials: Sendable {
    case password(PlainCredentials)
    /// An OAuth 2 access token; host and port are those of the server (RFC 7628 §3.1).
    case bearer(user: String, token: Secret, host: String, port: UInt16)
}

/// The client's half of one log-in.
///
/// No I/O and no base 64, as on the server's side.
package struct SASLClientExchange: Sendable {
    package let mechanism: SASLMechanism
    /// What the server said when it refused a token, for the log: JSON as a rule.
    package private(set) var refusal: String?

    private let credentials: ClientCredentials
    /// Challenges answered so far.
    private var answered = 0

    /// An exchange of one of the offered mechanisms; `nil` where none of them fits the credentials, or
    /// where the credentials hold bytes that the mechanism uses to separate its parts.
    package init?(offered: [String], credentials: ClientCredentials) {
        let offered = offered.compactMap { SASLMechanism(name: $0) }
        let usable: [SASLMechanism]
        switch credentials {
        case .password(let plain):
            usable = plain.authorization.isEmpty ? [.plain, .login] : [.plain]
            guard !plain.plainParts.contains(where: { $0.contains(0) }) else { return nil }
        case .bearer(let user, let token, let host, _):
            usable = [.xoauth2, .oauthBearer]
            let parts = [Array(user.utf8), token.exposed, Array(host.utf8)]
            guard !parts.contains(where: { $0.contains { $0 < 0x20 } }) else { return nil }
        }
        guard let mechanism = usable.first(where: { offered.contains($0) }) else { return nil }
        self.mechanism = mechanism
        self.credentials = credentials
    }

    /// What may be sent with the command itself; `nil` where the server speaks first.
    package var initialResponse: Secret? {
        switch (mechanism, credentials) {
        case (.plain, .password(let plain)):
            Secret(plain.plainMessage)
        case (.xoauth2, .bearer(let user, let token, _, _)):
            Secret(Array("user=\(user)\u{1}auth=Bearer ".utf8) + token.exposed + [1, 1])
        case (.oauthBearer, .bearer(let user, let token, let host, let port)):
            Secret(
                Array("n,a=\(Self.saslName(user)),\u{1}host=\(host)\u{1}port=\(port)\u{1}auth=Bearer ".utf8)
                    + token.exposed + [1, 1]
            )
        default: nil
        }
    }

    /// The response to a challenge; `nil` where there is nothing more to say: give the log-in up.
    ///
    /// `isAnswerToCommand` where the challenge is the first and no initial response was sent.
    package mutating func respond(to challenge: [UInt8], isAnswerToCommand: Bool = false) -> Secret? {
        defer { answered += 1 }
        if isAnswerToCommand, let initialResponse { return initialResponse }
        switch (mechanism, credentials) {
        case (.login, .password(let plain)):
            // Servers word these challenges in their own way; the order is the same everywhere.
            switch answered {
            case 0: return Secret(plain.authentication)
            case 1: return plain.password
            default: return nil
            }
        case (.xoauth2, .bearer):
            guard refusal == nil else { return nil }
            // The token was refused: an empty response brings the real refusal.
            refusal = String(decoding: challenge, as: UTF8.self)
            return Secret([UInt8]())
        case (.oauthBearer, .bearer):
            guard refusal == nil else { return nil }
            // RFC 7628 §3.2.3: a lone ^A ends the exchange after an error.
            refusal = String(decoding: challenge, as: UTF8.self)
            return Secret([1])
        default:
            return nil
        }
    }

    /// A name inside a GS2 header: `,` and `=` are written as `=2C` and `=3D` (RFC 5801 §4).
    private static func saslName(_ name: String) -> String {
        var result = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case ",": result += "=2C"
            case "=": result += "=3D"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension PlainCredentials {
    /// The parts of the message, none of which may hold its separator.
    fileprivate var plainParts: [[UInt8]] {
        [Array(authorization.utf8), Array(authentication.utf8), password.exposed]
    }
}
