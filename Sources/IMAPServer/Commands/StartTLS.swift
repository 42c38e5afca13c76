internal import IMAPWire

// STARTTLS (RFC 9051 §6.2.1).
extension Engine {
    mutating func startTLS(tag: String) {
        guard settings.canStartTLS, !isEncrypted else { return refuse(tag: tag, "TLS is not to be had here") }
        guard !framer.hasUnreadBytes else { return closeAtOnce(.bytesBehindStartTLS) }
        output.status(StatusResponse(tag: tag, .ok, "Begin TLS now"))
        duty = .startTLS
    }
}
