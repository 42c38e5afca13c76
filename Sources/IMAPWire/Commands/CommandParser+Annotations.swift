internal import Base

// Commands about what is written on mailboxes: annotations, rights, quota.
extension WireReader {
    // MARK: Annotations (RFC 5464 §5)

    /// Options stand before the mailbox by the grammar, behind it in every example: both are taken.
    @_lifetime(self: copy self)
    mutating func expectGetMetadata() throws(IMAPSyntaxError) -> MetadataRequest {
        var options = MetadataOptions()
        if cursor.next == UInt8(ascii: "(") {
            try expectMetadataOptions(&options)
            try expectSpace()
        }
        let mailbox = try expectMailboxOrServer()
        try expectSpace()
        if cursor.next == UInt8(ascii: "("), let byte = cursor.peek(1), byte != UInt8(ascii: "/"), byte != ASCII.quote {
            try expectMetadataOptions(&options)
            try expectSpace()
        }
        return MetadataRequest(
            mailbox: mailbox,
            entries: try expectMetadataEntries(),
            depth: options.depth,
            maxSize: options.maxSize
        )
    }

    private struct MetadataOptions {
        var depth = MetadataRequest.Depth.zero
        var maxSize: UInt32?
    }

    @_lifetime(self: copy self)
    private mutating func expectMetadataOptions(_ options: inout MetadataOptions) throws(IMAPSyntaxError) {
        try expect(UInt8(ascii: "("), .list)
        repeat {
            let start = offset
            let name = ASCII.uppercased(try expectAtom())
            try expectSpace()
            switch name {
            case "MAXSIZE": options.maxSize = try expectNumber()
            case "DEPTH":
                if takeWord("0") {
                    options.depth = .zero
                } else if takeWord("1") {
                    options.depth = .one
                } else if takeWord("INFINITY") {
                    options.depth = .infinity
                } else {
                    throw failure(.parameter)
                }
            default: throw IMAPSyntaxError(.parameter, at: start)
            }
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
    }

    @_lifetime(self: copy self)
    mutating func expectSetMetadata() throws(IMAPSyntaxError) -> Command {
        let mailbox = try expectMailboxOrServer()
        try expectSpace()
        try expect(UInt8(ascii: "("), .list)
        var values: [MetadataValue] = []
        repeat {
            guard values.count < Limits.metadataEntries else { throw failure(.tooMany) }
            let entry = try expectMetadataEntry()
            try expectSpace()
            values.append(MetadataValue(entry, try expectNString()))
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return .setMetadata(mailbox, values)
    }

    /// The empty name stands for the server.
    @_lifetime(self: copy self)
    private mutating func expectMailboxOrServer() throws(IMAPSyntaxError) -> MailboxName? {
        let start = offset
        let name = try expectAString()
        guard !name.isEmpty else { return nil }
        guard let text = mailboxText(name) else { throw IMAPSyntaxError(.mailboxName, at: start) }
        return try mailboxName(text, isNew: false, at: start)
    }

    // MARK: Rights (RFC 4314 §4)

    @_lifetime(self: copy self)
    mutating func expectACLCommand(_ name: String) throws(IMAPSyntaxError) -> Command {
        let mailbox = try expectMailbox()
        switch name {
        case "MYRIGHTS": return .myRights(mailbox)
        case "GETACL": return .getACL(mailbox)
        default: break
        }
        try expectSpace()
        let identifier = String(decoding: try expectAString(), as: UTF8.self)
        if name == "LISTRIGHTS" { return .listRights(mailbox, identifier: identifier) }
        if name == "DELETEACL" { return .deleteACL(mailbox) }
        try expectSpace()
        _ = try expectAString()
        return .setACL(mailbox)
    }

    // MARK: Quota (RFC 9208 §7)

    @_lifetime(self: copy self)
    mutating func expectSetQuota() throws(IMAPSyntaxError) -> Command {
        let root = String(decoding: try expectAString(), as: UTF8.self)
        try expectSpace()
        try expect(UInt8(ascii: "("), .list)
        if take(UInt8(ascii: ")")) { return .setQuota(root: root) }
        var count = 0
        repeat {
            guard count < Limits.imapListOptions else { throw failure(.tooMany) }
            count += 1
            _ = try expectAtom()
            try expectSpace()
            _ = try expectNumber64()
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return .setQuota(root: root)
    }
}
