internal import Base

extension TOMLParser {
    // string = ml-basic-string / basic-string / ml-literal-string / literal-string
    @_lifetime(self: copy self)
    mutating func expectString() throws(TOMLSyntaxError) -> String {
        let start = cursor.offset
        guard let quote = cursor.take() else { throw fault(.expectedValue) }
        let isMultiline = cursor.peek(0) == quote && cursor.peek(1) == quote
        if isMultiline {
            cursor.offset += 2
            // A line break right behind the opening is no part of the text.
            _ = try takeLineBreak()
        }
        let open = TOMLSyntaxError(fault: .openString(multiline: isMultiline, quote: quote), offset: start)
        var text: [UInt8] = []
        while let byte = cursor.next {
            switch byte {
            case quote where !isMultiline:
                cursor.offset += 1
                return String(decoding: text, as: UTF8.self)
            case quote:
                if takeClosingQuotes(quote, into: &text) { return String(decoding: text, as: UTF8.self) }
            case ASCII.backslash where quote == ASCII.quote:
                try takeEscape(isMultiline: isMultiline, into: &text)
            case ASCII.lf where isMultiline:
                cursor.offset += 1
                text.append(byte)
            case ASCII.cr where isMultiline && cursor.peek(1) == ASCII.lf:
                cursor.offset += 2
                text.append(ASCII.lf)
            case ASCII.lf:
                throw open
            case ASCII.cr where cursor.peek(1) == ASCII.lf:
                throw open
            default:
                try refuseControl(byte)
                cursor.offset += 1
                text.append(byte)
            }
        }
        throw open
    }

    /// Takes the quotes at the cursor; up to two may stand before the three that close the string.
    @_lifetime(self: copy self)
    private mutating func takeClosingQuotes(_ quote: UInt8, into text: inout [UInt8]) -> Bool {
        var count = 0
        while count < 5, cursor.take(quote) { count += 1 }
        guard count >= 3 else {
            text.append(contentsOf: repeatElement(quote, count: count))
            return false
        }
        text.append(contentsOf: repeatElement(quote, count: count - 3))
        return true
    }

    // escape = "\" ( %x22 / "\" / b / f / n / r / t / u 4HEXDIG / U 8HEXDIG )
    @_lifetime(self: copy self)
    private mutating func takeEscape(isMultiline: Bool, into text: inout [UInt8]) throws(TOMLSyntaxError) {
        let start = cursor.offset
        cursor.offset += 1
        guard let byte = cursor.take() else { return }
        switch byte {
        case ASCII.quote, ASCII.backslash: text.append(byte)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(ASCII.lf)
        case 0x72: text.append(ASCII.cr)
        case 0x74: text.append(ASCII.tab)
        case 0x75: try takeScalar(digits: 4, from: start, into: &text)
        case 0x55: try takeScalar(digits: 8, from: start, into: &text)
        default:
            cursor.offset = start + 1
            guard isMultiline, try takeLineEndingEscape() else {
                throw TOMLSyntaxError(fault: .unknownEscape(byte), offset: start)
            }
        }
    }

    @_lifetime(self: copy self)
    private mutating func takeScalar(digits: Int, from start: Int, into text: inout [UInt8]) throws(TOMLSyntaxError) {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let byte = cursor.take(in: .hexDigits), let digit = ASCII.hexValue(byte) else {
                throw TOMLSyntaxError(fault: .badUnicodeEscape, offset: start)
            }
            value = value << 4 | UInt32(digit)
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw TOMLSyntaxError(fault: .badUnicodeEscape, offset: start)
        }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    /// A backslash at the end of a line: the break and all white space behind it are no text.
    @_lifetime(self: copy self)
    private mutating func takeLineEndingEscape() throws(TOMLSyntaxError) -> Bool {
        skipBlanks()
        guard try takeLineBreak() else { return false }
        repeat { skipBlanks() } while try takeLineBreak()
        return true
    }
}
