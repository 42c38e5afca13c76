import Message
import Testing

/// An address as `name|comments|local|domain`, with `!` where it is malformed.
private func shown(_ address: Address) -> String {
    let name = address.name.map { text($0) } ?? ""
    let comments = address.comments.map { text($0) }.joined(separator: "+")
    return "\(name)|\(comments)|\(text(address.localPart))|\(text(address.domain))" + (address.isMalformed ? "!" : "")
}

@Suite("Addresses")
struct AddressTests {
    @Test(
        "Well-formed",
        arguments: [
            ("mia@creator.example", ["||mia|creator.example"]),
            ("Mia Berg <mia@creator.example>", ["Mia Berg||mia|creator.example"]),
            (
                "\"Berg, Mia\" <mia@creator.example>, ben@x.example",
                ["Berg, Mia||mia|creator.example", "||ben|x.example"]
            ),
            ("mia@creator.example (Mia (the) Berg)", ["|Mia (the) Berg|mia|creator.example"]),
            ("mia(x)@(y)creator.example", ["|x+y|mia|creator.example"]),
            ("\"mia b\"@creator.example", ["||mia b|creator.example"]),
            ("\"m\\\"ia\"@creator.example", ["||m\"ia|creator.example"]),
            ("mia . berg @ creator . example", ["||mia.berg|creator.example"]),
            ("<@a.example,@b.example:mia@creator.example>", ["||mia|creator.example"]),
            ("mia@[192.0.2.1]", ["||mia|[192.0.2.1]"]),
            ("<>", ["|||"]),
            ("müller@bücher.example", ["||müller|bücher.example"]),
            ("=?utf-8?q?M=C3=BCller?= <m@x.example>", ["=?utf-8?q?M=C3=BCller?=||m|x.example"]),
            (",, mia@x.example ,", ["||mia|x.example"]),
            ("mia@x.example.", ["||mia|x.example"]),
            ("", []), ("  ", []),
        ] as [(String, [String])]
    )
    func wellFormed(source: String, expected: [String]) {
        #expect(AddressList(Array(source.utf8)).mailboxes.map(shown) == expected)
    }

    @Test(
        "Broken, and tolerated",
        arguments: [
            ("mia", ["||mia|!"]),
            ("Mia Berg", ["||Mia Berg|!"]),
            ("Mia Berg mia@x.example", ["Mia Berg||mia|x.example!"]),
            ("mia@", ["||mia|!"]),
            ("Mia <mia@x.example", ["Mia||mia|x.example!"]),
            ("Mia <<mia@x.example>>", ["Mia||mia|x.example!"]),
            ("Mia <mia berg@x.example>", ["Mia||mia berg|x.example!"]),
            ("\"Mia <mia@x.example>", ["\"Mia||mia|x.example"]),
            ("(Mia <mia@x.example>", ["(Mia||mia|x.example"]),
            ("a@x.example b@y.example", ["||a|x.example!", "||b|y.example"]),
            ("Mia <mia@x.example> junk, b@y.example", ["Mia||mia|x.example!", "||b|y.example"]),
            ("mia@x.example@y.example", ["||mia|x.example!"]),
            ("[mia@x.example]", ["||[mia|x.example!"]),
            ("@x.example", ["|||x.example!"]),
            (": ;", []),
            ("<mia@x.example; ben@y.example>", ["||mia|x.example!", "||ben|y.example!"]),
        ] as [(String, [String])]
    )
    func broken(source: String, expected: [String]) {
        #expect(AddressList(Array(source.utf8)).mailboxes.map(shown) == expected)
    }

