internal import Base

/// One pass over a message's lines that finds its parts (RFC 2045, 2046).
///
/// Every line is looked at once, in the header twice at most; recursion is bounded by
/// `Limits.mimeDepth`, the tree by `Limits.mimeParts`.
struct StructureParser {
    /// A line that is the delimiter of an open multipart.
    struct Delimiter {
        let depth: Int
        let isClosing: Bool
        /// The start of the delimiter line.
        let start: Int
        /// The start of the line end before it, which belongs to the delimiter (RFC 2046 §5.1.1).
        let contentEnd: Int
        /// Line feeds before `contentEnd`.
        let lineFeeds: Int
    }

    private struct Line {
        let start: Int
        /// Before CRLF or LF.
        let contentEnd: Int
        let end: Int
    }

    private let bytes: [UInt8]
    private var offset = 0
    private var lineFeeds = 0
    private var boundaries = BoundarySet()
    private var partCount = 0
    /// Lines read: what tests hold against the size of the input.
    private(set) var linesRead = 0
    /// Set where a limit kept parts from being looked into.
    private(set) var isCutShort = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The whole message.
    mutating func message() -> MIMEPart {
        entity(default: .plainText, depth: 0).part
    }

    // MARK: Parts

    private mutating func entity(default: MediaType, depth: Int) -> (part: MIMEPart, next: Delimiter?) {
        partCount += 1
        if partCount >= Limits.mimeParts {
            // What follows is one part: no delimiter is looked for any more.
            isCutShort = isCutShort || !boundaries.isEmpty
            boundaries.removeAll()
        }
        var cut: Delimiter?
        let header = self.header(cutBy: &cut)
        let declared = MediaType(header: header) ?? `default`
        if let cut {
            let start = header.range.upperBound
            let body = start..<max(start, cut.contentEnd)
            let lines = bytes[body].count { $0 == ASCII.lf }
            guard declared.isMessage else {
                return (MIMEPart(header, declared.withoutParts, declared, body, lines: lines, .leaf), cut)
            }
            // A message without a header is one all the same.
            let none = Header(bytes: bytes, places: [], range: start..<start)
            let inner = MIMEPart(none, .plainText, .plainText, body, lines: lines, .leaf)
            return (MIMEPart(header, declared, declared, body, lines: lines, .message([inner])), cut)
        }
        let start = offset
        let lineFeedsBefore = lineFeeds
        let mayNest = depth < Limits.mimeDepth && partCount < Limits.mimeParts
        var next: Delimiter?
        var content = MIMEPart.Content.leaf
        var media = declared
        if declared.isMultipart {
            let boundary = declared.parameters["boundary"]?.value ?? []
            if !mayNest {
                isCutShort = true
                media = .octetStream
                next = skipToDelimiter()
            } else if boundary.isEmpty || boundary.count > Limits.mimeBoundary {
                media = declared.withoutParts
                next = skipToDelimiter()
            } else {
                let children: [MIMEPart]
                (children, next) = multipart(declared, boundary, depth: depth)
                if children.isEmpty { media = declared.withoutParts } else { content = .multipart(children) }
            }
        } else if declared.isMessage {
            if mayNest {
                let inner = entity(default: .plainText, depth: depth + 1)
                content = .message([inner.part])
                next = inner.next
            } else {
                isCutShort = true
                media = .octetStream
                next = skipToDelimiter()
            }
        } else {
            next = skipToDelimiter()
        }
        // A header that a delimiter cut off keeps its last line end, and so do the parts around it.
        let inner = content.parts.last?.range.upperBound ?? start
        let end = max(start, inner, next?.contentEnd ?? bytes.count)
        let keepsLineEnd = next.map { end > $0.contentEnd } ?? false
        let lines = end == start ? 0 : (next?.lineFeeds ?? lineFeeds) + (keepsLineEnd ? 1 : 0) - lineFeedsBefore
        return (MIMEPart(header, media, declared, start..<end, lines: lines, content), next)
    }

    private mutating func multipart(
        _ media: MediaType,
        _ boundary: [UInt8],
        depth: Int
    ) -> (children: [MIMEPart], next: Delimiter?) {
        // RFC 2046 §5.1.5: the parts of a digest are messages unless they say otherwise.
        let defaultType: MediaType = media.subtype == "digest" ? .message : .plainText
        boundaries.push(boundary, depth: depth)
        var children: [MIMEPart] = []
        var next = skipToDelimiter()
        while let found = next, found.depth == depth, !found.isClosing {
            let child = entity(default: defaultType, depth: depth + 1)
            children.append(child.part)
            next = child.next
        }
        if boundaries.isEmpty { return (children, nil) }
        boundaries.pop()
        if let found = next, found.depth == depth { next = skipToDelimiter() }
        return (children, next)
    }

    // MARK: Header

    /// The header at the current line.
    mutating func header() -> Header {
        var cut: Delimiter?
        return header(cutBy: &cut)
    }

