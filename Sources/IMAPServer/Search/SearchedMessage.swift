internal import Base
internal import IMAPWire
internal import Message
internal import Text

/// A text that is searched for, folded: letter case and forms of letters aside.
struct SearchText {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(CaseFolding.searchable(text).utf8) }

    func isIn(_ text: String) -> Bool {
        bytes.isEmpty || Array(CaseFolding.searchable(text).utf8).span.firstIndex(of: bytes) != nil
    }
}

/// A message's bytes as SEARCH sees them: encodings undone.
struct SearchedMessage {
    private let bytes: [UInt8]
    private var parsed: ParsedMessage?
    private var headerOnly: Header?

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The day of the Date field, in its own zone (RFC 3501 §6.4.4 SENTON).
    var sentDate: CalendarDate? {
        mutating get {
            header.value("Date").flatMap { MailDate($0) }.map { CalendarDate($0.timestamp, offset: $0.offset) }
        }
    }

    private var header: Header {
        mutating get {
            if let headerOnly { return headerOnly }
            let header = Header(bytes)
            headerOnly = header
            return header
        }
    }

    private var message: ParsedMessage {
        mutating get {
            if let parsed { return parsed }
            let message = ParsedMessage(bytes)
            parsed = message
            return message
        }
    }

    mutating func hasField(_ name: String, holding text: SearchText) -> Bool {
        header.all(name).contains { text.isIn($0.text) }
    }

    mutating func hasText(holding text: SearchText) -> Bool {
        Self.holds(header, text) || hasBody(holding: text)
    }

    mutating func hasBody(holding text: SearchText) -> Bool {
        Self.holds(message.root, in: message, text)
    }

    private static func holds(_ header: Header, _ text: SearchText) -> Bool {
        header.contains { text.isIn($0.name + ": " + $0.text) }
    }

    /// Every part that is text, and the headers of messages inside.
    private static func holds(_ part: MIMEPart, in message: ParsedMessage, _ text: SearchText) -> Bool {
        if let inner = part.message { return holds(inner.header, text) || holds(inner, in: message, text) }
        if !part.parts.isEmpty { return part.parts.contains { holds($0, in: message, text) } }
        guard part.mediaType.isText else { return false }
        let decoded = message.decodedBody(of: part, limit: Limits.searchedText)
        let charset = part.mediaType.parameters["charset"]?.text
        return text.isIn(Charset.decode(decoded, label: charset))
    }
}
