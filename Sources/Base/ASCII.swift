/// Bytes as ASCII: case, digits and comparisons that no locale can change.
package enum ASCII {
    package static let tab: UInt8 = 0x09
    package static let lf: UInt8 = 0x0A
    package static let cr: UInt8 = 0x0D
    package static let space: UInt8 = 0x20
    package static let quote: UInt8 = 0x22
    package static let backslash: UInt8 = 0x5C
    package static let nul: UInt8 = 0x00

    @inline(__always)
    package static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    package static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    @inline(__always)
    package static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    @inline(__always)
    package static func uppercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x61 < 26 ? byte & 0xDF : byte
    }

    /// The bytes with A to Z in lower case; all others stay.
    package static func lowercased(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        var span = result.mutableSpan
        for index in span.indices { span[index] = lowercased(span[index]) }
        return result
    }

    /// The text with A to Z in lower case; all other characters stay.
    package static func lowercased(_ text: String) -> String {
        String(decoding: text.utf8.map { lowercased($0) }, as: UTF8.self)
    }

    package static func uppercased(_ text: String) -> String {
        String(decoding: text.utf8.map { uppercased($0) }, as: UTF8.self)
    }

    /// Whether a text has no byte above 0x7F.
    package static func isASCII(_ text: String) -> Bool { isASCII(text.utf8.span) }

    package static func isASCII(_ bytes: Span<UInt8>) -> Bool {
        // Without an early end, so that many bytes are looked at in one step.
        var bits: UInt8 = 0
        for index in bytes.indices { bits |= bytes[index] }
        return bits < 0x80
    }

    /// Whether two byte sequences are the same, letter case of A to Z aside.
    package static func equalsIgnoringCase(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
        left.elementsEqual(right) { lowercased($0) == lowercased($1) }
    }

    package static func equalsIgnoringCase(_ left: String, _ right: String) -> Bool {
        equalsIgnoringCase(left.utf8.span, right.utf8.span)
    }

    package static func equalsIgnoringCase(_ left: [UInt8], _ right: String.UTF8View) -> Bool {
        equalsIgnoringCase(left.span, right.span)
    }

    package static func equalsIgnoringCase(_ left: ArraySlice<UInt8>, _ right: String.UTF8View) -> Bool {
        equalsIgnoringCase(left.span, right.span)
    }

    /// The same of bytes that lie together: what is compared for every field of every message.
    package static func equalsIgnoringCase(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where lowercased(left[index]) != lowercased(right[index]) { return false }
        return true
    }

    /// The value of a hexadecimal digit.
    package static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// The text without white space at either end.
    package static func trimmed(_ text: some StringProtocol) -> String {
        let utf8 = Array(text.utf8)
        return String(decoding: trimmed(utf8), as: UTF8.self)
    }

    /// The bytes without space, tab, CR and LF at either end.
    package static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        var start = 0
        var end = bytes.count
        while start < end, isWhiteSpace(bytes[start]) { start += 1 }
        while end > start, isWhiteSpace(bytes[end - 1]) { end -= 1 }
        return Array(bytes[start..<end])
    }

    package static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == space || byte == tab || byte == cr || byte == lf
    }
}

extension [UInt8] {
    /// The UTF-8 bytes of a text.
    package init(_ text: StaticString) {
        self.init(text.description.utf8)
    }
}
