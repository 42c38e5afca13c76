internal import SMTPWire

/// QUIT (RFC 5321 §4.1.1.10).
extension SMTPServerEngine {
    mutating func quit() {
        close(SMTPReply(221, EnhancedStatus(2, 0, 0), "\(configuration.hostName) Goodbye"))
    }
}
