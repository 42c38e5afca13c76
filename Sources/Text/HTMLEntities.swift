internal import Base

/// Character references of HTML: by number, and the names of HTML 4.01 §24.
enum HTMLEntities {
    /// Decodes the reference whose `&` stands at `start`; the text, and where it ends.
    ///
    /// Strictly, a name ends in a semicolon: addresses hold names that are none (`?a=1&copy=2`).
    static func decode(
        _ html: [UInt8],
        at start: Int,
        before end: Int,
        isStrict: Bool
    ) -> (text: String, end: Int)? {
        var index = start + 1
        guard index < end else { return nil }
        if html[index] == UInt8(ascii: "#") {
            index += 1
            return number(html, from: index, before: end)
        }
        let nameStart = index
        while index < end, index - nameStart < 10, ByteClass.alphanumerics.contains(html[index]) { index += 1 }
        let hasSemicolon = index < end && html[index] == UInt8(ascii: ";")
        guard index > nameStart, hasSemicolon || !isStrict,
            let value = values[String(decoding: html[nameStart..<index], as: UTF8.self)],
            let scalar = Unicode.Scalar(value)
        else { return nil }
        return (String(scalar), hasSemicolon ? index + 1 : index)
    }

    /// Whether what stands at an `&` is a reference within a word whose name is not known here, but may be to
    /// a reader's program: `us&ZeroWidthSpace;age`.
    static func isUnknown(_ html: [UInt8], at start: Int, before end: Int) -> Bool {
        var index = start + 1
        while index < end, index - start <= longestName, ByteClass.alphanumerics.contains(html[index]) { index += 1 }
        guard index > start + 1, index + 1 < end, html[index] == UInt8(ascii: ";"), start > 0 else { return false }
        return ASCII.isLetter(html[start - 1]) && ASCII.isLetter(html[index + 1])
    }

    /// Of the names of HTML 5.
    private static var longestName: Int { 32 }

    /// The text of a range with every reference in it decoded, strictly.
    static func decodeAll(_ html: [UInt8], _ range: Range<Int>) -> String {
        var result: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            if html[index] == UInt8(ascii: "&"),
                let (text, end) = decode(html, at: index, before: range.upperBound, isStrict: true)
            {
                result += Array(text.utf8)
                index = end
            } else {
                result.append(html[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func number(_ html: [UInt8], from start: Int, before end: Int) -> (text: String, end: Int)? {
        var index = start
        let isHex = index < end && html[index] | 0x20 == UInt8(ascii: "x")
        if isHex { index += 1 }
        let digitsStart = index
        var value: UInt32 = 0
        while index < end, let digit = ASCII.hexValue(html[index]), isHex || digit < 10 {
            // Saturated far above the last code point.
            value = min(value * (isHex ? 16 : 10) + UInt32(digit), 0x20_0000)
            index += 1
        }
        guard index > digitsStart else { return nil }
        if index < end, html[index] == UInt8(ascii: ";") { index += 1 }
        if (0x80...0x9F).contains(value) {
            // Meant as Windows-1252, as browsers take it.
            return (Charset.decode([UInt8(truncatingIfNeeded: value)], label: "windows-1252"), index)
        }
        guard value != 0, let scalar = Unicode.Scalar(value) else { return ("\u{FFFD}", index) }
        return (String(scalar), index)
    }

    private static let values: [String: UInt32] = {
        var values: [String: UInt32] = [:]
        for (index, name) in latin1.split(separator: " ").enumerated() { values[String(name)] = 160 + UInt32(index) }
        let pairs = others.split(separator: " ")
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            values[String(pairs[index])] = UInt32(pairs[index + 1])
        }
        return values
    }()

    /// The names of U+00A0 to U+00FF in order.
    private static let latin1 = """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 \
        acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde \
        Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc \
        Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml \
        aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc \
        otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        """

    /// Names and code points.
    private static let others = """
        quot 34 amp 38 lt 60 gt 62 OElig 338 oelig 339 Scaron 352 scaron 353 Yuml 376 fnof 402 circ 710 tilde \
        732 Alpha 913 Beta 914 Gamma 915 Delta 916 Epsilon 917 Zeta 918 Eta 919 Theta 920 Iota 921 Kappa 922 \
        Lambda 923 Mu 924 Nu 925 Xi 926 Omicron 927 Pi 928 Rho 929 Sigma 931 Tau 932 Upsilon 933 Phi 934 Chi 935 \
        Psi 936 Omega 937 alpha 945 beta 946 gamma 947 delta 948 epsilon 949 zeta 950 eta 951 theta 952 iota 953 \
        kappa 954 lambda 955 mu 956 nu 957 xi 958 omicron 959 pi 960 rho 961 sigmaf 962 sigma 963 tau 964 \
        upsilon 965 phi 966 chi 967 psi 968 omega 969 thetasym 977 upsih 978 piv 982 ensp 8194 emsp 8195 thinsp \
        8201 zwnj 8204 zwj 8205 lrm 8206 rlm 8207 ndash 8211 mdash 8212 lsquo 8216 rsquo 8217 sbquo 8218 ldquo \
        8220 rdquo 8221 bdquo 8222 dagger 8224 Dagger 8225 bull 8226 hellip 8230 permil 8240 prime 8242 Prime \
        8243 lsaquo 8249 rsaquo 8250 oline 8254 frasl 8260 euro 8364 image 8465 weierp 8472 real 8476 trade 8482 \
        alefsym 8501 larr 8592 uarr 8593 rarr 8594 darr 8595 harr 8596 crarr 8629 lArr 8656 uArr 8657 rArr 8658 \
        dArr 8659 hArr 8660 forall 8704 part 8706 exist 8707 empty 8709 nabla 8711 isin 8712 notin 8713 ni 8715 \
        prod 8719 sum 8721 minus 8722 lowast 8727 radic 8730 prop 8733 infin 8734 ang 8736 and 8743 or 8744 cap \
        8745 cup 8746 int 8747 there4 8756 sim 8764 cong 8773 asymp 8776 ne 8800 equiv 8801 le 8804 ge 8805 sub \
        8834 sup 8835 nsub 8836 sube 8838 supe 8839 oplus 8853 otimes 8855 perp 8869 sdot 8901 lceil 8968 rceil \
        8969 lfloor 8970 rfloor 8971 lang 9001 rang 9002 loz 9674 spades 9824 clubs 9827 hearts 9829 diams 9830 \
        apos 39
        """
}
