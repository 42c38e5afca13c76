internal import Base

/// A text made ready for finding names and phrases in it: folded, and cut into words once.
package struct FoldedText: Sendable {
    /// `CaseFolding.searchable`, as UTF-8.
    let bytes: [UInt8]
    /// The runs of letters and digits.
    ///
    /// Scripts that write without spaces give long ones.
    private(set) var words: [Range<Int>] = []
    /// Of each word, for who looks it up: FNV-1a, for words are short and what is found is compared byte for byte.
    private(set) var hashes: [UInt64] = []
    /// Where a letter of a script without spaces stands.
    private(set) var unspaced: [Int] = []

    package init(_ text: String) {
        self.init(folded: CaseFolding.searchableBytes(text))
    }

    /// Of bytes that were folded already.
    init(folded: [UInt8]) {
        bytes = folded
        cut()
    }

    package var isEmpty: Bool { words.isEmpty }

    /// Whether the two hold the same words in the same order.
    package func hasSameWords(as other: Self) -> Bool {
        hashes == other.hashes
            && zip(words, other.words).allSatisfy { bytes[$0].elementsEqual(other.bytes[$1]) }
    }

    private mutating func cut() {
        let bytes = bytes
        let span = bytes.span
        // Words of prose have five letters and a space.
        words.reserveCapacity(span.count / 6)
        hashes.reserveCapacity(span.count / 6)
        // Where the word begins that is being read, and what is known of it.
        var start = -1
        var hash: UInt64 = 0
        var isUnspacedWord = false
        var index = 0
        func end(_ result: inout Self) {
            guard start >= 0 else { return }
            result.words.append(start..<index)
            result.hashes.append(hash)
            start = -1
        }
        func begin(_ isUnspaced: Bool) {
            start = index
            hash = 0xCBF2_9CE4_8422_2325
            isUnspacedWord = isUnspaced
        }
        while index < span.count {
            let byte = span[index]
            if byte < 0x80 {
                if ASCII.isLetter(byte) || ASCII.isDigit(byte) {
                    if isUnspacedWord { end(&self) }
                    if start < 0 { begin(false) }
                    hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
                } else {
                    end(&self)
                }
                index += 1
                continue
            }
            let (scalar, length) = Self.scalar(of: bytes, at: index)
            if Script.isWordPart(scalar) {
                // A particle hung on a name in another script is a word of its own: `Glow를`.
                let isUnspaced = Script.isUnspaced(scalar)
                if isUnspaced != isUnspacedWord { end(&self) }
                if start < 0 { begin(isUnspaced) }
                if isUnspaced { unspaced.append(index) }
                for next in index..<index + length { hash = (hash ^ UInt64(span[next])) &* 0x100_0000_01B3 }
            } else {
                end(&self)
            }
            index += length
        }
        end(&self)
    }

    /// The scalar at a place of valid UTF-8, and its length.
    static func scalar(of bytes: [UInt8], at index: Int) -> (scalar: UInt32, length: Int) {
        let lead = bytes[index]
        let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = length == 1 ? UInt32(lead) : UInt32(lead & (0xFF >> UInt8(length + 1)))
        for next in index + 1..<max(index + 1, min(index + length, bytes.count)) {
            value = value << 6 | UInt32(bytes[next] & 0x3F)
        }
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
