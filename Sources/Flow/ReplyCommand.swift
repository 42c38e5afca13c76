internal import Base
internal import Message
internal import Policy

/// What a reply to a notice says.
enum ReplyCommand: Hashable {
    case approve
    case reject(why: String)
    case withdraw
    /// The mail's text is to be this one.
    case replace(text: String)
    /// The mail belongs to this campaign.
    case campaign(String)
    case comment(String)

    /// Reads the newly written text: its first line must be exactly one verb, `reject` with a
    /// reason behind it or below, `replace:` and `campaign:` with what they ask for.
    init(_ text: FreshText, _ verbs: ApprovalVerbs) {
        let comment = Self.comment(text.fresh)
        guard let first = text.firstFreshLine.map(Self.plain), !first.isEmpty else {
            self = comment
            return
        }
        let end = first.firstIndex { $0.isWhitespace || Self.colons.contains($0) || Self.marks.contains($0) }
        let rest = first[(end ?? first.endIndex)...]
        let isColon = rest.drop(while: \.isWhitespace).first.map(Self.colons.contains) ?? false
        let behind = ASCII.trimmed(rest.drop { $0.isWhitespace || Self.colons.contains($0) })
        let below = text.belowFirstFreshLine
        switch verbs.verb(String(first[..<(end ?? first.endIndex)])) {
        case .approve? where rest.allSatisfy(Self.isEnding): self = .approve
        case .withdraw? where rest.allSatisfy(Self.isEnding): self = .withdraw
        case .reject?:
            let why = ASCII.trimmed(rest.drop(while: Self.isEnding))
            self = .reject(why: why.isEmpty ? Self.oneLine(below) : why)
        case .replace? where isColon:
            self = .replace(text: behind.isEmpty ? below : below.isEmpty ? behind : behind + "\n" + below)
        case .campaign? where isColon && !behind.isEmpty:
            self = .campaign(String(behind.reversed().drop(while: Self.isEnding).reversed()))
        default: self = comment
        }
    }

    private static let colons: Set<Character> = [":", "："]
    /// Phones put a full stop or an exclamation mark behind a single word.
    private static let marks: Set<Character> = [".", ",", ";", "!", "。", "！"]

    private static func isEnding(_ character: Character) -> Bool {
        character.isWhitespace || colons.contains(character) || marks.contains(character)
    }

    /// A line without what programs put around a word: marks of bold type in the plain alternative, and
    /// characters without width.
    private static func plain(_ line: String) -> String {
        let visible = line.unicodeScalars.filter {
            !["\u{200B}", "\u{200E}", "\u{200F}", "\u{FEFF}", "\u{AD}"].contains($0)
        }
        var rest = Substring(String(String.UnicodeScalarView(visible)))
        while let first = rest.first, first.isWhitespace || first == "*" || first == "_" { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace || last == "*" || last == "_" { rest.removeLast() }
        return String(rest)
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { ASCII.trimmed($0) }.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
