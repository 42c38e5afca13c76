internal import Base
package import Text

/// The text of a message as a person reads it, decoded, with LF line ends.
package struct ReadableText: Sendable, Hashable {
    package let text: String
    /// The links of the HTML, also where the text was taken from a plain alternative.
    package let links: [HTMLText.Link]
    /// Whether some of the text was taken from HTML.
    package let isFromHTML: Bool
    /// Whether a limit cut the text.
    package let isCutShort: Bool

    package init(text: String, links: [HTMLText.Link] = [], isFromHTML: Bool = false, isCutShort: Bool = false) {
        self.text = text
        self.links = links
        self.isFromHTML = isFromHTML
        self.isCutShort = isCutShort
    }
}

/// A part that is not the message's text: a file, a picture, a message.
package struct Attachment: Sendable, Hashable {
    /// Decoded; `nil` where none is given.
    package let name: String?
    /// `type/subtype` in lower case.
    package let mediaType: String
    /// Bytes when decoded, as far as the encoded size tells.
    package let size: Int
    /// The part's numbers from the top, as in an IMAP section.
    package let path: [Int]

    package init(name: String?, mediaType: String, size: Int, path: [Int]) {
        self.name = name
        self.mediaType = mediaType
        self.size = size
        self.path = path
    }
}

extension ParsedMessage {
    /// The readable text up to `limit` bytes: text/plain where there is some, else the HTML as text;
    /// several inline texts one after the other; never that of an attached message.
    package func readableText(limit: Int = Limits.readableText) -> ReadableText {
        var reader = TextReader(message: self, limit: limit)
        return reader.read()
    }

    /// Every part that is not the message's text, in order.
    package var attachments: [Attachment] {
        var result: [Attachment] = []
        collectAttachments(of: root, path: [], into: &result)
        return result
    }

    private func collectAttachments(of part: MIMEPart, path: [Int], into result: inout [Attachment]) {
        if case .multipart(let parts) = part.content {
            for (index, child) in parts.enumerated() {
                collectAttachments(of: child, path: path + [index + 1], into: &result)
            }
            return
        }
        let isText = part.mediaType.name == "text/plain" || part.mediaType.name == "text/html"
        let isAttached = part.disposition?.isAttachment == true || part.fileName != nil
        guard isAttached || !isText else { return }
        let characters = max(0, part.octets - 2 * part.lines)
        result.append(
            Attachment(
                name: part.fileName,
                mediaType: part.declaredType.name,
                size: part.encoding == .base64 ? characters / 4 * 3 : part.octets,
                path: path.isEmpty ? [1] : path
            )
        )
    }
}

/// Walks the parts for the text that belongs to the message itself.
private struct TextReader {
    let message: ParsedMessage
    let limit: Int
    var links: [HTMLText.Link] = []
    var isFromHTML = false
    var isCutShort = false
    /// Bytes of text taken so far.
    var size = 0

    mutating func read() -> ReadableText {
        let pieces = texts(of: message.root)
        return ReadableText(
            text: pieces.joined(separator: "\n"),
            links: links,
            isFromHTML: isFromHTML,
            isCutShort: isCutShort
        )
    }

    private mutating func texts(of part: MIMEPart) -> [String] {
        guard size < limit else {
            isCutShort = true
            return []
        }
        switch part.content {
        case .message: return []
        case .leaf:
            return text(of: part).map { [$0] } ?? []
        case .multipart(let parts):
            switch part.mediaType.subtype {
            case "alternative": return alternative(parts)
            case "digest": return []
            // The others hold a root and what it uses, a signature, or a report.
            case "related", "signed", "report", "appledouble": return parts.first.map { texts(of: $0) } ?? []
            default: return parts.flatMap { texts(of: $0) }
            }
        }
    }

    /// The plain alternative where it says anything, else what else gives text.
    ///
    /// The links of the HTML are kept either way: signatures hold profiles behind pictures and names.
    private mutating func alternative(_ parts: [MIMEPart]) -> [String] {
        let before = size
        var chosen: [String]?
        for part in parts where Self.holds("text/plain", part) {
            let found = texts(of: part)
            guard found.contains(where: { $0.contains { !$0.isWhitespace } }) else { continue }
            chosen = found
            break
        }
        let wasFromHTML = isFromHTML
        for part in parts where Self.holds("text/html", part) && !(chosen != nil && Self.holds("text/plain", part)) {
            let sizeSoFar = size
            let wasCutShort = isCutShort
            size = before
            let found = texts(of: part)
            if chosen == nil {
                chosen = found
            } else {
                size = sizeSoFar
                isCutShort = wasCutShort
                isFromHTML = wasFromHTML
            }
            break
        }
        if let chosen { return chosen }
        return parts.last.map { texts(of: $0) } ?? []
    }

    /// Whether a part of this type lies in it, not counting messages.
    private static func holds(_ name: String, _ part: MIMEPart) -> Bool {
        part.mediaType.name == name || part.parts.contains { holds(name, $0) }
    }

    private mutating func text(of part: MIMEPart) -> String? {
        let isHTML = part.mediaType.name == "text/html"
        let isPlain = part.mediaType.name == "text/plain"
        guard isHTML || isPlain || part.mediaType.name == "text/enriched", part.disposition?.isAttachment != true else {
            return nil
        }
        // Markup is many times larger than its text.
        let room = limit - size
        let bytes = message.decodedBody(of: part, limit: isHTML ? room * 16 : room)
        let decoded = Charset.decode(bytes, label: part.mediaType.charset)
        if isHTML {
            let html = HTMLText(decoded, limit: room)
            links += html.links.prefix(max(0, Limits.links - links.count))
            isFromHTML = true
            isCutShort = isCutShort || html.isCutShort
            size += html.text.utf8.count
            return html.text
        }
        isCutShort = isCutShort || bytes.count >= room
        size += bytes.count
        return part.lines(of: decoded)
    }
}

extension MIMEPart {
    /// A decoded text of the part in lines that end in LF, put back into paragraphs where it is flowed.
    func lines(of decoded: String) -> String {
        let lines = Self.withLineFeeds(decoded)
        let parameters = mediaType.parameters
        guard mediaType.name == "text/plain", let format = parameters["format"]?.text,
            ASCII.equalsIgnoringCase(format, "flowed")
        else { return lines }
        let deletesSpace = parameters["delsp"].map { ASCII.equalsIgnoringCase($0.text, "yes") } ?? false
        return FlowedText.unfold(lines, deletesSpace: deletesSpace)
    }

    /// CRLF and bare CR become LF.
    private static func withLineFeeds(_ text: String) -> String {
        let utf8 = Array(text.utf8)
        guard utf8.contains(ASCII.cr) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(utf8.count)
        for (index, byte) in utf8.enumerated() {
            if byte == ASCII.cr {
                if index + 1 == utf8.count || utf8[index + 1] != ASCII.lf { result.append(ASCII.lf) }
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
