internal import Base

extension SMTPCommand {
    /// The bytes that a name in EHLO, HELO and LHLO may have.
    ///
    /// Wider than RFC 5321 §4.1.1.1 asks, since machines have names with underscores; narrow enough
    /// that a name can stand in a Received field as it is.
    private static let nameClass = ByteClass.alphanumerics.union(ByteClass("-._:[]")).union(.eightBit)

    /// Reads a complete line, without its CRLF.
    package init(line: Span<UInt8>) throws(SMTPSyntaxError) {
        var cursor = ByteCursor(line)
        let verb = ASCII.uppercased(cursor.text(cursor.takeAll(in: .alphanumerics)))
        if let next = cursor.next, !ByteClass.blanks.contains(next) {
            throw SMTPSyntaxError(.unknownCommand, at: 0)
        }
        switch verb {
        case "EHLO": self = .ehlo(try Self.expectName(&cursor))
        case "HELO": self = .helo(try Self.expectName(&cursor))
        case "LHLO": self = .lhlo(try Self.expectName(&cursor))
        case "MAIL": self = try Self.expectMail(&cursor)
        case "RCPT": self = try Self.expectRecipient(&cursor)
        case "DATA": self = try Self.expectEnd(&cursor, .data)
        case "RSET": self = try Self.expectEnd(&cursor, .rset)
        case "QUIT": self = try Self.expectEnd(&cursor, .quit)
        case "STARTTLS": self = try Self.expectEnd(&cursor, .startTLS)
        case "AUTH": self = try Self.expectAuth(&cursor)
        case "NOOP": self = .noop
        case "VRFY": self = .vrfy
        case "HELP": self = .help
        case "EXPN", "BDAT", "ETRN", "TURN", "SEND", "SOML", "SAML", "BURL", "XCLIENT", "XFORWARD":
            self = .notImplemented
        default:
            throw SMTPSyntaxError(.unknownCommand, at: 0)
        }
    }

    /// Takes a command without arguments; blanks at the end are tolerated (RFC 5321 §4.1.1).
    private static func expectEnd(_ cursor: inout ByteCursor, _ command: Self) throws(SMTPSyntaxError) -> Self {
        _ = cursor.takeAll(in: .blanks)
        guard cursor.isAtEnd else { throw SMTPSyntaxError(.unexpectedArgument, at: cursor.offset) }
        return command
    }

    /// Reads `SP ( Domain / address-literal )`.
    private static func expectName(_ cursor: inout ByteCursor) throws(SMTPSyntaxError) -> String {
        _ = cursor.takeAll(in: .blanks)
        let range = cursor.takeAll(in: nameClass)
        _ = cursor.takeAll(in: .blanks)
        guard !range.isEmpty, range.count <= Limits.domain, cursor.isAtEnd,
            let name = String(validating: cursor.copy(range), as: UTF8.self)
        else { throw SMTPSyntaxError(.argument, at: cursor.offset) }
        return name
    }

    /// Reads `SP "FROM:" Reverse-path [SP Mail-parameters]`; blanks behind the colon are tolerated.
    private static func expectMail(_ cursor: inout ByteCursor) throws(SMTPSyntaxError) -> Self {
        let path = try expectPath(&cursor, "FROM:")
        var parameters = MailParameters()
        try parameters.expectParameters(&cursor)
        switch path {
        case .null: return .mail(nil, parameters)
        case .address(let address): return .mail(address, parameters)
        }
    }

    /// Reads `SP "TO:" Forward-path [SP Rcpt-parameters]`; blanks behind the colon are tolerated.
    private static func expectRecipient(_ cursor: inout ByteCursor) throws(SMTPSyntaxError) -> Self {
        let start = cursor.offset
        guard case .address(let address) = try expectPath(&cursor, "TO:")
        else { throw SMTPSyntaxError(.path, at: start) }
        var parameters = RecipientParameters()
        try parameters.expectParameters(&cursor)
        return .rcpt(EnvelopeRecipient(address, parameters))
    }

    private static func expectPath(
        _ cursor: inout ByteCursor,
        _ keyword: StaticString
    ) throws(SMTPSyntaxError) -> PathGrammar.Path {
        guard !cursor.takeAll(in: .blanks).isEmpty, cursor.takeKeyword(keyword)
        else { throw SMTPSyntaxError(.argument, at: cursor.offset) }
        _ = cursor.takeAll(in: .blanks)
        let start = cursor.offset
        guard let path = PathGrammar.takePath(&cursor) else { throw SMTPSyntaxError(.path, at: start) }
        return path
    }

    /// Reads `SP mechanism [SP initial-response]` (RFC 4954 §4).
    private static func expectAuth(_ cursor: inout ByteCursor) throws(SMTPSyntaxError) -> Self {
        _ = cursor.takeAll(in: .blanks)
        let mechanism = cursor.takeAll(in: ByteClass.alphanumerics.union(ByteClass("-_")))
        guard (1...20).contains(mechanism.count) else { throw SMTPSyntaxError(.argument, at: cursor.offset) }
        let blanks = cursor.takeAll(in: .blanks)
        let name = cursor.text(mechanism)
        if cursor.isAtEnd { return .auth(name, initialResponse: nil) }
        guard !blanks.isEmpty else { throw SMTPSyntaxError(.argument, at: cursor.offset) }
        let start = cursor.offset
        let response = cursor.copy(cursor.takeUntil(ASCII.space))
        _ = cursor.takeAll(in: .blanks)
        guard cursor.isAtEnd else { throw SMTPSyntaxError(.unexpectedArgument, at: cursor.offset) }
        if response == [0x3D] { return .auth(name, initialResponse: Secret([UInt8]())) }
        guard let decoded = Base64.decode(response) else { throw SMTPSyntaxError(.base64, at: start) }
        return .auth(name, initialResponse: Secret(decoded))
    }
}
