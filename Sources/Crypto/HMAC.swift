internal import COpenSSL

/// Keyed hashes (RFC 2104).
package enum HMAC {
    /// HMAC-SHA-256 of a message: 32 bytes.
    package static func sha256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: SHA256.digestSize)
        // SAFETY: every pointer goes with the count of its own array, and the result has room for
        // the 32 bytes that are written. OpenSSL accepts a null key of length 0.
        let written = unsafe COpenSSL.HMAC(
            EVP_sha256(),
            key,
            Int32(key.count),
            message,
            message.count,
            &result,
            nil
        )
        precondition(unsafe written != nil, "HMAC-SHA-256 failed")
        return result
    }
}
