internal import Base

/// The replies of a server, put together from their lines (RFC 5321 §4.2, RFC 2034 §4).
package struct ReplyReader: Sendable {
    /// What a server sent is no reply: the connection cannot be trusted any more.
    package enum Fault: Error, Hashable, Sendable {
        case malformed
        /// The lines of one reply have different codes.
        case mixedCodes
        case tooManyLines
    }

    private var code: UInt16 = 0
    private var enhanced: EnhancedStatus?
    private var lines: [String] = []

    package init() {}

    /// Whether a reply has begun and not ended.
    package var isInside: Bool { !lines.isEmpty }

    /// Takes a line without its CRLF; the reply comes with its last line.
    package mutating func receive(_ line: [UInt8]) throws(Fault) -> SMTPReply? {
        var cursor = ByteCursor(line.span)
        guard let digits = cursor.take(count: 3), let code = Self.code(cursor.copy(digits))
        else { throw .malformed }
        let isLast: Bool
        switch cursor.take() {
        case nil, ASCII.space: isLast = true
        case 0x2D: isLast = false
        default: throw .malformed
        }
        if lines.isEmpty { self.code = code }
        guard code == self.code else { throw .mixedCodes }
        guard lines.count < Limits.smtpReplyLines else { throw .tooManyLines }
        append(cursor.text(cursor.offset..<line.count))
        guard isLast else { return nil }
        defer { self = Self() }
        return SMTPReply(code, enhanced, lines: lines)
    }

    /// Takes the enhanced code off the front of a line where there is one of the reply's own class.
    private mutating func append(_ text: String) {
        let word = text.prefix { $0 != " " }
        guard let status = EnhancedStatus(word), UInt16(status.category) == code / 100,
            lines.isEmpty || enhanced == status
        else {
            lines.append(text)
            return
        }
        enhanced = status
        lines.append(String(text.dropFirst(word.count + 1)))
    }

    /// Three digits, 200 to 599.
    private static func code(_ digits: [UInt8]) -> UInt16? {
        guard digits.allSatisfy(ASCII.isDigit), (0x32...0x35).contains(digits[0]) else { return nil }
        return digits.reduce(0) { $0 * 10 + UInt16($1 & 0x0F) }
    }
}
