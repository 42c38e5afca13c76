internal import Base
internal import Text

// Values that look the same in commands and in responses.
extension WireReader {
    // MARK: Sets

    /// sequence-set, or `$` (RFC 5182).
    @_lifetime(self: copy self)
    mutating func expectSet() throws(IMAPSyntaxError) -> SequenceSet {
        if take(UInt8(ascii: "$")) { return .savedResult }
        var ranges: [SequenceSet.Range] = []
        repeat {
            guard ranges.count < Limits.imapSetRanges else { throw failure(.tooMany) }
            let first = try expectSetNumber()
            let last = take(UInt8(ascii: ":")) ? try expectSetNumber() : first
            ranges.append(SequenceSet.Range(first, last))
        } while take(UInt8(ascii: ","))
        return SequenceSet(ranges)
    }

    /// A number, or `nil` for `*`.
    @_lifetime(self: copy self)
    private mutating func expectSetNumber() throws(IMAPSyntaxError) -> UInt32? {
        if take(UInt8(ascii: "*")) { return nil }
        guard let number = cursor.takeNumber(upTo: UInt64(UInt32.max)), number > 0 else { throw failure(.set) }
        return UInt32(number)
    }

    /// A set without `*` and `$`.
    @_lifetime(self: copy self)
    mutating func expectNumberSet() throws(IMAPSyntaxError) -> NumberSet {
        let start = offset
        let set = try expectSet()
        guard let numbers = set.numbers else { throw IMAPSyntaxError(.set, at: start) }
        return numbers
    }

    /// uid-set of a response: numbers in the order in which they stand, at most `limit` of them.
    @_lifetime(self: copy self)
    mutating func expectOrderedNumbers(limit: Int = Limits.imapOrderedNumbers) throws(IMAPSyntaxError) -> [UInt32] {
        let set = try expectSet()
        guard !set.isSavedResult else { throw failure(.set) }
        var numbers: [UInt32] = []
        for range in set.ranges {
            guard let first = range.first, let last = range.last else { throw failure(.set) }
            let (low, high) = (min(first, last), max(first, last))
            guard numbers.count + Int(high - low) < limit else { throw failure(.tooMany) }
            numbers.append(contentsOf: low...high)
        }
        return numbers
    }

    // MARK: Flags

    /// flag: `\Name` or an atom; `\*` is given as it stands, for PERMANENTFLAGS.
    @_lifetime(self: copy self)
    mutating func expectFlagName() throws(IMAPSyntaxError) -> String {
        guard take(ASCII.backslash) else { return try expectFlagAtom() }
        if take(UInt8(ascii: "*")) { return "\\*" }
        return "\\" + (try expectFlagAtom())
    }

    @_lifetime(self: copy self)
    private mutating func expectFlagAtom() throws(IMAPSyntaxError) -> String {
        let start = offset
        guard let atom = takeAtom() else { throw failure(.flag) }
        guard atom.utf8.count <= Limits.keyword else { throw IMAPSyntaxError(.flag, at: start) }
        return atom
    }

