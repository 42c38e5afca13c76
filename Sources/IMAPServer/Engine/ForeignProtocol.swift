internal import Base

/// Recognises other protocols by their first bytes, so that a browser or a mail relay that was sent
/// to an IMAP port by somebody else cannot be made to speak IMAP.
enum ForeignProtocol {
    /// What a TLS client sends first on a port that expects plain text.
    static func name(ofFirstBytes bytes: [UInt8]) -> String? {
        bytes.first == 0x16 ? "TLS" : nil
    }

    /// The protocol that a line no IMAP command begins belongs to.
    static func name(ofLine line: [UInt8]) -> String? {
        let word = line.prefix { $0 != ASCII.space && $0 != UInt8(ascii: ":") }
        for (name, words) in known where words.contains(where: { ASCII.equalsIgnoringCase($0.utf8, word) }) {
            return name
        }
        return line.starts(with: "SSH-".utf8) ? "SSH" : nil
    }

    private static let known: [(String, [String])] = [
        ("HTTP", ["GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "DELETE", "PATCH", "TRACE", "PRI", "Host"]),
        ("SMTP", ["EHLO", "HELO", "LHLO", "MAIL", "RCPT", "DATA"]),
        ("POP3", ["USER", "APOP"]),
    ]
}
