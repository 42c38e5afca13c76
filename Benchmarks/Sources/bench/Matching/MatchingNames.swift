/// Names that sound like people's, always the same for one seed.
enum MatchingNames {
    static func name(_ random: inout SeededRandom) -> String { "\(word(&random)) \(word(&random))" }

    static func word(_ random: inout SeededRandom) -> String {
        let word = (0..<2 + random.below(2)).map { _ in random.pick(syllables) }.joined()
        return word.prefix(1).uppercased() + word.dropFirst()
    }

    private static let syllables = [
        "ma", "ri", "an", "lo", "ken", "ta", "vi", "sel", "no", "ra", "jun", "be", "li", "os", "ka", "del", "mo", "fi",
        "sa", "ter", "ny", "gu", "ho", "wen", "pa", "zi", "ul", "dra", "qui", "es", "to", "bren",
    ]
}
