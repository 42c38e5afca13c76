internal import COpenSSL
internal import Glibc
internal import Reactor

/// One TLS connection of OpenSSL on a non-blocking socket.
///
/// The error queue is the thread's, so it is emptied before each call and read before anything
/// else can run.
@safe final class TLSSession {
    private let ssl: OpaquePointer
    /// What the session's callbacks point to.
    private let keeper: AnyObject
    private var isEstablished = false
    /// After a fatal error OpenSSL must not be asked to say goodbye.
    private var hasFailed = false

    /// Takes over `ssl`.
    init(_ ssl: OpaquePointer, keeping keeper: AnyObject) {
        unsafe self.ssl = unsafe ssl
        self.keeper = keeper
    }

    deinit { unsafe SSL_free(ssl) }

    func attach(to descriptor: Int32) throws(NetError) {
        ERR_clear_error()
        guard unsafe SSL_set_fd(ssl, descriptor) == 1 else { throw .tls(TLSErrors.reason()) }
    }

    func shakeHands() -> IOResult {
        ERR_clear_error()
        let code = unsafe SSL_do_handshake(ssl)
        if code == 1 {
            isEstablished = true
            return .count(0)
        }
        let result = outcome(code)
        // The end of the stream in the middle of a handshake is a failure.
        if case .end = result { return .failure(.reset) }
        return result
    }

    func read(into memory: UnsafeMutableRawBufferPointer) -> IOResult {
        ERR_clear_error()
        let count = unsafe SSL_read(ssl, memory.baseAddress, Int32(clamping: memory.count))
        return count > 0 ? .count(Int(count)) : outcome(count)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> IOResult {
        ERR_clear_error()
        let count = unsafe SSL_write(ssl, bytes.baseAddress, Int32(clamping: bytes.count))
        return count > 0 ? .count(Int(count)) : outcome(count)
    }

    /// Whether OpenSSL holds bytes that it has not yet given us.
    var hasPending: Bool { unsafe SSL_has_pending(ssl) == 1 }

    /// Tells the peer, if it can be done at once, that no more will come.
    func sendCloseNotify() {
        guard isEstablished, !hasFailed else { return }
        ERR_clear_error()
        _ = unsafe SSL_shutdown(ssl)
    }

    var info: TLSInfo? {
        guard isEstablished else { return nil }
        let cipher = unsafe SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))
        let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)
        return unsafe TLSInfo(
            version: String(cString: SSL_get_version(ssl)),
            cipher: cipher.map { unsafe String(cString: $0) } ?? "",
            serverName: name.map { unsafe String(cString: $0) },
            isResumed: SSL_session_reused(ssl) == 1
        )
    }

    /// Octets that both ends of this connection know and nobody else (RFC 9266 §2); nil where the
    /// handshake does not bind them to it: TLS 1.2 without extended master secret.
    var exporter: [UInt8]? {
        guard isEstablished else { return nil }
        guard unsafe SSL_version(ssl) >= TLS1_3_VERSION || greenroom_tls_has_extended_master_secret(ssl) == 1 else {
            return nil
        }
        let label = "EXPORTER-Channel-Binding"
        var octets = [UInt8](repeating: 0, count: 32)
        ERR_clear_error()
        // SAFETY: both pointers go with the counts of what they point to. RFC 9266 §4.1: an empty
        // context, not a missing one.
        let code = unsafe SSL_export_keying_material(ssl, &octets, octets.count, label, label.utf8.count, label, 0, 1)
        return code == 1 ? octets : nil
    }

    /// The hash of our certificate (RFC 5929 §4.1): by its signature's own hash, and SHA-256 for the weak ones.
    var serverEndPoint: [UInt8]? {
        guard isEstablished, let certificate = unsafe SSL_get_certificate(ssl) else { return nil }
        var kind: Int32 = 0
        guard unsafe X509_get_signature_info(certificate, &kind, nil, nil, nil) == 1 else { return nil }
        let weak = kind == NID_md5 || kind == NID_sha1
        guard let digest = unsafe weak ? EVP_sha256() : greenroom_digest(kind) else { return nil }
        var octets = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        // SAFETY: the array has room for the longest hash there is.
        guard unsafe X509_digest(certificate, digest, &octets, &count) == 1 else { return nil }
        return Array(octets.prefix(Int(count)))
    }

    private func outcome(_ code: Int32) -> IOResult {
        let systemError = errno
        switch unsafe SSL_get_error(ssl, code) {
        case SSL_ERROR_WANT_READ: return .wouldBlock(.readable)
        case SSL_ERROR_WANT_WRITE: return .wouldBlock(.writable)
        case SSL_ERROR_ZERO_RETURN: return .end
        case SSL_ERROR_SYSCALL:
            hasFailed = true
            return .failure(systemError == 0 ? .reset : NetError(errno: systemError, call: "tls"))
        default:
            hasFailed = true
            return .failure(.tls(failureReason()))
        }
    }

    /// A refused certificate is told as such; "certificate verify failed" would not help anybody.
    private func failureReason() -> String {
        let verdict = unsafe SSL_get_verify_result(ssl)
        guard verdict != Int(X509_V_OK), let text = unsafe X509_verify_cert_error_string(verdict) else {
            return TLSErrors.reason()
        }
        return unsafe "certificate refused: \(String(cString: text))"
    }
}

enum TLSErrors {
    /// OpenSSL's words for the first error of this thread's queue, which is emptied.
    static func reason() -> String {
        let code = ERR_peek_error()
        ERR_clear_error()
        guard code != 0, let text = unsafe ERR_reason_error_string(code) else { return "unknown failure" }
        return unsafe String(cString: text)
    }
}
