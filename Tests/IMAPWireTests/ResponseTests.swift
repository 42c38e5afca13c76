import Base
import Testing

@testable import IMAPWire

@Suite struct ResponseTests {
    /// A response's own bytes, read back.
    static func roundTrip(_ response: Response) throws -> Response {
        var writer = WireWriter()
        writer.response(response)
        var framer = Framer(reader: .client, lineLimit: 100_000)
        framer.append(writer.bytes)
        while true {
            switch framer.next() {
            case .literal: framer.accept()
            case .frame(let frame): return try ResponseParser.parse(frame)
            default: throw IMAPSyntaxError(.response, at: 0)
            }
        }
    }

    static let envelope: Envelope = {
        var envelope = Envelope()
        envelope.date = [UInt8]("Mon, 7 Feb 1994 21:52:25 -0800")
        envelope.subject = Array("Grüße \"x\"\r\nBcc: y".utf8)
        envelope.from = [
            EnvelopeAddress(name: [UInt8]("Mia"), mailbox: [UInt8]("mia"), host: [UInt8]("mail.example"))
        ]
        envelope.to = [
            EnvelopeAddress(mailbox: [UInt8]("team"), host: nil),
            EnvelopeAddress(mailbox: [UInt8]("ben"), host: [UInt8]("team.example")),
            EnvelopeAddress(mailbox: nil, host: nil),
        ]
        envelope.messageID = [UInt8]("<1@mail.example>")
        return envelope
    }()

    static let structure = BodyStructure.multipart(
        [
            .part(
                BodyPart(
                    type: [UInt8]("text"),
                    subtype: [UInt8]("plain"),
                    parameters: [BodyParameter(name: [UInt8]("charset"), value: [UInt8]("utf-8"))],
                    octets: 10,
                    kind: .text(lines: 2)
                )
            ),
            .part(
                BodyPart(
                    type: [UInt8]("message"),
                    subtype: [UInt8]("rfc822"),
                    octets: 99,
                    kind: .message(
                        envelope,
                        .part(BodyPart(type: [UInt8]("image"), subtype: [UInt8]("png"), octets: 5)),
                        lines: 7
                    ),
                    md5: [UInt8]("x"),
                    additional: BodyExtension(
                        disposition: [UInt8]("attachment"),
                        dispositionParameters: [BodyParameter(name: [UInt8]("filename"), value: [UInt8]("a b"))],
                        languages: [[UInt8]("de"), [UInt8]("en")],
                        location: [UInt8]("http://mail.example/")
                    )
                )
            ),
        ],
        subtype: [UInt8]("mixed"),
        parameters: [BodyParameter(name: [UInt8]("boundary"), value: [UInt8]("a\"b"))],
        BodyExtension(languages: [[UInt8]("fr")])
    )

    static let objectIDs = ["Fa-_9"].compactMap { ObjectID($0) }

