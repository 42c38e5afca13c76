internal import SASL
package import SMTPWire

/// EHLO and HELO (RFC 5321 §4.1.1.1), LHLO (RFC 2033 §4.1).
extension SMTPServerEngine {
    enum Greeting: Equatable {
        case ehlo, helo, lhlo
    }

    /// The greeting of the server (RFC 5321 §3.1).
    mutating func greet() {
        let name = configuration.role == .lmtp ? "LMTP" : "ESMTP"
        write(SMTPReply(220, "\(configuration.hostName) \(name) Greenroom"))
        awaitCommand()
    }

    /// The answer to `openSession`.
    package mutating func sessionAnswered(refusal: SMTPReply?) {
        if let refusal {
            close(refusal)
        } else {
            hasSession = true
            greet()
        }
    }

    mutating func hello(_ name: String, _ greeting: Greeting) {
        // RFC 2033 §4.1: an LMTP server knows LHLO alone, an SMTP server knows no LHLO.
        guard (greeting == .lhlo) == (configuration.role == .lmtp) else {
            fault(SMTPReply(500, EnhancedStatus(5, 5, 1), configuration.role == .lmtp ? "Say LHLO" : "Say EHLO"))
            return
        }
        if refusePipelined() { return }
        peer.greeting = name
        isExtended = greeting != .helo
        envelope = nil
        write(SMTPReply(250, lines: [configuration.hostName] + (isExtended ? extensions : [])))
    }

    /// What we offer, one keyword a line.
    private var extensions: [String] {
        let carried = configuration.carried()
        let size = min(UInt64(configuration.maximumSize), carried?.maximumSize ?? .max)
        var lines = ["PIPELINING", "SIZE \(size)"]
        if carried?.eightBitMIME ?? true { lines.append("8BITMIME") }
        if carried?.smtpUTF8 ?? true { lines.append("SMTPUTF8") }
        lines += ["ENHANCEDSTATUSCODES", "DSN", "LIMITS RCPTMAX=\(configuration.maximumRecipients)"]
        if canStartTLS { lines.append("STARTTLS") }
        if configuration.role == .submission, mayLogIn {
            lines.append(
                "AUTH " + SASLServerExchange.offered(bindings: bindings).map(\.rawValue).joined(separator: " ")
            )
        }
        return lines
    }
}
