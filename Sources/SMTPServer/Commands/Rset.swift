internal import SMTPWire

/// RSET (RFC 5321 §4.1.1.5).
extension SMTPServerEngine {
    mutating func rset() {
        envelope = nil
        write(SMTPReply(250, EnhancedStatus(2, 0, 0), "Forgotten"))
    }
}
