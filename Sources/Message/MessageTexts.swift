internal import Base
internal import Text

/// One text of a message, as somebody may come to read it.
package struct MessageText: Sendable, Hashable {
    package enum Place: Sendable, Hashable {
        /// The message's own text, or one that a reader sees in its place.
        case shown
        /// In HTML, but not shown by all programs: hidden, beside a picture, a comment, a tool tip.
        case hidden
        /// In a part that is shown as a file, by its name.
        case file(String)
        /// In a message inside.
        case message
        /// In a field of the header that few programs show.
        case header
    }

    package let place: Place
    /// Lines end in LF; nothing goes on from one of these to the next.
    package let pieces: [String]
    /// Whether pictures stand in it.
    package var hasPictures = false
    /// Whether more of it stands there than is shown.
    package var hidesText = false
}

/// Every text of a message that anybody may come to read, for judging it (INV-7).
///
/// Not what the message says: what any program might show. The contents of files that are no text are not
/// among it, nor is what stands before and behind the parts of a multipart.
package struct MessageTexts: Sendable, Hashable {
    /// In the order of the parts.
    package fileprivate(set) var texts: [MessageText] = []
    /// Whether nobody can tell what of it a reader sees.
    package fileprivate(set) var isShownInDoubt = false
    /// Why some of it could not be read, each reason once; empty where all was.
    package fileprivate(set) var unread: [String] = []
}

extension ParsedMessage {
    /// Every text that somebody may come to read.
    package func everyText() -> MessageTexts {
        var reader = EveryTextReader()
        reader.read(self)
        return reader.result
    }
}

/// Walks all parts, messages inside among them.
private struct EveryTextReader {
    private enum Kind {
        case plain, html, card, message
        /// Holds text that only its reader's program can take out.
        case sealed(String)
    }

    private(set) var result = MessageTexts()
    /// Bytes of text that may still be taken.
    private var room = Limits.judgedText

    mutating func read(_ message: ParsedMessage) {
        let fields = message.header.all("Subject").dropFirst() + message.header.all("Comments")
        let texts = (fields + message.header.all("Keywords")).map(\.text)
        if !texts.isEmpty { add(.header, texts) }
        read(message, isInside: false, depth: 0)
    }

    private mutating func read(_ message: ParsedMessage, isInside: Bool, depth: Int) {
        if message.isCutShort { leaveUnread("it has more parts or fields than are looked at") }
        visit(message.root, of: message, isInside: isInside, depth: depth)
    }

    private mutating func visit(_ part: MIMEPart, of message: ParsedMessage, isInside: Bool, depth: Int) {
        if Self.singleFields.contains(where: { part.header.all($0).count > 1 }) {
            leaveUnread("a part says twice what it is")
        }
        switch part.content {
        case .multipart(let parts):
            if part.mediaType.subtype == "encrypted" { leaveUnread("a part is encrypted") }
            if part.mediaType.subtype == "alternative", !isInside, !parts.allSatisfy(Self.holdsShownText) {
                result.isShownInDoubt = true
            }
            for inner in parts { visit(inner, of: message, isInside: isInside, depth: depth) }
        case .message(let inner):
            if part.encoding == .base64 || part.encoding == .quotedPrintable {
                return readInside(part, of: message, depth: depth)
            }
            for inner in inner {
                addHeader(of: inner)
                visit(inner, of: message, isInside: true, depth: depth)
            }
        case .leaf:
            leaf(part, of: message, isInside: isInside, depth: depth)
        }
    }

    private static let singleFields = ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"]

    private static func holdsShownText(_ part: MIMEPart) -> Bool {
        isShown(part) || part.parts.contains(where: holdsShownText)
    }

    private static func isShown(_ part: MIMEPart) -> Bool {
        shownTypes.contains(part.mediaType.name) && part.disposition?.isAttachment != true && part.fileName == nil
    }

    private static let shownTypes: Set<String> = [
        "text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html",
    ]

    /// A message that is kept as a file, or encoded (RFC 6532 §3.7).
    private mutating func readInside(_ part: MIMEPart, of message: ParsedMessage, depth: Int) {
        // What could not be looked into is taken for the worse.
        guard depth < Self.messageDepth, part.octets <= Limits.judgedMarkup else {
            return leaveUnread("a message lies too deep inside")
        }
        let inner = ParsedMessage(message.decodedBody(of: part))
        addHeader(of: inner.root)
        read(inner, isInside: true, depth: depth + 1)
    }

    private static var messageDepth: Int { 10 }

    private mutating func addHeader(of message: MIMEPart) {
        let texts = message.header.all("Subject").map(\.text)
        if !texts.isEmpty { add(.message, texts) }
    }

    // MARK: One part

