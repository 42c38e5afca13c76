internal import Base

/// Goes through the lines of a mail once and says what each belongs to.
struct FreshTextSplitter {
    private(set) var lines: [FreshText.Line] = []
    private(set) var headerBlocks: [HeaderBlock] = []

    /// The lines without quote marks, and the number of marks.
    private let texts: [String]
    private let depths: [Int]
    /// Whether the last visible character of the line is a colon, wide or not.
    private let endsInColon: [Bool]
    private let isForward: Bool
    /// What the rest at depth 0 belongs to, once something began that goes on to the end.
    private var rest: FreshText.Kind = .fresh
    private var index = 0
    /// Up to here no header block begins: found out while looking for one further up.
    private var noBlockBefore = 0

    /// The most lines over which "On … wrote:" is broken.
    private static let attributionLines = 4

    init(_ text: String, isForward: Bool) {
        let bytes = Array(text.utf8)
        var texts: [String] = []
        var depths: [Int] = []
        var endsInColon: [Bool] = []
        var rest = bytes[...]
        while true {
            let end = rest.span.firstIndex(of: ASCII.lf).map { rest.startIndex + $0 } ?? rest.endIndex
            let (depth, content) = Self.unquoted(rest[..<end])
            texts.append(String(decoding: content, as: UTF8.self))
            depths.append(depth)
            endsInColon.append(Self.endsInColon(content))
            guard end < rest.endIndex else { break }
            rest = rest[(end + 1)...]
        }
        self.texts = texts
        self.depths = depths
        self.endsInColon = endsInColon
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
    private static func unquoted(_ line: ArraySlice<UInt8>) -> (Int, ArraySlice<UInt8>) {
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
        let announced = Self.announcement(texts[index], endsInColon: endsInColon[index])
        var start = index
        if announced != nil {
            start += 1
            while start < texts.count, start - index < 3, isBlank(start) { start += 1 }
        }
        guard start < texts.count, depths[start] >= depths[index] else {
            return takeBareAnnouncement(announced)
        }
        let isForwarded = announced == .forwarded || isForward
        let isAnnounced = announced != nil && announced != .rule
        guard isAnnounced || start >= noBlockBefore else { return takeBareAnnouncement(announced) }
        let answer = HeaderBlockReader.read(texts, at: start, isAnnounced: isAnnounced, isForwarded: isForwarded)
        guard case .found(let block, let end) = answer else {
            if case .none(let line) = answer, !isAnnounced { noBlockBefore = line }
            return takeBareAnnouncement(announced)
        }
        let kind: FreshText.Kind = isForwarded ? .forwarded : .history
        // Below a header without quote marks everything is the earlier mail.
        let isQuoted = depths[start] > 0
        if !isQuoted, rest == .fresh || rest == .signature { rest = kind }
        append(end - index, isQuoted && announced == nil ? .quoted : kind)
        return block
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

    private static func announcement(_ line: String, endsInColon: Bool) -> Announcement? {
        guard line.utf8.count <= 200, let first = line.utf8.first(where: { !ASCII.isWhiteSpace($0) }) else {
            return nil
        }
        let isMarked = ruleBytes.contains(first)
        guard isMarked || endsInColon else { return nil }
        let trimmed = ASCII.trimmed(Array(line.utf8))
        var core = trimmed[...]
        while let byte = core.first, ruleBytes.contains(byte) || byte == ASCII.space { core = core.dropFirst() }
        while let byte = core.last, ruleBytes.contains(byte) || byte == ASCII.space || byte == UInt8(ascii: ":") {
            core = core.dropLast()
        }
        let isRuled = isMarked && trimmed.count > 1 && trimmed[1] == first && first != UInt8(ascii: "*")
        guard !core.isEmpty else { return isRuled && trimmed.count >= 8 ? .rule : nil }
        guard core.count >= 6 else { return nil }
        let words = Array(String(decoding: core, as: UTF8.self).lowercased().utf8)
        if FreshTextWords.forwarded.contains(where: { words.starts(with: $0) }) { return .forwarded }
        if FreshTextWords.original.contains(where: { words.starts(with: $0) }) { return .original }
        let dashes = [UInt8](repeating: UInt8(ascii: "-"), count: 4)
        return trimmed.starts(with: dashes) && trimmed.suffix(4).elementsEqual(dashes) ? .framed : nil
    }

    private static let ruleBytes = ByteClass("-_=*")

    private static func endsInColon(_ line: ArraySlice<UInt8>) -> Bool {
        guard let last = line.lastIndex(where: { !ASCII.isWhiteSpace($0) }) else { return false }
        return line[last] == UInt8(ascii: ":") || line[...last].suffix(3).elementsEqual([0xEF, 0xBC, 0x9A])
    }

    /// "On … wrote:" over up to four lines.
    ///
    /// Quoted lines below it are the quotation; where none are, all that follows is.
    private mutating func takeAttribution() -> Bool {
        for count in 1...Self.attributionLines {
            let last = index + count - 1
            guard last < texts.count, depths[last] == 0, !isBlank(last), texts[last].utf8.count <= 400 else {
                return false
            }
            guard endsInColon[last] else { continue }
            let next = (last + 1..<min(texts.count, last + 4)).first { !isBlank($0) }
            let isBeforeQuote = next.map { depths[$0] > 0 } ?? false
            // Who, when and a colon do not fit into less.
            guard isBeforeQuote || count > 1 || texts[last].utf8.count > 8 else { return false }
            let joined = texts[index...last].joined(separator: " ")
            guard Self.isAttribution(joined, isBeforeQuote: isBeforeQuote) else { return false }
            append(count, .history)
            if !isBeforeQuote { rest = .history }
            return true
        }
        return false
    }

    /// Whether the text says who wrote, and when or from which address.
    ///
    /// A verb alone counts above a quotation only: "as I wrote:" also stands in new text.
    private static func isAttribution(_ text: String, isBeforeQuote: Bool) -> Bool {
        var core = Array(ASCII.trimmed(text).lowercased().utf8)
        let colon = Array("：".utf8)
        while let last = core.last {
            if last == UInt8(ascii: ":") || last == ASCII.space {
                core.removeLast()
            } else if core.suffix(3).elementsEqual(colon) {
                core.removeLast(3)
            } else {
                break
            }
        }
        let hasVerb =
            FreshTextWords.wrote.contains { core.suffix($0.count).elementsEqual($0) }
            || FreshTextWords.wroteInside.contains { core.span.firstIndex(of: $0) != nil }
        let digits = core.count { ASCII.isDigit($0) }
        let hasTime = hasClock(core)
        let hasAddress = core.contains(UInt8(ascii: "@"))
        if hasVerb { return isBeforeQuote || (digits >= 3 && (hasTime || hasAddress || digits >= 5)) }
        // Without a verb we know: a date with a time and an address.
        return digits >= 5 && hasTime && hasAddress
    }

    /// Whether a time of day like 15:04 stands in the text.
    private static func hasClock(_ bytes: [UInt8]) -> Bool {
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
        guard line.utf8.count <= 120, let first = line.utf8.first(where: { !ASCII.isWhiteSpace($0) }),
            FreshTextWords.phoneNoteStarts.contains(ASCII.lowercased(first))
        else { return false }
        let words = ASCII.lowercased(ASCII.trimmed(Array(line.utf8)))
        return FreshTextWords.phoneNotes.contains { words.starts(with: $0) }
    }

    private func isBlank(_ index: Int) -> Bool {
        texts[index].utf8.allSatisfy { ASCII.isWhiteSpace($0) }
    }
}
