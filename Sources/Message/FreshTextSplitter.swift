internal import Base

/// Goes through the lines of a mail once and says what each belongs to.
struct FreshTextSplitter {
    private(set) var lines: [FreshText.Line] = []
    private(set) var headerBlocks: [HeaderBlock] = []

    /// The lines without quote marks, and the number of marks.
    private let texts: [String]
    private let depths: [Int]
    private let isForward: Bool
    /// What the rest at depth 0 belongs to, once something began that goes on to the end.
    private var rest: FreshText.Kind = .fresh
    private var index = 0

    /// The most lines over which "On … wrote:" is broken.
    private static let attributionLines = 4

    init(_ text: String, isForward: Bool) {
        var texts: [String] = []
        var depths: [Int] = []
        for line in text.utf8.split(separator: ASCII.lf, omittingEmptySubsequences: false) {
            let (depth, content) = Self.unquoted(line)
            texts.append(String(decoding: content, as: UTF8.self))
            depths.append(depth)
        }
        self.texts = texts
        self.depths = depths
        self.isForward = isForward
    }

    mutating func split() {
        while index < texts.count {
            if let block = takeHeaderBlock() {
                headerBlocks.append(block)
            } else if rest == .history || rest == .forwarded {
                append(1, rest)
            } else if depths[index] > 0 {
                append(1, .quoted)
            } else if takeAttribution() {
                continue
            } else {
                takeOwnLine()
            }
        }
    }

    /// Quote marks, spaces between them dropped.
    private static func unquoted(_ line: Substring.UTF8View.SubSequence) -> (Int, Substring.UTF8View.SubSequence) {
        var depth = 0
        var content = line
        while let first = content.first {
            if first == UInt8(ascii: ">") {
                depth += 1
                content = content.dropFirst()
            } else if first == ASCII.space, content.dropFirst().first == UInt8(ascii: ">"), depth > 0 {
                content = content.dropFirst()
            } else {
                break
            }
        }
        if depth > 0, content.first == ASCII.space { content = content.dropFirst() }
        return (depth, content)
    }

    private mutating func append(_ count: Int, _ kind: FreshText.Kind) {
        for _ in 0..<count where index < texts.count {
            lines.append(FreshText.Line(text: texts[index], kind: kind, depth: depths[index]))
            index += 1
        }
    }

    // MARK: Earlier messages

    /// A header block here, or a line that announces one and the block within the next lines.
    private mutating func takeHeaderBlock() -> HeaderBlock? {
        let announced = Self.announcement(texts[index])
        var start = index
        if announced != nil {
            start += 1
            while start < texts.count, start - index < 3, isBlank(start) { start += 1 }
        }
        guard start < texts.count, depths[start] >= depths[index] else {
            return takeBareAnnouncement(announced)
        }
        let isForwarded = announced == .forwarded || isForward
        let found = HeaderBlockReader.read(
            texts,
            at: start,
            isAnnounced: announced != nil && announced != .rule,
            isForwarded: isForwarded
        )
        guard let found else { return takeBareAnnouncement(announced) }
        let kind: FreshText.Kind = isForwarded ? .forwarded : .history
        // Below a header without quote marks everything is the earlier mail.
        let isQuoted = depths[start] > 0
        if !isQuoted, rest == .fresh || rest == .signature { rest = kind }
        append(found.end - index, isQuoted && announced == nil ? .quoted : kind)
        return found.block
    }

    /// An announcement without a header that could be read still begins the earlier mail.
    private mutating func takeBareAnnouncement(_ announced: Announcement?) -> HeaderBlock? {
        guard let announced, announced == .forwarded || announced == .original, depths[index] == 0,
            rest == .fresh || rest == .signature
        else {
            return nil
        }
        let next = (index + 1..<texts.count).first { !isBlank($0) }
        let kind: FreshText.Kind = announced == .forwarded ? .forwarded : .history
        if let next, depths[next] > 0 {
            append(1, kind)
        } else {
            rest = kind
        }
        return nil
    }

    private enum Announcement {
        case forwarded
        case original
        /// Words between dashes, in a language that is not known.
        case framed
        /// A line of dashes or underscores.
        case rule
    }

