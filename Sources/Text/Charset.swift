internal import Base

/// The charsets of mail, decoded to text.
///
/// Never fails: what cannot be read becomes U+FFFD.
package enum Charset {
    /// How the bytes of one charset are read.
    enum Method: Hashable, Sendable {
        /// Also US-ASCII and unknown charsets: UTF-8 where it is valid, else Windows-1252.
        case utf8OrWindows1252
        case windows1252
        case utf16
        case utf16BigEndian
        case utf16LittleEndian
        /// By a name that glibc's iconv knows.
        case converter(String)
    }

    /// Decodes bytes by the label of their charset (RFC 2978), letter case and punctuation aside.
    ///
    /// Without a label, or with one that is unknown, the bytes are UTF-8 where they are valid as
    /// such, and Windows-1252 where they are not.
    package static func decode(_ bytes: [UInt8], label: String?) -> String {
        switch label.map({ method(forLabel: $0) }) ?? .utf8OrWindows1252 {
        case .utf8OrWindows1252: utf8OrWindows1252(bytes)
        case .windows1252: windows1252(bytes)
        case .utf16: utf16(bytes, isBigEndian: nil)
        case .utf16BigEndian: utf16(bytes, isBigEndian: true)
        case .utf16LittleEndian: utf16(bytes, isBigEndian: false)
        case .converter(let name): CharsetConverter.decode(bytes, from: name) ?? utf8OrWindows1252(bytes)
        }
    }

    /// Whether the label names a charset that is known.
    package static func isKnown(_ label: String) -> Bool {
        methods[normalised(label)] != nil
    }

    /// Whether the bytes of ASCII mean what they mean in it.
    package static func keepsASCII(_ label: String) -> Bool {
        switch method(forLabel: label) {
        case .utf8OrWindows1252, .windows1252: true
        case .utf16, .utf16BigEndian, .utf16LittleEndian: false
        case .converter(let name): !name.hasPrefix("UTF-") && !name.hasPrefix("ISO-2022")
        }
    }

    static func method(forLabel label: String) -> Method {
        methods[normalised(label)] ?? .utf8OrWindows1252
    }

    /// The label's letters and digits, in lower case: `ISO_8859-1` and `iso8859-1` are the same.
    private static func normalised(_ label: String) -> String {
        let kept = label.utf8.prefix(64).filter { ByteClass.alphanumerics.contains($0) }
        return ASCII.lowercased(String(decoding: kept, as: UTF8.self))
    }

    private static func utf8OrWindows1252(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return isCutOffUTF8(bytes) ? String(decoding: bytes, as: UTF8.self) : windows1252(bytes)
    }

    /// Whether all but a last character without its end is UTF-8, and more than ASCII.
    private static func isCutOffUTF8(_ bytes: [UInt8]) -> Bool {
        guard let lead = bytes.lastIndex(where: { $0 & 0xC0 != 0x80 }), bytes[lead] >= 0xC2, bytes.count - lead <= 3
        else { return false }
        let whole = bytes[..<lead]
        return whole.contains { $0 > 0x7F } && String(validating: whole, as: UTF8.self) != nil
    }

    /// ISO-8859-1 is read so too: where the two differ mail means Windows-1252 (as the WHATWG's
    /// Encoding standard has it).
    private static func windows1252(_ bytes: [UInt8]) -> String {
        var result = String.UnicodeScalarView()
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            let value = (0x80...0x9F).contains(byte) ? windowsScalars[Int(byte) - 0x80] : UInt16(byte)
            result.append(Unicode.Scalar(value) ?? "\u{FFFD}")
        }
        return String(result)
    }

    /// Windows-1252 from 0x80 to 0x9F; five places are control characters.
    private static let windowsScalars: [UInt16] = [
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D,
        0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x009D, 0x017E, 0x0178,
    ]

    /// The byte order is the mark's; without one big-endian (RFC 2781 §4.3).
    private static func utf16(_ bytes: [UInt8], isBigEndian: Bool?) -> String {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var isBig = isBigEndian ?? true
        var index = 0
        if bytes.count >= 2 {
            let mark = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
            if mark == 0xFEFF, isBigEndian != false {
                index = 2
            } else if mark == 0xFFFE, isBigEndian != true {
                isBig = false
                index = 2
            }
        }
        while index + 1 < bytes.count {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            units.append(isBig ? first << 8 | second : second << 8 | first)
            index += 2
        }
        if index < bytes.count { units.append(0xFFFD) }
        return String(decoding: units, as: UTF16.self)
    }
}
