internal import Base

/// Letter case that no locale changes: `I` is `i` in Turkish mail as well.
package enum CaseFolding {
    /// Unicode's simple folding (CaseFolding.txt, status C and S): one scalar for one scalar, so
    /// `ß` stays apart from `ss`.
    ///
    /// For names that belong to somebody: addresses, hosts, handles.
    ///
    /// Nothing is normalised. Compare results with Swift's `==` or as dictionary keys, which
    /// take canonically equivalent Strings as one; never compare their bytes.
    package static func simple(_ text: String) -> String {
        if ASCII.isASCII(text) { return ASCII.lowercased(text) }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(simple(scalar)) }
        return String(result)
    }

    /// The form in which texts are searched for names, phrases and strings: letter case, width and the
    /// spelling of marks aside (`ß` is `ss`, half-width kana are kana), so that bytes may be compared.
    ///
    /// The four letters i of Turkish are one (as RFC 5051 has it for the dotless one): mail in capitals
    /// does not tell them apart.
    package static func searchable(_ text: String) -> String {
        String(decoding: searchableBytes(text), as: UTF8.self)
    }

    /// The same as UTF-8.
    package static func searchableBytes(_ text: String) -> [UInt8] {
        if ASCII.isASCII(text) { return ASCII.lowercased(Array(text.utf8)) }
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        var mayJoin = false
        var last: UInt32 = 0
        for scalar in text.unicodeScalars {
            let value = scalar.value
            if value < 0x80 {
                last = UInt32(ASCII.lowercased(UInt8(truncatingIfNeeded: value)))
                result.append(UInt8(truncatingIfNeeded: last))
                continue
            }
            let entry = value < 0x10000 ? table[Int(value)] : Self.entry(scalar)
            mayJoin = mayJoin || entry & joining != 0
            switch entry & ~joining {
            case several:
                for next in Self.several(scalar) {
                    result.append(contentsOf: UTF8.encode(next) ?? UTF8.encodedReplacementCharacter)
                }
            // The dot of a decomposed capital I with dot.
            case 0x307 where last == 0x69: break
            case let folded:
                last = folded
                let next = Unicode.Scalar(folded) ?? scalar
                result.append(contentsOf: UTF8.encode(next) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return mayJoin ? Array(Composition.composed(String(decoding: result, as: UTF8.self)).utf8) : result
    }

    // MARK: One scalar

    /// In an entry: it becomes more than one scalar.
    private static let several: UInt32 = 0x1F_FFFF
    /// In an entry: it may join the scalar before it.
    private static let joining: UInt32 = 1 << 31

    /// What each scalar of the first plane is folded to.
    private static let table: [UInt32] = (UInt32(0)..<0x10000).map { value in
        Unicode.Scalar(value).map { entry($0) } ?? 0xFFFD
    }

    private static func entry(_ scalar: Unicode.Scalar) -> UInt32 {
        let narrow = narrowed(scalar)
        let joins: UInt32 = Composition.isJoining(narrow) ? joining : 0
        switch narrow.value {
        case 0xDF, 0x1E9E, 0xFB00...0xFB06: return several
        case 0x130, 0x131: return 0x69
        default: return simple(narrow).value | joins
        }
    }

    private static func several(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        switch scalar.value {
        case 0xDF, 0x1E9E: ["s", "s"]
        default: scalar.properties.uppercaseMapping.unicodeScalars.map { simple($0) }
        }
    }

    /// A full-width letter, digit or sign as the plain one, half-width kana and Hangul as the usual
    /// ones; the ideographic space as a space.
    package static func narrowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value - 0xFEE0))
        case 0xFF61...0xFF9F: halfWidthKana[Int(scalar.value - 0xFF61)]
        case 0xFFA0: "\u{3164}"
        case 0xFFA1...0xFFBE: moved(scalar, to: 0x3131, from: 0xFFA1)
        case 0xFFC2...0xFFC7: moved(scalar, to: 0x314F, from: 0xFFC2)
        case 0xFFCA...0xFFCF: moved(scalar, to: 0x3155, from: 0xFFCA)
        case 0xFFD2...0xFFD7: moved(scalar, to: 0x315B, from: 0xFFD2)
        case 0xFFDA...0xFFDC: moved(scalar, to: 0x3161, from: 0xFFDA)
        case 0xFFE0...0xFFE6: wideSigns[Int(scalar.value - 0xFFE0)]
        case 0x3000, 0xA0, 0x2007, 0x202F: " "
        default: scalar
        }
    }

    private static func moved(_ scalar: Unicode.Scalar, to first: UInt32, from start: UInt32) -> Unicode.Scalar {
        Unicode.Scalar(first + scalar.value - start) ?? scalar
    }

    /// U+FF61 to U+FF9F; the last two are the voicing marks, which join the kana before them.
    private static let halfWidthKana = Array(
        "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u{3099}\u{309A}"
            .unicodeScalars
    )
    private static let wideSigns: [Unicode.Scalar] = ["¢", "£", "¬", "¯", "¦", "¥", "₩"]

    private static func simple(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.value < 0x80 {
            return Unicode.Scalar(ASCII.lowercased(UInt8(truncatingIfNeeded: scalar.value)))
        }
        // Dotless i is a letter of its own outside Turkish rules.
        if scalar.value == 0x131 { return scalar }
        // By way of upper case, so that final sigma, long s and their like become one letter.
        let upper = single(scalar.properties.uppercaseMapping) ?? scalar
        return single(upper.properties.lowercaseMapping) ?? scalar
    }

    private static func single(_ mapping: String) -> Unicode.Scalar? {
        let scalars = mapping.unicodeScalars
        return scalars.count == 1 ? scalars.first : nil
    }
}
