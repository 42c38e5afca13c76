internal import COpenSSL

/// Comparisons whose time tells nothing about where two secrets differ.
package enum ConstantTime {
    /// Whether two byte sequences are the same; only their lengths may be learnt from the time.
    package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        // SAFETY: both arrays have `left.count` bytes.
        return unsafe CRYPTO_memcmp(left, right, left.count) == 0
    }
}
