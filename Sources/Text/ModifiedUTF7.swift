internal import Base

/// Mailbox names as IMAP4rev1 writes them: printable ASCII, and `&` base 64 of UTF-16 `-` for the
/// rest (RFC 3501 §5.1.3).
package enum ModifiedUTF7 {
    package static func encode(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        var shifted: [UInt8] = []
        for scalar in text.unicodeScalars {
            if (0x20...0x7E).contains(scalar.value) {
                endShift(&shifted, into: &result)
                result.append(UInt8(truncatingIfNeeded: scalar.value))
                if scalar == "&" { result.append(UInt8(ascii: "-")) }
            } else {
                for unit in String(scalar).utf16 {
                    shifted.append(UInt8(truncatingIfNeeded: unit >> 8))
                    shifted.append(UInt8(truncatingIfNeeded: unit))
                }
            }
        }
        endShift(&shifted, into: &result)
        return result
    }

    /// The text, if this is the one right spelling of it: two spellings of one name would be two
    /// ways around a check of names.
    package static func decode(_ bytes: [UInt8]) -> String? {
        guard let text = decodeLeniently(bytes), encode(text) == bytes else { return nil }
        return text
    }

    /// The text, also of names that are encoded where they need not be; what upstream servers hold.
    package static func decodeLeniently(_ bytes: [UInt8]) -> String? {
        var result = String.UnicodeScalarView()
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard (0x20...0x7E).contains(byte) else { return nil }
            index += 1
            guard byte == UInt8(ascii: "&") else {
                result.append(Unicode.Scalar(byte))
                continue
            }
            guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "-")) else { return nil }
            if end == index {
                result.append("&")
            } else {
                guard let units = utf16(bytes[index..<end]), append(units, to: &result) else { return nil }
            }
            index = end + 1
        }
        return String(result)
    }

    private static func endShift(_ shifted: inout [UInt8], into result: inout [UInt8]) {
        guard !shifted.isEmpty else { return }
        result.append(UInt8(ascii: "&"))
        for digit in Base64.encodedBytes(shifted) where digit != UInt8(ascii: "=") {
            result.append(digit == UInt8(ascii: "/") ? UInt8(ascii: ",") : digit)
        }
        result.append(UInt8(ascii: "-"))
        shifted.removeAll()
    }

    private static func utf16(_ digits: ArraySlice<UInt8>) -> [UInt16]? {
        var padded: [UInt8] = []
        for digit in digits {
            guard digit != UInt8(ascii: "/") else { return nil }
            padded.append(digit == UInt8(ascii: ",") ? UInt8(ascii: "/") : digit)
        }
        while padded.count % 4 != 0 { padded.append(UInt8(ascii: "=")) }
        guard let bytes = Base64.decode(padded), bytes.count % 2 == 0 else { return nil }
        return stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
    }

    private static func append(_ units: [UInt16], to result: inout String.UnicodeScalarView) -> Bool {
        var decoder = UTF16()
        var iterator = units.makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): result.append(scalar)
            case .emptyInput: return true
            case .error: return false
            }
        }
    }
}
