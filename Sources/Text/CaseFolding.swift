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
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return ASCII.lowercased(text) }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(simple(scalar)) }
        return String(result)
    }

    /// The form in which texts are searched for names and phrases: full folding (`ß` is `ss`),
    /// full-width forms as plain ones, letters with marks composed, so that bytes may be compared.
    package static func searchable(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return ASCII.lowercased(text) }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.value < 0x80 {
                result.append(Unicode.Scalar(ASCII.lowercased(UInt8(truncatingIfNeeded: scalar.value))))
                continue
            }
            let narrow = narrowed(scalar)
            switch narrow.value {
            case 0xDF, 0x1E9E: result.append(contentsOf: "ss".unicodeScalars)
            case 0xFB00...0xFB06:
                for upper in narrow.properties.uppercaseMapping.unicodeScalars { result.append(simple(upper)) }
            default: result.append(simple(narrow))
            }
        }
        return Composition.composed(String(result))
    }

    /// A full-width letter, digit or sign as the plain one; the ideographic space as a space.
    package static func narrowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value - 0xFEE0))
        case 0x3000, 0xA0, 0x2007, 0x202F: " "
        default: scalar
        }
    }

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
