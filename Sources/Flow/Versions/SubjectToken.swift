internal import Base
internal import Letters
internal import Text

/// A version as subjects name it: `[A-1042.2]`.
struct SubjectToken: Hashable, Sendable, CustomStringConvertible {
    let id: OutboundID
    let revision: Int

    var description: String { "\(id).\(revision)" }

    /// Where a token stands in a subject.
    private struct Found {
        let token: SubjectToken
        let range: Range<String.Index>
    }

    /// The tokens in a subject, each once, in their order.
    static func all(in subject: String) -> [Self] {
        var tokens: [Self] = []
        for found in find(in: subject) where !tokens.contains(found.token) { tokens.append(found.token) }
        return tokens
    }

    /// Whether an answer's or a forward's prefix stands before the first token, as programs write them.
    static func isAnswer(_ subject: String) -> Bool {
        guard let first = find(in: subject).first else { return false }
        return SubjectLine(String(subject[..<first.range.lowerBound])).kind != .new
    }

    /// The subject of a corrected version: without tokens and what programs and notices put before
    /// them; as it was, where nothing else in it changed.
    static func corrected(_ subject: String, original: String) -> String {
        let rest = removed(from: subject)
        return rest.isEmpty || SubjectLine(rest).key == SubjectLine(original).key ? original : rest
    }

    /// A subject without tokens and what programs and notices put before them.
    static func removed(from subject: String) -> String {
        let found = find(in: subject)
        guard let first = found.first else { return subject }
        var parts = [SubjectLine(String(subject[..<first.range.lowerBound])).base]
        for (index, token) in found.enumerated() {
            let end = index + 1 < found.count ? found[index + 1].range.lowerBound : subject.endIndex
            var part = ASCII.trimmed(subject[token.range.upperBound..<end])
            if part.hasPrefix(NoticeWriter.heldMark) {
                part = ASCII.trimmed(part.dropFirst(NoticeWriter.heldMark.count))
            }
            parts.append(part)
        }
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func find(in subject: String) -> [Found] {
        let bytes = Array(subject.utf8)
        var cursor = ByteCursor(bytes.span)
        var found: [Found] = []
        while !cursor.isAtEnd {
            let start = cursor.offset
            guard let token = take(&cursor) else {
                cursor.offset = start + 1
                continue
            }
            let lower = subject.utf8.index(subject.startIndex, offsetBy: start)
            let upper = subject.utf8.index(subject.startIndex, offsetBy: cursor.offset)
            found.append(Found(token: token, range: lower..<upper))
        }
        return found
    }

    private static func take(_ cursor: inout ByteCursor) -> Self? {
        guard cursor.take(UInt8(ascii: "[")), cursor.take(UInt8(ascii: "A")) || cursor.take(UInt8(ascii: "a")),
            cursor.take(UInt8(ascii: "-")), let number = cursor.takeNumber(upTo: UInt64(Int32.max)),
            cursor.take(UInt8(ascii: ".")), let revision = cursor.takeNumber(upTo: UInt64(Int32.max)),
            cursor.take(UInt8(ascii: "]")), number > 0, revision > 0
        else { return nil }
        return Self(id: OutboundID(rawValue: Int64(number)), revision: Int(revision))
    }
}
