internal import SMTPWire

/// HELP (RFC 5321 §4.1.1.8).
extension SMTPServerEngine {
    mutating func help() {
        write(SMTPReply(214, EnhancedStatus(2, 0, 0), "See RFC 5321, RFC 6409 and RFC 2033"))
    }
}
