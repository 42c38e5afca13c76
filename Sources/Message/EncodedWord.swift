internal import Base
internal import Text

/// Encoded words (RFC 2047), decoded as they are met in real mail.
package enum EncodedWord {
    /// One encoded word taken apart.
    private struct Word {
        let charset: String
        let isBase64: Bool
        let text: Range<Int>
        let end: Int
    }

    /// The text of an unfolded value: encoded words decoded, blanks between two of them dropped (§6.2), a character
    /// that was split over two joined.
    ///
    /// The rest is UTF-8, or Windows-1252 where it is not.
    package static func decode(_ bytes: [UInt8]) -> String {
        var result = ""
        var plainStart = 0
        var index = 0
        // Decoded bytes whose character may go on in the next word.
        var pending: [UInt8] = []
        var pendingCharset: String?

        func flush() {
            if let charset = pendingCharset { result += Charset.decode(pending, label: charset) }
            pending.removeAll()
            pendingCharset = nil
        }

        while let start = bytes.span.firstIndex(of: UInt8(ascii: "="), from: index) {
            guard let word = word(in: bytes, at: start) else {
                index = start + 1
                continue
            }
            let between = plainStart..<start
            let isGlue = pendingCharset != nil && bytes[between].allSatisfy { ASCII.isWhiteSpace($0) }
            if !isGlue {
                flush()
                result += Charset.decode(Array(bytes[between]), label: nil)
            }
            if let charset = pendingCharset, !ASCII.equalsIgnoringCase(charset, word.charset) { flush() }
            pendingCharset = pendingCharset ?? word.charset
            pending += decode(bytes, word)
            index = word.end
            plainStart = word.end
        }
        flush()
        if plainStart < bytes.count { result += Charset.decode(Array(bytes[plainStart...]), label: nil) }
        return result
    }

    /// Where an encoded word that begins at `start` ends; `nil` where none begins.
    static func end(in bytes: [UInt8], at start: Int) -> Int? {
        bytes[start] == UInt8(ascii: "=") ? word(in: bytes, at: start)?.end : nil
    }

    /// The grammar of §2, spaces inside the text tolerated.
    ///
    /// No byte of a text is searched for more than one word, since a question mark ends it.
    private static func word(in bytes: [UInt8], at start: Int) -> Word? {
        let mark = UInt8(ascii: "?")
        guard start + 6 < bytes.count, bytes[start + 1] == mark else { return nil }
        var index = start + 2
        var charsetEnd: Int?
        while index < bytes.count, index - start < 80, bytes[index] != mark, bytes[index] > ASCII.space {
            if bytes[index] == UInt8(ascii: "*"), charsetEnd == nil { charsetEnd = index }
            index += 1
        }
        guard index + 2 < bytes.count, index > start + 2, bytes[index] == mark, bytes[index + 2] == mark else {
            return nil
        }
        let charset = String(decoding: bytes[(start + 2)..<(charsetEnd ?? index)], as: UTF8.self)
        let isBase64: Bool
        switch bytes[index + 1] | 0x20 {
        case UInt8(ascii: "b"): isBase64 = true
        case UInt8(ascii: "q"): isBase64 = false
        default: return nil
        }
        let textStart = index + 3
        guard let textEnd = bytes.span.firstIndex(of: mark, from: textStart), textEnd + 1 < bytes.count,
            bytes[textEnd + 1] == UInt8(ascii: "=")
        else { return nil }
        return Word(charset: charset, isBase64: isBase64, text: textStart..<textEnd, end: textEnd + 2)
    }

    private static func decode(_ bytes: [UInt8], _ word: Word) -> [UInt8] {
        if word.isBase64 { return TransferEncoding.base64.decode(bytes[word.text]) }
        var result: [UInt8] = []
        result.reserveCapacity(word.text.count)
        var index = word.text.lowerBound
        while index < word.text.upperBound {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "_") {
                result.append(ASCII.space)
            } else if byte == UInt8(ascii: "="), index + 1 < word.text.upperBound,
                let high = ASCII.hexValue(bytes[index]), let low = ASCII.hexValue(bytes[index + 1])
            {
                result.append(high << 4 | low)
                index += 2
            } else {
                result.append(byte)
            }
        }
        return result
    }
}
