internal import Base

/// The grammar's cursor over one frame: bytes of the line, and the literals beside it.
///
/// `take…` answers whether it could, `expect…` throws with the offset. Going back is setting
/// `offset`; a literal, once taken, is not given back.
struct WireReader: ~Escapable {
    var cursor: ByteCursor
    let literals: [[UInt8]]
    private var literalsTaken = 0
    /// Whether `&` is a letter of mailbox names like any other: the client has enabled UTF-8.
    var namesAreUTF8 = false
    /// The last mailbox name as it was written, where it is kept in another spelling (RFC 9051 §6.3.9.7).
    var suppliedName: [UInt8]?

    /// RFC 9051 §9: CHAR without atom-specials.
    static let atomBytes = ByteClass(0x21...0x7E).subtracting(ByteClass("(){%*\"\\]"))
    /// ASTRING-CHAR also takes `]`.
    static let astringBytes = atomBytes.union(ByteClass("]"))
    /// list-char takes the wild cards as well.
    static let listBytes = astringBytes.union(ByteClass("%*"))
    /// A tag has no `+`.
    static let tagBytes = astringBytes.subtracting(ByteClass("+"))
    static let quotedBytes = ByteClass(0...0xFF).subtracting(ByteClass("\"\\\r\n")).subtracting(ByteClass(0...0))

    @_lifetime(copy text)
    init(_ text: Span<UInt8>, literals: [[UInt8]]) {
        cursor = ByteCursor(text)
        self.literals = literals
    }

    var offset: Int { cursor.offset }

    var isAtEnd: Bool { cursor.isAtEnd }

    func failure(_ problem: IMAPSyntaxError.Problem) -> IMAPSyntaxError {
        IMAPSyntaxError(problem, at: cursor.offset)
    }

    @_lifetime(self: copy self)
    mutating func take(_ byte: UInt8) -> Bool { cursor.take(byte) }

    @_lifetime(self: copy self)
    mutating func takeKeyword(_ keyword: StaticString) -> Bool { cursor.takeKeyword(keyword) }

    /// A keyword that ends where its word ends.
    @_lifetime(self: copy self)
    mutating func takeWord(_ keyword: StaticString) -> Bool {
        let start = cursor.offset
        guard cursor.takeKeyword(keyword) else { return false }
        if let next = cursor.next, Self.atomBytes.contains(next) {
            cursor.offset = start
            return false
        }
        return true
    }

    @_lifetime(self: copy self)
    mutating func expect(_ byte: UInt8, _ problem: IMAPSyntaxError.Problem) throws(IMAPSyntaxError) {
        guard cursor.take(byte) else { throw failure(problem) }
    }

    @_lifetime(self: copy self)
    mutating func expectSpace() throws(IMAPSyntaxError) {
        guard cursor.take(ASCII.space) else { throw failure(.space) }
    }

    @_lifetime(self: copy self)
    mutating func takeSpace() -> Bool { cursor.take(ASCII.space) }

    func expectEnd() throws(IMAPSyntaxError) {
        guard cursor.isAtEnd else { throw failure(.excess) }
    }

    // MARK: Numbers

    @_lifetime(self: copy self)
    mutating func expectNumber() throws(IMAPSyntaxError) -> UInt32 {
        guard let number = cursor.takeNumber(upTo: UInt64(UInt32.max)) else { throw failure(.number) }
        return UInt32(number)
    }

    @_lifetime(self: copy self)
    mutating func expectNumber64() throws(IMAPSyntaxError) -> UInt64 {
        guard let number = cursor.takeNumber(upTo: UInt64(Int64.max)) else { throw failure(.number) }
        return number
    }

    /// nz-number.
    @_lifetime(self: copy self)
    mutating func expectPositive() throws(IMAPSyntaxError) -> UInt32 {
        let start = cursor.offset
        let number = try expectNumber()
        guard number > 0 else { throw IMAPSyntaxError(.number, at: start) }
        return number
    }

