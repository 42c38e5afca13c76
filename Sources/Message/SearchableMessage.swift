package import Base
internal import Text

/// Where in a message SEARCH looks for a text (RFC 9051 §6.4.4).
package enum SearchPlace: Int, Sendable, Hashable, CaseIterable {
    /// What the fields of one name say, each by itself.
    case from, to, cc, bcc, subject
    /// Every field, each as `Name: text`.
    case header
    /// Every part that is text, and the headers of messages inside, line by line.
    case body

    /// The place of a field that has one of its own.
    package init?(field name: String) {
        switch ASCII.lowercased(name) {
        case "from": self = .from
        case "to": self = .to
        case "cc": self = .cc
        case "bcc": self = .bcc
        case "subject": self = .subject
        default: return nil
        }
    }
}

/// A text that is searched for, folded: letter case, width and forms of letters aside.
package struct SearchText: Sendable, Hashable {
    package let bytes: [UInt8]

    package init(_ text: String) { bytes = CaseFolding.searchableBytes(text) }

    package var isEmpty: Bool { bytes.isEmpty }

    /// Whether a folded text holds it.
    package func isIn(_ folded: [UInt8]) -> Bool { folded.span.firstIndex(of: bytes) != nil }
}

/// A message as SEARCH compares it: encodings undone, folded, in pieces that no text may span.
///
/// The scan and the index both look at these pieces, so that they cannot disagree. Nothing is
/// decoded before it is asked for, and nothing twice.
package struct SearchableMessage {
    private let bytes: [UInt8]
    private var headerRead: Header?
    private var lines: [[UInt8]]?
    private var bodies: [[UInt8]]?

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var header: Header {
        mutating get {
            if let headerRead { return headerRead }
            let header = Header(bytes)
            headerRead = header
            return header
        }
    }

    /// The time of the Date field in its own zone: SENTON compares its day (RFC 3501 §6.4.4).
    package var sent: CivilTime? {
        mutating get {
            header.value("Date").flatMap { MailDate($0) }.map { CivilTime($0.timestamp, offset: $0.offset) }
        }
    }

    /// Whether a field of this name holds the text; the empty text is in every field.
    package mutating func hasField(_ name: String, holding text: SearchText) -> Bool {
        header.contains { $0.isNamed(name) && (text.isEmpty || Self.texts(of: $0).contains { text.isIn($0) }) }
    }

    package mutating func holds(_ text: SearchText, in place: SearchPlace) -> Bool {
        pieces(of: place).contains { text.isIn($0) }
    }

    /// The folded texts of a place.
    package mutating func pieces(of place: SearchPlace) -> [[UInt8]] {
        switch place {
        case .from: values(of: "From")
        case .to: values(of: "To")
        case .cc: values(of: "Cc")
        case .bcc: values(of: "Bcc")
        case .subject: values(of: "Subject")
        case .header: headerLines()
        case .body: bodyTexts()
        }
    }

    private mutating func values(of name: String) -> [[UInt8]] {
        header.flatMap { $0.isNamed(name) ? Self.texts(of: $0) : [] }
    }

    /// A field's text, and the addresses in it that are written otherwise there, with comments or
    /// quotes: SEARCH FROM means the address of the envelope (RFC 9051 §6.4.4).
    private static func texts(of field: HeaderField) -> [[UInt8]] {
        let text = CaseFolding.searchableBytes(field.text)
        guard addressFields.contains(where: { field.isNamed($0) }) else { return [text] }
        let addresses = AddressList(field.unfolded).mailboxes.map { CaseFolding.searchableBytes($0.spec) }
        return [text] + addresses.filter { text.span.firstIndex(of: $0) == nil }
    }

    private static let addressFields = ["From", "To", "Cc", "Bcc", "Sender", "Reply-To"]

    private mutating func headerLines() -> [[UInt8]] {
        if let lines { return lines }
        let lines = Self.lines(of: header)
        self.lines = lines
        return lines
    }

    private static func lines(of header: Header) -> [[UInt8]] {
        header.map { CaseFolding.searchableBytes($0.name + ": " + $0.text) }
    }

    private mutating func bodyTexts() -> [[UInt8]] {
        if let bodies { return bodies }
        let message = ParsedMessage(bytes)
        var texts: [[UInt8]] = []
        collect(message.root, in: message, into: &texts)
        bodies = texts
        return texts
    }

    private func collect(_ part: MIMEPart, in message: ParsedMessage, into texts: inout [[UInt8]]) {
        if let inner = part.message {
            texts += Self.lines(of: inner.header)
            return collect(inner, in: message, into: &texts)
        }
        if !part.parts.isEmpty {
            for child in part.parts { collect(child, in: message, into: &texts) }
            return
        }
        guard part.mediaType.isText else { return }
        let decoded = message.decodedBody(of: part, limit: Limits.searchedText)
        let text = Charset.decode(decoded, label: part.mediaType.parameters["charset"]?.text)
        texts.append(CaseFolding.searchableBytes(text))
        // What a person reads of HTML: character references resolved, words that tags cut in two.
        if part.mediaType.name == "text/html" {
            texts.append(CaseFolding.searchableBytes(HTMLText(text, limit: Limits.searchedText).text))
        }
    }
}
