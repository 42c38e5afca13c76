internal import Base
internal import Crypto

/// Passwords that were checked before, so that a client that logs in every few minutes costs one hash
/// instead of thousands.
///
/// Kept as keyed hashes under a key of this process; what a hit gives is looked up again
/// among the devices that exist now, so that a removed device is out at once.
struct CheckedPasswords {
    private let key: [UInt8]
    private var credentials: [[UInt8]: [UInt8]] = [:]

    /// Passwords remembered at most; beyond it all are forgotten and checked anew.
    static let capacity = 10_000

    init(entropy: some Entropy) { key = entropy.bytes(count: 32) }

    /// What a name and a password are remembered by.
    func mark(user: String, password: Secret) -> [UInt8] {
        HMAC.sha256(key: key, message: Array(user.utf8) + [0] + password.exposed)
    }

    /// The StoredKey of the device whose password it was.
    func storedKey(_ mark: [UInt8]) -> [UInt8]? { credentials[mark] }

    mutating func remember(_ mark: [UInt8], storedKey: [UInt8]) {
        if credentials.count >= Self.capacity { credentials.removeAll(keepingCapacity: true) }
        credentials[mark] = storedKey
    }
}
