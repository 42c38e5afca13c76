package import Base
internal import COpenSSL
internal import Glibc
internal import Reactor
internal import Synchronization

/// A certificate with its chain, and its key: PEM files.
package struct TLSIdentity: Hashable, Sendable {
    package let certificateFile: String
    package let keyFile: String

    package init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

/// A certificate in use.
package struct TLSCertificate: Hashable, Sendable {
    package let file: String
    /// When it ends.
    package let notAfter: Timestamp
}

/// What we need to be a TLS server: one or more certificates, chosen by the name asked for (SNI).
package final class TLSServerContext: Sendable {
    private let current: Mutex<Bundle>

    /// Reads the files; the first identity serves clients that ask for no name, or for another.
    package init(identities: [TLSIdentity]) throws(TLSSetupError) {
        current = Mutex(try Bundle(identities))
    }

    /// Reads the files again, or other ones; where that fails, what was there goes on.
    ///
    /// Connections that exist keep what they began with.
    package func reload(identities: [TLSIdentity]? = nil) throws(TLSSetupError) {
        let old = current.withLock { $0.identities }
        let new = try Bundle(identities ?? old)
        current.withLock { $0 = new }
    }

    /// The certificates in use, for `greenroom status`.
    package var certificates: [TLSCertificate] { current.withLock { $0.entries.map(\.certificate) } }

    func makeSession() throws(NetError) -> TLSSession {
        let bundle = current.withLock { $0 }
        guard let first = bundle.entries.first else { throw .tls("no certificate") }
        let ssl = try unsafe first.context.newSession()
        unsafe SSL_set_accept_state(ssl)
        return unsafe TLSSession(ssl, keeping: bundle)
    }
}

/// Contexts that were read together; never changed afterwards.
private final class Bundle: Sendable {
    struct Entry: Sendable {
        let context: TLSContext
        let certificate: TLSCertificate
    }

    let identities: [TLSIdentity]
    let entries: [Entry]

    init(_ identities: [TLSIdentity]) throws(TLSSetupError) {
        guard !identities.isEmpty else { throw TLSSetupError(file: "TLS", reason: "no certificate is configured") }
        self.identities = identities
        var entries: [Entry] = []
        for identity in identities { entries.append(try Self.read(identity)) }
        self.entries = entries
        guard entries.count > 1 else { return }
        // Unretained: each session keeps its bundle, and the callback runs within sessions only.
        let argument = unsafe Unmanaged.passUnretained(self).toOpaque()
        for entry in entries {
            unsafe greenroom_tls_set_name_callback(entry.context.pointer, chooseCertificate, argument)
        }
    }

    private static func read(_ identity: TLSIdentity) throws(TLSSetupError) -> Entry {
        let context = try TLSContext(isServer: true)
        ERR_clear_error()
        guard unsafe SSL_CTX_use_certificate_chain_file(context.pointer, identity.certificateFile) == 1 else {
            throw TLSSetupError(file: identity.certificateFile, reason: TLSErrors.reason())
        }
        guard unsafe SSL_CTX_use_PrivateKey_file(context.pointer, identity.keyFile, SSL_FILETYPE_PEM) == 1,
            unsafe SSL_CTX_check_private_key(context.pointer) == 1
        else {
            throw TLSSetupError(file: identity.keyFile, reason: TLSErrors.reason())
        }
        guard let certificate = unsafe SSL_CTX_get0_certificate(context.pointer),
            let end = unsafe X509_get0_notAfter(certificate)
        else {
            throw TLSSetupError(file: identity.certificateFile, reason: "no certificate in it")
        }
        var time = unsafe tm()
        guard unsafe ASN1_TIME_to_tm(end, &time) == 1 else {
            throw TLSSetupError(file: identity.certificateFile, reason: "its end is no date")
        }
        let notAfter = unsafe CivilTime(
            year: Int(time.tm_year) + 1900,
            month: Int(time.tm_mon) + 1,
            day: Int(time.tm_mday),
            hour: Int(time.tm_hour),
            minute: Int(time.tm_min),
            second: Int(time.tm_sec)
        ).timestamp
        return Entry(
            context: context,
            certificate: TLSCertificate(file: identity.certificateFile, notAfter: notAfter)
        )
    }

    /// The context whose certificate bears the name; wildcards count.
    func context(for name: UnsafePointer<CChar>) -> TLSContext? {
        entries.first { entry in
            guard let certificate = unsafe SSL_CTX_get0_certificate(entry.context.pointer) else { return false }
            return unsafe X509_check_host(certificate, name, 0, 0, nil) == 1
        }?.context
    }
}

/// Called by OpenSSL in the handshake, on the loop's thread, when the client has named a host.
private func chooseCertificate(
    _ session: OpaquePointer?,
    _ alert: UnsafeMutablePointer<Int32>?,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let session = unsafe session, let argument = unsafe argument,
        let name = unsafe SSL_get_servername(session, TLSEXT_NAMETYPE_host_name)
    else {
        return SSL_TLSEXT_ERR_NOACK
    }
    let bundle = unsafe Unmanaged<Bundle>.fromOpaque(argument).takeUnretainedValue()
    // No match is no error: the first certificate goes out, and the client judges it.
    guard let context = unsafe bundle.context(for: name) else { return SSL_TLSEXT_ERR_NOACK }
    unsafe SSL_set_SSL_CTX(session, context.pointer)
    return SSL_TLSEXT_ERR_OK
}
