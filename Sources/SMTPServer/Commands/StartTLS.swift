internal import SMTPWire

/// STARTTLS (RFC 3207).
extension SMTPServerEngine {
    var canStartTLS: Bool { configuration.tls == .startTLS && peer.tls == nil }

    mutating func startTLS() {
        guard configuration.tls == .startTLS else {
            fault(SMTPReply(502, EnhancedStatus(5, 5, 1), "TLS is not offered here"))
            return
        }
        guard canStartTLS, user == nil else {
            fault(SMTPReply(503, EnhancedStatus(5, 5, 1), "Too late for TLS"))
            return
        }
        // Bytes behind STARTTLS were sent in the clear, by whoever; they must never be taken for
        // something that was said inside TLS.
        if refusePipelined() { return }
        write(SMTPReply(220, EnhancedStatus(2, 0, 0), "Begin TLS"))
        phase = .startingTLS
    }
}
