/// Base 16 in lower case (RFC 4648 §8).
package enum Hexadecimal {
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        for byte in bytes {
            result.append(digit(byte >> 4))
            result.append(digit(byte & 0x0F))
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The bytes of an even number of hexadecimal digits in either case; `nil` for anything else.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var result: [UInt8] = []
        var high: UInt8?
        for byte in text.utf8 {
            guard let value = ASCII.hexValue(byte) else { return nil }
            if let first = high {
                result.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? result : nil
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x61 + value - 10
    }
}
