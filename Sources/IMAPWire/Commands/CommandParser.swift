internal import Base

/// Reads a frame as a command (RFC 9051 §9 command).
package enum CommandParser {
    /// With `namesAreUTF8` no name is in modified UTF-7 (RFC 6855 §3, RFC 9051 §5.1).
    package static func parse(_ frame: Frame, namesAreUTF8: Bool = false) throws(BadCommand) -> TaggedCommand {
        var reader = WireReader(frame.text.span, literals: frame.literals)
        reader.namesAreUTF8 = namesAreUTF8
        var tag: String?
        do {
            tag = try reader.expectTag()
            try reader.expectSpace()
            let command = try reader.expectCommand()
            try reader.expectEnd()
            return TaggedCommand(tag: tag ?? "*", command: command)
        } catch {
            throw BadCommand(tag: tag, error: error)
        }
    }

    /// The tag of a frame that cannot be carried out, for its answer.
    package static func tag(of text: [UInt8]) -> String? {
        var reader = WireReader(text.span, literals: [])
        return try? reader.expectTag()
    }

    /// Whether a line begins as ID does.
    package static func isID(_ text: [UInt8]) -> Bool {
        var reader = WireReader(text.span, literals: [])
        return (try? reader.expectTag()) != nil && reader.takeSpace() && reader.takeWord("ID")
    }

    /// Whether an unfinished frame is a command whose literals are messages.
    package static func takesMessages(_ text: [UInt8]) -> Bool {
        var reader = WireReader(text.span, literals: [])
        guard (try? reader.expectTag()) != nil, reader.takeSpace() else { return false }
        if reader.takeWord("UID"), !reader.takeSpace() { return false }
        return reader.takeWord("APPEND") || reader.takeWord("REPLACE")
    }
}

extension WireReader {
    @_lifetime(self: copy self)
    mutating func expectTag() throws(IMAPSyntaxError) -> String {
        let range = cursor.takeAll(in: Self.tagBytes)
        guard !range.isEmpty, range.count <= Limits.imapTag else { throw IMAPSyntaxError(.tag, at: range.lowerBound) }
        return cursor.text(range)
    }

    @_lifetime(self: copy self)
    mutating func expectCommand() throws(IMAPSyntaxError) -> Command {
        let start = offset
        guard let name = takeAtom() else { throw failure(.unknownCommand) }
        switch ASCII.uppercased(name) {
        case "CAPABILITY": return .capability
        case "NOOP": return .noop
        case "LOGOUT": return .logout
        case "STARTTLS": return .startTLS
        case "NAMESPACE": return .namespace
        case "IDLE": return .idle
        case "CHECK": return .check
        case "CLOSE": return .close
        case "UNSELECT": return .unselect
        case "EXPUNGE": return .expunge
        case "UID": return try expectUIDCommand()
        default: return try expectCommand(named: ASCII.uppercased(name), at: start)
        }
    }

    /// The commands that have arguments.
    @_lifetime(self: copy self)
    private mutating func expectCommand(named name: String, at start: Int) throws(IMAPSyntaxError) -> Command {
        let arguments: Set<String> = [
            "ID", "AUTHENTICATE", "LOGIN", "ENABLE", "SELECT", "EXAMINE", "CREATE", "DELETE", "RENAME", "SUBSCRIBE",
            "UNSUBSCRIBE", "LIST", "LSUB", "STATUS", "APPEND", "SEARCH", "FETCH", "STORE", "COPY", "MOVE",
            "REPLACE", "GETMETADATA", "SETMETADATA", "MYRIGHTS", "GETACL", "LISTRIGHTS", "SETACL", "DELETEACL",
            "GETQUOTA",
            "GETQUOTAROOT", "SETQUOTA", "NOTIFY",
            "SORT", "THREAD",
        ]
        guard arguments.contains(name) else { throw IMAPSyntaxError(.unknownCommand, at: start) }
        try expectSpace()
        switch name {
        case "ID": return .id(try expectIDFields())
        case "AUTHENTICATE": return try expectAuthenticate()
        case "LOGIN": return try expectLogin()
        case "ENABLE": return .enable(try expectAtoms())
        case "SELECT": return .select(try expectMailbox(), try expectSelectParameters())
        case "EXAMINE": return .examine(try expectMailbox(), try expectSelectParameters())
        case "CREATE": return try expectCreate()
        case "DELETE": return .delete(try expectMailbox())
        case "RENAME": return try expectRename()
        case "SUBSCRIBE": return .subscribe(try expectMailbox())
        case "UNSUBSCRIBE": return .unsubscribe(try expectMailbox())
        case "LIST": return .list(try expectListRequest())
        case "LSUB": return .lsub(try expectLSubRequest())
        case "STATUS": return try expectStatus()
        case "GETMETADATA": return .getMetadata(try expectGetMetadata())
        case "SETMETADATA": return try expectSetMetadata()
        case "MYRIGHTS", "GETACL", "LISTRIGHTS", "SETACL", "DELETEACL": return try expectACLCommand(name)
        case "GETQUOTA": return .getQuota(root: String(decoding: try expectAString(), as: UTF8.self))
        case "GETQUOTAROOT": return .getQuotaRoot(try expectMailbox())
        case "SETQUOTA": return try expectSetQuota()
        case "NOTIFY": return .notify(try expectNotify())
        case "APPEND": return .append(try expectAppend())
        default: return try expectMessageCommand(named: name, byUID: false, at: start)
        }
    }

