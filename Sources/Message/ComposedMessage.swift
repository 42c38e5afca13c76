internal import Base

/// A message that we write: fields and parts in, well-formed bytes with CRLF line ends out.
///
/// The same input gives the same bytes: date, ids and boundary come from the caller.
package struct ComposedMessage: Sendable {
    package var fields: [ComposedField]
    package var body: ComposedPart

    package init(fields: [ComposedField], body: ComposedPart) {
        self.fields = fields
        self.body = body
    }

    /// The bytes.
    ///
    /// `boundary` separates the parts, numbered; it should be random, and is lengthened where a part happens to
    /// hold it.
    package func bytes(boundary: String) -> [UInt8] {
        let (header, content) = body.rendered(boundary: boundary)
        var result = fields.flatMap(\.bytes)
        result += ComposedField("MIME-Version", .structured("1.0")).bytes
        return result + header + [ASCII.cr, ASCII.lf] + content
    }
}

/// A part of a message that we write.
package indirect enum ComposedPart: Sendable {
    /// Plain text; lines end in LF. Flowed text is broken at 72 characters so that it can be joined again.
    case text(String, isFlowed: Bool = false)
    case html(String)
    /// A file; the media type is `type/subtype`.
    case file(name: String, mediaType: String, bytes: [UInt8])
    /// A message as it is, bare LF made CRLF.
    case message([UInt8])
    /// Fields in blocks, as in message/delivery-status: ASCII, with CRLF line ends.
    case fields(mediaType: String, [UInt8])
    /// A part as it stands in another message: its header without the empty line, and its body.
    case original(header: [UInt8], body: [UInt8])
    case mixed([ComposedPart])
    /// The same said in several ways, plainest first.
    case alternative([ComposedPart])
    /// A report (RFC 6522), with the report-type.
    case report(String, [ComposedPart])

    /// The part's MIME fields and its body, without the empty line between them.
    func rendered(boundary: String) -> (header: [UInt8], body: [UInt8]) {
        switch self {
        case .text(let text, let isFlowed):
            Self.text(isFlowed ? FlowedText.fold(text) : text, "text/plain", isFlowed ? "; format=flowed" : "")
        case .html(let text): Self.text(text, "text/html", "")
        case .file(let name, let mediaType, let bytes): Self.file(name, mediaType, bytes)
        case .message(let bytes): Self.message(LineEnds.canonical(bytes))
        case .fields(let mediaType, let bytes):
            (Self.header(mediaType, encoding: bytes.contains { $0 > 0x7F } ? "8bit" : nil), bytes)
        case .original(let header, let body): (header, body)
        case .mixed(let parts): Self.multipart("mixed", "", parts, boundary)
        case .alternative(let parts): Self.multipart("alternative", "", parts, boundary)
        case .report(let type, let parts): Self.multipart("report", "; report-type=\(type)", parts, boundary)
        }
    }

    private static func header(_ contentType: String, encoding: String?, more: [ComposedField] = []) -> [UInt8] {
        var result = ComposedField("Content-Type", .structured(contentType)).bytes
        if let encoding { result += ComposedField("Content-Transfer-Encoding", .structured(encoding)).bytes }
        return result + more.flatMap(\.bytes)
    }

    /// Text as it is where it is short ASCII lines, else as quoted-printable or, where most of it
    /// would be escapes, base64.
    private static func text(_ text: String, _ type: String, _ more: String) -> (header: [UInt8], body: [UInt8]) {
        var lines = LineEnds.canonical(Array(text.utf8))
        if !lines.isEmpty, lines.last != ASCII.lf { lines += [ASCII.cr, ASCII.lf] }
        var (nonASCII, longest, start) = (0, 0, 0)
        for (index, byte) in lines.enumerated() {
            if byte > 0x7E || (byte < ASCII.space && !ASCII.isWhiteSpace(byte)) { nonASCII += 1 }
            guard byte == ASCII.lf else { continue }
            longest = max(longest, index - start)
            start = index + 1
        }
        let hasBareCR = LineEnds(lines).bareCR > 0
        if nonASCII == 0, longest <= 998, !hasBareCR {
            return (header("\(type); charset=us-ascii\(more)", encoding: "7bit"), lines)
        }
        let encoding: TransferEncoding = nonASCII * 3 < lines.count ? .quotedPrintable : .base64
        return (header("\(type); charset=utf-8\(more)", encoding: encoding.name), encoding.encode(lines))
    }

    private static func file(
        _ name: String,
        _ mediaType: String,
        _ bytes: [UInt8]
    ) -> (header: [UInt8], body: [UInt8]) {
        let disposition = "attachment; " + parameter("filename", name)
        let header = header(
            mediaType,
            encoding: "base64",
            more: [ComposedField("Content-Disposition", .structured(disposition))]
        )
        return (header, TransferEncoding.base64.encode(bytes))
    }

    /// A parameter in quotes, or in pieces with their charset where it is not ASCII (RFC 2231 §3, §4).
    private static func parameter(_ name: String, _ value: String) -> String {
        let plain = value.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7E } && value.utf8.count <= 60
        if plain {
            // No space inside, so that folding never touches the value.
            let quoted = String(decoding: Address.quoted(Array(value.utf8)), as: UTF8.self)
            if !value.contains(" ") { return "\(name)=\(quoted)" }
        }
        var pieces: [String] = []
        var current = "UTF-8''"
        for byte in value.utf8 {
            let isPlain =
                ByteClass.alphanumerics.contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            if current.utf8.count > 55 {
                pieces.append(current)
                current = ""
            }
            current +=
                isPlain
                ? String(decoding: [byte], as: UTF8.self) : "%" + ASCII.uppercased(Hexadecimal.encode([byte]))
        }
        pieces.append(current)
        guard pieces.count > 1 else { return "\(name)*=\(current)" }
        return pieces.enumerated().map { "\(name)*\($0.offset)*=\($0.element)" }.joined(separator: "; ")
    }

    /// RFC 2046 §5.2.1: a message is never encoded as a whole.
    private static func message(_ bytes: [UInt8]) -> (header: [UInt8], body: [UInt8]) {
        let isEightBit = bytes.contains { $0 > 0x7F }
        return (header("message/rfc822", encoding: isEightBit ? "8bit" : "7bit"), bytes)
    }

    private static func multipart(
        _ subtype: String,
        _ more: String,
        _ parts: [ComposedPart],
        _ boundary: String
    ) -> (header: [UInt8], body: [UInt8]) {
        let rendered = parts.enumerated().map { index, part in
            let (header, body) = part.rendered(boundary: "\(boundary)-\(index + 1)")
            return header + [ASCII.cr, ASCII.lf] + body
        }
        var boundary = boundary
        while rendered.contains(where: { holds(boundary, $0) }) { boundary += "x" }
        let isEightBit = rendered.contains { $0.contains { $0 > 0x7F } }
        let delimiter = Array("--\(boundary)".utf8)
        var body: [UInt8] = []
        for part in rendered {
            body += delimiter + [ASCII.cr, ASCII.lf] + part
            // The line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1).
            body += [ASCII.cr, ASCII.lf]
        }
        body += delimiter + Array("--\r\n")
        let type = "multipart/\(subtype)\(more); boundary=\"\(boundary)\""
        return (header(type, encoding: isEightBit ? "8bit" : nil), body)
    }

    /// Whether a line of the bytes is this delimiter and nothing more, which a part inside could not tell apart.
    private static func holds(_ boundary: String, _ bytes: [UInt8]) -> Bool {
        let delimiter = Array("--\(boundary)".utf8)
        var from = 0
        while let index = bytes.span.firstIndex(of: delimiter, from: from) {
            let end = index + delimiter.count
            let isAtStart = index == 0 || bytes[index - 1] == ASCII.lf
            // Our own inner boundaries go on with a number.
            if isAtStart, end >= bytes.count || bytes[end] != UInt8(ascii: "-") || !isNumbered(bytes, end) {
                return true
            }
            from = index + 1
        }
        return false
    }

    private static func isNumbered(_ bytes: [UInt8], _ dash: Int) -> Bool {
        dash + 1 < bytes.count && ASCII.isDigit(bytes[dash + 1])
    }
}
