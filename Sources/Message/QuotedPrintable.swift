internal import Base

/// Writes quoted-printable (RFC 2045 §6.7); `TransferDecoder` reads it.
enum QuotedPrintable {
    /// Encodes text: line ends, as LF or CRLF, stay line ends and become CRLF.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 8)
        var column = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let isCRLF = byte == ASCII.cr && index + 1 < bytes.count && bytes[index + 1] == ASCII.lf
            if isCRLF || byte == ASCII.lf {
                result += [ASCII.cr, ASCII.lf]
                column = 0
                index += isCRLF ? 2 : 1
                continue
            }
            if column > 72 {
                result += [UInt8(ascii: "="), ASCII.cr, ASCII.lf]
                column = 0
            }
            let next = index + 1 < bytes.count ? bytes[index + 1] : ASCII.lf
            let endsLine = next == ASCII.lf || next == ASCII.cr
            // A full stop or "From " at a line's start invites gateways to change it.
            let isFragile = column == 0 && (byte == UInt8(ascii: ".") || byte == UInt8(ascii: "F"))
            let isPlain =
                (byte >= 0x21 && byte <= 0x7E && byte != UInt8(ascii: "=") && !isFragile)
                || (ByteClass.blanks.contains(byte) && !endsLine)
            if isPlain {
                result.append(byte)
                column += 1
            } else {
                result.append(UInt8(ascii: "="))
                result += Array(ASCII.uppercased(Hexadecimal.encode([byte])).utf8)
                column += 3
            }
            index += 1
        }
        return result
    }
}
