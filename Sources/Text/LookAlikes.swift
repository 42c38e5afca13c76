/// Letters that look like Latin ones to a hasty eye, in the manner of UTS 39.
package enum LookAlikes {
    /// Small letters only: texts are folded before.
    package static let latin: [Unicode.Scalar: String] = [
        // Cyrillic
        "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "һ": "h", "н": "h", "і": "i", "ї": "i", "ј": "j",
        "к": "k", "ӏ": "l", "м": "m", "п": "n", "о": "o", "р": "p", "ԛ": "q", "г": "r", "ѕ": "s", "т": "t", "ѵ": "v",
        "ԝ": "w", "х": "x", "у": "y", "ү": "y", "ь": "b",
        // Greek
        "α": "a", "β": "b", "ε": "e", "γ": "y", "ι": "i", "κ": "k", "η": "n", "ν": "v", "ο": "o", "ρ": "p", "τ": "t",
        "υ": "u", "χ": "x", "ω": "w",
        // Latin and Armenian
        "ı": "i", "ɑ": "a", "ɡ": "g", "ɩ": "i", "ʟ": "l", "ǀ": "l", "ꞁ": "l", "ƅ": "b", "օ": "o", "ո": "n", "հ": "h",
        "ս": "u", "ց": "g", "զ": "q", "ѡ": "w", "ℓ": "l",
    ]
}
