/// What is wrong at a byte of a TOML document.
struct TOMLSyntaxError: Error, Equatable {
    enum Fault: Error, Equatable {
        case expectedKey
        case expectedEquals
        case expectedValue
        case expectedEndOfLine
        case expectedHeaderEnd(array: Bool)
        case expectedCommaOrEnd(of: Container)
        case openContainer(Container)
        case openString(multiline: Bool, quote: UInt8)
        case multilineKey
        case lineBreakInTable
        case trailingComma
        case controlCharacter(UInt8)
        case loneCarriageReturn
        case unknownEscape(UInt8)
        case badUnicodeEscape
        case badNumber(String)
        case leadingZero(String)
        case numberTooLarge(String)
        case badDateTime(String)
        case bareWord(String)
        case tooDeep(Int)
        case duplicate(key: String, first: String)
        case notATable(key: String, type: String, first: String)
        case closedTable(key: String, first: String)
        case tableTwice(key: String, first: String)
        case notAnArrayOfTables(key: String, type: String, first: String)
    }

    enum Container: String {
        case array
        case inlineTable = "inline table"

        var close: String { self == .array ? "]" : "}" }
    }

    var fault: Fault
    var offset: Int
}

extension TOMLSyntaxError.Fault: CustomStringConvertible {
    /// What is wrong and what to do about it.
    var description: String {
        switch self {
        case .expectedKey: "expected a key; write `key = value` or a [table]"
        case .expectedEquals: "expected \"=\" after the key; keys with spaces or dots in them need quotes"
        case .expectedValue: "expected a value; write a \"string\", a number, true, false, a date, [ ] or { }"
        case .expectedEndOfLine: "expected the end of the line; write one key a line"
        case .expectedHeaderEnd(let array): "expected \"\(array ? "]]" : "]")\" to end the table's name"
        case .expectedCommaOrEnd(let container):
            "expected \",\" or \"\(container.close)\" in the \(container.rawValue)"
        case .openContainer(let container): "the \(container.rawValue) is not closed; add \"\(container.close)\""
        case .openString(let multiline, let quote): Self.openString(multiline, quote)
        case .multilineKey: "a key cannot be a multi-line string; use one quote at each end"
        case .lineBreakInTable: "an inline table must stand on one line; use a [table] for longer ones"
        case .trailingComma: "an inline table cannot end with a comma; remove it"
        case .controlCharacter(let byte):
            "control character \(Self.hex(byte)) is not allowed; remove it or write \\u00\(Self.hex(byte, prefix: ""))"
        case .loneCarriageReturn:
            "a carriage return must be followed by a line feed; save the file with one kind of line end"
        case .unknownEscape(let byte): "unknown escape\(Self.escape(byte)); write \\\\ for a backslash"
        case .badUnicodeEscape: "\\u needs 4 and \\U 8 hexadecimal digits of a Unicode character"
        case .badNumber(let text): "\"\(text)\" is not a number"
        case .leadingZero(let text): "\"\(text)\" has a leading zero; remove it, or quote it if it is text"
        case .numberTooLarge(let text): "\"\(text)\" does not fit into 64 bits"
        case .badDateTime(let text):
            "\"\(text)\" is no date or time; write 2026-03-01, 09:30:00 or 2026-03-01T09:30:00Z"
        case .bareWord(let text): "\"\(text)\" is no value; text needs quotes"
        case .tooDeep(let limit): "more than \(limit) tables and arrays inside each other"
        case .duplicate(let key, let first): "\"\(key)\" is already set at \(first); keep one of them"
        case .notATable(let key, let type, let first): "\"\(key)\" is \(type) (set at \(first)), not a table"
        case .closedTable(let key, let first):
            "the inline table \"\(key)\" at \(first) cannot be added to; write it as a [table]"
        case .tableTwice(let key, let first): "the table \"\(key)\" is already defined at \(first); join the two"
        case .notAnArrayOfTables(let key, let type, let first):
            "\"\(key)\" is \(type) (defined at \(first)), not an array of tables; use [[\(key)]] or [\(key)] throughout"
        }
    }

    private static func openString(_ multiline: Bool, _ quote: UInt8) -> String {
        let mark = String(repeating: shown(quote), count: multiline ? 3 : 1)
        guard !multiline else { return "the string is not closed; add \(mark)" }
        return "the string is not closed; add \(mark) before the end of the line"
    }

    private static func escape(_ byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7F ? " \"\\\(shown(byte))\"" : ""
    }

    private static func shown(_ byte: UInt8) -> String { String(Character(Unicode.Scalar(byte))) }

    private static func hex(_ byte: UInt8, prefix: String = "U+00") -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return prefix + (digits.count == 1 ? "0" : "") + digits
    }
}
