internal import Base

/// Reads a frame as a response (RFC 9051 §9 response).
///
/// Untagged data that is not known comes back as `.other`: servers say more than they were asked.
package enum ResponseParser {
    package static func parse(_ frame: Frame) throws(IMAPSyntaxError) -> Response {
        var reader = WireReader(frame.text.span, literals: frame.literals)
        if reader.take(UInt8(ascii: "+")) {
            _ = reader.takeSpace()
            return .continuation(Array(frame.text[reader.offset...]))
        }
        if reader.take(UInt8(ascii: "*")) {
            try reader.expectSpace()
            return try reader.expectUntagged() ?? .other(frame.text)
        }
        let tag = try reader.expectTag()
        try reader.expectSpace()
        guard let condition = reader.takeCondition() else { throw reader.failure(.response) }
        return .status(try reader.expectStatus(tag: tag, condition))
    }
}

extension WireReader {
    @_lifetime(self: copy self)
    mutating func takeCondition() -> StatusResponse.Condition? {
        let start = offset
        guard let word = takeAtom(), let condition = StatusResponse.Condition(rawValue: ASCII.uppercased(word)) else {
            cursor.offset = start
            return nil
        }
        return condition
    }

    /// resp-text: a code in brackets, and text, which some servers leave out.
    @_lifetime(self: copy self)
    mutating func expectStatus(
        tag: String?,
        _ condition: StatusResponse.Condition
    ) throws(IMAPSyntaxError) -> StatusResponse {
        _ = takeSpace()
        var code: ResponseCode?
        if cursor.next == UInt8(ascii: "[") {
            code = try expectCode()
            _ = takeSpace()
        }
        let text = cursor.text(offset..<cursor.bytes.count)
        cursor.offset = cursor.bytes.count
        return StatusResponse(tag: tag, condition, code, text)
    }

    /// What stands behind `* `; `nil` for what is not known.
    @_lifetime(self: copy self)
    mutating func expectUntagged() throws(IMAPSyntaxError) -> Response? {
        if let condition = takeCondition() { return .status(try expectStatus(tag: nil, condition)) }
        if let next = cursor.next, ASCII.isDigit(next) { return try expectNumbered() }
        guard let name = takeAtom() else { throw failure(.response) }
        switch ASCII.uppercased(name) {
        case "CAPABILITY": return .capability(try expectNames())
        case "ENABLED": return .enabled(try expectNames())
        case "FLAGS":
            try expectSpace()
            return .flags(try expectFlagNames())
        case "LIST":
            try expectSpace()
            return .list(try expectListEntry())
        case "LSUB":
            try expectSpace()
            return .lsub(try expectListEntry())
        case "STATUS":
            try expectSpace()
            return try expectMailboxStatus()
        case "NAMESPACE":
            try expectSpace()
            return .namespace(try expectNamespaceEntries())
        case "SEARCH": return try expectSearch()
        case "ESEARCH": return try expectExtendedSearch()
        case "VANISHED": return try expectVanished()
        case "ID":
            try expectSpace()
            return .id(try expectIDFields())
        default: return nil
        }
    }

    @_lifetime(self: copy self)
    private mutating func expectNumbered() throws(IMAPSyntaxError) -> Response? {
        let number = try expectNumber()
        try expectSpace()
        switch ASCII.uppercased(try expectAtom()) {
        case "EXISTS": return .exists(number)
        case "RECENT": return .recent(number)
        case "EXPUNGE": return .expunge(number)
        case "FETCH":
            try expectSpace()
            return .fetch(number, try expectFetchValues())
        default: return nil
        }
    }

    /// Names with a space before each, until the end.
    @_lifetime(self: copy self)
    private mutating func expectNames() throws(IMAPSyntaxError) -> [String] {
        var names: [String] = []
        while takeSpace(), !isAtEnd {
            guard names.count < Limits.imapCapabilities else { throw failure(.tooMany) }
            names.append(ASCII.uppercased(try expectAtom()))
        }
        return names
    }

    // MARK: Mailboxes

