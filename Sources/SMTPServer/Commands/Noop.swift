internal import SMTPWire

/// NOOP (RFC 5321 §4.1.1.9).
extension SMTPServerEngine {
    mutating func noop() {
        write(SMTPReply(250, EnhancedStatus(2, 0, 0), "Nothing done"))
    }
}
