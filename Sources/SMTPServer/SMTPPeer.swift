package import Net

/// The TLS session of a connection, as a Received field names it.
package struct TLSDescription: Hashable, Sendable {
    /// The protocol, as `TLSv1.3`.
    package let version: String
    /// The cipher suite, as `TLS_AES_256_GCM_SHA384`.
    package let cipher: String

    package init(version: String, cipher: String) {
        self.version = version
        self.cipher = cipher
    }
}

/// Who is at the other end of a connection, as far as it is known now.
package struct SMTPPeer: Hashable, Sendable {
    package let address: SocketAddress
    /// What it called itself in EHLO, HELO or LHLO; empty before.
    package var greeting: String
    /// `nil` on a connection in the clear.
    package var tls: TLSDescription?

    package init(address: SocketAddress, greeting: String = "", tls: TLSDescription? = nil) {
        self.address = address
        self.greeting = greeting
        self.tls = tls
    }

    /// Whether it is on this machine.
    package var isLoopback: Bool { address.isLocal }
}
