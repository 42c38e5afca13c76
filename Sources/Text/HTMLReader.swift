internal import Base

/// The one pass over an HTML text: every byte is looked at once.
struct HTMLReader {
    private let html: [UInt8]
    private var offset = 0
    private(set) var writer: HTMLTextWriter
    private(set) var links: [HTMLText.Link] = []
    private var openLink: (target: String, start: Int)?
    /// Who sees what; `nil` where nobody asks.
    private(set) var layers: HTMLLayerWriter?

    init(_ html: [UInt8], limit: Int, tellsLayers: Bool = false) {
        self.html = html
        writer = HTMLTextWriter(limit: limit)
        if tellsLayers { layers = HTMLLayerWriter(limit: limit) }
    }

    mutating func read() {
        while offset < html.count, !writer.isFull {
            let start = offset
            let end = html.span.firstIndex(of: UInt8(ascii: "<"), from: start) ?? html.count
            if end > start { text(start..<end) }
            offset = end
            if end < html.count { markup() }
        }
        closeLink()
    }

    // MARK: Text

    private mutating func text(_ range: Range<Int>) {
        var start = range.lowerBound
        while start < range.upperBound {
            let ampersand = html[start..<range.upperBound].firstIndex(of: UInt8(ascii: "&")) ?? range.upperBound
            if ampersand > start { write(String(decoding: html[start..<ampersand], as: UTF8.self)) }
            start = ampersand
            guard ampersand < range.upperBound else { return }
            if let (decoded, end) = HTMLEntities.decode(html, at: ampersand, before: range.upperBound, isStrict: false)
            {
                write(decoded)
                start = end
            } else {
                if HTMLEntities.isUnknown(html, at: ampersand, before: range.upperBound) {
                    layers?.hasUnknownReferences = true
                }
                write("&")
                start += 1
            }
        }
    }

    private mutating func write(_ text: String) {
        writer.write(text)
        layers?.write(text)
    }

    /// Lays out, for all text and for that which is shown.
    private mutating func lay(_ change: (inout HTMLTextWriter) -> Void) {
        change(&writer)
        layers?.lay(change)
    }

    // MARK: Markup

    /// What begins with `<`: a tag, a comment, a declaration, or just that character.
    private mutating func markup() {
        guard offset + 1 < html.count else {
            write("<")
            offset += 1
            return
        }
        switch html[offset + 1] {
        case UInt8(ascii: "!"):
            let isComment = offset + 3 < html.count && html[offset + 2] == 0x2D && html[offset + 3] == 0x2D
            if isComment {
                let start = offset + 4
                let end = html.span.firstIndex(of: Array("-->"), from: start)
                offset = end.map { $0 + 3 } ?? html.count
                layers?.addComment(html[min(start, html.count)..<(end ?? html.count)])
            } else {
                skipPastTagEnd()
            }
        case UInt8(ascii: "?"):
            skipPastTagEnd()
        case UInt8(ascii: "/"):
            offset += 2
            let name = takeName()
            skipAttributes()
            close(name)
            layers?.close(name)
        case let byte where ASCII.isLetter(byte):
            offset += 1
            let name = takeName()
            if layers == nil {
                open(name, target: takeTarget(of: name), isInline: false)
            } else {
                openLayered(name)
            }
        default:
            write("<")
            offset += 1
        }
    }

    private mutating func takeName() -> String {
        let start = offset
        while offset < html.count, ByteClass.alphanumerics.contains(html[offset]) || html[offset] == UInt8(ascii: ":") {
            offset += 1
        }
        return ASCII.lowercased(String(decoding: html[start..<offset].prefix(32), as: UTF8.self))
    }

    private mutating func skipPastTagEnd() {
        offset = html.span.firstIndex(of: UInt8(ascii: ">"), from: offset).map { $0 + 1 } ?? html.count
    }

    /// Reads the attributes up to the tag's end and gives a link's target.
    private mutating func takeTarget(of name: String) -> String? {
        var found: String?
        while let attribute = takeAttribute() {
            if found == nil, name == "a", let value = attribute.value,
                ASCII.equalsIgnoringCase(html[attribute.name], "href".utf8)
            {
                found = HTMLEntities.decodeAll(html, value)
            }
        }
        return found
    }

    private mutating func skipAttributes() {
        while takeAttribute() != nil {}
    }

    private struct Attribute {
        let name: Range<Int>
        let value: Range<Int>?
    }

