internal import Base

extension TOMLParser {
    private static let scalar = ByteClass.alphanumerics.union(ByteClass("+-_.:"))

    // val = string / boolean / array / inline-table / date-time / float / integer
    @_lifetime(self: copy self)
    mutating func expectValue(depth: Int) throws(TOMLSyntaxError) -> TOMLTree.Value {
        guard depth <= Limits.configurationNesting else { throw fault(.tooDeep(Limits.configurationNesting)) }
        let start = cursor.offset
        switch cursor.next {
        case ASCII.quote, 0x27: return TOMLTree.value(.string(try expectString()), at: start)
        case 0x5B: return try expectArray(depth: depth)
        case 0x7B: return try expectInlineTable(depth: depth)
        default: return TOMLTree.value(try expectScalar(), at: start)
        }
    }

    // array = "[" [ array-values ] ws-comment-newline "]"
    @_lifetime(self: copy self)
    private mutating func expectArray(depth: Int) throws(TOMLSyntaxError) -> TOMLTree.Value {
        let start = cursor.offset
        cursor.offset += 1
        openContainers += 1
        var elements: [TOMLTree.Value] = []
        while true {
            try skipSpaceAndComments()
            if cursor.take(0x5D) { break }
            guard !cursor.isAtEnd else { throw TOMLSyntaxError(fault: .openContainer(.array), offset: start) }
            elements.append(try expectValue(depth: depth + 1))
            try skipSpaceAndComments()
            if cursor.take(0x5D) { break }
            guard !cursor.isAtEnd else { throw TOMLSyntaxError(fault: .openContainer(.array), offset: start) }
            guard cursor.take(0x2C) else { throw fault(.expectedCommaOrEnd(of: .array)) }
        }
        openContainers -= 1
        return TOMLTree.array(elements, at: start)
    }

    // inline-table = "{" ws [ keyval *( ws "," ws keyval ) ] ws "}"
    @_lifetime(self: copy self)
    private mutating func expectInlineTable(depth: Int) throws(TOMLSyntaxError) -> TOMLTree.Value {
        let start = cursor.offset
        cursor.offset += 1
        openContainers += 1
        let table = tree.makeTable(at: start, depth: depth)
        skipBlanks()
        if !cursor.take(0x7D) {
            while true {
                try refuseLineBreak(from: start)
                let keys = try expectKeys()
                try tree.insert(try expectAssignment(depth: depth + keys.count), for: keys, in: table)
                skipBlanks()
                if cursor.take(0x7D) { break }
                try refuseLineBreak(from: start)
                guard cursor.take(0x2C) else { throw fault(.expectedCommaOrEnd(of: .inlineTable)) }
                skipBlanks()
                guard cursor.next != 0x7D else { throw fault(.trailingComma) }
            }
        }
        openContainers -= 1
        return tree.close(table, at: start)
    }

    private func refuseLineBreak(from start: Int) throws(TOMLSyntaxError) {
        guard !cursor.isAtEnd else { throw TOMLSyntaxError(fault: .openContainer(.inlineTable), offset: start) }
        guard cursor.next != ASCII.lf, cursor.next != ASCII.cr, cursor.next != 0x23 else {
            throw fault(.lineBreakInTable)
        }
    }

    @_lifetime(self: copy self)
    private mutating func skipSpaceAndComments() throws(TOMLSyntaxError) {
        repeat {
            skipBlanks()
            try skipComment()
        } while try takeLineBreak()
    }

    // MARK: Scalars

    @_lifetime(self: copy self)
    private mutating func expectScalar() throws(TOMLSyntaxError) -> TOMLValue {
        let start = cursor.offset
        var range = cursor.takeAll(in: Self.scalar)
        guard !range.isEmpty else { throw fault(.expectedValue) }
        // A space may stand in place of the T of a date-time.
        if range.count == 10, cursor.next == ASCII.space, let digit = cursor.peek(1), ASCII.isDigit(digit),
            cursor.bytes[start + 4] == 0x2D
        {
            cursor.offset += 1
            range = start..<cursor.takeAll(in: Self.scalar).upperBound
        }
        let bytes = cursor.copy(range)
        let text = String(decoding: bytes, as: UTF8.self)
        do {
            return try Self.scalar(bytes, text)
        } catch {
            throw TOMLSyntaxError(fault: error, offset: start)
        }
    }

