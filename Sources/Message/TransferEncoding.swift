internal import Base

/// A Content-Transfer-Encoding (RFC 2045 §6).
package enum TransferEncoding: Sendable, Hashable {
    case sevenBit
    case eightBit
    case binary
    case quotedPrintable
    case base64
    /// A name that no standard knows: the bytes are left as they are.
    case unknown

    /// From the body of the field; nothing means 7bit (RFC 2045 §6.1).
    package init(_ value: [UInt8]) {
        var cursor = ByteCursor(value.span)
        cursor.skipCFWS()
        self =
            switch cursor.takeToken() {
            case nil, "7bit": .sevenBit
            case "8bit": .eightBit
            case "binary": .binary
            case "quoted-printable": .quotedPrintable
            case "base64": .base64
            default: .unknown
            }
    }

    package var name: String {
        switch self {
        case .sevenBit: "7bit"
        case .eightBit: "8bit"
        case .binary, .unknown: "binary"
        case .quotedPrintable: "quoted-printable"
        case .base64: "base64"
        }
    }

    /// Undoes the encoding, at most up to `limit` bytes of the result.
    ///
    /// Broken input gives what can be had.
    package func decode(_ bytes: ArraySlice<UInt8>, limit: Int = .max) -> [UInt8] {
        switch self {
        case .quotedPrintable: QuotedPrintable.decode(bytes, limit: limit)
        case .base64: Self.decodeBase64(bytes, limit: limit)
        case .sevenBit, .eightBit, .binary, .unknown: Array(bytes.prefix(limit))
        }
    }

    /// Encodes, with CRLF line ends and lines of 76 characters.
    package func encode(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .quotedPrintable: QuotedPrintable.encode(bytes)
        case .base64: Self.encodeBase64(bytes)
        case .sevenBit, .eightBit, .binary, .unknown: bytes
        }
    }

    /// Characters outside the alphabet are passed over (RFC 2045 §6.8); padding in the middle ends a
    /// group, since programs join encoded texts.
    private static func decodeBase64(_ bytes: ArraySlice<UInt8>, limit: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(min(limit, bytes.count / 4 * 3 + 3))
        var group: UInt32 = 0
        var digits = 0
        for byte in bytes {
            guard result.count < limit else { break }
            if let value = Base64.value(of: byte) {
                group = group << 6 | UInt32(value)
                digits += 1
                if digits == 4 {
                    result.append(UInt8(truncatingIfNeeded: group >> 16))
                    result.append(UInt8(truncatingIfNeeded: group >> 8))
                    result.append(UInt8(truncatingIfNeeded: group))
                    (group, digits) = (0, 0)
                }
            } else if byte == UInt8(ascii: "=") {
                flush(group, digits, into: &result)
                (group, digits) = (0, 0)
            }
        }
        flush(group, digits, into: &result)
        return result.count > limit ? Array(result.prefix(limit)) : result
    }

    private static func flush(_ group: UInt32, _ digits: Int, into result: inout [UInt8]) {
        if digits == 2 {
            result.append(UInt8(truncatingIfNeeded: group >> 4))
        } else if digits == 3 {
            result.append(UInt8(truncatingIfNeeded: group >> 10))
            result.append(UInt8(truncatingIfNeeded: group >> 2))
        }
    }

    private static func encodeBase64(_ bytes: [UInt8]) -> [UInt8] {
        let encoded = Base64.encodedBytes(bytes)
        var result: [UInt8] = []
        result.reserveCapacity(encoded.count + encoded.count / 38 + 2)
        var start = 0
        while start < encoded.count {
            let end = min(start + 76, encoded.count)
            result += encoded[start..<end]
            result += [ASCII.cr, ASCII.lf]
            start = end
        }
        return result
    }
}
