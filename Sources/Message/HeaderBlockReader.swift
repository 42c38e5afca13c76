internal import Base

/// Finds the header that a mail program wrote above a quoted message: `From: … Sent: … To: …`.
///
/// Known labels in a dozen languages; in any other language a run of labelled lines below a line of
/// dashes, one with an address and one with digits of a date.
enum HeaderBlockReader {
    enum Answer {
        /// A block, and the line behind it.
        case found(HeaderBlock, end: Int)
        /// None here, and none that begins before this line either.
        case none(before: Int)
    }

    /// A labelled line.
    private struct Entry {
        let label: HeaderBlockLabel?
        let value: String
    }

    /// The most lines that a block may have, folded ones included.
    private static let maximumLines = 16

    /// The block that begins on a line; `isAnnounced` where a line of dashes or words stood above it.
    static func read(_ lines: [String], at start: Int, isAnnounced: Bool, isForwarded: Bool) -> Answer {
        guard let first = entry(lines[start]), isAnnounced || first.label != nil else {
            return .none(before: start + 1)
        }
        var entries: [Entry] = [first]
        var index = start + 1
        var blanks = 0
        while index < lines.count, index - start < maximumLines {
            let line = lines[index]
            if line.utf8.allSatisfy({ ASCII.isWhiteSpace($0) }) {
                // HTML puts one blank line between paragraphs; two end the block.
                blanks += 1
                if blanks > 1 { break }
                index += 1
                continue
            }
            guard let next = entry(line), next.label != nil || (isAnnounced && first.label == nil && blanks == 0) else {
                // A long list of recipients goes on in the next line.
                guard blanks == 0, entries.last?.label == .to || entries.last?.label == .other, line.contains("@")
                else {
                    break
                }
                index += 1
                continue
            }
            entries.append(next)
            blanks = 0
            index += 1
        }
        if let block = block(entries, isForwarded: isForwarded) { return .found(block, end: index - blanks) }
        // What begins further down has the same lines and fewer; only a run that was cut off may go on.
        return .none(before: index - start < maximumLines ? index : index - 4)
    }

    private static func block(_ entries: [Entry], isForwarded: Bool) -> HeaderBlock? {
        let labels = entries.compactMap(\.label)
        let from: String
        if let known = entries.first(where: { $0.label == .from }) {
            guard labels.contains(where: { $0 == .date || $0 == .subject }),
                Set(labels).count >= 3 || known.value.contains("@")
            else { return nil }
            from = known.value
        } else {
            // No language we know: the first line with an address names the sender in every program.
            guard labels.isEmpty, entries.count >= 3, let sender = entries.first(where: { $0.value.contains("@") }),
                entries.contains(where: { $0.value.utf8.count { ASCII.isDigit($0) } >= 5 })
            else { return nil }
            from = sender.value
        }
        return HeaderBlock(
            from: from,
            addresses: addresses(in: from),
            date: entries.first { $0.label == .date }?.value,
            subject: entries.first { $0.label == .subject }?.value,
            isForwarded: isForwarded
        )
    }

    /// Addresses as programs show them: `<a@b>`, `[mailto:a@b]`, `a@b <mailto:a@b>`.
    private static func addresses(in text: String) -> [Address] {
        var cleaned = text
        for noise in ["[mailto:", "<mailto:", "mailto:"] {
            cleaned = cleaned.split(separator: noise, omittingEmptySubsequences: false).joined(separator: " <")
        }
        cleaned = String(cleaned.map { $0 == "]" ? ">" : $0 == "*" ? " " : $0 })
        var seen: Set<String> = []
        return AddressList(Array(cleaned.utf8)).mailboxes.filter {
            $0.isComplete && seen.insert(ASCII.lowercased($0.spec)).inserted
        }
    }

    /// `Label: value`; marks of bold text are dropped.
    private static func entry(_ line: String) -> Entry? {
        guard mayBeLabelled(line) else { return nil }
        let bytes = Array(line.utf8.prefix(2000)).filter { $0 != UInt8(ascii: "*") }
        let wide = Array("：".utf8)
        let narrowColon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
        let wideColon = bytes.span.firstIndex(of: wide) ?? bytes.count
        let colon = min(narrowColon, wideColon)
        guard colon < bytes.count else { return nil }
        let label = ASCII.trimmed(String(decoding: bytes[..<colon], as: UTF8.self).lowercased())
        guard !label.isEmpty, label.utf8.count <= 40, !label.utf8.contains(UInt8(ascii: "@")) else { return nil }
        let rest = bytes[(colon + (wideColon < narrowColon ? wide.count : 1))...]
        return Entry(label: HeaderBlockLabel(label), value: ASCII.trimmed(String(decoding: rest, as: UTF8.self)))
    }

    /// Whether a colon, narrow or wide, stands near the start, as most lines of a mail have none.
    private static func mayBeLabelled(_ line: String) -> Bool {
        let bytes = line.utf8.span
        for index in 0..<min(48, bytes.count) where bytes[index] == UInt8(ascii: ":") || bytes[index] == 0xEF {
            return true
        }
        return false
    }
}
