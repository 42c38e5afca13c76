internal import Base

/// What a message with its envelope asks of the server that takes it.
package struct TransportNeeds: Hashable, Sendable {
    /// Octets.
    package let size: Int
    /// The message holds octets over 127 (RFC 6152).
    package let eightBitMIME: Bool
    /// An address is in UTF-8, or a header may be (RFC 6531).
    package let smtpUTF8: Bool

    package init(_ envelope: Envelope, _ message: [UInt8]) {
        size = message.count
        eightBitMIME = message.contains { $0 >= 0x80 }
        smtpUTF8 = envelope.needsUTF8 || envelope.parameters.smtpUTF8 && eightBitMIME
    }
}

/// Why a server cannot take a message at all.
package enum TransportObstacle: Hashable, Sendable {
    /// Over the size that the server announces, in octets.
    case tooLarge(limit: UInt64)
    /// An extension is needed that the server does not offer.
    case missingExtension(String)
}

extension SMTPCapabilities {
    /// Why a server that offers this cannot take the message.
    ///
    /// It is never encoded anew to fit: other bytes would leave than were judged (INV-1), and a signature
    /// would break.
    package func obstacle(to needs: TransportNeeds) -> TransportObstacle? {
        if let limit = maximumSize, UInt64(needs.size) > limit { return .tooLarge(limit: limit) }
        if needs.smtpUTF8, !smtpUTF8 { return .missingExtension("SMTPUTF8") }
        if needs.eightBitMIME, !eightBitMIME { return .missingExtension("8BITMIME") }
        return nil
    }

    /// The extensions as the lines of an EHLO reply, to be kept and read again by `init(text:)`.
    package var text: String {
        var lines: [String] = []
        if pipelining { lines.append("PIPELINING") }
        if eightBitMIME { lines.append("8BITMIME") }
        if smtpUTF8 { lines.append("SMTPUTF8") }
        if enhancedStatusCodes { lines.append("ENHANCEDSTATUSCODES") }
        if dsn { lines.append("DSN") }
        if startTLS { lines.append("STARTTLS") }
        if size { lines.append("SIZE" + (maximumSize.map { " \($0)" } ?? "")) }
        if !mechanisms.isEmpty { lines.append((["AUTH"] + mechanisms).joined(separator: " ")) }
        if let maximumRecipients { lines.append("LIMITS RCPTMAX=\(maximumRecipients)") }
        return lines.joined(separator: "\n")
    }

    /// Reads what `text` wrote.
    package init(text: String) {
        self.init(lines: [""] + text.split(separator: "\n").map(String.init))
    }
}
