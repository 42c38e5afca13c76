internal import Base

/// A subject without what mail programs put before it: `Re:`, `AW: Fwd:`, `回复：`.
package struct SubjectLine: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Written anew.
        case new
        case reply
        case forward
    }

    /// Told by the outermost prefix.
    package let kind: Kind
    /// What is left, as it was written.
    package let base: String

    package init(_ subject: String) {
        var kind: Kind?
        var rest = Substring(subject).drop(while: \.isWhitespace)
        while let (found, after) = Self.prefix(of: rest) {
            if kind == nil { kind = found }
            rest = after.drop(while: \.isWhitespace)
        }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        self.kind = kind ?? .new
        self.base = String(rest)
    }

    /// The base in the form in which subjects are compared: letter case, full-width forms and
    /// white space aside.
    package var key: String {
        CaseFolding.searchable(base).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// A prefix at the beginning and what stands behind it; a mark that a gateway set before a
    /// prefix (`[EXT] Re:`) goes with it.
    private static func prefix(of text: Substring) -> (Kind, Substring)? {
        if let found = word(of: text) { return found }
        guard text.first == "[", let close = text.prefix(24).firstIndex(of: "]") else { return nil }
        let behind = text[text.index(after: close)...].drop(while: \.isWhitespace)
        return word(of: behind)
    }

    private static func word(of text: Substring) -> (Kind, Substring)? {
        // A prefix is short; what has no colon soon is none.
        guard let colon = text.prefix(longest).firstIndex(where: { $0 == ":" || $0 == "：" }) else { return nil }
        var name = text[..<colon].filter { !$0.isWhitespace && !$0.isBidirectionalMark }
        // `Re[2]:` and `Re (2):` count the replies.
        if let open = name.firstIndex(where: { $0 == "[" || $0 == "(" }),
            name[open...].dropFirst().dropLast().allSatisfy(\.isNumber)
        {
            name = String(name[..<open])
        }
        let folded = CaseFolding.searchable(name)
        let behind = text[text.index(after: colon)...]
        if replies.contains(folded) { return (.reply, behind) }
        if forwards.contains(folded) { return (.forward, behind) }
        return nil
    }

    private static let longest = 24

    private static let replies: Set<String> = [
        "re", "aw", "antw", "antwort", "sv", "vs", "res", "ref", "rif", "r", "odp", "ynt", "yan", "bls", "vá", "atb",
        "ats", "odg", "sv.", "svar", "rép", "rep", "réponse", "respuesta", "resposta", "risposta", "отв", "ответ",
        "на", "απ", "σχετ", "回复", "回覆", "答复", "答覆", "返信", "답장", "회신", "re답장", "تس", "رد", "השב", "תשובה",
        "ตอบกลับ", "trả lời", "trảlời", "bal", "balas",
    ]

    private static let forwards: Set<String> = [
        "fw", "fwd", "wg", "tr", "rv", "enc", "i", "doorst", "vl", "vb", "vs.", "pd", "ilt", "i̇lt", "trs", "továbbítás",
        "tovább", "tov", "weitergeleitet", "transféré", "reenviado", "inoltrato", "inoltra", "vidarebefordrat",
        "videresendt", "пересл", "прд", "fwd.", "πρθ", "转发", "轉寄", "转寄", "轉發", "転送", "전달", "הועבר",
        "إعادة توجيه", "إعادةتوجيه", "ส่งต่อ", "chuyển tiếp", "chuyểntiếp",
    ]
}

extension Character {
    fileprivate var isBidirectionalMark: Bool {
        unicodeScalars.allSatisfy { [0x200E, 0x200F, 0x61C].contains($0.value) }
    }
}
