internal import COpenSSL

/// SHA-256 (FIPS 180-4) over bytes that arrive in pieces.
///
/// Owned once: the state lives in OpenSSL's memory and is freed with the value. Safe to use, since
/// the pointer never leaves the value and is valid as long as it lives.
@safe
package struct SHA256: ~Copyable {
    /// Bytes in a digest.
    package static let digestSize = 32

    private let context: OpaquePointer

    package init() {
        // A digest that silently covers nothing would let anything pass as anything, so the only
        // possible failure here, no memory, ends the process.
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("no memory for a digest") }
        unsafe self.context = context
        let started = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
        precondition(started == 1, "SHA-256 is not available")
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// Takes the next bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { buffer in
            // SAFETY: the pointer and the count belong to one buffer that outlives the call.
            let updated = unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
            precondition(updated == 1, "SHA-256 failed")
        }
    }

    /// Takes the next bytes.
    package mutating func update(_ bytes: [UInt8]) {
        update(bytes.span)
    }

    /// The digest of everything taken: 32 bytes.
    package consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.digestSize)
        // SAFETY: the array has room for the 32 bytes that SHA-256 writes.
        let finished = unsafe EVP_DigestFinal_ex(context, &digest, nil)
        precondition(finished == 1, "SHA-256 failed")
        return digest
    }

    /// The digest of one sequence of bytes: 32 bytes.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hash = Self()
        hash.update(bytes)
        return hash.finish()
    }

    /// The digest of one span of bytes: 32 bytes.
    package static func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        var hash = Self()
        hash.update(bytes)
        return hash.finish()
    }
}
