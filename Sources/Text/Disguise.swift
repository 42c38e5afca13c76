internal import Base

/// What a reader's eye makes of a text, for finding words that were written so as not to be found: characters that
/// are not seen go, letters of other forms become the plain ones.
package enum Disguise {
    /// Ends one text and begins another, where several are one: no phrase runs across it.
    static let separator = "\u{1D}"
    static let separatorByte: UInt8 = 0x1D

    /// The text as it is seen; most texts stay as they are.
    package static func removed(from text: String) -> String {
        guard !isPlain(text.utf8.span) else { return text }
        var result = String.UnicodeScalarView()
        // A line that ended within a text of a script without spaces: its words go on.
        var wrap = String.UnicodeScalarView()
        var wasUnspaced = false
        for scalar in text.unicodeScalars {
            let value = scalar.value
            let isWrap = value == 0x0A ? !wrap.contains("\n") : value == 0x0D || (value == 0x20 && !wrap.isEmpty)
            if wasUnspaced, isWrap {
                wrap.append(scalar)
                continue
            }
            guard !isUnseen(value) else { continue }
            let isUnspaced = value >= 0xE00 && Script.isUnspaced(value) && !(0xAC00...0xD7A3).contains(value)
            if !isUnspaced { result.append(contentsOf: wrap) }
            wrap.removeAll()
            wasUnspaced = isUnspaced
            result.append(value < 0x80 ? scalar : plain(scalar))
        }
        return String(result)
    }

    /// Whether it holds nothing but printable ASCII.
    private static func isPlain(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where bytes[index] >= 0x7F || bytes[index] < 0x20 {
            if !ASCII.isWhiteSpace(bytes[index]) { return false }
        }
        return true
    }

    /// Whether letters stand in it in another order than they are shown, or in it something is lost.
    package static func isUnreadable(_ text: String) -> Bool {
        guard text.utf8.contains(where: { $0 == 0xE2 || $0 == 0xEF }) else { return false }
        var before: Unicode.Scalar?
        var isLost = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            // Directions that are forced upon letters.
            case 0x202D, 0x202E: return true
            case 0xFFFD: isLost = before?.properties.isAlphabetic ?? false
            default:
                if isLost, scalar.properties.isAlphabetic { return true }
                isLost = false
            }
            before = scalar
        }
        return false
    }

    /// Default-ignorable characters (Unicode §5.21), and control characters.
    private static func isUnseen(_ value: UInt32) -> Bool {
        switch value {
        case 0x09, 0x0A, 0x0D: false
        case ..<0x20, 0x7F...0x9F, 0xAD, 0x34F, 0x61C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F,
            0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB,
            0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE0FFF:
            true
        default: false
        }
    }

    /// A letter of another form as the plain one: what NFKC makes of Latin letters, and small capitals.
    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let value = scalar.value
        switch value {
        case 0x1D400...0x1D6A3: return latin((value - 0x1D400) % 52, from: value)
        case 0x1D7CE...0x1D7FF: return ascii(0x30 + (value - 0x1D7CE) % 10, scalar)
        case 0x249C...0x24B5: return ascii(0x61 + value - 0x249C, scalar)
        case 0x24B6...0x24CF: return ascii(0x61 + value - 0x24B6, scalar)
        case 0x24D0...0x24E9: return ascii(0x61 + value - 0x24D0, scalar)
        case 0x1F110...0x1F129: return ascii(0x61 + value - 0x1F110, scalar)
        case 0x1F130...0x1F149: return ascii(0x61 + value - 0x1F130, scalar)
        case 0x1F150...0x1F169: return ascii(0x61 + value - 0x1F150, scalar)
        case 0x1F170...0x1F189: return ascii(0x61 + value - 0x1F170, scalar)
        case 0x1F1E6...0x1F1FF: return ascii(0x61 + value - 0x1F1E6, scalar)
        case 0x1D00...0x1DBF, 0x2070...0x214F, 0x2160...0x217F, 0x250...0x2FF, 0xA720...0xA7FF, 0xAA...0xBA:
            return forms[scalar] ?? scalar
        default: return scalar
        }
    }

    private static func latin(_ index: UInt32, from value: UInt32) -> Unicode.Scalar {
        Unicode.Scalar(index < 26 ? 0x41 + index : 0x61 + index - 26) ?? "?"
    }

    private static func ascii(_ value: UInt32, _ scalar: Unicode.Scalar) -> Unicode.Scalar {
        Unicode.Scalar(value) ?? scalar
    }

    /// Each plain letter before its other forms.
    private static let forms: [Unicode.Scalar: Unicode.Scalar] = {
        var forms: [Unicode.Scalar: Unicode.Scalar] = [:]
        for group in table.split(separator: " ") {
            guard let letter = group.unicodeScalars.first else { continue }
            for form in group.unicodeScalars.dropFirst() { forms[form] = letter }
        }
        return forms
    }()

    private static let table = """
        aᵃᴀᴬªₐ bᵇʙᴮ cᶜᴄ dᵈᴅᴰⅾⅆ eᵉᴇᴱₑℯⅇ fᶠꜰ gᵍɢᴳℊ hʰʜᴴₕℎℏ iⁱɪᴵᵢⅰℹⅈ jʲᴊᴶⱼⅉ kᵏᴋᴷₖ lˡʟᴸₗⅼℓ mᵐᴍᴹₘⅿ nⁿɴᴺₙ oᵒᴏᴼºₒℴ \
        pᵖᴘᴾₚ qꞯ rʳʀᴿᵣ sˢꜱₛ tᵗᴛᵀₜ uᵘᴜᵁᵤ vᵛᴠᵥⱽⅴ wʷᴡᵂ xˣₓⅹ yʸʏ zᶻᴢ BℬⅭ CℂℭⅭ DⅅⅮ EℰFℱ Hℋℌℍ IℐℑⅠ LℒⅬ MℳⅯ NℕPℙ QℚRℛℜℝ VⅤ XⅩ Zℤℨ
        """
}

extension FoldedText {
    /// The text as a reader sees it, made ready for finding words that were not meant to be found.
    package static func seen(_ text: String) -> Self { Self(Disguise.removed(from: text)) }

    /// The same of several texts: no phrase runs from one into the next.
    package static func seen(_ texts: [String]) -> Self {
        Self(texts.map { Disguise.removed(from: $0) }.joined(separator: Disguise.separator))
    }

    /// The same with letters of other scripts read as the Latin ones that they look like, and without marks on
    /// letters; `nil` where there are none.
    package var lookAlike: Self? {
        guard bytes.contains(where: { $0 >= 0x80 }) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var isOther = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if scalar.value < 0x80 {
                result.append(UInt8(truncatingIfNeeded: scalar.value))
            } else if Self.isMark(scalar.value) {
                isOther = true
            } else if let latin = LookAlikes.latin[scalar] {
                isOther = true
                result += Array(latin.utf8)
            } else {
                result += Array(String(scalar).utf8)
            }
        }
        return isOther ? Self(folded: result) : nil
    }

    private static func isMark(_ value: UInt32) -> Bool {
        switch value {
        case 0x300...0x36F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F: true
        default: false
        }
    }
}
