internal import Base

/// A table as spreadsheets export it (RFC 4180): a header row, then one record a row.
///
/// The delimiter is the comma, or the semicolon where the header row has more of those: that is
/// what spreadsheets write in countries with a decimal comma. Rows end with LF or CRLF.
struct CSVTable {
    struct Field: Equatable {
        var text: String
        var offset: Int
    }

    struct Row {
        var fields: [Field]
        var offset: Int
    }

    var header: [Field]
    var rows: [Row]
}

/// Reads the rows and goes on after a fault with the next line.
struct CSVReader: ~Escapable {
    private enum Fault: Error {
        case openQuote(Int)
        case textBehindQuote(Int)
        case strayQuote(Int)
        case control(UInt8, Int)
        case tooLong(Int, length: Int)
    }

    private var cursor: ByteCursor
    private let reporter: ProblemReporter
    private let delimiter: UInt8

    @_lifetime(copy bytes)
    private init(_ bytes: Span<UInt8>, _ source: SourceText, _ reporter: ProblemReporter) {
        cursor = ByteCursor(bytes, at: source.start)
        self.reporter = reporter
        delimiter = Self.delimiter(of: bytes, from: source.start)
    }

    /// The table; `nil` where there is not even a header row.
    static func read(_ source: SourceText, into reporter: ProblemReporter) -> CSVTable? {
        if let offset = source.firstInvalidByte {
            reporter.report("the text is not UTF-8 here; export the table as CSV UTF-8", at: offset)
            return nil
        }
        var reader = CSVReader(source.bytes.span, source, reporter)
        return reader.readTable()
    }

    private static func delimiter(of bytes: Span<UInt8>, from start: Int) -> UInt8 {
        var (commas, semicolons) = (0, 0)
        var isQuoted = false
        for index in start..<bytes.count {
            switch bytes[index] {
            case ASCII.quote: isQuoted.toggle()
            case 0x2C where !isQuoted: commas += 1
            case 0x3B where !isQuoted: semicolons += 1
            case ASCII.lf where !isQuoted: return semicolons > commas ? 0x3B : 0x2C
            default: break
            }
        }
        return semicolons > commas ? 0x3B : 0x2C
    }

    @_lifetime(self: copy self)
    private mutating func readTable() -> CSVTable? {
        var table: CSVTable?
        while !cursor.isAtEnd {
            let start = cursor.offset
            do {
                let row = try takeRow()
                guard !isBlank(row) else { continue }
                guard let header = table?.header else {
                    table = CSVTable(header: Self.trimmed(row.fields, to: 1), rows: [])
                    continue
                }
                let fields = Self.trimmed(row.fields, to: header.count)
                if fields.count == header.count {
                    table?.rows.append(CSVTable.Row(fields: fields, offset: row.offset))
                } else {
                    report(
                        "the row has \(fields.count) fields, the header \(header.count); quote fields that contain"
                            + " the delimiter",
                        at: start
                    )
                }
            } catch {
                report(error)
                _ = cursor.takeUntil(ASCII.lf)
                _ = cursor.take(ASCII.lf)
            }
        }
        if table == nil { report("the table is empty; begin with a row of column names", at: cursor.offset) }
        return table
    }

    /// Without empty fields at the end, which spreadsheets write where a column was once used.
    private static func trimmed(_ fields: [CSVTable.Field], to count: Int) -> [CSVTable.Field] {
        var fields = fields
        while fields.count > count, fields.last?.text.isEmpty == true { fields.removeLast() }
        return fields
    }

    private func isBlank(_ row: CSVTable.Row) -> Bool { row.fields.allSatisfy { $0.text.isEmpty } }

    // record = field *(COMMA field)
    @_lifetime(self: copy self)
    private mutating func takeRow() throws(Fault) -> CSVTable.Row {
        var row = CSVTable.Row(fields: [], offset: cursor.offset)
        repeat { row.fields.append(try takeField()) } while cursor.take(delimiter)
        _ = cursor.take(ASCII.cr)
        _ = cursor.take(ASCII.lf)
        return row
    }

    @_lifetime(self: copy self)
    private mutating func takeField() throws(Fault) -> CSVTable.Field {
        let start = cursor.offset
        guard cursor.next == ASCII.quote else { return try takeBareField() }
        cursor.offset += 1
        var text: [UInt8] = []
        var length = 0
        while let byte = cursor.take() {
            if byte != ASCII.quote {
                guard byte >= 0x20 || ASCII.isWhiteSpace(byte) else { throw .control(byte, cursor.offset - 1) }
                length += 1
                if length <= Limits.rosterField { text.append(byte) }
            } else if cursor.take(ASCII.quote) {
                length += 1
                if length <= Limits.rosterField { text.append(ASCII.quote) }
            } else {
                guard isAtFieldEnd else { throw .textBehindQuote(cursor.offset) }
                guard length <= Limits.rosterField else { throw .tooLong(start, length: length) }
                return CSVTable.Field(text: String(decoding: ASCII.trimmed(text), as: UTF8.self), offset: start)
            }
        }
        throw .openQuote(start)
    }

    @_lifetime(self: copy self)
    private mutating func takeBareField() throws(Fault) -> CSVTable.Field {
        let start = cursor.offset
        while !isAtFieldEnd, let byte = cursor.take() {
            guard byte != ASCII.quote else { throw .strayQuote(cursor.offset - 1) }
            guard byte >= 0x20 || byte == ASCII.tab else { throw .control(byte, cursor.offset - 1) }
        }
        let length = cursor.offset - start
        guard length <= Limits.rosterField else { throw .tooLong(start, length: length) }
        return CSVTable.Field(text: ASCII.trimmed(cursor.text(start..<cursor.offset)), offset: start)
    }

    private var isAtFieldEnd: Bool {
        switch cursor.next {
        case nil, ASCII.lf, delimiter: true
        case ASCII.cr: cursor.peek(1) == ASCII.lf || cursor.peek(1) == nil
        default: false
        }
    }

    private func report(_ text: @autoclosure () -> String, at offset: Int) { reporter.report(text(), at: offset) }

    private func report(_ fault: Fault) {
        switch fault {
        case .openQuote(let offset):
            report("the quoted field is not closed; add \" at its end", at: offset)
        case .textBehindQuote(let offset):
            report("text behind the closing quote; write \"\" for a quote inside a field", at: offset)
        case .strayQuote(let offset):
            report("a quote inside a field; quote the whole field and write \"\" for it", at: offset)
        case .tooLong(let offset, let length):
            report(
                "the field has \(length) bytes, more than \(Sizes.text(Limits.rosterField)); shorten it, or close a quote"
                    + " before it",
                at: offset
            )
        case .control(let byte, let offset):
            report("control character \\x\(Hexadecimal.encode([byte])) in a field; remove it", at: offset)
        }
    }
}
