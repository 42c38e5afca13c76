package import Base
internal import Crypto

/// The client's half of SCRAM-SHA-256 (RFC 5802), for tests of servers.
package struct ScramClient {
    private let password: Secret
    /// The GS2 header with what it binds to.
    private let binding: [UInt8]
    private let bare: String
    /// The client's first message.
    package let first: String

    /// `header` is the GS2 header: `n,,`, `y,,` or `p=kind,,`, the last with the octets it binds to.
    package init(
        user: String,
        password: Secret,
        nonce: String = "clientnonce",
        header: String = "n,,",
        binding: [UInt8] = []
    ) {
        self.password = password
        self.binding = Array(header.utf8) + binding
        bare = "n=\(user),r=\(nonce)"
        first = header + bare
    }

    /// The last message, and what the server must answer with.
    package func final(_ serverFirst: String) -> (message: String, serverFinal: String) {
        let attributes = serverFirst.split(separator: ",").map { $0.dropFirst(2) }
        let salt = Base64.decode(attributes[1].utf8) ?? []
        let salted = PBKDF2.sha256(password: password.exposed, salt: salt, iterations: Int(attributes[2]) ?? 0)
        let withoutProof = "c=\(Base64.encode(binding)),r=\(attributes[0])"
        let message = Array("\(bare),\(serverFirst),\(withoutProof)".utf8)
        let clientKey = HMAC.sha256(key: salted, message: Array("Client Key".utf8))
        let signature = HMAC.sha256(key: SHA256.hash(clientKey), message: message)
        let proof = zip(clientKey, signature).map { $0 ^ $1 }
        let serverKey = HMAC.sha256(key: salted, message: Array("Server Key".utf8))
        return (
            "\(withoutProof),p=\(Base64.encode(proof))",
            "v=\(Base64.encode(HMAC.sha256(key: serverKey, message: message)))"
        )
    }
}
