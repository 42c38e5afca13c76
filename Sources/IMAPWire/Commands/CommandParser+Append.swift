internal import Base

// APPEND and REPLACE.
extension WireReader {
    /// RFC 9051 §6.3.12, with several messages (RFC 3502 §7).
    @_lifetime(self: copy self)
    mutating func expectAppend() throws(IMAPSyntaxError) -> AppendRequest {
        let mailbox = try expectMailbox()
        var messages: [AppendItem] = []
        repeat {
            guard messages.count < Limits.imapAppendedMessages else { throw failure(.tooMany) }
            try expectSpace()
            messages.append(try expectAppendItem())
        } while !isAtEnd
        return AppendRequest(mailbox: mailbox, messages: messages)
    }

    /// RFC 8508 §3.1.
    @_lifetime(self: copy self)
    mutating func expectReplace() throws(IMAPSyntaxError) -> ReplaceRequest {
        let number = take(UInt8(ascii: "*")) ? nil : try expectPositive()
        try expectSpace()
        let mailbox = try expectMailbox()
        try expectSpace()
        return ReplaceRequest(number: number, mailbox: mailbox, message: try expectAppendItem())
    }

    /// append-message (RFC 4466 §6) without the space before it.
    @_lifetime(self: copy self)
    private mutating func expectAppendItem() throws(IMAPSyntaxError) -> AppendItem {
        var flagNames: [String] = []
        if cursor.next == UInt8(ascii: "(") {
            flagNames = try expectFlagNames()
            try expectSpace()
        }
        var received: Timestamp?
        if cursor.next == ASCII.quote {
            received = try expectDateTime()
            try expectSpace()
        }
        let flags = try flags(of: flagNames)
        return AppendItem(flags: flags, received: received, content: try expectAppendContent())
    }

    /// append-data: a literal (RFC 3516 §4.4 has them with NULs), UTF8 (RFC 6855 §4) or CATENATE.
    @_lifetime(self: copy self)
    private mutating func expectAppendContent() throws(IMAPSyntaxError) -> AppendItem.Content {
        if takeWord("CATENATE") {
            try expectSpace()
            return .parts(try expectCatenateParts())
        }
        guard takeWord("UTF8") else { return .message(try expectLiteral()) }
        try expectSpace()
        try expect(UInt8(ascii: "("), .list)
        let message = try expectLiteral()
        try expect(UInt8(ascii: ")"), .list)
        return .message(message)
    }

    /// RFC 4469 §5 cat-part, several in parentheses.
    @_lifetime(self: copy self)
    private mutating func expectCatenateParts() throws(IMAPSyntaxError) -> [CatenatePart] {
        try expect(UInt8(ascii: "("), .list)
        var parts: [CatenatePart] = []
        repeat {
            guard parts.count < Limits.imapCatenateParts else { throw failure(.tooMany) }
            if takeWord("TEXT") {
                try expectSpace()
                parts.append(.text(try expectLiteral()))
            } else if takeWord("URL") {
                try expectSpace()
                parts.append(.url(String(decoding: try expectAString(), as: UTF8.self)))
            } else {
                throw failure(.parameter)
            }
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return parts
    }
}