    private static func scalar(_ bytes: [UInt8], _ text: String) throws(TOMLSyntaxError.Fault) -> TOMLValue {
        switch text {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "inf", "+inf": return .float(.infinity)
        case "-inf": return .float(-.infinity)
        case "nan", "+nan", "-nan": return .float(.nan)
        default: break
        }
        guard let first = bytes.first, ASCII.isDigit(first) || first == 0x2B || first == 0x2D || first == 0x2E else {
            throw .bareWord(text)
        }
        if bytes.contains(0x3A) || bytes.count > 4 && bytes[4] == 0x2D && bytes.prefix(4).allSatisfy(ASCII.isDigit) {
            guard let value = TOMLDateTime(bytes) else { throw .badDateTime(text) }
            return .dateTime(value)
        }
        return try number(bytes, text)
    }

    private static func number(_ bytes: [UInt8], _ text: String) throws(TOMLSyntaxError.Fault) -> TOMLValue {
        if bytes.count > 2, bytes[0] == 0x30, let radix = radix(of: bytes[1]) {
            return .integer(try integer(bytes.dropFirst(2), radix: radix, isNegative: false, text))
        }
        let isSigned = bytes[0] == 0x2B || bytes[0] == 0x2D
        let unsigned = bytes.dropFirst(isSigned ? 1 : 0)
        let whole = unsigned.prefix { ASCII.isDigit($0) || $0 == 0x5F }
        guard !whole.isEmpty, ASCII.isDigit(whole[whole.startIndex]) else { throw .badNumber(text) }
        guard whole.count == 1 || whole.first != 0x30 else { throw .leadingZero(text) }
        guard whole.count < unsigned.count else {
            return .integer(try integer(unsigned, radix: 10, isNegative: bytes[0] == 0x2D, text))
        }
        return .float(try float(bytes, whole: whole, rest: unsigned[whole.endIndex...], text))
    }

    private static func radix(of byte: UInt8) -> UInt64? {
        switch byte {
        case 0x78: 16
        case 0x6F: 8
        case 0x62: 2
        default: nil
        }
    }

    private static func integer(
        _ digits: ArraySlice<UInt8>,
        radix: UInt64,
        isNegative: Bool,
        _ text: String
    ) throws(TOMLSyntaxError.Fault) -> Int64 {
        guard hasSoundUnderscores(digits) else { throw .badNumber(text) }
        var magnitude: UInt64 = 0
        for byte in digits where byte != 0x5F {
            guard let digit = ASCII.hexValue(byte), UInt64(digit) < radix else { throw .badNumber(text) }
            let (shifted, overflowed) = magnitude.multipliedReportingOverflow(by: radix)
            let (sum, carried) = shifted.addingReportingOverflow(UInt64(digit))
            guard !overflowed, !carried else { throw .numberTooLarge(text) }
            magnitude = sum
        }
        if isNegative, magnitude == Int64.min.magnitude { return .min }
        guard let value = Int64(exactly: magnitude) else { throw .numberTooLarge(text) }
        return isNegative ? -value : value
    }

    // float = float-int-part ( exp / frac [ exp ] )
    private static func float(
        _ bytes: [UInt8],
        whole: ArraySlice<UInt8>,
        rest: ArraySlice<UInt8>,
        _ text: String
    ) throws(TOMLSyntaxError.Fault) -> Double {
        var rest = rest
        var isSound = hasSoundUnderscores(whole)
        if rest.first == 0x2E {
            let fraction = rest.dropFirst().prefix { ASCII.isDigit($0) || $0 == 0x5F }
            isSound = isSound && hasSoundUnderscores(fraction)
            rest = rest[fraction.endIndex...]
        }
        if let mark = rest.first {
            var exponent = rest.dropFirst()
            if exponent.first == 0x2B || exponent.first == 0x2D { exponent = exponent.dropFirst() }
            isSound =
                isSound && mark | 0x20 == 0x65 && hasSoundUnderscores(exponent)
                && exponent.allSatisfy { ASCII.isDigit($0) || $0 == 0x5F }
        }
        guard isSound, let value = Double(String(decoding: bytes.filter { $0 != 0x5F }, as: UTF8.self)) else {
            throw .badNumber(text)
        }
        return value
    }

    /// Whether there are digits, and every underscore stands between two of them.
    private static func hasSoundUnderscores(_ digits: ArraySlice<UInt8>) -> Bool {
        guard let first = digits.first, first != 0x5F, digits.last != 0x5F else { return false }
        return !zip(digits, digits.dropFirst()).contains { $0 == 0x5F && $1 == 0x5F }
    }
}
