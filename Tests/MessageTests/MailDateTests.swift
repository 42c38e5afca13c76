import Base
import Message
import Testing

@Suite("Dates")
struct MailDateTests {
    @Test(
        "Parsing (RFC 5322 §3.3 and §4.3)",
        arguments: [
            ("Mon, 2 Nov 2026 15:04:05 +0100", "2026-11-02T15:04:05+01:00"),
            ("2 Nov 2026 15:04 -0730", "2026-11-02T15:04:00-07:30"),
            ("Mon,  2 Nov 2026 15:04:05 (comment) +0100 (CET)", "2026-11-02T15:04:05+01:00"),
            ("Fri, 21 Nov 97 09:55:06 -0600", "1997-11-21T09:55:06-06:00"),
            ("21 Nov 26 09:55:06 GMT", "2026-11-21T09:55:06Z"),
            ("21 Nov 103 09:55:06 UT", "2003-11-21T09:55:06Z"),
            ("21 Nov 2026 09:55:06 EST", "2026-11-21T09:55:06-05:00"),
            ("21 Nov 2026 09:55:06 PDT", "2026-11-21T09:55:06-07:00"),
            ("21 Nov 2026 09:55:06 Z", "2026-11-21T09:55:06Z"),
            ("21 Nov 2026 09:55:06 A", "2026-11-21T09:55:06Z"),
            ("21 Nov 2026 09:55:06", "2026-11-21T09:55:06Z"),
            ("Mon Nov  2 15:04:05 2026", "2026-11-02T15:04:05Z"),
            ("02-Nov-2026 15:04:05 +0000", "2026-11-02T15:04:05Z"),
            ("Monday, 2 November 2026 3:04 PM", "2026-11-02T15:04:00Z"),
            ("31 Dec 2016 23:59:60 +0000", "2017-01-01T00:00:00Z"),
            ("2026-11-02 15:04:05 +0100", "2026-11-02T15:04:05+01:00"),
        ]
    )
    func parse(source: String, expected: String) {
        let date = MailDate(Array(source.utf8))
        #expect(date.map { CivilTime($0.timestamp, offset: $0.offset).iso8601 } == expected)
    }

    @Test(
        "No date",
        arguments: [
            "", "yesterday", "32 Nov 2026 00:00 +0000", "30 Feb 2026 00:00 +0000", "2 Nov", "2 Nov 2026 25:00",
            "99999999999999999999",
        ]
    )
    func none(source: String) {
        #expect(MailDate(Array(source.utf8)) == nil)
    }

    @Test("Formatting gives what parsing reads", arguments: [0, 60, -450, 345, 840])
    func format(offset: Int) {
        let date = MailDate(Timestamp(seconds: 1_793_628_245), offset: offset)
        #expect(MailDate(Array(date.text.utf8)) == date)
        if offset == 60 { #expect(date.text == "Mon, 2 Nov 2026 15:04:05 +0100") }
    }
}

@Suite("Message-IDs")
struct MessageIdentifiersTests {
    @Test(
        "Parsing",
        arguments: [
            ("<1@x.example>", ["1@x.example"]),
            ("<1@x.example> <2@x.example>\t<3@x.example>", ["1@x.example", "2@x.example", "3@x.example"]),
            ("<1@x.example><2@x.example>", ["1@x.example", "2@x.example"]),
            ("Your message of Monday <1@x.example> (Mia)", ["1@x.example"]),
            ("<1@ x.example>", ["1@x.example"]),
            ("1@x.example", ["1@x.example"]),
            ("<<1@x.example>>", ["1@x.example"]),
            ("<1@x.example", ["1@x.example"]),
            ("<>", []), ("", []), ("words only", []),
        ] as [(String, [String])]
    )
    func parse(source: String, expected: [String]) {
        #expect(MessageIdentifiers.parse(Array(source.utf8)) == expected)
    }

    @Test("Fields of a header, folded")
    func header() {
        let header = parsed(
            "Message-ID: <3@x.example>\nIn-Reply-To: <2@x.example>\nReferences: <0@x.example>\n <1@x.example>\n\t<2@x.example>\n\n"
        ).header
        #expect(header.messageID == "3@x.example")
        #expect(header.inReplyTo == ["2@x.example"])
        #expect(header.references == ["0@x.example", "1@x.example", "2@x.example"])
    }
}
