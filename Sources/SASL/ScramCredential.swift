package import Base
internal import Crypto

/// What is kept of a password: SCRAM-SHA-256's StoredKey and ServerKey (RFC 5802 §3, RFC 7677).
///
/// PLAIN and LOGIN check against the same values, and neither they nor a thief of the values can
/// get the password back. Checking costs PBKDF2 and is never done on an event loop.
package struct ScramCredential: Hashable, Sendable, CustomStringConvertible {
    /// What a password is turned into keys with; members use one for all their devices, so that one
    /// derivation serves all of them.
    package struct Parameters: Hashable, Sendable {
        package let salt: [UInt8]
        package let iterations: Int

        package init(salt: [UInt8], iterations: Int = ScramCredential.defaultIterations) {
            self.salt = salt
            self.iterations = iterations
        }

        /// A fresh salt.
        package init(entropy: some Entropy, iterations: Int = ScramCredential.defaultIterations) {
            self.init(salt: entropy.bytes(count: 16), iterations: iterations)
        }
    }

    /// The least that RFC 7677 §4 allows: device passwords are made by us with 96 bits or more, which
    /// no number of rounds makes harder to guess.
    package static let defaultIterations = 4096
    /// Bound on what a stored value may ask for.
    private static let iterationLimit = 10_000_000
    private static let scheme = "SCRAM-SHA-256"

    package let parameters: Parameters
    package let storedKey: [UInt8]
    package let serverKey: [UInt8]

    private init(parameters: Parameters, storedKey: [UInt8], serverKey: [UInt8]) {
        self.parameters = parameters
        self.storedKey = storedKey
        self.serverKey = serverKey
    }

    /// The credential of a password; its bytes are taken as they are, without SASLprep.
    package static func make(_ password: Secret, _ parameters: Parameters) -> Self {
        let salted = PBKDF2.sha256(
            password: password.exposed,
            salt: parameters.salt,
            iterations: parameters.iterations
        )
        let clientKey = HMAC.sha256(key: salted, message: Array("Client Key".utf8))
        return Self(
            parameters: parameters,
            storedKey: SHA256.hash(clientKey),
            serverKey: HMAC.sha256(key: salted, message: Array("Server Key".utf8))
        )
    }

    /// A credential for a name that does not exist, which no password fits.
    ///
    /// Checking one takes as long as for a real name. The salt is stable, so that asking twice tells nothing.
    package static func decoy(for name: String, key: Secret) -> Self {
        func derived(_ purpose: String) -> [UInt8] {
            HMAC.sha256(key: key.exposed, message: Array("\(purpose)\u{0}\(name)".utf8))
        }
        return Self(
            parameters: Parameters(salt: Array(derived("salt").prefix(16))),
            storedKey: derived("stored"),
            serverKey: derived("server")
        )
    }

    /// Whether this is the password.
    package func verify(_ password: Secret) -> Bool {
        ConstantTime.equal(Self.make(password, parameters).storedKey, storedKey)
    }

    /// The first of several credentials that the password fits, for a member with many devices; each
    /// salt costs one derivation.
    package static func firstIndex(of password: Secret, in credentials: [Self]) -> Int? {
        var made: [Parameters: [UInt8]] = [:]
        var found: Int?
        for (index, credential) in credentials.enumerated() {
            let key = made[credential.parameters] ?? make(password, credential.parameters).storedKey
            made[credential.parameters] = key
            // Every one is compared, so that the time does not tell which device it was.
            if ConstantTime.equal(key, credential.storedKey), found == nil { found = index }
        }
        return found
    }

    // MARK: The exchange

    /// Whether a client that sent this proof knows the password (RFC 5802 §3).
    package func verify(proof: [UInt8], authMessage: [UInt8]) -> Bool {
        let signature = HMAC.sha256(key: storedKey, message: authMessage)
        guard proof.count == signature.count else { return false }
        let clientKey = zip(proof, signature).map { $0 ^ $1 }
        return ConstantTime.equal(SHA256.hash(clientKey), storedKey)
    }

    /// What shows the client that we know the password's keys (RFC 5802 §3).
    package func serverSignature(authMessage: [UInt8]) -> [UInt8] {
        HMAC.sha256(key: serverKey, message: authMessage)
    }

    // MARK: Text

    /// `SCRAM-SHA-256$iterations:salt$stored:server`, the last three in base 64 (RFC 5803 §2).
    package var text: String {
        "\(Self.scheme)$\(parameters.iterations):\(Base64.encode(parameters.salt))"
            + "$\(Base64.encode(storedKey)):\(Base64.encode(serverKey))"
    }

    /// Tells nothing but the scheme: the text is a secret.
    package var description: String { Self.scheme }

    /// Reads what `text` wrote; `nil` for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 3, ASCII.equalsIgnoringCase(parts[0].utf8, Self.scheme.utf8) else { return nil }
        let derivation = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        let keys = parts[2].split(separator: ":", omittingEmptySubsequences: false)
        guard derivation.count == 2, keys.count == 2,
            let iterations = Int(derivation[0]), (1...Self.iterationLimit).contains(iterations),
            let salt = Base64.decode(derivation[1].utf8), !salt.isEmpty,
            let storedKey = Base64.decode(keys[0].utf8), storedKey.count == SHA256.digestSize,
            let serverKey = Base64.decode(keys[1].utf8), serverKey.count == SHA256.digestSize
        else { return nil }
        self.init(
            parameters: Parameters(salt: salt, iterations: iterations),
            storedKey: storedKey,
            serverKey: serverKey
        )
    }
}