    @Test(
        "A name that looks like an address is a name (MATCHING 1.1, INV-5)",
        arguments: [
            "mia@creator.example <evil@x.example>",
            "\"mia@creator.example\" <evil@x.example>",
            "=?utf-8?q?mia@creator.example?= <evil@x.example>",
            "=?utf-8?b?bWlhQGNyZWF0b3IuZXhhbXBsZQ==?= <evil@x.example>",
            "\"mia@creator.example,\" <evil@x.example>",
            "evil@x.example (mia@creator.example)",
        ]
    )
    func disguise(source: String) {
        let mailboxes = AddressList(Array(source.utf8)).mailboxes
        #expect(mailboxes.map(\.spec) == ["evil@x.example"])
        let seen = mailboxes.flatMap { [$0.displayName] + $0.commentTexts }
        #expect(seen.contains { $0.contains("mia@creator.example") })
    }

    @Test("Groups are marked, and opened for matching")
    func groups() {
        let list = AddressList(Array("Team: mia@x.example, Ben <ben@x.example>;, \"Empty one\":;".utf8))
        #expect(list.mailboxes.map(\.spec) == ["mia@x.example", "ben@x.example"])
        let kinds = list.items.map { item in
            switch item {
            case .mailbox: "m"
            case .groupStart(let name): "(" + text(name)
            case .groupEnd: ")"
            }
        }
        #expect(kinds == ["(Team", "m", "m", ")", "(Empty one", ")"])
    }

    @Test("A quoted local part is seen as such and written quoted where it must be")
    func quoted() throws {
        let address = try #require(AddressList(Array("\"mia@creator.example\"@x.example".utf8)).mailboxes.first)
        #expect(address.isLocalPartQuoted)
        #expect(address.localPartText == "mia@creator.example")
        #expect(address.spec == "\"mia@creator.example\"@x.example")
        let plain = try #require(AddressList(Array("\"mia\"@x.example".utf8)).mailboxes.first)
        #expect(plain.spec == "mia@x.example")
    }

    @Test("Several From fields are visible as such, and read as one list")
    func severalFrom() {
        let header = parsed("From: a@x.example\nFrom: b@x.example\n\n").header
        #expect(header.all("From").count == 2)
        #expect(AddressList(header, "From").mailboxes.map(\.spec) == ["a@x.example", "b@x.example"])
    }
}

@Suite("Envelope")
struct EnvelopeTests {
    @Test("Sender and Reply-To are From's where they are missing (RFC 9051 §7.5.2)")
    func defaults() {
        let envelope = parsed(
            "Date: Mon, 2 Nov 2026 15:04:05 +0100\nSubject: =?utf-8?q?=C3=BC?=\nFrom: Mia <mia@x.example>\n"
                + "To: a@x.example\nTo: b@x.example\nCc: \nMessage-ID: <1@x.example>\nIn-Reply-To: <0@x.example>\n\n"
        ).envelope
        #expect(envelope.date.map { text($0) } == "Mon, 2 Nov 2026 15:04:05 +0100")
        #expect(envelope.subject.map { text($0) } == "=?utf-8?q?=C3=BC?=")
        #expect(envelope.sender == envelope.from)
        #expect(envelope.replyTo?.mailboxes.map(\.spec) == ["mia@x.example"])
        #expect(envelope.to?.mailboxes.map(\.spec) == ["a@x.example", "b@x.example"])
        #expect(envelope.cc == nil)
        #expect(envelope.bcc == nil)
        #expect(envelope.messageID.map { text($0) } == "<1@x.example>")
        #expect(envelope.inReplyTo.map { text($0) } == "<0@x.example>")
    }

    @Test("A comment stands for the name, as old programs write it")
    func comment() {
        let from = parsed("From: mia@x.example (Mia Berg)\n\n").envelope.from?.mailboxes.first
        #expect(from?.envelopeName.map { text($0) } == "Mia Berg")
    }

    @Test("An empty header has an empty envelope")
    func empty() {
        let envelope = ParsedMessage([]).envelope
        #expect(envelope == Envelope(Header([])))
        #expect(envelope.from == nil && envelope.sender == nil && envelope.date == nil)
    }
}