    /// The next attribute; `nil` behind the tag's end.
    ///
    /// A tag without an end swallows the rest, as it does in a browser.
    private mutating func takeAttribute() -> Attribute? {
        while offset < html.count, ASCII.isWhiteSpace(html[offset]) || html[offset] == UInt8(ascii: "/") {
            offset += 1
        }
        guard offset < html.count else { return nil }
        if html[offset] == UInt8(ascii: ">") {
            offset += 1
            return nil
        }
        let nameStart = offset
        while offset < html.count, !Self.endsAttributeName.contains(html[offset]) { offset += 1 }
        if offset == nameStart { offset += 1 }
        let name = nameStart..<offset
        while offset < html.count, ASCII.isWhiteSpace(html[offset]) { offset += 1 }
        guard offset < html.count, html[offset] == UInt8(ascii: "=") else { return Attribute(name: name, value: nil) }
        offset += 1
        while offset < html.count, ASCII.isWhiteSpace(html[offset]) { offset += 1 }
        return Attribute(name: name, value: takeAttributeValue())
    }

    /// Opens an element with all that its attributes say of who sees it.
    private mutating func openLayered(_ name: String) {
        var element = HTMLElement(name: name)
        while let attribute = takeAttribute() {
            let value = attribute.value.map { HTMLEntities.decodeAll(html, $0) } ?? ""
            element.add(ASCII.lowercased(String(decoding: html[attribute.name], as: UTF8.self)), value)
        }
        if name == "br", element.isHidden { return }
        layers?.open(element)
        open(name, target: element.target, isInline: element.isInline)
        // What stands for a picture is read where the picture stands.
        if !element.standIn.isEmpty {
            writer.space()
            writer.write(element.standIn)
            writer.space()
        }
    }

    private static let endsAttributeName = ByteClass(" \t\r\n\u{0C}=>/")

    private mutating func takeAttributeValue() -> Range<Int> {
        guard offset < html.count else { return offset..<offset }
        let quote = html[offset]
        if quote == ASCII.quote || quote == UInt8(ascii: "'") {
            let start = offset + 1
            let end = html.span.firstIndex(of: quote, from: start) ?? html.count
            offset = min(end + 1, html.count)
            return min(start, end)..<end
        }
        let start = offset
        while offset < html.count, html[offset] != UInt8(ascii: ">"), !ASCII.isWhiteSpace(html[offset]) { offset += 1 }
        return start..<offset
    }

    // MARK: Elements

    /// `isInline`: its style keeps it on the line.
    private mutating func open(_ name: String, target: String?, isInline: Bool) {
        switch name {
        case "script", "style", "title":
            let start = offset
            let end = skipRaw(name)
            layers?.addRaw(html[start..<end], of: name)
        case "br": lay { $0.lineBreak() }
        case "a":
            closeLink()
            if let target { openLink = (target, writer.count) }
        case "blockquote":
            lay {
                $0.startBlock(blankLine: true)
                $0.quoteDepth += 1
            }
        case "pre":
            lay {
                $0.startBlock(blankLine: true)
                $0.preformattedDepth += 1
            }
        case "li":
            lay {
                $0.startBlock(blankLine: false)
                $0.write("- ")
            }
        case "td", "th": lay { $0.space() }
        default: if !isInline { breakBlock(name) }
        }
    }

    private mutating func close(_ name: String) {
        switch name {
        case "a": closeLink()
        case "blockquote":
            lay {
                $0.startBlock(blankLine: true)
                $0.quoteDepth = max(0, $0.quoteDepth - 1)
            }
        case "pre":
            lay {
                $0.preformattedDepth = max(0, $0.preformattedDepth - 1)
                $0.startBlock(blankLine: true)
            }
        case "td", "th": lay { $0.space() }
        default: if layers?.isOnLine != true { breakBlock(name) }
        }
    }

    private mutating func breakBlock(_ name: String) {
        if Self.paragraphs.contains(name) {
            lay { $0.startBlock(blankLine: true) }
        } else if Self.blocks.contains(name) {
            lay { $0.startBlock(blankLine: false) }
        }
    }

    private static let paragraphs: Set<String> = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "hr"]
    private static let blocks: Set<String> = [
        "address", "article", "aside", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset", "figure",
        "footer", "form", "header", "li", "main", "nav", "ol", "option", "section", "table", "tbody", "tfoot", "thead",
        "tr", "ul",
    ]

    /// Passes over an element whose content is no text, and says where that ended; without an end tag it
    /// reaches to the end.
    private mutating func skipRaw(_ name: String) -> Int {
        let end = Array("</\(name)".utf8)
        while let start = html.span.firstIndex(of: UInt8(ascii: "<"), from: offset) {
            offset = start + 1
            guard start + end.count <= html.count else { break }
            let next = start + end.count
            guard next == html.count || Self.endsName.contains(html[next]) else { continue }
            if ASCII.equalsIgnoringCase(html[start..<next], end) {
                skipPastTagEnd()
                return start
            }
        }
        offset = html.count
        return offset
    }

    private static let endsName = ByteClass(" \t\r\n\u{0C}/>")

    private mutating func closeLink() {
        guard let link = openLink else { return }
        openLink = nil
        guard links.count < Limits.links, !link.target.isEmpty else { return }
        links.append(HTMLText.Link(target: ASCII.trimmed(link.target), text: writer.text(from: link.start)))
    }
}
