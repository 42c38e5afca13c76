internal import Base

extension EncodedWord {
    /// The words of free text, those that are not plain ASCII encoded (RFC 2047 §5 (1)).
    static func encodedWords(ofText text: String, width: Int) -> [String] {
        var result: [String] = []
        var run: [Substring] = []
        func flush() {
            if !run.isEmpty { result += encode(run.joined(separator: " "), width: width) }
            run.removeAll()
        }
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if needsEncoding(word.utf8) {
                run.append(word)
            } else {
                flush()
                result.append(String(word))
            }
        }
        flush()
        return result
    }

    /// The words of a display name: atoms, a quoted string, or encoded words (RFC 2047 §5 (3)).
    static func words(ofPhrase text: String, width: Int) -> [String] {
        if needsEncoding(text.utf8) { return encode(text, width: width) }
        let isAtoms = text.utf8.allSatisfy { $0 == ASCII.space || phraseAtom.contains($0) }
        if isAtoms, !text.contains("  ") { return text.split(separator: " ").map(String.init) }
        // At a space a quoted string may be folded, and the space stays.
        return String(decoding: Address.quoted(Array(text.utf8)), as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    }

    private static let phraseAtom = ByteClass.alphanumerics.union(ByteClass("!#$%&'*+-/=?^_`{|}~"))

    /// Longer words than this cannot be folded below 998 characters (RFC 5322 §2.1.1).
    private static let longestPlainWord = 300

    private static func needsEncoding(_ word: some Collection<UInt8>) -> Bool {
        var count = 0
        var last: UInt8 = 0
        for byte in word {
            if byte > 0x7E || byte < ASCII.space { return true }
            // Would be decoded by whoever reads it.
            if last == UInt8(ascii: "="), byte == UInt8(ascii: "?") { return true }
            last = byte
            count += 1
        }
        return count > longestPlainWord
    }

    /// The text as encoded words of at most `width` characters, itself 75 at most, none ending inside a character (§2, §5).
    ///
    /// Q where most is ASCII, so that it can be read in the raw, else B.
    static func encode(_ text: String, width lineWidth: Int) -> [String] {
        let plain = text.utf8.count { isPlain($0) || $0 == ASCII.space }
        let isBase64 = plain * 2 < text.utf8.count
        let head = isBase64 ? "=?UTF-8?B?" : "=?UTF-8?Q?"
        let room = min(75, lineWidth) - head.utf8.count - 2
        var words: [String] = []
        var current: [UInt8] = []
        var width = 0
        func flush() {
            guard !current.isEmpty else { return }
            words.append(head + (isBase64 ? Base64.encode(current) : quoted(current)) + "?=")
            current = []
            width = 0
        }
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            let added = isBase64 ? bytes.count : bytes.reduce(0) { $0 + (isPlain($1) || $1 == ASCII.space ? 1 : 3) }
            let limit = isBase64 ? room / 4 * 3 : room
            if width + added > limit { flush() }
            current += bytes
            width += added
        }
        flush()
        return words
    }

    private static func quoted(_ bytes: [UInt8]) -> String {
        var result = ""
        for byte in bytes {
            if byte == ASCII.space {
                result += "_"
            } else if isPlain(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "=" + ASCII.uppercased(Hexadecimal.encode([byte]))
            }
        }
        return result
    }

    /// What stands for itself in a phrase (§5 (3)).
    private static func isPlain(_ byte: UInt8) -> Bool { plainBytes.contains(byte) }

    private static let plainBytes = ByteClass.alphanumerics.union(ByteClass("!*+-/"))
}
