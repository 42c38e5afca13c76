package import Base

/// A command of SMTP or LMTP with its arguments (RFC 5321 §4.1, RFC 2033 §4, RFC 3207, RFC 4954).
package enum SMTPCommand: Sendable {
    case ehlo(String)
    case helo(String)
    case lhlo(String)
    /// The reverse path is `nil` for `<>`.
    case mail(EnvelopeAddress?, MailParameters)
    case rcpt(EnvelopeRecipient)
    case data
    case rset
    case noop
    case quit
    case vrfy
    case help
    case startTLS
    /// The mechanism's name as it came and the initial response, decoded; `nil` where none came.
    case auth(String, initialResponse: Secret?)
    /// A command of RFC 5321 or of a known extension that no server of ours does: EXPN, BDAT, ….
    case notImplemented

    /// Appends the command as it goes on the wire, with its CRLF.
    package func encode(into output: inout [UInt8]) {
        switch self {
        case .ehlo(let name): output.append(contentsOf: "EHLO \(name)".utf8)
        case .helo(let name): output.append(contentsOf: "HELO \(name)".utf8)
        case .lhlo(let name): output.append(contentsOf: "LHLO \(name)".utf8)
        case .mail(let sender, let parameters):
            output.append(contentsOf: "MAIL FROM:<\(sender?.text ?? "")>\(parameters.text)".utf8)
        case .rcpt(let recipient):
            output.append(contentsOf: "RCPT TO:<\(recipient.address.text)>\(recipient.parameters.text)".utf8)
        case .data: output.append(contentsOf: "DATA".utf8)
        case .rset: output.append(contentsOf: "RSET".utf8)
        case .noop: output.append(contentsOf: "NOOP".utf8)
        case .quit: output.append(contentsOf: "QUIT".utf8)
        case .vrfy: output.append(contentsOf: "VRFY".utf8)
        case .help, .notImplemented: output.append(contentsOf: "HELP".utf8)
        case .startTLS: output.append(contentsOf: "STARTTLS".utf8)
        case .auth(let mechanism, let initialResponse):
            output.append(contentsOf: "AUTH \(mechanism)".utf8)
            if let initialResponse {
                output.append(ASCII.space)
                // RFC 4954 §4: an initial response without bytes is written as "=".
                let encoded = Base64.encodedBytes(initialResponse.exposed)
                output.append(contentsOf: encoded.isEmpty ? [0x3D] : encoded)
            }
        }
        output.append(ASCII.cr)
        output.append(ASCII.lf)
    }
}
