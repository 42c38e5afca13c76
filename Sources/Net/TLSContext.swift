internal import Base
internal import COpenSSL
internal import Reactor

/// Why a certificate, key or list of authorities cannot be used; shown to the admin.
package struct TLSSetupError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file that is at fault.
    package let file: String
    package let reason: String

    package var description: String { "\(file): \(reason)" }
}

/// An SSL_CTX with our settings.
@safe final class TLSContext: @unchecked Sendable {
    // Unchecked: OpenSSL locks a context that is no longer changed, and ours is not after set-up.

    let pointer: OpaquePointer

    init(isServer: Bool) throws(TLSSetupError) {
        ERR_clear_error()
        guard let pointer = unsafe SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw TLSSetupError(file: "OpenSSL", reason: TLSErrors.reason())
        }
        unsafe self.pointer = unsafe pointer
        // TLS 1.0 and 1.1 are no longer to be used (RFC 8996).
        _ = unsafe greenroom_tls_set_minimum_version(pointer, TLS1_2_VERSION)
        _ = unsafe SSL_CTX_set_options(pointer, greenroom_tls_options)
        // Partial writes, since the queue moves on as the socket takes it; moving buffers, since the
        // queue grows meanwhile; released buffers, since most connections are idle.
        let modes = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
        unsafe greenroom_tls_set_mode(pointer, Int(modes))
        // Resumption goes by tickets; a cache here would only hold memory.
        unsafe greenroom_tls_set_session_cache_off(pointer)
        unsafe greenroom_tls_set_read_ahead(pointer)
        guard isServer else { return }
        _ = unsafe SSL_CTX_set_num_tickets(pointer, 1)
        // TLS 1.2 with forward secrecy and authenticated encryption only (RFC 9325 §4.2).
        guard unsafe SSL_CTX_set_cipher_list(pointer, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 else {
            throw TLSSetupError(file: "OpenSSL", reason: TLSErrors.reason())
        }
    }

    deinit { unsafe SSL_CTX_free(pointer) }

    func newSession() throws(NetError) -> OpaquePointer {
        ERR_clear_error()
        guard let session = unsafe SSL_new(pointer) else { throw .tls(TLSErrors.reason()) }
        return unsafe session
    }
}

/// How a client judges the server's certificate.
package enum TLSTrust: Hashable, Sendable {
    /// By the system's authorities.
    case system
    /// By the authorities in this PEM file.
    case file(String)
    /// Not at all: anybody on the way can read along. Only by an explicit setting.
    case anyone
}

/// What we need to be a TLS client; one for many connections.
package final class TLSClientContext: Sendable {
    private let context: TLSContext
    private let trust: TLSTrust

    package convenience init(trust: TLSTrust) throws(TLSSetupError) {
        try self.init(trust: trust, offering: TLS1_3_VERSION)
    }

    /// For tests, which speak to the server as older clients do.
    init(trust: TLSTrust, offering newest: Int32) throws(TLSSetupError) {
        self.trust = trust
        context = try TLSContext(isServer: false)
        _ = unsafe greenroom_tls_set_maximum_version(context.pointer, newest)
        ERR_clear_error()
        switch trust {
        case .anyone:
            unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_NONE, nil)
        case .system:
            unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, nil)
            guard unsafe SSL_CTX_set_default_verify_paths(context.pointer) == 1 else {
                throw TLSSetupError(file: "the system's authorities", reason: TLSErrors.reason())
            }
        case .file(let path):
            unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, nil)
            guard unsafe SSL_CTX_load_verify_locations(context.pointer, path, nil) == 1 else {
                throw TLSSetupError(file: path, reason: TLSErrors.reason())
            }
        }
    }

    func makeSession(host: String) throws(NetError) -> TLSSession {
        let ssl = try unsafe context.newSession()
        let session = unsafe TLSSession(ssl, keeping: context)
        unsafe SSL_set_connect_state(ssl)
        var accepted: Int32 = 1
        if IPAddress(host) != nil {
            // An address is not a name: it is not sent as SNI (RFC 6066 §3).
            if trust != .anyone { accepted = unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) }
        } else {
            accepted = unsafe greenroom_tls_set_server_name(ssl, host)
            if trust != .anyone, accepted == 1 {
                unsafe SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
                accepted = unsafe SSL_set1_host(ssl, host)
            }
        }
        guard accepted == 1 else { throw .tls("not a host name: \(host)") }
        return session
    }
}
