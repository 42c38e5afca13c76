package import Base
internal import Reactor

/// What a finished handshake agreed on.
package struct TLSInfo: Hashable, Sendable {
    /// Such as `TLSv1.3`.
    package let version: String
    package let cipher: String
    /// The name that the client asked for (SNI).
    package let serverName: String?
    package let isResumed: Bool
}

extension Connection {
    /// Whether the bytes are encrypted.
    package var isEncrypted: Bool { transport.session != nil }

    /// What the handshake agreed on; nil without TLS.
    package var tlsInfo: TLSInfo? { transport.session?.info }

    /// What `tls-exporter` binds a log-in to (RFC 9266); nil where TLS does not give it.
    package var tlsExporter: [UInt8]? { transport.session?.exporter }

    /// What `tls-server-end-point` binds a log-in to (RFC 5929 §4), on the server's side.
    package var tlsServerEndPoint: [UInt8]? { transport.session?.serverEndPoint }

    /// Becomes TLS as the server: sends what is queued in plain text, then shakes hands.
    ///
    /// The caller has made sure that it holds no input from before. The deadline is
    /// `Limits.handshake` from now unless given.
    package func startTLS(server context: TLSServerContext, until deadline: Instant? = nil) async throws(NetError) {
        try await startTLS(until: deadline) { () throws(NetError) in try context.makeSession() }
    }

    /// Becomes TLS as the client of `host`, whose name the server's certificate must bear.
    package func startTLS(
        client context: TLSClientContext,
        host: String,
        until deadline: Instant? = nil
    ) async throws(NetError) {
        try await startTLS(until: deadline) { () throws(NetError) in try context.makeSession(host: host) }
    }

    private func startTLS(
        until deadline: Instant?,
        _ makeSession: () throws(NetError) -> TLSSession
    ) async throws(NetError) {
        let deadline = deadline ?? loop.now.advanced(by: Limits.handshake)
        try await flush(until: deadline)
        guard case .socket = transport, slot.descriptor >= 0 else { throw .tls("not a plain socket") }
        let session = try makeSession()
        try session.attach(to: slot.descriptor)
        while true {
            try checkOpen()
            switch session.shakeHands() {
            case .count, .end:
                transport = .tls(session)
                return
            case .wouldBlock(let readiness):
                block(readiness, reading: true)
            case .failure(let error): throw error
            }
            prepareToPark()
            if await inputWaiter.wait(until: deadline) == .deadline, !isInputReady {
                try checkOpen()
                throw .timeout
            }
        }
    }
}