    private mutating func leaf(_ part: MIMEPart, of message: ParsedMessage, isInside: Bool, depth: Int) {
        let kind: Kind
        switch Self.kind(of: part) {
        case nil: return
        case .sealed(let why)?: return leaveUnread(why)
        case .message?: return readInside(part, of: message, depth: depth)
        case let found?: kind = found
        }
        let isHTML = if case .html = kind { true } else { false }
        guard result.texts.count < Limits.judgedTexts else { return leaveUnread("it has more texts than are read") }
        if part.encoding == .unknown { leaveUnread("a text is encoded in a way not known here") }
        let limit = isHTML ? Limits.judgedMarkup : room
        let bytes = message.decodedBody(of: part, limit: limit + 1)
        guard bytes.count <= limit else {
            leaveUnread("its text is longer than is read")
            return addText(part, Array(bytes.prefix(limit)), kind, isInside)
        }
        addText(part, bytes, kind, isInside)
    }

    private mutating func addText(_ part: MIMEPart, _ bytes: [UInt8], _ kind: Kind, _ isInside: Bool) {
        let isShown = !isInside && Self.isShown(part)
        let place: MessageText.Place =
            if isShown {
                .shown
            } else if isInside {
                .message
            } else {
                .file(part.fileName ?? part.mediaType.name)
            }
        let decoded = Charset.decode(bytes, label: part.mediaType.charset)
        if let label = part.mediaType.charset {
            let isASCII = bytes.allSatisfy { $0 < 0x80 }
            if !isASCII, !Charset.isKnown(label) { leaveUnread("the charset \(label.prefix(40)) is not known") }
            // Who takes no notice of the charset reads the letters that stand there.
            if isASCII, !Charset.keepsASCII(label) { add(.hidden, [String(decoding: bytes, as: UTF8.self)]) }
        }
        switch kind {
        case .html: addHTML(decoded, place)
        case .card: add(place, [part.lines(of: decoded), Self.unfolded(decoded)])
        default: add(place, [part.lines(of: decoded)])
        }
    }

    private mutating func addHTML(_ html: String, _ place: MessageText.Place) {
        let layers = HTMLLayers(html, limit: room)
        if layers.isUnread { leaveUnread("its HTML holds what is not read here") }
        let isShown = place == .shown
        if isShown, layers.shown == nil { result.isShownInDoubt = true }
        let shown = layers.shown ?? layers.all
        add(place, [shown], hasPictures: layers.hasPictures, hidesText: layers.all != shown)
        if layers.all != shown { add(isShown ? .hidden : place, [layers.all]) }
        if !layers.asides.isEmpty { add(isShown ? .hidden : place, layers.asides) }
    }

    private mutating func add(
        _ place: MessageText.Place,
        _ pieces: [String],
        hasPictures: Bool = false,
        hidesText: Bool = false
    ) {
        for piece in pieces {
            room = max(0, room - piece.utf8.count)
            if Disguise.isUnreadable(piece) { leaveUnread("characters of it cannot be read as they are shown") }
            if piece.contains("-----BEGIN PGP MESSAGE-----") { leaveUnread("a text is encrypted") }
        }
        var text = MessageText(place: place, pieces: pieces)
        text.hasPictures = hasPictures
        text.hidesText = hidesText
        result.texts.append(text)
    }

    private mutating func leaveUnread(_ why: String) {
        if !result.unread.contains(why) { result.unread.append(why) }
    }

    // MARK: Kinds

    private static func kind(of part: MIMEPart) -> Kind? {
        let type = part.mediaType
        switch type.name {
        case "text/html", "text/x-amp-html", "text/enriched", "text/richtext", "application/xhtml+xml": return .html
        case "text/calendar", "text/vcard", "text/x-vcard", "text/directory", "application/ics": return .card
        case "application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted":
            return .sealed("a part is encrypted or sealed")
        case "application/ms-tnef", "application/vnd.ms-tnef": return .sealed("it holds a winmail.dat")
        case "message/partial", "message/external-body": return .sealed("a part lies elsewhere")
        case _ where type.type == "text" || type.type == "message": return byName(part) ?? .plain
        default: return byName(part)
        }
    }

    /// What a program makes of a file by its name, whatever type is given.
    private static func byName(_ part: MIMEPart) -> Kind? {
        guard let name = part.fileName, let dot = name.lastIndex(of: ".") else { return nil }
        switch ASCII.lowercased(String(name[name.index(after: dot)...])) {
        case "html", "htm", "xhtml", "shtml", "mht", "mhtml", "svg": return .html
        case "ics", "vcf", "vcs": return .card
        case "txt", "text", "csv", "tsv", "md", "log", "json", "xml", "yaml", "yml": return .plain
        case "eml": return .message
        case "p7m": return .sealed("a part is encrypted or sealed")
        default: return nil
        }
    }

    /// Lines of a calendar or card put back together (RFC 5545 §3.1, §3.3.11).
    private static func unfolded(_ text: String) -> String {
        var result = ""
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if line.first == " " || line.first == "\t" {
                result += line.dropFirst()
            } else {
                result += "\n" + line
            }
        }
        let pieces = result.split(separator: "\\", omittingEmptySubsequences: false)
        guard let first = pieces.first else { return result }
        return pieces.dropFirst().reduce(String(first)) { text, piece in
            piece.first == "n" || piece.first == "N" ? text + "\n" + piece.dropFirst() : text + piece
        }
    }
}
