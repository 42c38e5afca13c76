internal import Base
internal import Control
internal import Crypto
internal import Reactor

/// Secrets that the house makes for itself once and keeps beside the store.
struct HouseKeys: Sendable {
    /// Authenticates header blocks.
    let seal: Secret
    /// Makes the false salt of unknown names.
    let decoy: Secret

    /// Reads the master key, made at the first start, and derives one key for each purpose.
    static func load(from directory: String, _ machine: Machine) async throws -> Self {
        try await machine.workers.run { () throws(FilesError) in
            let path = directory + HouseFiles.key
            if !machine.files.exists(path) {
                try machine.files.writeDurably(machine.entropy.bytes(count: 32), to: path)
            }
            let master = try machine.files.read(path)
            func key(_ purpose: StaticString) -> Secret {
                Secret(HMAC.sha256(key: master, message: [UInt8](purpose)))
            }
            return Self(seal: key("seal"), decoy: key("decoy"))
        }
    }
}
