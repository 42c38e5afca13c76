internal import Base

// The messages of SCRAM (RFC 5802 §7) as a server reads them.

/// What a client first says: how it binds to the channel, who it is, and its nonce.
struct ScramClientFirst: Sendable {
    /// How a client binds the exchange to the channel (RFC 5802 §6).
    enum Binding: Hashable, Sendable {
        /// `n`: it cannot.
        case unsupported
        /// `y`: it could, and believes that the server cannot.
        case unused
        /// `p=`: by this kind of binding.
        case required(String)
    }

    let binding: Binding
    /// Whom the client wants to act as; empty for itself.
    let authorization: String
    let user: String
    let nonce: [UInt8]
    /// The GS2 header, as it was sent: what the channel binding of the last message begins with.
    let header: [UInt8]
    /// The message without the GS2 header.
    let bare: [UInt8]

    init?(_ message: [UInt8]) {
        let parts = message.split(separator: ScramText.comma, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, message.count <= Limits.saslResponse else { return nil }
        switch parts[0] {
        case ArraySlice("n".utf8): binding = .unsupported
        case ArraySlice("y".utf8): binding = .unused
        default:
            guard let name = ScramText.value(of: "p", in: parts[0]), !name.isEmpty else { return nil }
            binding = .required(String(decoding: name, as: UTF8.self))
        }
        if parts[1].isEmpty {
            authorization = ""
        } else {
            guard let name = ScramText.value(of: "a", in: parts[1]).flatMap({ ScramText.name($0) }) else { return nil }
            authorization = name
        }
        bare = Array(parts[2])
        header = Array(message.dropLast(bare.count))
        // `m=` is an extension that must be understood: the user is not the first attribute then.
        let attributes = bare.split(separator: ScramText.comma, omittingEmptySubsequences: false)
        guard attributes.count >= 2,
            let user = ScramText.value(of: "n", in: attributes[0]).flatMap({ ScramText.name($0) }),
            !user.isEmpty, let nonce = ScramText.value(of: "r", in: attributes[1]), ScramText.isPrintable(nonce)
        else { return nil }
        self.user = user
        self.nonce = Array(nonce)
    }
}

/// What a client last says: the channel's binding, both nonces, and its proof.
struct ScramClientFinal: Sendable {
    let channelBinding: [UInt8]
    let nonce: [UInt8]
    let proof: [UInt8]
    /// The message without its proof, which the proof covers.
    let withoutProof: [UInt8]

    init?(_ message: [UInt8]) {
        guard message.count <= Limits.saslResponse else { return nil }
        let attributes = message.split(separator: ScramText.comma, omittingEmptySubsequences: false)
        guard attributes.count >= 3, let last = attributes.last,
            let binding = ScramText.value(of: "c", in: attributes[0]).flatMap({ Base64.decode($0) }),
            let nonce = ScramText.value(of: "r", in: attributes[1]),
            let proof = ScramText.value(of: "p", in: last).flatMap({ Base64.decode($0) })
        else { return nil }
        channelBinding = binding
        self.nonce = Array(nonce)
        self.proof = proof
        withoutProof = Array(message.dropLast(last.count + 1))
    }
}

/// The small pieces of SCRAM's grammar.
enum ScramText {
    static let comma = UInt8(ascii: ",")

    /// What stands behind `name=`.
    static func value(of name: Character, in attribute: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        attribute.starts(with: "\(name)=".utf8) ? attribute.dropFirst(2) : nil
    }

    /// A saslname: `=2C` and `=3D` are a comma and an equals sign, and no other `=` may stand in it.
    static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                guard byte != 0 else { return nil }
                result.append(byte)
                continue
            }
            switch ASCII.uppercased(String(decoding: rest.prefix(2), as: UTF8.self)) {
            case "2C": result.append(comma)
            case "3D": result.append(UInt8(ascii: "="))
            default: return nil
            }
            rest = rest.dropFirst(2)
        }
        return String(validating: result, as: UTF8.self)
    }

    /// What a nonce may hold (RFC 5802 §7 printable).
    static func isPrintable(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { (0x21...0x7E).contains($0) && $0 != comma }
    }
}
