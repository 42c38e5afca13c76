internal import Base

/// Text in parameters, with `+` and two hexadecimal digits for what may not stand there itself
/// (RFC 3461 §4).
package enum XText {
    private static let plain = ByteClass(0x21...0x7E).subtracting(ByteClass("+="))
    private static let upperHex = ByteClass.digits.union(ByteClass("ABCDEF"))

    package static func encode(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if plain.contains(byte) {
                result.append(byte)
            } else {
                result.append(0x2B)
                result.append(contentsOf: ASCII.uppercased(Hexadecimal.encode([byte])).utf8)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text behind the encoding; `nil` where it is not exactly xtext, or where what it hides is
    /// a control character or no UTF-8.
    package static func decode(_ text: some StringProtocol) -> String? {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            var byte = bytes[index]
            if byte == 0x2B {
                guard index + 2 < bytes.count, upperHex.contains(bytes[index + 1]), upperHex.contains(bytes[index + 2]),
                    let high = ASCII.hexValue(bytes[index + 1]), let low = ASCII.hexValue(bytes[index + 2])
                else { return nil }
                byte = high << 4 | low
                guard !ByteClass.controls.contains(byte) else { return nil }
                index += 3
            } else {
                guard plain.contains(byte) else { return nil }
                index += 1
            }
            result.append(byte)
        }
        return String(validating: result, as: UTF8.self)
    }
}
