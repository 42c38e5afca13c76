internal import Base

/// The one pass over an HTML text: every byte is looked at once.
struct HTMLReader {
    private let html: [UInt8]
    private var offset = 0
    private(set) var writer: HTMLTextWriter
    private(set) var links: [HTMLText.Link] = []
    private var openLink: (target: String, start: Int)?

    init(_ html: [UInt8], limit: Int) {
        self.html = html
        writer = HTMLTextWriter(limit: limit)
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
            if ampersand > start { writer.write(String(decoding: html[start..<ampersand], as: UTF8.self)) }
            start = ampersand
            guard ampersand < range.upperBound else { return }
            if let (decoded, end) = HTMLEntities.decode(html, at: ampersand, before: range.upperBound, isStrict: false)
            {
                writer.write(decoded)
                start = end
            } else {
                writer.write("&")
                start += 1
            }
        }
    }

    // MARK: Markup

    /// What begins with `<`: a tag, a comment, a declaration, or just that character.
    private mutating func markup() {
        guard offset + 1 < html.count else {
            writer.write("<")
            offset += 1
            return
        }
        switch html[offset + 1] {
        case UInt8(ascii: "!"):
            let isComment = offset + 3 < html.count && html[offset + 2] == 0x2D && html[offset + 3] == 0x2D
            if isComment {
                offset = html.span.firstIndex(of: Array("-->"), from: offset + 4).map { $0 + 3 } ?? html.count
            } else {
                skipPastTagEnd()
            }
        case UInt8(ascii: "?"):
            skipPastTagEnd()
        case UInt8(ascii: "/"):
            offset += 2
            let name = takeName()
            skipPastTagEnd()
            close(name)
        case let byte where ASCII.isLetter(byte):
            offset += 1
            let name = takeName()
            let target = takeAttributes(wanting: name == "a" ? "href" : nil)
            open(name, target: target)
        default:
            writer.write("<")
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

    /// Reads attributes up to the tag's end and gives the value of one.
    ///
    /// A tag without an end swallows the rest, as it does in a browser.
    private mutating func takeAttributes(wanting wanted: String?) -> String? {
        var found: String?
        while offset < html.count {
            while offset < html.count, ASCII.isWhiteSpace(html[offset]) || html[offset] == UInt8(ascii: "/") {
                offset += 1
            }
            guard offset < html.count else { return found }
            if html[offset] == UInt8(ascii: ">") {
                offset += 1
                return found
            }
            let nameStart = offset
            while offset < html.count, !Self.endsAttributeName.contains(html[offset]) { offset += 1 }
            if offset == nameStart { offset += 1 }
            let name = html[nameStart..<offset]
            while offset < html.count, ASCII.isWhiteSpace(html[offset]) { offset += 1 }
            guard offset < html.count, html[offset] == UInt8(ascii: "=") else { continue }
            offset += 1
            while offset < html.count, ASCII.isWhiteSpace(html[offset]) { offset += 1 }
            let value = takeAttributeValue()
            if let wanted, found == nil, ASCII.equalsIgnoringCase(name, wanted.utf8) {
                found = HTMLEntities.decodeAll(html, value)
            }
        }
        return found
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

    private mutating func open(_ name: String, target: String?) {
        switch name {
        case "script", "style", "title": skipRaw(name)
        case "br": writer.lineBreak()
        case "a":
            closeLink()
            if let target { openLink = (target, writer.count) }
        case "blockquote":
            writer.startBlock(blankLine: true)
            writer.quoteDepth += 1
        case "pre":
            writer.startBlock(blankLine: true)
            writer.preformattedDepth += 1
        case "li":
            writer.startBlock(blankLine: false)
            writer.write("- ")
        case "td", "th": writer.space()
        default: breakBlock(name)
        }
    }

    private mutating func close(_ name: String) {
        switch name {
        case "a": closeLink()
        case "blockquote":
            writer.startBlock(blankLine: true)
            writer.quoteDepth = max(0, writer.quoteDepth - 1)
        case "pre":
            writer.preformattedDepth = max(0, writer.preformattedDepth - 1)
            writer.startBlock(blankLine: true)
        case "td", "th": writer.space()
        default: breakBlock(name)
        }
    }

    private mutating func breakBlock(_ name: String) {
        if Self.paragraphs.contains(name) {
            writer.startBlock(blankLine: true)
        } else if Self.blocks.contains(name) {
            writer.startBlock(blankLine: false)
        }
    }

    private static let paragraphs: Set<String> = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "hr"]
    private static let blocks: Set<String> = [
        "address", "article", "aside", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset", "figure",
        "footer", "form", "header", "li", "main", "nav", "ol", "option", "section", "table", "tbody", "tfoot", "thead",
        "tr", "ul",
    ]

    /// Passes over an element whose content is no text; without an end tag it reaches to the end.
    private mutating func skipRaw(_ name: String) {
        let end = Array("</\(name)".utf8)
        while let start = html.span.firstIndex(of: UInt8(ascii: "<"), from: offset) {
            offset = start + 1
            guard start + end.count <= html.count else { break }
            if ASCII.equalsIgnoringCase(html[start..<(start + end.count)], end) {
                skipPastTagEnd()
                return
            }
        }
        offset = html.count
    }

    private mutating func closeLink() {
        guard let link = openLink else { return }
        openLink = nil
        guard links.count < Limits.links, !link.target.isEmpty else { return }
        links.append(HTMLText.Link(target: ASCII.trimmed(link.target), text: writer.text(from: link.start)))
    }
}
