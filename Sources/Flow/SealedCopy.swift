internal import Base
internal import Crypto
internal import Message

/// A message as Greenroom showed it, that a client brings back: its header block is ours, and its body is
/// the one that the block was made for.
package struct SealedCopy: Sendable {
    /// The block, byte by byte.
    package let block: [UInt8]
    package let bodyHash: [UInt8]

    /// Reads a message that a client appends; `nil` unless our block stands at its top and its seal holds.
    init?(_ bytes: [UInt8], key: Secret) {
        var seal: (start: Int, end: Int, value: [UInt8])?
        var position = 0
        for field in Header(bytes) {
            guard field.range.lowerBound == position, field.hasNamePrefix("Greenroom-") else { break }
            position = field.range.upperBound
            guard field.isNamed("Greenroom-Seal") else { continue }
            guard let value = Base64.decode(field.unfolded) else { return nil }
            seal = (field.range.lowerBound, position, value)
            break
        }
        guard let seal else { return nil }
        bodyHash = SHA256.hash(Array(bytes[seal.end...]))
        block = Array(bytes[..<seal.end])
        let expected = HMAC.sha256(key: key.exposed, message: Array(bytes[..<seal.start]) + bodyHash)
        guard ConstantTime.equal(expected, seal.value) else { return nil }
    }
}

extension House {
    /// The copy that a client appends, where it is one of ours.
    package func sealedCopy(_ bytes: [UInt8]) -> SealedCopy? { SealedCopy(bytes, key: sealKey) }
}
