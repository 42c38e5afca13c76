package import Base
internal import Text

/// Writes lines of the protocol, in both directions.
package struct WireWriter: Sendable {
    /// How octets are sent that a quoted string cannot hold.
    package enum Literals: Hashable, Sendable {
        /// A server's: without asking.
        case response
        /// A client's that waits for `+` behind each; `pauses` says where.
        case synchronizing
        /// LITERAL+ (RFC 7888).
        case nonSynchronizing
        /// LITERAL-: without asking up to `Limits.imapLiteralMinus`.
        case shortNonSynchronizing
    }

    package private(set) var bytes: [UInt8] = []
    /// Offsets in `bytes` behind which a client sends on only when the server said `+`.
    package private(set) var pauses: [Int] = []
    private let literals: Literals
    /// Whether the reader takes UTF-8 in quoted strings and in text (RFC 6855 §3).
    package var quotesUTF8 = false

    package init(literals: Literals = .response) { self.literals = literals }

    package var isEmpty: Bool { bytes.isEmpty }

    /// Everything written so far; the writer starts again.
    package mutating func takeBytes() -> [UInt8] {
        defer {
            bytes = []
            pauses = []
        }
        return bytes
    }

    // MARK: Plain

    package mutating func write(_ text: StaticString) { bytes.append(contentsOf: text.description.utf8) }

    package mutating func write(text: String) { bytes.append(contentsOf: text.utf8) }

    package mutating func write(_ octets: [UInt8]) { bytes.append(contentsOf: octets) }

    package mutating func write(_ octets: ArraySlice<UInt8>) { bytes.append(contentsOf: octets) }

    package mutating func write(_ number: some FixedWidthInteger & UnsignedInteger) {
        digits(UInt64(number), width: 1)
    }

    /// A number with leading zeros; without an array of its own, since every FETCH line has several.
    private mutating func digits(_ number: UInt64, width: Int) {
        var count = 1
        var rest = number / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        count = max(count, width)
        bytes.append(contentsOf: repeatElement(0x30, count: count))
        var place = bytes.count
        rest = number
        while rest > 0 {
            place -= 1
            bytes[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    package mutating func space() { bytes.append(ASCII.space) }

    package mutating func open() { bytes.append(UInt8(ascii: "(")) }

    package mutating func close() { bytes.append(UInt8(ascii: ")")) }

    package mutating func endLine() {
        bytes.append(ASCII.cr)
        bytes.append(ASCII.lf)
    }

    /// Values with a space between them.
    package mutating func list<Value>(_ values: some Sequence<Value>, _ write: (inout Self, Value) -> Void) {
        var isFirst = true
        for value in values {
            if !isFirst { space() }
            isFirst = false
            write(&self, value)
        }
    }

    // MARK: Strings

    /// A quoted string where it can be one, else a literal.
    package mutating func string(_ octets: [UInt8]) {
        guard octets.count <= Self.longestQuoted, isQuotable(octets) else {
            literal(octets)
            return
        }
        bytes.append(ASCII.quote)
        for octet in octets {
            if octet == ASCII.quote || octet == ASCII.backslash { bytes.append(ASCII.backslash) }
            bytes.append(octet)
        }
        bytes.append(ASCII.quote)
    }

    private func isQuotable(_ octets: [UInt8]) -> Bool {
        if octets.allSatisfy({ Self.quotable.contains($0) }) { return true }
        return quotesUTF8 && octets.allSatisfy { $0 >= 0x80 || Self.quotable.contains($0) }
            && String(validating: octets, as: UTF8.self) != nil
    }

    package mutating func string(_ text: String) { string(Array(text.utf8)) }

    /// A string, or NIL.
    package mutating func nstring(_ octets: [UInt8]?) {
        if let octets { string(octets) } else { write("NIL") }
    }

    /// An atom where it can be one, else a string.
    package mutating func astring(_ octets: [UInt8]) {
        let isAtom =
            !octets.isEmpty && octets.count <= Self.longestQuoted
            && octets.allSatisfy { WireReader.astringBytes.contains($0) }
            && !ASCII.equalsIgnoringCase(octets, "NIL".utf8)
        if isAtom { write(octets) } else { string(octets) }
    }

    package mutating func literal(_ octets: [UInt8]) {
        literalHeader(octets.count)
        literalOctets(octets[...])
    }

    /// Octets of a literal that was announced.
    ///
    /// A literal has no NUL (RFC 9051 §4.3.1): a server gives 0x80 in its place, so that sizes and
    /// offsets stay what they are; BINARY gives the octet itself.
    package mutating func literalOctets(_ octets: ArraySlice<UInt8>) {
        var place = bytes.count
        bytes.append(contentsOf: octets)
        guard literals == .response else { return }
        while let nul = bytes.span.firstIndex(of: ASCII.nul, from: place) {
            bytes[nul] = 0x80
            place = nul + 1
        }
    }

    /// A literal, or a literal8 where there are NULs (RFC 3516 §4.3).
    package mutating func literal8(_ octets: [UInt8]) {
        literal8Header(for: octets[...])
        write(octets)
    }

    /// Announces what `literal8` writes.
    package mutating func literal8Header(for octets: ArraySlice<UInt8>) {
        if octets.span.firstIndex(of: ASCII.nul) != nil { bytes.append(UInt8(ascii: "~")) }
        literalHeader(octets.count)
    }

    /// Announces a literal whose octets follow.
    package mutating func literalHeader(_ count: Int) {
        bytes.append(UInt8(ascii: "{"))
        write(UInt(count))
        let asks =
            switch literals {
            case .response: false
            case .synchronizing: true
            case .nonSynchronizing: false
            case .shortNonSynchronizing: count > Limits.imapLiteralMinus
            }
        if literals != .response, !asks { bytes.append(UInt8(ascii: "+")) }
        bytes.append(UInt8(ascii: "}"))
        endLine()
        if asks { pauses.append(bytes.count) }
    }

    /// Longer strings go as literals: some clients read quoted strings into small buffers.
    private static let longestQuoted = 1000
    /// TEXT-CHAR in ASCII without controls.
    private static let quotable = ByteClass(0x20...0x7E)

    // MARK: Values of both directions

    package mutating func mailbox(_ name: MailboxName) { astring(ModifiedUTF7.encode(name.text)) }

    package mutating func flags(_ names: [String]) {
        open()
        list(names) { $0.write(text: $1) }
        close()
    }

    /// The same without an array of names: FETCH FLAGS of a large mailbox is written so.
    package mutating func flags(_ flags: Flags) {
        open()
        let system = Self.systemFlags[Int(flags.system.rawValue) % Self.systemFlags.count]
        bytes.append(contentsOf: system)
        var isFirst = system.isEmpty
        for keyword in flags.keywords {
            if !isFirst { space() }
            isFirst = false
            write(text: keyword.name)
        }
        close()
    }

    /// Every combination of system flags as it is written.
    private static let systemFlags: [[UInt8]] = (0..<UInt8(1 << SystemFlags.names.count)).map { bits in
        let set = SystemFlags(rawValue: bits)
        let names = SystemFlags.names.filter { set.contains($0.flag) }.map(\.name)
        return Array(names.joined(separator: " ").utf8)
    }

    /// date-time, in UTC.
    package mutating func dateTime(_ timestamp: Timestamp) {
        let time = CivilTime(timestamp)
        bytes.append(ASCII.quote)
        if time.day < 10 { space() }
        digits(UInt64(time.day), width: 1)
        write("-")
        write(text: MonthName.all[time.month - 1])
        write("-")
        digits(UInt64(clamping: time.year), width: 4)
        space()
        digits(UInt64(time.hour), width: 2)
        write(":")
        digits(UInt64(time.minute), width: 2)
        write(":")
        digits(UInt64(time.second), width: 2)
        write(" +0000\"")
    }

    package mutating func date(_ date: CalendarDate) {
        write(text: "\(date.day)-\(MonthName.all[date.month - 1])-\(CivilTime.padded(date.year, 4))")
    }

    /// section with its brackets.
    package mutating func section(_ section: SectionSpec) {
        write("[")
        write(text: section.path.map(String.init).joined(separator: "."))
        if section.content != .all, !section.path.isEmpty { write(".") }
        switch section.content {
        case .all: break
        case .header: write("HEADER")
        case .headerFields(let names): fieldNames("HEADER.FIELDS ", names)
        case .headerFieldsNot(let names): fieldNames("HEADER.FIELDS.NOT ", names)
        case .text: write("TEXT")
        case .mime: write("MIME")
        }
        write("]")
    }

    private mutating func fieldNames(_ keyword: StaticString, _ names: [String]) {
        write(keyword)
        open()
        list(names) { $0.astring(Array($1.utf8)) }
        close()
    }

    /// Numbers in their order, runs joined: `4,1:3`.
    package mutating func orderedNumbers(_ numbers: [UInt32]) {
        var index = 0
        while index < numbers.count {
            var last = index
            while last + 1 < numbers.count, numbers[last] < .max, numbers[last + 1] == numbers[last] + 1 { last += 1 }
            if index > 0 { write(",") }
            write(numbers[index])
            if last > index {
                write(":")
                write(numbers[last])
            }
            index = last + 1
        }
    }
}