    /// The fields up to the empty line.
    ///
    /// A line that is no field is passed over when fields follow it; a run of such lines at the end
    /// is taken for the body of a message whose empty line is missing.
    private mutating func header(cutBy cut: inout Delimiter?) -> Header {
        let start = offset
        var places: [HeaderField.Place] = []
        var open: (start: Int, name: Range<Int>, body: Int)?
        var contentEnd = start
        // Where the run of broken lines began, and the line feeds before it.
        var broken: (offset: Int, lineFeeds: Int)?
        var end: Int?
        var emptyLine = 0

        func finish(_ field: (start: Int, name: Range<Int>, body: Int)?, at lineStart: Int) {
            guard let field else { return }
            guard places.count < Limits.headerFields else {
                isCutShort = true
                return
            }
            places.append(
                HeaderField.Place(range: field.start..<lineStart, name: field.name, body: field.body..<contentEnd)
            )
        }

        while end == nil {
            let before = (offset: offset, lineFeeds: lineFeeds)
            guard let line = nextLine() else { break }
            if line.contentEnd == line.start {
                end = line.end
                emptyLine = line.end - line.start
                finish(open, at: line.start)
                open = nil
                break
            }
            if let found = delimiter(line, lineFeedsBefore: before.lineFeeds) {
                cut = found
                end = line.start
                finish(open, at: line.start)
                open = nil
                break
            }
            let first = bytes[line.start]
            if first == ASCII.space || first == ASCII.tab, open != nil || broken != nil {
                if broken == nil { contentEnd = line.contentEnd }
                continue
            }
            if let name = fieldName(line) {
                finish(open, at: line.start)
                broken = nil
                let colon = bytes.span.firstIndex(of: UInt8(ascii: ":"), from: name.upperBound) ?? name.upperBound
                open = (line.start, name, colon + 1)
                contentEnd = line.contentEnd
            } else if broken == nil {
                finish(open, at: line.start)
                open = nil
                broken = before
            }
        }
        finish(open, at: offset)
        if let broken {
            end = broken.offset
            emptyLine = 0
            if cut == nil {
                offset = broken.offset
                lineFeeds = broken.lineFeeds
            }
        }
        return Header(bytes: bytes, places: places, range: start..<(end ?? offset), emptyLine: emptyLine)
    }

    /// The name of the field that begins on this line: printable, 8-bit and NUL tolerated, blanks only
    /// before the colon (RFC 5322 §4.5).
    private func fieldName(_ line: Line) -> Range<Int>? {
        var index = line.start
        while index < line.contentEnd, Self.nameBytes.contains(bytes[index]) { index += 1 }
        let end = index
        while index < line.contentEnd, ByteClass.blanks.contains(bytes[index]) { index += 1 }
        guard end > line.start, index < line.contentEnd, bytes[index] == UInt8(ascii: ":") else { return nil }
        return line.start..<end
    }

    private static let nameBytes = ByteClass(0x21...0xFF).union(ByteClass("\u{0}"))
        .subtracting(ByteClass(":\u{7F}"))

    // MARK: Lines

    private mutating func nextLine() -> Line? {
        guard offset < bytes.count else { return nil }
        let start = offset
        linesRead += 1
        guard let feed = bytes.span.firstIndex(of: ASCII.lf, from: start) else {
            offset = bytes.count
            return Line(start: start, contentEnd: bytes.count, end: bytes.count)
        }
        offset = feed + 1
        lineFeeds += 1
        let hasCR = feed > start && bytes[feed - 1] == ASCII.cr
        return Line(start: start, contentEnd: hasCR ? feed - 1 : feed, end: feed + 1)
    }

    /// Reads on to the next delimiter of an open multipart; `nil` at the end of the bytes.
    private mutating func skipToDelimiter() -> Delimiter? {
        while true {
            let before = lineFeeds
            guard let line = nextLine() else { return nil }
            if let found = delimiter(line, lineFeedsBefore: before) { return found }
        }
    }

    private func delimiter(_ line: Line, lineFeedsBefore: Int) -> Delimiter? {
        let dash = UInt8(ascii: "-")
        guard line.contentEnd - line.start > 2, bytes[line.start] == dash, bytes[line.start + 1] == dash,
            !boundaries.isEmpty,
            let match = boundaries.match(bytes, (line.start + 2)..<line.contentEnd)
        else { return nil }
        let rest = line.start + 2 + match.length
        let isClosing = rest + 1 < line.contentEnd && bytes[rest] == dash && bytes[rest + 1] == dash
        var contentEnd = line.start
        var feeds = lineFeedsBefore
        if contentEnd > 0, bytes[contentEnd - 1] == ASCII.lf {
            contentEnd -= 1
            feeds -= 1
            if contentEnd > 0, bytes[contentEnd - 1] == ASCII.cr { contentEnd -= 1 }
        }
        return Delimiter(
            depth: match.depth,
            isClosing: isClosing,
            start: line.start,
            contentEnd: contentEnd,
            lineFeeds: feeds
        )
    }
}