    @_lifetime(self: copy self)
    private mutating func expectUIDCommand() throws(IMAPSyntaxError) -> Command {
        try expectSpace()
        let start = offset
        let name = ASCII.uppercased(try expectAtom())
        try expectSpace()
        if name == "EXPUNGE" { return .uidExpunge(try expectSet()) }
        return try expectMessageCommand(named: name, byUID: true, at: start)
    }

    /// The commands that take message numbers, or UIDs behind UID.
    @_lifetime(self: copy self)
    private mutating func expectMessageCommand(
        named name: String,
        byUID: Bool,
        at start: Int
    ) throws(IMAPSyntaxError) -> Command {
        switch name {
        case "SORT": return .sort(try expectSortRequest(), byUID: byUID)
        case "THREAD": return .thread(try expectThreadRequest(), byUID: byUID)
        case "SEARCH": return .search(try expectSearchRequest(), byUID: byUID)
        case "FETCH": return .fetch(try expectFetchRequest(byUID: byUID), byUID: byUID)
        case "STORE": return .store(try expectStoreRequest(), byUID: byUID)
        case "COPY", "MOVE":
            let set = try expectSet()
            try expectSpace()
            let target = try expectMailbox()
            return name == "COPY" ? .copy(set, target, byUID: byUID) : .move(set, target, byUID: byUID)
        case "REPLACE": return .replace(try expectReplace(), byUID: byUID)
        default: throw IMAPSyntaxError(.unknownCommand, at: start)
        }
    }

    // MARK: Before log-in

    /// id-params-list or NIL (RFC 2971 §3.3).
    @_lifetime(self: copy self)
    mutating func expectIDFields() throws(IMAPSyntaxError) -> [IDField] {
        if takeWord("NIL") { return [] }
        try expect(UInt8(ascii: "("), .list)
        var fields: [IDField] = []
        if take(UInt8(ascii: ")")) { return fields }
        repeat {
            guard fields.count < Limits.imapIDFields else { throw failure(.tooMany) }
            let name = String(decoding: try expectString(), as: UTF8.self)
            try expectSpace()
            let value = try expectNString().map { String(decoding: $0, as: UTF8.self) }
            fields.append(IDField(name: ASCII.lowercased(name), value: value))
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return fields
    }

    @_lifetime(self: copy self)
    private mutating func expectAuthenticate() throws(IMAPSyntaxError) -> Command {
        let mechanism = ASCII.uppercased(try expectAtom())
        guard takeSpace() else { return .authenticate(mechanism: mechanism, initialResponse: nil) }
        let range = cursor.takeAll(in: Self.base64Bytes)
        guard !range.isEmpty else { throw failure(.string) }
        return .authenticate(mechanism: mechanism, initialResponse: cursor.copy(range))
    }

    static let base64Bytes = ByteClass.alphanumerics.union(ByteClass("+/="))

    @_lifetime(self: copy self)
    private mutating func expectLogin() throws(IMAPSyntaxError) -> Command {
        let user = String(decoding: try expectAString(), as: UTF8.self)
        try expectSpace()
        return .login(user: user, password: Secret(try expectAString()))
    }

    // MARK: Mailboxes

    @_lifetime(self: copy self)
    mutating func expectAtoms() throws(IMAPSyntaxError) -> [String] {
        var atoms: [String] = []
        repeat {
            guard atoms.count < Limits.imapFetchItems else { throw failure(.tooMany) }
            atoms.append(ASCII.uppercased(try expectAtom()))
        } while takeSpace()
        return atoms
    }
}
