package import Base

/// What binds an exchange to the TLS connection that it runs on (RFC 5802 §6), by the kinds' names.
package struct ChannelBindings: Hashable, Sendable {
    /// `tls-exporter` (RFC 9266); `nil` where the connection's TLS does not give it safely.
    package var exporter: [UInt8]?
    /// `tls-server-end-point` (RFC 5929 §4): the hash of our certificate.
    package var serverEndPoint: [UInt8]?

    package init(exporter: [UInt8]? = nil, serverEndPoint: [UInt8]? = nil) {
        self.exporter = exporter
        self.serverEndPoint = serverEndPoint
    }

    package static let none = Self()

    package var isEmpty: Bool { exporter == nil && serverEndPoint == nil }

    package subscript(name: String) -> [UInt8]? {
        switch name {
        case "tls-exporter": exporter
        case "tls-server-end-point": serverEndPoint
        default: nil
        }
    }
}

/// What a server answers a name with: how to derive keys from the password, and a fresh nonce.
package struct ScramChallenge: Sendable {
    package let parameters: ScramCredential.Parameters
    /// Printable, without commas.
    package let nonce: String

    package init(parameters: ScramCredential.Parameters, nonce: String) {
        self.parameters = parameters
        self.nonce = nonce
    }

    /// A challenge with a nonce of 144 bits.
    package init(parameters: ScramCredential.Parameters, entropy: some Entropy) {
        self.init(parameters: parameters, nonce: Base64.encode(entropy.bytes(count: 18)))
    }
}

/// A client's proof that it knows a password, to be checked against what is stored of it.
package struct ScramProof: Sendable {
    package let user: String
    /// Whom the client wants to act as; empty for itself.
    package let authorization: String
    let proof: [UInt8]
    let authMessage: [UInt8]

    /// Whether this credential's password made the proof.
    package func isProof(of credential: ScramCredential) -> Bool {
        credential.verify(proof: proof, authMessage: authMessage)
    }

    /// The server's last message, which shows that it knows the credential.
    package func serverFinal(_ credential: ScramCredential) -> [UInt8] {
        Array("v=\(Base64.encode(credential.serverSignature(authMessage: authMessage)))".utf8)
    }
}

/// The server's half of SCRAM-SHA-256 (RFC 5802, RFC 7677) up to the client's proof.
struct ScramServerExchange: Sendable {
    enum Step {
        case challenge([UInt8])
        case proof(ScramProof)
        case malformed
    }

    private enum State {
        case clientFirst
        case clientFinal(ScramClientFirst, serverFirst: [UInt8], nonce: [UInt8])
        case finished
    }

    /// Whether the mechanism's name ended in -PLUS.
    let isBound: Bool
    let bindings: ChannelBindings
    let challenge: @Sendable (String) -> ScramChallenge
    private var state = State.clientFirst

    init(isBound: Bool, bindings: ChannelBindings, challenge: @escaping @Sendable (String) -> ScramChallenge) {
        self.isBound = isBound
        self.bindings = bindings
        self.challenge = challenge
    }

    mutating func receive(_ response: [UInt8]) -> Step {
        switch state {
        case .clientFirst:
            state = .finished
            guard let first = ScramClientFirst(response), isAcceptable(first.binding) else { return .malformed }
            let challenge = challenge(first.user)
            let nonce = first.nonce + Array(challenge.nonce.utf8)
            let parameters = challenge.parameters
            let salt = Base64.encode(parameters.salt)
            let serverFirst = Array("r=".utf8) + nonce + Array(",s=\(salt),i=\(parameters.iterations)".utf8)
            state = .clientFinal(first, serverFirst: serverFirst, nonce: nonce)
            return .challenge(serverFirst)
        case .clientFinal(let first, let serverFirst, let nonce):
            state = .finished
            guard let final = ScramClientFinal(response), final.nonce == nonce,
                final.channelBinding == first.header + boundData(first.binding)
            else { return .malformed }
            let comma = [ScramText.comma]
            return .proof(
                ScramProof(
                    user: first.user,
                    authorization: first.authorization,
                    proof: final.proof,
                    authMessage: first.bare + comma + serverFirst + comma + final.withoutProof
                )
            )
        case .finished:
            return .malformed
        }
    }

    /// Whether the binding fits the mechanism and what we announced.
    ///
    /// RFC 5802 §6: a client that believes that we cannot bind, where we announced that we can, was lied to.
    private func isAcceptable(_ binding: ScramClientFirst.Binding) -> Bool {
        switch binding {
        case .required(let name): isBound && bindings[name] != nil
        case .unused: !isBound && bindings.isEmpty
        case .unsupported: !isBound
        }
    }

    private func boundData(_ binding: ScramClientFirst.Binding) -> [UInt8] {
        if case .required(let name) = binding { bindings[name] ?? [] } else { [] }
    }
}
