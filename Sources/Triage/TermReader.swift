internal import Base
internal import Campaigns
internal import Text

/// The uses and exclusivities that a text speaks of, each with the longest time its sentence names.
///
/// Asked for, offered or refused makes no difference (LABELS §0.6): whoever judges by it wants a person
/// to look. What is not said in the words of `TermWords` is not found.
enum TermReader {
    /// Whether any sentence may hold one.
    static func mayHoldTerms(_ folded: FoldedText) -> Bool { !TermWords.index.everyHit(in: folded).isEmpty }

    static func terms(in sentences: [Sentence]) -> [ReadTerm] {
        var terms: [ReadTerm] = []
        for sentence in sentences {
            let hits = TermWords.index.hits(in: sentence.folded)
            guard !hits.isEmpty else { continue }
            let length = longest(in: sentence)
            for hit in hits {
                let term = ReadTerm(hit.payload, length: length, words: sentence.folded.text(hit.range))
                if !terms.contains(term), terms.count < Limits.readings { terms.append(term) }
            }
        }
        return terms
    }

    /// The longest time that a sentence names: where it names several, nobody can tell which is whose.
    private static func longest(in sentence: Sentence) -> TermLength? {
        if !TermWords.forEver.everyHit(in: sentence.folded).isEmpty { return .forEver }
        let words = CaseFolding.searchable(sentence.text).split { !$0.isLetter && !$0.isNumber }.map(String.init)
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
