import Base
import Testing

@testable import IMAPWire

@Suite struct AppendParserTests {
    private static func parsed(_ line: String, _ literals: [String]) throws -> Command {
        try CommandParser.parse(
            Frame(text: Array(line.utf8), literals: literals.map { Array($0.utf8) })
        ).command
    }

    private static func append(_ line: String, _ literals: [String]) throws -> AppendRequest {
        guard case .append(let request) = try parsed(line, literals) else { throw Unexpected() }
        return request
    }

    private struct Unexpected: Error {}

    private static func item(_ text: String, _ flags: Flags = .none) -> AppendItem {
        AppendItem(flags: flags, received: nil, content: .message(Array(text.utf8)))
    }

    @Test func oneMessage() throws {
        let request = try Self.append(
            "a APPEND {5}\r\n (\\seen $x \\Recent) \" 1-Feb-1994 21:52:25 -0800\" {2+}\r\n",
            ["Inbox", "hi"]
        )
        #expect(request.mailbox == .inbox)
        #expect(request.messages.count == 1)
        #expect(request.messages[0].flags == Flags(.seen, keywords: [Keyword("$x")]))
        #expect(request.messages[0].received?.seconds == 760_168_345)
        #expect(request.messages[0].content == .message(Array("hi".utf8)))
    }

    @Test("RFC 3502: several messages, each with flags and date of its own")
    func severalMessages() throws {
        let request = try Self.append(
            "a APPEND x {1}\r\n (\\Draft) {2}\r\n () \"01-Feb-1994 21:52:25 +0000\" ~{3}\r\n",
            ["a", "bc", "d\0f"]
        )
        #expect(request.messages[0] == Self.item("a"))
        #expect(request.messages[1] == Self.item("bc", Flags(.draft)))
        #expect(request.messages[2].received?.seconds == 760_139_545)
        #expect(request.messages[2].content == .message([0x64, 0, 0x66]))
    }

    @Test("RFC 4469, RFC 6855: put together, and in UTF-8")
    func otherForms() throws {
        let request = try Self.append(
            "a APPEND x CATENATE (URL \"/INBOX/;UID=1\" TEXT {2}\r\n URL {4}\r\n TEXT ~{1}\r\n) (\\Seen) UTF8 (~{3}\r\n)",
            ["ab", "/b/c", "z", "def"]
        )
        #expect(
            request.messages[0].content
                == .parts([.url("/INBOX/;UID=1"), .text([0x61, 0x62]), .url("/b/c"), .text([0x7A])])
        )
        #expect(request.messages[1] == Self.item("def", Flags(.seen)))
    }

    @Test("RFC 8508")
    func replace() throws {
        guard case .replace(let request, true) = try Self.parsed("a UID REPLACE 7 Drafts (\\Draft) {1}\r\n", ["x"])
        else { throw Unexpected() }
        #expect(
            request
                == ReplaceRequest(
                    number: 7,
                    mailbox: MailboxName(unchecked: "Drafts"),
                    message: Self.item("x", Flags(.draft))
                )
        )
        guard case .replace(let last, false) = try Self.parsed("a REPLACE * Drafts {1}\r\n", ["x"]) else {
            throw Unexpected()
        }
        #expect(last.number == nil)
    }

    @Test(arguments: [
        "a APPEND x", "a APPEND x ", "a APPEND x {1}\r\n ", "a APPEND x {1}\r\n{1}\r\n", "a APPEND x \"y\"",
        "a APPEND x CATENATE ()", "a APPEND x CATENATE (TEXT \"a\")", "a APPEND x CATENATE (URL)",
        "a APPEND x CATENATE (TEXT {1}\r\n", "a APPEND x UTF8 {1}\r\n", "a APPEND x UTF8 ({1}\r\n",
        "a APPEND x UTF8(~{1}\r\n)", "a REPLACE 1:2 x {1}\r\n", "a REPLACE 0 x {1}\r\n",
        "a REPLACE 1 x {1}\r\n {1}\r\n", "a APPEND x \" 1-Feb-1994 21:52:25 -+800\" {1}\r\n",
        "a APPEND x \" 1-Feb-1994 21:52:25 +0060\" {1}\r\n",
    ])
    func failures(line: String) {
        #expect(throws: BadCommand.self) { try Self.parsed(line, ["x", "y"]) }
    }

    @Test("Zones that no country has are read all the same", arguments: ["+1400", "-1259", "+2359", "-2359"])
    func zones(zone: String) throws {
        let request = try Self.append("a APPEND x \" 1-Feb-1994 21:52:25 \(zone)\" {1}\r\n", ["m"])
        #expect(request.messages[0].received != nil)
    }

    @Test("INV-9: messages and pieces are bound, at the limit and behind it")
    func limits() throws {
        func messages(_ count: Int) throws -> Int {
            let line = "a APPEND x" + String(repeating: " {1}\r\n", count: count)
            return try Self.append(line, Array(repeating: "m", count: count)).messages.count
        }
        #expect(try messages(Limits.imapAppendedMessages) == Limits.imapAppendedMessages)
        #expect(throws: BadCommand.self) { try messages(Limits.imapAppendedMessages + 1) }
        #expect(throws: BadCommand.self) { try messages(Limits.imapAppendedMessages * 8) }
        func parts(_ count: Int) throws -> AppendRequest {
            let list = Array(repeating: "URL a", count: count).joined(separator: " ")
            return try Self.append("a APPEND x CATENATE (\(list))", [])
        }
        #expect(try parts(Limits.imapCatenateParts).messages.count == 1)
        #expect(throws: BadCommand.self) { try parts(Limits.imapCatenateParts + 1) }
    }
}

