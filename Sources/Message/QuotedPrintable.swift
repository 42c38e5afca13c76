internal import Base

/// Quoted-printable (RFC 2045 §6.7).
enum QuotedPrintable {
    /// What is no valid escape stays as it is; blanks at a line's end are padding of transport and go.
    static func decode(_ bytes: ArraySlice<UInt8>, limit: Int = .max) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(min(limit, bytes.count))
        var index = bytes.startIndex
        // The bytes of the result that a blank at a line's end may not be taken from.
        var kept = 0
        while index < bytes.endIndex, result.count < limit {
            let byte = bytes[index]
            if byte == UInt8(ascii: "=") {
                if let next = softBreakEnd(bytes, after: index) {
                    index = next
                    kept = result.count
                    continue
                }
                if index + 2 < bytes.endIndex, let high = ASCII.hexValue(bytes[index + 1]),
                    let low = ASCII.hexValue(bytes[index + 2])
                {
                    result.append(high << 4 | low)
                    kept = result.count
                    index += 3
                    continue
                }
            } else if byte == ASCII.lf
                || (byte == ASCII.cr && index + 1 < bytes.endIndex && bytes[index + 1] == ASCII.lf)
            {
                while result.count > kept, let last = result.last, ByteClass.blanks.contains(last) {
                    result.removeLast()
                }
            }
            result.append(byte)
            index += 1
        }
        return result
    }

    /// Where the next line begins, when the equals sign is followed by nothing but blanks.
    private static func softBreakEnd(_ bytes: ArraySlice<UInt8>, after equals: Int) -> Int? {
        var index = equals + 1
        while index < bytes.endIndex, ByteClass.blanks.contains(bytes[index]) { index += 1 }
        guard index < bytes.endIndex else { return index }
        if bytes[index] == ASCII.cr { index += 1 }
        guard index < bytes.endIndex, bytes[index] == ASCII.lf else { return nil }
        return index + 1
    }

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
