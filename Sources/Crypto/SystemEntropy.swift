internal import Base
internal import COpenSSL

/// Random bytes fit for keys, salts and tokens, from OpenSSL's generator.
package struct SystemEntropy: Entropy {
    package init() {}

    package func bytes(count: Int) -> [UInt8] {
        guard count > 0 else { return [] }
        var result = [UInt8](repeating: 0, count: count)
        // SAFETY: the array has room for `count` bytes.
        let filled = unsafe RAND_bytes(&result, Int32(count))
        // Without randomness every token would be guessable: end rather than go on.
        precondition(filled == 1, "the system gives no random bytes")
        return result
    }
}
