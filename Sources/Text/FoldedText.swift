internal import Base

/// A text made ready for finding names and phrases in it: folded, and cut into words once.
package struct FoldedText: Sendable {
    /// `CaseFolding.searchable`, as UTF-8.
    let bytes: [UInt8]
    /// The runs of letters and digits.
    ///
    /// Scripts that write without spaces give long ones.
    let words: [Range<Int>]
    /// Where a letter of a script without spaces stands.
    let unspaced: [Int]

    package init(_ text: String) {
        self.bytes = CaseFolding.searchableBytes(text)
        (self.words, self.unspaced) = Self.cut(bytes)
    }

    package var isEmpty: Bool { words.isEmpty }

    private static func cut(_ bytes: [UInt8]) -> (words: [Range<Int>], unspaced: [Int]) {
        var words: [Range<Int>] = []
        var unspaced: [Int] = []
        var start: Int?
        var wasUnspaced = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                if ASCII.isLetter(byte) || ASCII.isDigit(byte) {
                    if let begin = start, wasUnspaced {
                        words.append(begin..<index)
                        start = nil
                    }
                    if start == nil { start = index }
                    wasUnspaced = false
                } else if let begin = start {
                    words.append(begin..<index)
                    start = nil
                }
                index += 1
                continue
            }
            let (scalar, length) = scalar(of: bytes, at: index)
            if Script.isWordPart(scalar) {
                // A particle hung on a name in another script is a word of its own: `Glow를`.
                let isUnspaced = Script.isUnspaced(scalar)
                if let begin = start, isUnspaced != wasUnspaced {
                    words.append(begin..<index)
                    start = nil
                }
                if start == nil { start = index }
                if isUnspaced { unspaced.append(index) }
                wasUnspaced = isUnspaced
            } else if let begin = start {
                words.append(begin..<index)
                start = nil
            }
            index += length
        }
        if let begin = start { words.append(begin..<bytes.count) }
        return (words, unspaced)
    }

    /// The scalar at a place of valid UTF-8, and its length.
    static func scalar(of bytes: [UInt8], at index: Int) -> (scalar: UInt32, length: Int) {
        let lead = bytes[index]
        let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = length == 1 ? UInt32(lead) : UInt32(lead & (0xFF >> UInt8(length + 1)))
        for next in bytes[index...].dropFirst().prefix(length - 1) { value = value << 6 | UInt32(next & 0x3F) }
        return (value, length)
    }
}

/// What a scalar is for finding words.
enum Script {
    static func isWordPart(_ value: UInt32) -> Bool {
        switch value {
        case 0x30...0x39, 0x61...0x7A, 0x41...0x5A: return true
        case ..<0xAA, 0x2000...0x206F, 0x3000...0x3004, 0x3008...0x3020: return false
        case 0xC0...0x24F: return value != 0xD7 && value != 0xF7
        case 0x3041...0x3096, 0x30A1...0x30FA, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3: return true
        default:
            guard let properties = Unicode.Scalar(value)?.properties else { return false }
            if properties.isAlphabetic || properties.numericType != nil { return true }
            switch properties.generalCategory {
            case .nonspacingMark, .spacingMark, .modifierLetter: return true
            default: return false
            }
        }
    }

    /// Scripts that put no spaces between words, or hang particles on names (Hangul).
    static func isUnspaced(_ value: UInt32) -> Bool {
        switch value {
        case 0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3005...0x3007, 0x3041...0x30FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0x20000...0x323AF:
            true
        default: false
        }
    }
}

extension FoldedText {
    /// The folded text of a range of bytes, as a hit tells it.
    package func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Whether a sign stands right before a range: the mark of a `#tag`.
    package func hasSign(_ sign: UInt8, before range: Range<Int>) -> Bool {
        range.lowerBound > 0 && bytes[range.lowerBound - 1] == sign
    }
}