    private static func announcement(_ line: String) -> Announcement? {
        guard line.utf8.count <= 200 else { return nil }
        let trimmed = ASCII.trimmed(line)
        guard let first = trimmed.utf8.first else { return nil }
        let isRuled = trimmed.hasPrefix("--") || trimmed.hasPrefix("__") || trimmed.hasPrefix("==")
        let core = ASCII.trimmed(
            String(trimmed.drop { "-_=* ".contains($0) }.reversed().drop { "-_=*: ：".contains($0) }.reversed())
        ).lowercased()
        if core.isEmpty { return isRuled && trimmed.utf8.count >= 8 ? .rule : nil }
        let endsOpen = trimmed.hasSuffix(":") || trimmed.hasSuffix("：")
        guard isRuled || endsOpen || first == UInt8(ascii: "*") else { return nil }
        if FreshTextWords.forwarded.contains(where: { core.hasPrefix($0) }) { return .forwarded }
        if FreshTextWords.original.contains(where: { core.hasPrefix($0) }) { return .original }
        let isFramed = trimmed.hasPrefix("----") && trimmed.hasSuffix("----")
        return isFramed ? .framed : nil
    }

    /// "On … wrote:" over up to four lines.
    ///
    /// Quoted lines below it are the quotation; where none are, all that follows is.
    private mutating func takeAttribution() -> Bool {
        var joined = ""
        for count in 1...Self.attributionLines {
            let last = index + count - 1
            guard last < texts.count, depths[last] == 0, !isBlank(last), texts[last].utf8.count <= 400 else {
                return false
            }
            joined += count == 1 ? texts[last] : " " + texts[last]
            let trimmed = ASCII.trimmed(texts[last])
            guard trimmed.hasSuffix(":") || trimmed.hasSuffix("：") || Self.endsWithWrote(trimmed) else { continue }
            let next = (last + 1..<min(texts.count, last + 4)).first { !isBlank($0) }
            let isBeforeQuote = next.map { depths[$0] > 0 } ?? false
            guard Self.isAttribution(joined, isBeforeQuote: isBeforeQuote) else {
                if count == 1, !isBeforeQuote { return false }
                continue
            }
            append(count, .history)
            if !isBeforeQuote { rest = .history }
            return true
        }
        return false
    }

    private static func endsWithWrote(_ line: String) -> Bool {
        let lower = line.lowercased()
        return FreshTextWords.wrote.contains { lower.hasSuffix($0) }
    }

    /// Whether the text says who wrote, and when or from which address.
    ///
    /// A verb alone counts above a quotation only: "as I wrote:" also stands in new text.
    private static func isAttribution(_ text: String, isBeforeQuote: Bool) -> Bool {
        let lower = ASCII.trimmed(text).lowercased()
        let core = ASCII.trimmed(String(lower.reversed().drop { $0 == ":" || $0 == "：" || $0 == " " }.reversed()))
        let hasVerb = FreshTextWords.wrote.contains { core.hasSuffix($0) || core.contains(" \($0) ") }
        let digits = core.utf8.count { ASCII.isDigit($0) }
        let hasTime = hasClock(core)
        let hasAddress = core.contains("@")
        if hasVerb { return isBeforeQuote || (digits >= 3 && (hasTime || hasAddress || digits >= 5)) }
        // Without a verb we know: a date with a time and an address, right above a quotation or the end.
        return digits >= 5 && hasTime && hasAddress
    }

    /// Whether a time of day like 15:04 stands in the text.
    private static func hasClock(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 4 else { return false }
        for index in 1..<(bytes.count - 2)
        where bytes[index] == UInt8(ascii: ":") || bytes[index] == UInt8(ascii: ".")
            || bytes[index] == UInt8(ascii: "h")
        {
            if ASCII.isDigit(bytes[index - 1]), ASCII.isDigit(bytes[index + 1]), ASCII.isDigit(bytes[index + 2]) {
                return true
            }
        }
        return false
    }

    // MARK: The sender's own lines

    private mutating func takeOwnLine() {
        let text = texts[index]
        if rest != .signature, FreshText.isSignatureMark(text) {
            rest = .signature
            append(1, .signature)
            return
        }
        if rest == .fresh, isPhoneNote(text) {
            append(1, .signature)
            return
        }
        append(1, rest)
    }

    private func isPhoneNote(_ line: String) -> Bool {
        guard line.utf8.count <= 120 else { return false }
        let lower = ASCII.trimmed(line).lowercased()
        return FreshTextWords.phoneNotes.contains { lower.hasPrefix($0) }
    }

    private func isBlank(_ index: Int) -> Bool {
        texts[index].utf8.allSatisfy { ASCII.isWhiteSpace($0) }
    }
}
