internal import Base

/// Undoes a transfer encoding piece by piece (RFC 2045 §6); a body decodes alike however it is cut.
///
/// Broken input gives what can be had.
package struct TransferDecoder: Sendable {
    /// What is decoded so far.
    package private(set) var output: [UInt8] = []
    private let encoding: TransferEncoding
    private let limit: Int

    // Base 64: the digits of the group that is open.
    private var group: UInt32 = 0
    private var digits = 0

    // Quoted-printable: what an equals sign begins, and the part of the output that a blank at a
    // line's end may not be taken from.
    private var escape: [UInt8] = []
    private var kept = 0
    /// Up to where no line's end can change the output any more.
    private var settled = 0

    /// Nothing is decoded behind `limit` octets of the result.
    package init(_ encoding: TransferEncoding, limit: Int = .max) {
        self.encoding = encoding
        self.limit = limit
    }

    /// Whether `limit` is reached: what follows changes nothing.
    package var isFull: Bool { (encoding == .quotedPrintable ? settled : output.count) >= limit }

    package mutating func append(_ bytes: ArraySlice<UInt8>) {
        guard !isFull else { return }
        switch encoding {
        case .base64: appendBase64(bytes.span)
        case .quotedPrintable: appendQuotedPrintable(bytes.span)
        case .sevenBit, .eightBit, .binary, .unknown: output += bytes.prefix(limit - output.count)
        }
        if isFull { clip() }
    }

    /// Takes what the end of the input leaves open.
    package mutating func finish() {
        switch encoding {
        case .base64: endGroup()
        case .quotedPrintable:
            // `=` and blanks at the very end are a soft break (RFC 2045 §6.7).
            if !escape.dropFirst().allSatisfy({ ByteClass.blanks.contains($0) }) { output += escape }
            escape = []
        case .sevenBit, .eightBit, .binary, .unknown: break
        }
        clip()
    }

    private mutating func clip() {
        if output.count > limit { output.removeLast(output.count - limit) }
    }

    // MARK: Base 64

    /// Characters outside the alphabet are passed over (RFC 2045 §6.8); padding in the middle ends a
    /// group, since programs join encoded texts.
    private mutating func appendBase64(_ bytes: Span<UInt8>) {
        output.reserveCapacity(min(limit, output.count + bytes.count / 4 * 3 + 3))
        let values = Self.values
        for index in bytes.indices {
            let value = values[Int(bytes[index])]
            if value < 64 {
                group = group << 6 | UInt32(value)
                digits += 1
                guard digits == 4 else { continue }
                output.append(UInt8(truncatingIfNeeded: group >> 16))
                output.append(UInt8(truncatingIfNeeded: group >> 8))
                output.append(UInt8(truncatingIfNeeded: group))
                (group, digits) = (0, 0)
                guard output.count < limit else { return }
            } else if bytes[index] == UInt8(ascii: "=") {
                endGroup()
            }
        }
    }

    private mutating func endGroup() {
        if digits == 2 {
            output.append(UInt8(truncatingIfNeeded: group >> 4))
        } else if digits == 3 {
            output.append(UInt8(truncatingIfNeeded: group >> 10))
            output.append(UInt8(truncatingIfNeeded: group >> 2))
        }
        (group, digits) = (0, 0)
    }

    /// The value of every byte as a digit; 0xFF for those outside the alphabet.
    private static let values: [UInt8] = (UInt8.min ... .max).map { Base64.value(of: $0) ?? 0xFF }

    // MARK: Quoted-printable

    /// What is no valid escape stays as it is; blanks at a line's end are padding of transport and go.
    private mutating func appendQuotedPrintable(_ bytes: Span<UInt8>) {
        output.reserveCapacity(min(limit, output.count + bytes.count))
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if !escape.isEmpty, continueEscape(byte) {
                index += 1
                continue
            }
            // The rest of an escape that was none stands in the output now.
            guard !isFull else { return }
            switch byte {
            case UInt8(ascii: "="): escape.append(byte)
            case ASCII.lf: endLine()
            default:
                output.append(byte)
                if byte != ASCII.cr, !ByteClass.blanks.contains(byte) { settled = output.count }
            }
            index += 1
        }
    }

    /// Takes a byte behind an equals sign; answers whether it belongs to it.
    private mutating func continueEscape(_ byte: UInt8) -> Bool {
        let last = escape.count > 1 ? escape[escape.count - 1] : 0
        if byte == ASCII.lf {
            // A soft break, whatever blanks and CR stand before it.
            if escape.count == 1 || last == ASCII.cr || ByteClass.blanks.contains(last) {
                escape.removeAll(keepingCapacity: true)
                kept = output.count
                return true
            }
        } else if escape.count == 2, let high = ASCII.hexValue(last) {
            if let low = ASCII.hexValue(byte) {
                output.append(high << 4 | low)
                (kept, settled) = (output.count, output.count)
                escape.removeAll(keepingCapacity: true)
                return true
            }
        } else if last != ASCII.cr {
            let isHex = escape.count == 1 && ASCII.hexValue(byte) != nil
            if isHex || byte == ASCII.cr || ByteClass.blanks.contains(byte) {
                escape.append(byte)
                return true
            }
        }
        output += escape
        // The equals sign stays; blanks behind it may end the line.
        settled = output.count - escape.count + 1
        escape.removeAll(keepingCapacity: true)
        return false
    }

    private mutating func endLine() {
        let hasCR = output.count > kept && output.last == ASCII.cr
        if hasCR { output.removeLast() }
        while output.count > kept, let last = output.last, ByteClass.blanks.contains(last) { output.removeLast() }
        if hasCR { output.append(ASCII.cr) }
        output.append(ASCII.lf)
        settled = output.count
    }
}