    static let responses: [Response] = [
        .continuation([UInt8]("OK")), .capability(["IMAP4REV1", "IDLE"]), .enabled(["CONDSTORE"]),
        .flags(["\\Seen", "$x"]),
        .list(ListEntry(attributes: ["\\HasNoChildren", "\\Sent"], name: [UInt8]("Sent Mail"))),
        .list(
            ListEntry(
                attributes: ["\\NonExistent"],
                name: [UInt8]("a"),
                childInfo: ["SUBSCRIBED", "SPECIAL-USE"],
                oldName: [UInt8]("b c")
            )
        ),
        .lsub(ListEntry(attributes: [], separator: nil, name: Array("Grüße".utf8))),
        .mailboxStatus(name: [UInt8]("a"), [MailboxStatusValue(.messages, 3), MailboxStatusValue(.appendLimit, nil)]),
        .namespace(
            NamespaceEntries(
                personal: [.init(prefix: [])],
                others: [],
                shared: [.init(prefix: [UInt8]("Shared/")), .init(prefix: [UInt8]("x"), separator: nil)]
            )
        ), .search([1, 5, 4_294_967_295]), .search([]), .search([4], modSeq: 9), .exists(3), .recent(0), .expunge(2),
        .id([IDField(name: "name", value: "x"), IDField(name: "os", value: nil)]), .id([]),
        .status(StatusResponse(tag: "a", .no, .tryCreate, "no such thing")),
        .status(StatusResponse(tag: nil, .ok, .permanentFlags(["\\Seen", "\\*"]), "x")),
        .status(StatusResponse(tag: nil, .ok, .copyUID(validity: 9, sources: [1, 2, 9], targets: [4, 7, 5]), "x")),
        .status(StatusResponse(tag: nil, .ok, .appendUID(validity: 9, uids: [4]), "x")),
        .status(StatusResponse(tag: "b", .bad, .badCharset(["UTF-8"]), "x")),
        .status(StatusResponse(tag: "b", .ok, .capability(["A", "B"]), "x")),
        .status(StatusResponse(tag: nil, .bye, .other("X-NEW", "1 2"), "x")),
        .status(StatusResponse(tag: nil, .ok, .inProgress(nil), "x")),
        .status(StatusResponse(tag: nil, .ok, .inProgress(CommandProgress(tag: "a+", done: 454, goal: 1000)), "x")),
        .status(StatusResponse(tag: nil, .ok, .inProgress(CommandProgress(tag: nil, done: 0)), "x")),
        .status(StatusResponse(tag: nil, .ok, .highestModSeq(77), "x")),
        .status(StatusResponse(tag: "c", .ok, .modified(NumberSet([1, 2, 5])), "x")),
        .extendedSearch(
            ExtendedSearch(tag: "a1", isUID: true, [.min, .max, .all, .count], found: [3, 4, 9], modSeq: 7)
        ),
        .extendedSearch(ExtendedSearch(tag: "a2", isUID: false, [.min, .max, .all], found: [])),
        .extendedSearch(ExtendedSearch(tag: nil, isUID: false, .all, found: [9, 3, 4, 1])),
        .vanished(NumberSet([1...5, 9...9]), earlier: true), .vanished(NumberSet([7]), earlier: false),
        .mailboxStatus(name: [UInt8]("a"), objectIDs.map { MailboxStatusValue(.mailboxID, $0) }),
        .status(StatusResponse(tag: "d", .ok, objectIDs.first.map { .mailboxID($0) }, "x")),
        .fetch(3, objectIDs.map { .emailID($0) } + [.threadID(nil)]), .fetch(3, objectIDs.map { .threadID($0) }),
        .fetch(
            7,
            [
                .flags(["\\Seen"]), .uid(9), .internalDate(Timestamp(seconds: 760_168_345)), .size(5_000_000_000),
                .envelope(envelope), .bodyStructure(structure), .modSeq(8),
                .section(SectionSpec(path: [1], .mime), origin: nil, [UInt8]("a)\r\n{3}")),
                .section(SectionSpec(.headerFields(["To", "a b"])), origin: 5, nil), .rfc822([UInt8]("x")),
                .binary([1, 2], origin: 1 << 40, [0, 1, 2]), .binary([3], origin: nil, nil), .binarySize([], 7),
                .rfc822Header([]), .rfc822Text(nil),
            ]
        ),
    ]

    @Test(arguments: responses.indices)
    func whatIsWrittenIsRead(index: Int) throws {
        #expect(try Self.roundTrip(Self.responses[index]) == Self.responses[index])
    }