    /// flag-list: in parentheses.
    @_lifetime(self: copy self)
    mutating func expectFlagNames() throws(IMAPSyntaxError) -> [String] {
        try expect(UInt8(ascii: "("), .list)
        var names: [String] = []
        if take(UInt8(ascii: ")")) { return names }
        repeat {
            guard names.count < Limits.keywords else { throw failure(.tooMany) }
            names.append(try expectFlagName())
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return names
    }

    /// The flags of names; unknown system flags are an error for a client, \Recent is left out.
    func flags(of names: [String]) throws(IMAPSyntaxError) -> Flags {
        var system: SystemFlags = []
        var keywords: [Keyword] = []
        for name in names {
            if let flag = SystemFlags(name: name) {
                system.insert(flag)
            } else if name.utf8.first == ASCII.backslash {
                throw failure(.flag)
            } else {
                keywords.append(Keyword(name))
            }
        }
        return Flags(system.subtracting(.recent), keywords: keywords)
    }

    // MARK: Dates

    /// date: `1-Feb-1994`, with or without quotes.
    @_lifetime(self: copy self)
    mutating func expectDate() throws(IMAPSyntaxError) -> CalendarDate {
        let start = offset
        let isQuoted = take(ASCII.quote)
        guard let day = cursor.takeNumber(upTo: 31), take(UInt8(ascii: "-")), let month = takeMonth(),
            take(UInt8(ascii: "-")), let year = cursor.takeNumber(upTo: 9999),
            !isQuoted || take(ASCII.quote),
            CivilTime(year: Int(year), month: month, day: Int(day)).isValid
        else { throw IMAPSyntaxError(.date, at: start) }
        return CalendarDate(year: Int(year), month: month, day: Int(day))
    }

    /// date-time: `" 1-Feb-1994 21:52:25 -0800"`.
    @_lifetime(self: copy self)
    mutating func expectDateTime() throws(IMAPSyntaxError) -> Timestamp {
        let start = offset
        guard take(ASCII.quote), let time = takeCivilTime(), take(ASCII.quote), time.isValid else {
            throw IMAPSyntaxError(.date, at: start)
        }
        return time.timestamp
    }

    @_lifetime(self: copy self)
    private mutating func takeCivilTime() -> CivilTime? {
        _ = takeSpace()
        guard let day = cursor.takeNumber(upTo: 31), take(UInt8(ascii: "-")), let month = takeMonth(),
            take(UInt8(ascii: "-")), let year = cursor.takeNumber(upTo: 9999), takeSpace(),
            let hour = cursor.takeNumber(upTo: 23), take(UInt8(ascii: ":")),
            let minute = cursor.takeNumber(upTo: 59), take(UInt8(ascii: ":")),
            let second = cursor.takeNumber(upTo: 60), takeSpace(), let sign = cursor.take(in: ByteClass("+-")),
            let zoneDigits = cursor.take(count: 4),
            zoneDigits.allSatisfy({ ASCII.isDigit(cursor.bytes[$0]) }),
            let zone = UInt16(cursor.text(zoneDigits)), zone % 100 < 60
        else { return nil }
        let minutes = Int(zone) / 100 * 60 + Int(zone) % 100
        return CivilTime(
            year: Int(year),
            month: month,
            day: Int(day),
            hour: Int(hour),
            minute: Int(minute),
            second: Int(second),
            offset: sign == UInt8(ascii: "-") ? -minutes : minutes
        )
    }

    @_lifetime(self: copy self)
    private mutating func takeMonth() -> Int? {
        let start = offset
        guard let range = cursor.take(count: 3) else { return nil }
        let name = cursor.text(range)
        guard let index = MonthName.all.firstIndex(where: { ASCII.equalsIgnoringCase($0, name) }) else {
            cursor.offset = start
            return nil
        }
        return index + 1
    }

    // MARK: Mailbox names

    /// mailbox: a name in modified UTF-7, or in UTF-8.
    @_lifetime(self: copy self)
    mutating func expectMailbox() throws(IMAPSyntaxError) -> MailboxName {
        let start = offset
        let bytes = try expectAString()
        guard let text = mailboxText(bytes) else { throw IMAPSyntaxError(.mailboxName, at: start) }
        suppliedName = namesAreUTF8 && !text.utf8.elementsEqual(bytes) ? bytes : nil
        return try mailboxName(text, isNew: false, at: start)
    }

    /// The name of a text; wild cards of LIST may stand in a name that is there, not in a new one.
    func mailboxName(_ text: String, isNew: Bool, at start: Int) throws(IMAPSyntaxError) -> MailboxName {
        guard MailboxName.isWithinLimits(text) else { throw IMAPSyntaxError(.mailboxNameTooLong, at: start) }
        guard let name = MailboxName(text), !isNew || !name.hasWildCards else {
            throw IMAPSyntaxError(.mailboxName, at: start)
        }
        return name
    }

    /// What is written on the wire as people read it; composed, so that one name has one spelling.
    func mailboxText(_ bytes: [UInt8]) -> String? {
        let text: String? =
            if namesAreUTF8 || bytes.contains(where: { $0 >= 0x80 }) {
                String(validating: bytes, as: UTF8.self)
            } else {
                ModifiedUTF7.decode(bytes)
            }
        return text.map { Composition.composed($0) }
    }

    // MARK: Sections

    /// section with its brackets.
    @_lifetime(self: copy self)
    mutating func expectSection() throws(IMAPSyntaxError) -> SectionSpec {
        try expect(UInt8(ascii: "["), .section)
        var section = SectionSpec()
        while let next = cursor.next, ASCII.isDigit(next) {
            guard section.path.count < Limits.mimeDepth else { throw failure(.tooDeep) }
            section.path.append(try expectPositive())
            guard take(UInt8(ascii: ".")) else {
                try expect(UInt8(ascii: "]"), .section)
                return section
            }
        }
        if take(UInt8(ascii: "]")) {
            guard section.path.isEmpty else { throw failure(.section) }
            return section
        }
        section.content = try expectSectionContent(isPart: !section.path.isEmpty)
        try expect(UInt8(ascii: "]"), .section)
        return section
    }

    /// section-binary: part numbers alone, in their brackets (RFC 3516 §7).
    @_lifetime(self: copy self)
    mutating func expectSectionPart() throws(IMAPSyntaxError) -> [UInt32] {
        let start = offset
        let section = try expectSection()
        guard section.content == .all else { throw IMAPSyntaxError(.section, at: start) }
        return section.path
    }

    @_lifetime(self: copy self)
    private mutating func expectSectionContent(isPart: Bool) throws(IMAPSyntaxError) -> SectionSpec.Content {
        if takeWord("HEADER.FIELDS.NOT") { return .headerFieldsNot(try expectFieldNames()) }
        if takeWord("HEADER.FIELDS") { return .headerFields(try expectFieldNames()) }
        if takeWord("HEADER") { return .header }
        if takeWord("TEXT") { return .text }
        if isPart, takeWord("MIME") { return .mime }
        throw failure(.section)
    }

    @_lifetime(self: copy self)
    private mutating func expectFieldNames() throws(IMAPSyntaxError) -> [String] {
        try expectSpace()
        try expect(UInt8(ascii: "("), .section)
        var names: [String] = []
        repeat {
            guard names.count < Limits.imapHeaderFields else { throw failure(.tooMany) }
            names.append(String(decoding: try expectAString(), as: UTF8.self))
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .section)
        return names
    }
}