@Suite struct MessageURLTests {
    @Test(arguments: [
        ("/INBOX/;UID=3", MessageURL(mailbox: .inbox, uid: 3)),
        ("/inbox;uidvalidity=7/;uid=3", MessageURL(mailbox: .inbox, uidValidity: 7, uid: 3)),
        (
            "/A/B%20c/;UID=3/;SECTION=1.2",
            MessageURL(mailbox: MailboxName(unchecked: "A/B c"), uid: 3, section: SectionSpec(path: [1, 2]))
        ),
        (
            "/%C3%A9;UIDVALIDITY=7/;UID=3/;section=HEADER.FIELDS%20(To)/;PARTIAL=5.10",
            MessageURL(
                mailbox: MailboxName(unchecked: "é"),
                uidValidity: 7,
                uid: 3,
                section: SectionSpec(.headerFields(["To"])),
                partial: PartialRange(offset: 5, count: 10)
            )
        ),
        (
            "/x/;UID=3/;PARTIAL=5",
            MessageURL(mailbox: MailboxName(unchecked: "x"), uid: 3, partial: PartialRange(offset: 5, count: .max))
        ),
    ])
    func reads(text: String, url: MessageURL) { #expect(MessageURL(text) == url) }

    @Test(arguments: [
        "", "/", "/INBOX", "INBOX/;UID=1", "imap://host.example/INBOX/;UID=1", "/;UID=1", "/x/;UID=", "/x/;UID=0",
        "/x/;UID=4294967296", "/x/;UID=1/;SECTION=", "/x/;UID=1/;SECTION=1.", "/x/;UID=1/;SECTION=TEXT]x[",
        "/x/;UID=1/;PARTIAL=", "/x/;UID=1/;PARTIAL=1.0", "/x/;UID=1;URLAUTH=anonymous:INTERNAL:0", "/%/;UID=1",
        "/%4/;UID=1", "/%ZZ/;UID=1", "/%FF/;UID=1", "/x;UIDVALIDITY=0/;UID=1", "/x/;UID=1/",
        "/x%00/;UID=1", "/../;UID=1",
    ])
    func refuses(text: String) { #expect(MessageURL(text) == nil) }

    @Test("INV-9: a URL is bound")
    func limit() {
        func url(_ count: Int) -> String { "/" + String(repeating: "a", count: count - 8) + "/;UID=1" }
        #expect(MessageURL(url(Limits.mailboxName + 8)) != nil)
        #expect(MessageURL(url(Limits.messageURL + 1)) == nil)
    }
}
