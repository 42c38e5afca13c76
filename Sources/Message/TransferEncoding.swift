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
        var decoder = TransferDecoder(self, limit: limit)
        decoder.append(bytes)
        decoder.finish()
        return decoder.output
    }

    /// Encodes, with CRLF line ends and lines of 76 characters.
    package func encode(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .quotedPrintable: QuotedPrintable.encode(bytes)
        case .base64: Self.encodeBase64(bytes)
        case .sevenBit, .eightBit, .binary, .unknown: bytes
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
