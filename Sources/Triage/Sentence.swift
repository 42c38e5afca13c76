internal import Base
internal import Text

/// One sentence of a text, roughly: what stands together in one is about the same thing.
struct Sentence {
    let text: String
    let folded: FoldedText

    private init(_ text: String) {
        self.text = text
        folded = FoldedText(text)
    }

    /// The sentences of a text that hold a letter or a digit.
    static func all(in text: String) -> [Sentence] {
        var sentences: [Sentence] = []
        var current = String.UnicodeScalarView()
        func end() {
            defer { current = String.UnicodeScalarView() }
            let sentence = Sentence(String(current))
            if !sentence.folded.isEmpty { sentences.append(sentence) }
        }
        for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            // A line that a list begins with, or a blank one, ends what stands before it.
            if isBreak(line) { end() }
            var rest = line
            while let scalar = rest.popFirst() {
                current.append(scalar)
                if isEnd(scalar, before: rest.first) { end() }
            }
            current.append(" ")
        }
        end()
        return sentences
    }

    private static func isEnd(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?) -> Bool {
        switch scalar {
        case "!", "?", ";", "。", "！", "？": true
        case ".": next.map(\.properties.isWhitespace) ?? true
        default: false
        }
    }

    private static func isBreak(_ line: Substring.UnicodeScalarView) -> Bool {
        switch line.first(where: { !$0.properties.isWhitespace }) {
        case nil, "-", "*", "•", "–", "·": true
        default: false
        }
    }
}
