internal import Base
internal import Text

// Commands about mailboxes as named things.
extension WireReader {
    /// A name to be made may end in the separator: then names below it are meant to follow.
    @_lifetime(self: copy self)
    mutating func expectCreate() throws(IMAPSyntaxError) -> Command {
        let start = offset
        guard var text = mailboxText(try expectAString()) else { throw IMAPSyntaxError(.mailboxName, at: start) }
        if text.count > 1, text.last == MailboxName.separator { text.removeLast() }
        let name = try mailboxName(text, isNew: true, at: start)
        guard takeSpace() else { return .create(name, uses: []) }
        // RFC 6154 §3: (USE (\Drafts \Sent))
        guard takeKeyword("(USE (") else { throw failure(.parameter) }
        var uses: [String] = []
        if !take(UInt8(ascii: ")")) {
            repeat {
                guard uses.count < Limits.imapListOptions else { throw failure(.tooMany) }
                guard cursor.next == ASCII.backslash else { throw failure(.flag) }
                uses.append(try expectFlagName())
            } while takeSpace()
            try expect(UInt8(ascii: ")"), .list)
        }
        try expect(UInt8(ascii: ")"), .list)
        return .create(name, uses: uses)
    }

    @_lifetime(self: copy self)
    mutating func expectRename() throws(IMAPSyntaxError) -> Command {
        let name = try expectMailbox()
        try expectSpace()
        let start = offset
        guard let text = mailboxText(try expectAString()) else { throw IMAPSyntaxError(.mailboxName, at: start) }
        return .rename(name, to: try mailboxName(text, isNew: true, at: start))
    }

    @_lifetime(self: copy self)
    mutating func expectStatus() throws(IMAPSyntaxError) -> Command {
        let name = try expectMailbox()
        try expectSpace()
        return .status(name, try expectStatusItems())
    }

    @_lifetime(self: copy self)
    mutating func expectStatusItems() throws(IMAPSyntaxError) -> [StatusItem] {
        try expect(UInt8(ascii: "("), .list)
        var items: [StatusItem] = []
        repeat {
            let start = offset
            guard let item = StatusItem(rawValue: ASCII.uppercased(try expectAtom())),
                items.count < Limits.imapFetchItems
            else { throw IMAPSyntaxError(.statusItem, at: start) }
            if !items.contains(item) { items.append(item) }
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return items
    }

    // MARK: LIST (RFC 5258 §6)

    @_lifetime(self: copy self)
    mutating func expectListRequest() throws(IMAPSyntaxError) -> ListRequest {
        var selection: ListSelection?
        if cursor.next == UInt8(ascii: "(") {
            selection = try expectListSelection()
            try expectSpace()
        }
        let reference = try expectPattern(orRunOf: Self.astringBytes)
        try expectSpace()
        let hasManyPatterns = cursor.next == UInt8(ascii: "(")
        let patterns = hasManyPatterns ? try expectPatterns() : [try expectPattern(orRunOf: Self.listBytes)]
        var returns: ListReturns?
        if takeSpace() {
            guard takeKeyword("RETURN (") else { throw failure(.parameter) }
            returns = try expectListReturns()
        }
        return ListRequest(
            reference: reference,
            patterns: patterns,
            selection: selection ?? [],
            returns: returns ?? ListReturns(),
            isExtended: selection != nil || returns != nil || hasManyPatterns
        )
    }

    /// LSUB knows nothing of RFC 5258.
    @_lifetime(self: copy self)
    mutating func expectLSubRequest() throws(IMAPSyntaxError) -> ListRequest {
        let reference = try expectPattern(orRunOf: Self.astringBytes)
        try expectSpace()
        return ListRequest(reference: reference, patterns: [try expectPattern(orRunOf: Self.listBytes)])
    }

    @_lifetime(self: copy self)
    private mutating func expectListSelection() throws(IMAPSyntaxError) -> ListSelection {
        let start = offset
        try expect(UInt8(ascii: "("), .list)
        var selection: ListSelection = []
        if take(UInt8(ascii: ")")) { return selection }
        repeat {
            let start = offset
            let name = ASCII.uppercased(try expectAtom())
            guard let match = ListSelection.names.first(where: { $0.name == name }) else {
                throw IMAPSyntaxError(.parameter, at: start)
            }
            selection.insert(match.option)
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        // RFC 5258 §3.1: RECURSIVEMATCH makes no sense alone.
        guard !selection.contains(.recursiveMatch) || !selection.isDisjoint(with: .criteria) else {
            throw IMAPSyntaxError(.parameter, at: start)
        }
        return selection
    }

    /// What stands behind `RETURN (`.
    @_lifetime(self: copy self)
    private mutating func expectListReturns() throws(IMAPSyntaxError) -> ListReturns {
        var returns = ListReturns()
        if take(UInt8(ascii: ")")) { return returns }
        repeat {
            let start = offset
            switch ASCII.uppercased(try expectAtom()) {
            case "SUBSCRIBED": returns.subscribed = true
            case "CHILDREN": returns.children = true
            case "SPECIAL-USE": returns.specialUse = true
            case "MYRIGHTS": returns.myRights = true
            case "STATUS":
                try expectSpace()
                returns.status = try expectStatusItems()
            case "METADATA":
                try expectSpace()
                returns.metadata = try expectMetadataEntries()
            default: throw IMAPSyntaxError(.parameter, at: start)
            }
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return returns
    }

    @_lifetime(self: copy self)
    private mutating func expectPatterns() throws(IMAPSyntaxError) -> [String] {
        try expect(UInt8(ascii: "("), .list)
        var patterns: [String] = []
        repeat {
            guard patterns.count < Limits.imapListPatterns else { throw failure(.tooMany) }
            patterns.append(try expectPattern(orRunOf: Self.listBytes))
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return patterns
    }

    @_lifetime(self: copy self)
    private mutating func expectPattern(orRunOf bytes: ByteClass) throws(IMAPSyntaxError) -> String {
        let start = offset
        let pattern = try expectString(orRunOf: bytes)
        guard pattern.count <= Limits.mailboxName else { throw IMAPSyntaxError(.mailboxPattern, at: start) }
        // What is no name matches none; asking for it is no fault.
        return mailboxText(pattern) ?? ModifiedUTF7.decodeLeniently(pattern) ?? String(decoding: pattern, as: UTF8.self)
    }

    // MARK: Annotations (RFC 5464 §5)

    /// entries: one, or several in parentheses.
    @_lifetime(self: copy self)
    mutating func expectMetadataEntries() throws(IMAPSyntaxError) -> [MetadataEntry] {
        guard take(UInt8(ascii: "(")) else { return [try expectMetadataEntry()] }
        var entries: [MetadataEntry] = []
        repeat {
            guard entries.count < Limits.metadataEntries else { throw failure(.tooMany) }
            let entry = try expectMetadataEntry()
            if !entries.contains(entry) { entries.append(entry) }
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return entries
    }

    @_lifetime(self: copy self)
    mutating func expectMetadataEntry() throws(IMAPSyntaxError) -> MetadataEntry {
        let start = offset
        guard let entry = MetadataEntry(String(decoding: try expectAString(), as: UTF8.self)) else {
            throw IMAPSyntaxError(.parameter, at: start)
        }
        return entry
    }
}
