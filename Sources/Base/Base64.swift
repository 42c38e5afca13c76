/// Base 64 with the standard alphabet and padding (RFC 4648 §4).
package enum Base64 {
    package static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: encodedBytes(bytes), as: UTF8.self)
    }

    /// Encoded, without line breaks.
    package static func encodedBytes(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let group =
                UInt32(bytes[index]) << 16
                | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[index + 2]) : 0)
            result.append(digit(group >> 18))
            result.append(digit(group >> 12))
            result.append(left > 1 ? digit(group >> 6) : padding)
            result.append(left > 2 ? digit(group) : padding)
            index += 3
        }
        return result
    }

    /// Strict decoding, as for SASL: no white space, right padding, no bits left over.
    package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var group: UInt32 = 0
        var digits = 0
        var pads = 0
        for byte in text {
            if byte == padding {
                pads += 1
                guard pads <= 2 else { return nil }
                continue
            }
            guard pads == 0, let value = value(of: byte) else { return nil }
            group = group << 6 | UInt32(value)
            digits += 1
            if digits == 4 {
                result.append(UInt8(truncatingIfNeeded: group >> 16))
                result.append(UInt8(truncatingIfNeeded: group >> 8))
                result.append(UInt8(truncatingIfNeeded: group))
                group = 0
                digits = 0
            }
        }
        switch (digits, pads) {
        case (0, 0):
            return result
        case (2, 2) where group & 0x0F == 0:
            result.append(UInt8(truncatingIfNeeded: group >> 4))
            return result
        case (3, 1) where group & 0x03 == 0:
            result.append(UInt8(truncatingIfNeeded: group >> 10))
            result.append(UInt8(truncatingIfNeeded: group >> 2))
            return result
        default:
            return nil
        }
    }

    /// The value of one digit of the alphabet.
    package static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }

    private static let padding: UInt8 = 0x3D

    private static func digit(_ group: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: group & 63)
        return switch value {
        case 0..<26: 0x41 + value
        case 26..<52: 0x61 + value - 26
        case 52..<62: 0x30 + value - 52
        case 62: 0x2B
        default: 0x2F
        }
    }
}
