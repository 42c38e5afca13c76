internal import Base
internal import Campaigns
internal import Text

/// The uses and exclusivities that a text speaks of, each with the longest time its sentence names.
///
/// Asked for, offered or refused makes no difference (LABELS §0.6): whoever judges by it wants a person
/// to look. What is not said in the words of `TermWords` is not found.
enum TermReader {
    static func terms(in text: String, _ folded: FoldedText) -> [ReadTerm] {
        guard !TermWords.index.everyHit(in: folded).isEmpty else { return [] }
        var terms: [ReadTerm] = []
        for sentence in Sentences.cut(text) {
            let folded = FoldedText(sentence)
            let hits = TermWords.index.hits(in: folded)
            guard !hits.isEmpty else { continue }
            let length = longest(in: sentence, folded)
            for hit in hits {
                let term = ReadTerm(hit.payload, length: length, words: folded.text(hit.range))
                if !terms.contains(term), terms.count < Limits.readings { terms.append(term) }
            }
        }
        return terms
    }

    /// The longest time that a sentence names: where it names several, nobody can tell which is whose.
    private static func longest(in sentence: String, _ folded: FoldedText) -> TermLength? {
        if !TermWords.forEver.everyHit(in: folded).isEmpty { return .forEver }
        let words = CaseFolding.searchable(sentence).split { !$0.isLetter && !$0.isNumber }.map(String.init)
        var longest: Int?
        for (index, word) in words.enumerated() {
            guard let (count, unit) = time(word, before: words[(index + 1)...]) else { continue }
            longest = max(longest ?? 0, count * unit)
        }
        return longest.map(TermLength.days)
    }

    /// `6 months`, `six months`, `6-month`, `6mo`.
    private static func time(_ word: String, before rest: ArraySlice<String>) -> (Int, Int)? {
        let digits = word.utf8.prefix { ASCII.isDigit($0) }
        if !digits.isEmpty, digits.count <= 4, let count = Int(word.prefix(digits.count)) {
            let tail = String(word.dropFirst(digits.count))
            let unit = tail.isEmpty ? rest.first : tail
            // `12 full months`, `30 calendar days`.
            let near = tail.isEmpty ? rest.prefix(2).compactMap { TermWords.units[$0] }.first : nil
            return (unit.flatMap { TermWords.units[$0] } ?? near).map { (count, $0) }
        }
        guard let count = TermWords.numbers[word], let unit = rest.first.flatMap({ TermWords.units[$0] }) else {
            return nil
        }
        return (count, unit)
    }
}

/// A text in sentences, roughly: what stands together in one is about the same thing.
enum Sentences {
    static func cut(_ text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        func end() {
            if current.contains(where: { $0.isLetter || $0.isNumber }) { sentences.append(current) }
            current = ""
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            // A line that a list begins with, or a blank one, ends what stands before it.
            if isBreak(line) { end() }
            let characters = Array(line)
            for (index, character) in characters.enumerated() {
                current.append(character)
                let isLast = index + 1 == characters.count
                if Self.ends.contains(character) || (character == "." && (isLast || characters[index + 1].isWhitespace))
                {
                    end()
                }
            }
            current.append(" ")
        }
        end()
        return sentences
    }

    private static let ends: Set<Character> = ["!", "?", ";", "。", "！", "？"]
    private static let marks: Set<Character> = ["-", "*", "•", "–", "·"]

    private static func isBreak(_ line: Substring) -> Bool {
        guard let first = line.first(where: { !$0.isWhitespace }) else { return true }
        return marks.contains(first)
    }
}