    // MARK: Strings

    @_lifetime(self: copy self)
    mutating func takeAtom() -> String? {
        let range = cursor.takeAll(in: Self.atomBytes)
        return range.isEmpty ? nil : cursor.text(range)
    }

    @_lifetime(self: copy self)
    mutating func expectAtom() throws(IMAPSyntaxError) -> String {
        guard let atom = takeAtom() else { throw failure(.atom) }
        return atom
    }

    /// quoted or literal; `nil` where neither begins.
    @_lifetime(self: copy self)
    mutating func takeString() throws(IMAPSyntaxError) -> [UInt8]? {
        switch cursor.next {
        case ASCII.quote: try expectQuoted()
        case UInt8(ascii: "{"): try expectLiteral()
        case UInt8(ascii: "~") where cursor.peek(1) == UInt8(ascii: "{"): try expectLiteral()
        default: nil
        }
    }

    @_lifetime(self: copy self)
    mutating func expectString() throws(IMAPSyntaxError) -> [UInt8] {
        guard let string = try takeString() else { throw failure(.string) }
        return string
    }

    /// An atom, or a string.
    @_lifetime(self: copy self)
    mutating func expectAString() throws(IMAPSyntaxError) -> [UInt8] {
        try expectString(orRunOf: Self.astringBytes)
    }

    /// A string, or a run of bytes that stand for themselves.
    ///
    /// Bytes over 0x7F are taken in runs: clients write UTF-8 where they should not.
    @_lifetime(self: copy self)
    mutating func expectString(orRunOf bytes: ByteClass) throws(IMAPSyntaxError) -> [UInt8] {
        if let string = try takeString() { return string }
        let range = cursor.takeAll(in: bytes.union(.eightBit))
        guard !range.isEmpty else { throw failure(.string) }
        return cursor.copy(range)
    }

    /// A string, or NIL.
    @_lifetime(self: copy self)
    mutating func expectNString() throws(IMAPSyntaxError) -> [UInt8]? {
        if takeWord("NIL") { return nil }
        return try expectString()
    }

    @_lifetime(self: copy self)
    private mutating func expectQuoted() throws(IMAPSyntaxError) -> [UInt8] {
        let start = cursor.offset
        var result: [UInt8] = []
        _ = cursor.take(ASCII.quote)
        while true {
            result.append(contentsOf: cursor.copy(cursor.takeAll(in: Self.quotedBytes)))
            if cursor.take(ASCII.quote) {
                // RFC 6855 §3: what is no UTF-8 is refused.
                guard
                    !namesAreUTF8 || result.allSatisfy({ $0 < 0x80 })
                        || String(validating: result, as: UTF8.self) != nil
                else { throw IMAPSyntaxError(.string, at: start) }
                return result
            }
            guard cursor.take(ASCII.backslash), let escaped = cursor.take(),
                escaped == ASCII.quote || escaped == ASCII.backslash
            else { throw IMAPSyntaxError(.string, at: start) }
            result.append(escaped)
        }
    }

    /// literal or literal8; its octets were kept by the framer.
    @_lifetime(self: copy self)
    mutating func expectLiteral() throws(IMAPSyntaxError) -> [UInt8] {
        let start = cursor.offset
        _ = cursor.take(UInt8(ascii: "~"))
        guard cursor.take(UInt8(ascii: "{")), cursor.takeNumber() != nil else {
            throw IMAPSyntaxError(.literal, at: start)
        }
        _ = cursor.take(UInt8(ascii: "+"))
        guard cursor.take(UInt8(ascii: "}")), cursor.take(ASCII.cr), cursor.take(ASCII.lf),
            literalsTaken < literals.count
        else { throw IMAPSyntaxError(.literal, at: start) }
        defer { literalsTaken += 1 }
        return literals[literalsTaken]
    }
}