    @_lifetime(self: copy self)
    private mutating func expectListEntry() throws(IMAPSyntaxError) -> ListEntry {
        let attributes = try expectFlagNames()
        try expectSpace()
        let separator = try expectSeparator()
        try expectSpace()
        var entry = ListEntry(attributes: attributes, separator: separator, name: try expectAString())
        if takeSpace() { try expectExtendedItems(of: &entry) }
        return entry
    }

    /// mbox-list-extended (RFC 5258 §6); items that are not known are passed over.
    @_lifetime(self: copy self)
    private mutating func expectExtendedItems(of entry: inout ListEntry) throws(IMAPSyntaxError) {
        try expect(UInt8(ascii: "("), .list)
        if take(UInt8(ascii: ")")) { return }
        repeat {
            let tag = ASCII.uppercased(String(decoding: try expectAString(), as: UTF8.self))
            try expectSpace()
            switch tag {
            case "CHILDINFO":
                try expect(UInt8(ascii: "("), .list)
                repeat {
                    guard entry.childInfo.count < Limits.imapListOptions else { throw failure(.tooMany) }
                    entry.childInfo.append(ASCII.uppercased(String(decoding: try expectAString(), as: UTF8.self)))
                } while takeSpace()
                try expect(UInt8(ascii: ")"), .list)
            case "OLDNAME":
                try expect(UInt8(ascii: "("), .list)
                entry.oldName = try expectAString()
                try expect(UInt8(ascii: ")"), .list)
            default: try skipValue(depth: Limits.imapNesting)
            }
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
    }

    /// objectid in parentheses (RFC 8474 §7).
    @_lifetime(self: copy self)
    mutating func expectObjectID() throws(IMAPSyntaxError) -> ObjectID {
        try expect(UInt8(ascii: "("), .list)
        guard let id = ObjectID(try expectAtom()) else { throw failure(.atom) }
        try expect(UInt8(ascii: ")"), .list)
        return id
    }

    @_lifetime(self: copy self)
    private mutating func expectSeparator() throws(IMAPSyntaxError) -> UInt8? {
        let start = offset
        let separator = try expectNString()
        guard separator.map({ $0.count == 1 }) ?? true else { throw IMAPSyntaxError(.string, at: start) }
        return separator?.first
    }

    @_lifetime(self: copy self)
    private mutating func expectMailboxStatus() throws(IMAPSyntaxError) -> Response {
        let name = try expectAString()
        try expectSpace()
        try expect(UInt8(ascii: "("), .list)
        var values: [MailboxStatusValue] = []
        if take(UInt8(ascii: ")")) { return .mailboxStatus(name: name, values) }
        repeat {
            let item = StatusItem(rawValue: ASCII.uppercased(try expectAtom()))
            try expectSpace()
            if item == .mailboxID {
                values.append(MailboxStatusValue(.mailboxID, try expectObjectID()))
                continue
            }
            guard let item else {
                try skipValue(depth: Limits.imapNesting)
                continue
            }
            values.append(MailboxStatusValue(item, takeWord("NIL") ? nil : try expectNumber64()))
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return .mailboxStatus(name: name, values)
    }

    @_lifetime(self: copy self)
    private mutating func expectNamespaceEntries() throws(IMAPSyntaxError) -> NamespaceEntries {
        let personal = try expectNamespaceList()
        try expectSpace()
        let others = try expectNamespaceList()
        try expectSpace()
        return NamespaceEntries(personal: personal, others: others, shared: try expectNamespaceList())
    }

    @_lifetime(self: copy self)
    private mutating func expectNamespaceList() throws(IMAPSyntaxError) -> [NamespaceEntries.Entry] {
        if takeWord("NIL") { return [] }
        try expect(UInt8(ascii: "("), .list)
        var entries: [NamespaceEntries.Entry] = []
        while take(UInt8(ascii: "(")) {
            guard entries.count < Limits.imapCapabilities else { throw failure(.tooMany) }
            let prefix = try expectString()
            try expectSpace()
            let separator = try expectSeparator()
            entries.append(NamespaceEntries.Entry(prefix: prefix, separator: separator))
            while takeSpace() { try skipValue(depth: Limits.imapNesting) }
            try expect(UInt8(ascii: ")"), .list)
        }
        try expect(UInt8(ascii: ")"), .list)
        return entries
    }

    // MARK: Response codes

    @_lifetime(self: copy self)
    private mutating func expectCode() throws(IMAPSyntaxError) -> ResponseCode {
        try expect(UInt8(ascii: "["), .response)
        let start = offset
        let name = ASCII.uppercased(cursor.text(cursor.takeAll(in: Self.atomBytes)))
        let code = try? expectCodeArguments(of: name)
        if let code, take(UInt8(ascii: "]")) { return code }
        // Unknown, or known with arguments that are not: kept as text (RFC 9051 §7.1).
        cursor.offset = start + name.utf8.count
        let rest = cursor.takeUntil(UInt8(ascii: "]"))
        try expect(UInt8(ascii: "]"), .response)
        let text = ASCII.trimmed(cursor.text(rest))
        return .other(name, text.isEmpty ? nil : text)
    }

    @_lifetime(self: copy self)
    private mutating func expectCodeArguments(of name: String) throws(IMAPSyntaxError) -> ResponseCode? {
        if let plain = ResponseCode.plainNames.first(where: { $0.name == name }) { return plain.code }
        if name == "BADCHARSET" {
            guard takeSpace() else { return .badCharset([]) }
            try expect(UInt8(ascii: "("), .list)
            var charsets: [String] = []
            repeat { charsets.append(String(decoding: try expectAString(), as: UTF8.self)) } while takeSpace()
            try expect(UInt8(ascii: ")"), .list)
            return .badCharset(charsets)
        }
        if name == "CAPABILITY" { return .capability(try expectNames()) }
        if name == "INPROGRESS" { return .inProgress(takeSpace() ? try expectProgress() : nil) }
        try expectSpace()
        switch name {
        case "PERMANENTFLAGS": return .permanentFlags(try expectFlagNames())
        case "UIDNEXT": return .uidNext(try expectPositive())
        case "UIDVALIDITY": return .uidValidity(try expectPositive())
        case "UNSEEN": return .unseen(try expectNumber())
        case "HIGHESTMODSEQ": return .highestModSeq(try expectNumber64())
        case "MODIFIED": return .modified(try expectNumberSet())
        case "MAILBOXID": return .mailboxID(try expectObjectID())
        case "BADURL": return .badURL(cursor.text(cursor.takeUntil(UInt8(ascii: "]"))))
        case "APPENDUID":
            let validity = try expectPositive()
            try expectSpace()
            return .appendUID(validity: validity, uids: try expectOrderedNumbers())
        case "COPYUID":
            let validity = try expectPositive()
            try expectSpace()
            let sources = try expectOrderedNumbers()
            try expectSpace()
            let targets = try expectOrderedNumbers()
            guard sources.count == targets.count else { throw failure(.set) }
            return .copyUID(validity: validity, sources: sources, targets: targets)
        default: return nil
        }
    }

    /// RFC 9585 §4: `(tag done goal)`, each of them NIL where it is not known.
    @_lifetime(self: copy self)
    private mutating func expectProgress() throws(IMAPSyntaxError) -> CommandProgress {
        try expect(UInt8(ascii: "("), .list)
        var progress = CommandProgress(tag: try expectNString().map { String(decoding: $0, as: UTF8.self) })
        try expectSpace()
        progress.done = takeWord("NIL") ? nil : try expectNumber()
        try expectSpace()
        progress.goal = takeWord("NIL") ? nil : try expectNumber()
        try expect(UInt8(ascii: ")"), .list)
        return progress
    }

    // MARK: What is not known

    /// Passes over one value of any kind.
    @_lifetime(self: copy self)
    mutating func skipValue(depth: Int) throws(IMAPSyntaxError) {
        guard depth > 0 else { throw failure(.tooDeep) }
        if take(UInt8(ascii: "(")) {
            if take(UInt8(ascii: ")")) { return }
            repeat { try skipValue(depth: depth - 1) } while takeSpace() || cursor.next == UInt8(ascii: "(")
            try expect(UInt8(ascii: ")"), .list)
        } else if take(ASCII.backslash) {
            _ = try expectAtom()
        } else {
            _ = try expectAString()
        }
    }
}
