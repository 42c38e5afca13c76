internal import COpenSSL

/// Keys derived from passwords, slowly on purpose (RFC 8018 §5.2).
///
/// Costs milliseconds: never called on an event loop.
package enum PBKDF2 {
    /// PBKDF2 with HMAC-SHA-256: `count` bytes after `iterations` rounds, both at least 1.
    package static func sha256(
        password: [UInt8],
        salt: [UInt8],
        iterations: Int,
        count: Int = SHA256.digestSize
    ) -> [UInt8] {
        precondition(iterations >= 1 && count >= 1, "PBKDF2 needs at least one iteration and one byte")
        var key = [UInt8](repeating: 0, count: count)
        let derived = unsafe password.withUnsafeBytes { bytes in
            // SAFETY: every pointer goes with the count of its own array; the password is read as
            // `char` bytes and never as a terminated string.
            unsafe PKCS5_PBKDF2_HMAC(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(bytes.count),
                salt,
                Int32(salt.count),
                Int32(iterations),
                EVP_sha256(),
                Int32(count),
                &key
            )
        }
        precondition(derived == 1, "PBKDF2 failed")
        return key
    }
}
