internal import Base

// STORE and FETCH.
extension WireReader {
    @_lifetime(self: copy self)
    mutating func expectStoreRequest() throws(IMAPSyntaxError) -> StoreRequest {
        let set = try expectSet()
        try expectSpace()
        let unchangedSince = try takeUnchangedSince()
        let sign = cursor.take(in: ByteClass("+-"))
        guard takeKeyword("FLAGS") else { throw failure(.parameter) }
        let isSilent = takeKeyword(".SILENT")
        try expectSpace()
        let flags = try flags(of: try expectStoredFlagNames())
        let change: FlagChange =
            switch sign {
            case UInt8(ascii: "+"): .add(flags)
            case UInt8(ascii: "-"): .remove(flags)
            default: .replace(flags)
            }
        return StoreRequest(set: set, change: change, isSilent: isSilent, unchangedSince: unchangedSince)
    }

    /// store-att-flags: in parentheses, or one after the other.
    @_lifetime(self: copy self)
    private mutating func expectStoredFlagNames() throws(IMAPSyntaxError) -> [String] {
        if cursor.next == UInt8(ascii: "(") { return try expectFlagNames() }
        var names: [String] = []
        repeat {
            guard names.count < Limits.keywords else { throw failure(.tooMany) }
            names.append(try expectFlagName())
        } while takeSpace()
        return names
    }

    /// fetch-att, several in parentheses, or a macro.
    @_lifetime(self: copy self)
    mutating func expectFetchItems() throws(IMAPSyntaxError) -> [FetchItem] {
        if takeWord("ALL") { return FetchItem.all }
        if takeWord("FAST") { return FetchItem.fast }
        if takeWord("FULL") { return FetchItem.full }
        guard take(UInt8(ascii: "(")) else { return [try expectFetchItem()] }
        var items: [FetchItem] = []
        repeat {
            guard items.count < Limits.imapFetchItems else { throw failure(.tooMany) }
            let item = try expectFetchItem()
            if !items.contains(item) { items.append(item) }
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return items
    }

    @_lifetime(self: copy self)
    private mutating func expectFetchItem() throws(IMAPSyntaxError) -> FetchItem {
        let start = offset
        let range = cursor.takeAll(in: Self.fetchNameBytes)
        switch ASCII.uppercased(cursor.text(range)) {
        case "FLAGS": return .flags
        case "MODSEQ": return .modSeq
        case "UID": return .uid
        case "INTERNALDATE": return .internalDate
        case "RFC822.SIZE": return .size
        case "ENVELOPE": return .envelope
        case "BODYSTRUCTURE": return .bodyStructure
        case "PREVIEW": return .preview(isLazy: takeLazy())
        case "SAVEDATE": return .saveDate
        case "RFC822": return .rfc822
        case "RFC822.HEADER": return .rfc822Header
        case "RFC822.TEXT": return .rfc822Text
        case "EMAILID": return .emailID
        case "THREADID": return .threadID
        case "BODY":
            guard cursor.next == UInt8(ascii: "[") else { return .body }
            return try expectSectionItem(peek: false)
        case "BODY.PEEK":
            return try expectSectionItem(peek: true)
        case "BINARY": return try expectBinaryItem(peek: false)
        case "BINARY.PEEK": return try expectBinaryItem(peek: true)
        case "BINARY.SIZE": return .binarySize(try expectSectionPart())
        default: throw IMAPSyntaxError(.fetchItem, at: start)
        }
    }

    /// preview-mod; the parentheses of another modifier are left for whoever knows it.
    @_lifetime(self: copy self)
    private mutating func takeLazy() -> Bool {
        let start = offset
        if takeKeyword(" ("), takeWord("LAZY"), take(UInt8(ascii: ")")) { return true }
        cursor.offset = start
        return false
    }

    private static let fetchNameBytes = ByteClass.alphanumerics.union(ByteClass("."))

    @_lifetime(self: copy self)
    private mutating func expectSectionItem(peek: Bool) throws(IMAPSyntaxError) -> FetchItem {
        let section = try expectSection()
        return .section(section, partial: try takePartial(), peek: peek)
    }

    @_lifetime(self: copy self)
    private mutating func expectBinaryItem(peek: Bool) throws(IMAPSyntaxError) -> FetchItem {
        let path = try expectSectionPart()
        return .binary(path, partial: try takePartial(), peek: peek)
    }

    /// partial: `<number64.nz-number64>`.
    @_lifetime(self: copy self)
    private mutating func takePartial() throws(IMAPSyntaxError) -> PartialRange? {
        guard take(UInt8(ascii: "<")) else { return nil }
        let offset = try expectNumber64()
        try expect(UInt8(ascii: "."), .section)
        let start = self.offset
        let count = try expectNumber64()
        guard count > 0 else { throw IMAPSyntaxError(.number, at: start) }
        try expect(UInt8(ascii: ">"), .section)
        return PartialRange(offset: offset, count: count)
    }
}
