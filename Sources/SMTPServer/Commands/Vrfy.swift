internal import SMTPWire

/// VRFY (RFC 5321 §3.5.3): answered without telling which addresses are here.
extension SMTPServerEngine {
    mutating func vrfy() {
        write(SMTPReply(252, EnhancedStatus(2, 5, 0), "Not verified; send the message and see"))
    }
}
