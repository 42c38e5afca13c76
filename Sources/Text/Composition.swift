/// Letters and their marks made one scalar.
///
/// The standard library has no public normalisation. What it promises is that Strings are equal,
/// and hash alike, when they are canonically equivalent; so a dictionary whose keys are composed
/// letters finds the composed form of any spelling. This composes what has one composed scalar
/// in the scripts below and Hangul, which is what names, subjects and hosts are written with; it
/// is not NFC for every text, and nothing rests on that.
package enum Composition {
    package static func composed(_ text: String) -> String {
        if !text.unicodeScalars.contains(where: { isJoining($0) }) { return text }
        var result = String.UnicodeScalarView()
        for character in text {
            let scalars = Array(character.unicodeScalars)
            guard scalars.count > 1 else {
                result.append(contentsOf: scalars)
                continue
            }
            append(scalars, to: &result)
        }
        return String(result)
    }

    /// A composed letter as its base and its marks; any other scalar as it is.
    static func decomposed(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        var marks: [Unicode.Scalar] = []
        var base = scalar
        while let parts = parts[base] {
            marks.append(parts.mark)
            base = parts.base
        }
        return [base] + marks.reversed()
    }

    /// Composed letters as one letter less a mark, by way of `letters`: every base with every mark.
    private static let parts: [Unicode.Scalar: (base: Unicode.Scalar, mark: Unicode.Scalar)] = {
        let marks: [ClosedRange<UInt32>] = [
            0x300...0x304, 0x306...0x30C, 0x30F...0x30F, 0x311...0x311, 0x313...0x314, 0x31B...0x31B, 0x323...0x328,
            0x32D...0x32E, 0x330...0x331, 0x338...0x338, 0x342...0x342, 0x345...0x345, 0x3099...0x309A,
        ]
        let plain: [ClosedRange<UInt32>] = [
            0x41...0x5A, 0x61...0x7A, 0x391...0x3C9, 0x406...0x406, 0x410...0x44F, 0x456...0x456, 0x474...0x475,
            0x3041...0x30FF,
        ]
        let bases = plain.joined().compactMap { Unicode.Scalar($0) } + letters.values
        var result: [Unicode.Scalar: (base: Unicode.Scalar, mark: Unicode.Scalar)] = [:]
        for mark in marks.joined().compactMap({ Unicode.Scalar($0) }) {
            for base in bases {
                var spelling = String.UnicodeScalarView()
                spelling.append(base)
                spelling.append(mark)
                guard let letter = letters[String(spelling)], letter != base else { continue }
                // The lower base where two would do, whatever the order of the table.
                if let known = result[letter], known.base < base { continue }
                result[letter] = (base, mark)
            }
        }
        return result
    }()

    private static func append(_ scalars: [Unicode.Scalar], to result: inout String.UnicodeScalarView) {
        if let syllable = syllable(scalars) {
            result.append(syllable)
            return
        }
        // The longest beginning that has a composed form; no cluster needs more than four.
        for count in stride(from: min(scalars.count, 4), to: 1, by: -1) {
            var beginning = String.UnicodeScalarView()
            beginning.append(contentsOf: scalars[..<count])
            guard let letter = letters[String(beginning)] else { continue }
            result.append(letter)
            result.append(contentsOf: scalars[count...])
            return
        }
        result.append(contentsOf: scalars)
    }

    /// Whether a scalar may join the one before it: a mark, or a Hangul vowel or final.
    static func isJoining(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x300: return false
        case 0x300...0x36F, 0x1160...0x11FF, 0x3099...0x309A: return true
        // Hiragana to the last Hangul syllable: letters, and marks of scripts that compose nothing.
        case 0x3040...0xA66E, 0xAC00...0xD7A3: return false
        default:
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .spacingMark: return true
            default: return false
            }
        }
    }

    /// Hangul by arithmetic (Unicode §3.12).
    private static func syllable(_ scalars: [Unicode.Scalar]) -> Unicode.Scalar? {
        guard scalars.count == 2 || scalars.count == 3 else { return nil }
        let values = scalars.map(\.value)
        if values.count == 2, (0xAC00...0xD7A3).contains(values[0]), (values[0] - 0xAC00) % 28 == 0,
            (0x11A8...0x11C2).contains(values[1])
        {
            return Unicode.Scalar(values[0] + values[1] - 0x11A7)
        }
        guard (0x1100...0x1112).contains(values[0]), (0x1161...0x1175).contains(values[1]) else { return nil }
        var value = 0xAC00 + ((values[0] - 0x1100) * 21 + values[1] - 0x1161) * 28
        if values.count == 3 {
            guard (0x11A8...0x11C2).contains(values[2]) else { return nil }
            value += values[2] - 0x11A7
        }
        return Unicode.Scalar(value)
    }

    /// Composed letters by any canonically equivalent spelling.
    ///
    /// Ascending, the first one kept: where two scalars are equivalent, the lower is the composed
    /// form (U+03AC, not U+1F71).
    private static let letters: [String: Unicode.Scalar] = {
        let ranges: [ClosedRange<UInt32>] = [
            0xC0...0x17F, 0x1A0...0x233, 0x386...0x386, 0x388...0x3FF, 0x400...0x4FF, 0x622...0x626, 0x6C0...0x6D3,
            0x929...0x934, 0x958...0x95F, 0x9CB...0x9DF, 0xA33...0xA5E, 0xB48...0xB5D, 0xB94...0xBCC, 0xC48...0xC48,
            0xCC0...0xCCB, 0xD4A...0xD4C, 0xDDA...0xDDE, 0xF43...0xFB9, 0x1026...0x1026, 0x1E00...0x1EFF,
            0x1F00...0x1FFF, 0x3041...0x30FF, 0xFB1D...0xFB4E,
        ]
        var result: [String: Unicode.Scalar] = [:]
        for value in ranges.joined() {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let key = String(Character(scalar))
            if result[key] == nil { result[key] = scalar }
        }
        return result
    }()
}