    @Test func bodyHasNoExtensionData() throws {
        let response = Response.fetch(1, [.body(Self.structure)])
        guard case .fetch(1, let values) = try Self.roundTrip(response), case .body(let read)? = values.first,
            case .multipart(let parts, _, let parameters, let additional) = read
        else { return #expect(Bool(false)) }
        #expect(parts.count == 2)
        #expect(parameters.isEmpty)
        #expect(additional == BodyExtension())
    }

    @Test("INV-9: text from elsewhere cannot end a line")
    func injection() {
        var writer = WireWriter()
        writer.response(.status(StatusResponse(tag: "a", .no, "x\r\nb OK y")))
        #expect(writer.bytes == [UInt8]("a NO x  b OK y\r\n"))
        var list = WireWriter()
        list.response(.list(ListEntry(attributes: [], name: [UInt8]("x\r\ny"))))
        #expect(list.bytes == [UInt8]("* LIST () \"/\" {4}\r\nx\r\ny\r\n"))
    }

    @Test("clients read the tag of ESEARCH quoted, whatever it is")
    func extendedSearchText() {
        func text(_ response: Response) -> String {
            var writer = WireWriter()
            writer.response(response)
            return String(decoding: writer.bytes, as: UTF8.self)
        }
        #expect(
            text(.extendedSearch(ExtendedSearch(tag: "a", isUID: true, [.all, .count], found: [1, 2, 3, 7])))
                == "* ESEARCH (TAG \"a\") UID ALL 1:3,7 COUNT 4\r\n"
        )
        #expect(
            text(.extendedSearch(ExtendedSearch(tag: "a", isUID: false, [.min, .count, .save], found: [], modSeq: 4)))
                == "* ESEARCH (TAG \"a\") COUNT 0\r\n"
        )
        let many = text(.vanished(NumberSet((0..<1200).map { $0 * 2 + 1 }), earlier: true))
        #expect(many.split(separator: "\r\n").count == 3)
        #expect(many.split(separator: "\r\n").allSatisfy { $0.hasPrefix("* VANISHED (EARLIER) ") })
    }

    @Test func textIsASCII() {
        var writer = WireWriter()
        writer.response(.status(StatusResponse(tag: "a", .ok, "Grüße\u{7F}")))
        #expect(writer.bytes == [UInt8]("a OK Gr??e \r\n"))
    }

    @Test(arguments: [(0 as UInt64, "0"), (9, "9"), (10, "10"), (100, "100"), (.max, "18446744073709551615")])
    func numbers(number: UInt64, text: String) {
        var writer = WireWriter()
        writer.write(number)
        #expect(writer.bytes == Array(text.utf8))
    }

    static let lines = [
        "* 1 FETCH (FLAGS (\\Seen) UID 5 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286)",
        "* 1 FETCH (ENVELOPE (\"d\" \"s\" ((\"n\" NIL \"m\" \"h\")) NIL NIL NIL NIL NIL NIL \"<i>\") BODY[]<0> {1}\r\n)",
        "* 2 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3028 92))",
        "* OK [UNSEEN 17] Message 17 is the first unseen", "* OK [COPYUID 9 1:2 3:4] x", "+ go", "a OK done",
        "* LIST (\\Noselect) \"/\" foo", "* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)", "* SEARCH 2 84 882",
        "* 3 FETCH (X-GM-LABELS (\"a\" \\Inbox) UID 3 NEW (a (b c)))", "* CAPABILITY IMAP4rev1 X", "* FLAGS (\\Seen)",
        "* NAMESPACE ((\"\" \"/\" \"X\" (\"a\" \"b\"))) NIL NIL", "* ID (\"name\" \"x\")", "* VANISHED 1:3", "* BYE",
        "* ESEARCH (TAG \"A\") UID MIN 2 ALL 2,10:11 X (1 2) COUNT 3 MODSEQ 9", "* SEARCH 2 5 (MODSEQ 917162500)",
        "* VANISHED (EARLIER) 41,43:116", "a OK [MODIFIED 7,9] x",
    ]

    @Test func whatServersSay() throws {
        func parse(_ line: String) throws -> Response { try ResponseParser.parse(Frame(text: Array(line.utf8))) }
        #expect(try parse("* OK") == .status(StatusResponse(tag: nil, .ok, "")))
        #expect(try parse("* VANISHED 1:3") == .vanished(NumberSet([1, 2, 3]), earlier: false))
        #expect(try parse("* RANK 1:3") == .other([UInt8]("* RANK 1:3")))
        #expect(
            try parse("* 3 FETCH (X-GM-LABELS (\"a\" \\Inbox) UID 3 NEW (a (b c)))") == .fetch(3, [.uid(3)])
        )
        #expect(
            try parse("a NO [THROTTLED wait 5] slow")
                == .status(StatusResponse(tag: "a", .no, .other("THROTTLED", "wait 5"), "slow"))
        )
        #expect(throws: IMAPSyntaxError.self) { try parse("* 1 FETCH (UID x)") }
        #expect(throws: IMAPSyntaxError.self) { try parse("a WHAT") }
        #expect(throws: IMAPSyntaxError.self) { try parse("* OK [COPYUID 1 1:4294967295 1:4294967295") }
    }

    @Test(arguments: lines)
    func everyBeginning(line: String) {
        for end in line.utf8.indices {
            _ = try? ResponseParser.parse(Frame(text: Array(line.utf8[..<end]), literals: [[1]]))
        }
    }

    @Test("INV-9: nesting of structures is bound")
    func depth() {
        let deep = "* 1 FETCH (BODY " + String(repeating: "(", count: 5000)
        #expect(throws: IMAPSyntaxError.self) { try ResponseParser.parse(Frame(text: Array(deep.utf8))) }
        let unknown = "* 1 FETCH (X " + String(repeating: "(", count: 5000)
        #expect(throws: IMAPSyntaxError.self) { try ResponseParser.parse(Frame(text: Array(unknown.utf8))) }
    }
}
