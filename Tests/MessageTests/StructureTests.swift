import Message
import Testing

/// The tree as a line: types, with parts in parentheses.
private func outline(_ part: MIMEPart) -> String {
    switch part.content {
    case .leaf: part.mediaType.name
    case .message(let inner): part.mediaType.name + "[" + inner.map { outline($0) }.joined() + "]"
    case .multipart(let parts):
        part.mediaType.subtype + "(" + parts.map { outline($0) }.joined(separator: " ") + ")"
    }
}

@Suite("Structure")
struct StructureTests {
    @Test(
        "Shapes",
        arguments: [
            ("Subject: x\n\nbody\n", "text/plain"),
            ("Content-Type: text/html\n\n<p>", "text/html"),
            ("Content-Type: nonsense\n\nx", "text/plain"),
            (
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: image/png\n\n--b--\n",
                "mixed(text/plain image/png)"
            ),
            // Without a closing delimiter.
            ("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo", "mixed(text/plain text/plain)"),
            // Without any delimiter, without a boundary.
            ("Content-Type: multipart/mixed; boundary=b\n\nnothing here\n", "text/plain"),
            ("Content-Type: multipart/mixed\n\n--b\n\none\n--b--\n", "text/plain"),
            // The parts of a digest are messages.
            (
                "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: in\n\nbody\n--b--\n",
                "digest(message/rfc822[text/plain])"
            ),
            // The inner boundary begins like the outer one, and the other way round.
            (
                "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=bb\n\n--bb\n\none\n--bb\n\ntwo\n--bb--\n--b\n\nthree\n--b--\n",
                "mixed(alternative(text/plain text/plain) text/plain)"
            ),
            (
                "Content-Type: multipart/mixed; boundary=bb\n\n--bb\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\none\n--b--\n--bb\n\ntwo\n--bb--\n",
                "mixed(alternative(text/plain) text/plain)"
            ),
            // The inner multipart is never closed: the outer delimiter ends it.
            (
                "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; boundary=i\n\n--i\n\none\n--o\n\ntwo\n--o--\n",
                "mixed(alternative(text/plain) text/plain)"
            ),
            // Blanks behind a delimiter, a header cut off by one, an empty part.
            (
                "Content-Type: multipart/mixed; boundary=\"b c\"\n\n--b c  \nContent-Type: text/html\n--b c\n\n--b c--",
                "mixed(text/html text/plain)"
            ),
            (
                "Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--",
                "message/rfc822[mixed(text/plain)]"
            ),
        ]
    )
    func shapes(source: String, expected: String) {
        #expect(outline(parsed(source).root) == expected)
        // The same with bare LF.
        #expect(outline(ParsedMessage(Array(source.utf8)).root) == expected)
    }

    @Test("Ranges: the line end before a delimiter belongs to the delimiter")
    func ranges() throws {
        let message = parsed(
            "Content-Type: multipart/mixed; boundary=b\n\npreamble\n--b\nX: 1\n\none\ntwo\n\n--b\n\n\n--b--\nepilogue\n"
        )
        let parts = message.root.parts
        try #require(parts.count == 2)
        #expect(text(message.bytes[parts[0].header.range]) == "X: 1\r\n\r\n")
        #expect(text(message.bytes[parts[0].body]) == "one\r\ntwo\r\n")
        #expect(parts[0].octets == 10)
        #expect(parts[0].lines == 2)
        #expect(text(message.bytes[parts[1].range]) == "\r\n")
        #expect(parts[1].body.isEmpty)
        #expect(message.root.body.upperBound == message.bytes.count)
        #expect(text(message.bytes[message.root.body]).hasSuffix("epilogue\r\n"))
    }

    @Test("MIME fields of a part")
    func fields() throws {
        let part = try #require(
            parsed(
                """
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: image/PNG; name="a.png"
                Content-Disposition: attachment; filename*0*=UTF-8''caf%C3%A9; filename*1=.png
                Content-Language: en, de
                Content-Location: http://x.example/
                 a.png
                Content-ID: <1@x.example>
                Content-Description: A =?utf-8?q?pict=C3=BCre?=
                Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==
                Content-Transfer-Encoding: Base64 (yes)

                AAEC
                --b--
                """
            ).root.parts.first
        )
        #expect(part.mediaType.name == "image/png")
        #expect(part.disposition?.isAttachment == true)
        #expect(part.fileName == "café.png")
        #expect(part.languages == ["en", "de"])
        #expect(part.location.map { text($0) } == "http://x.example/a.png")
        #expect(part.id.map { text($0) } == "<1@x.example>")
        #expect(part.description.map { text($0) } == "A =?utf-8?q?pict=C3=BCre?=")
        #expect(part.md5.map { text($0) } == "Q2hlY2sgSW50ZWdyaXR5IQ==")
        #expect(part.encoding == .base64)
        #expect(part.encodingName == "Base64")
    }
}

@Suite("Sections")
struct SectionTests {
    /// The example of RFC 9051 §6.4.5.1.
    private let message = parsed(
        """
        Subject: top
        Content-Type: multipart/mixed; boundary=top

        --top
        Content-Type: text/plain

        part 1
        --top
        Content-Type: application/octet-stream

        part 2
        --top
        Content-Type: message/rfc822

        Subject: inner
        Content-Type: multipart/mixed; boundary=inner

        --inner

        part 3.1
        --inner
        Content-Type: application/octet-stream

        part 3.2
        --inner--
        --top
        Content-Type: multipart/mixed; boundary=four

        --four
        Content-Type: image/gif

        part 4.1
        --four
        Content-Type: message/rfc822

        Subject: deep

        part 4.2.1
        --four--
        --top--

        """
    )

    @Test(
        "Every section of the tree",
        arguments: [
            ([1], .whole, "part 1"), ([2], .whole, "part 2"), ([3, 1], .whole, "part 3.1"),
            ([3, 2], .whole, "part 3.2"), ([4, 1], .whole, "part 4.1"), ([4, 2, 1], .whole, "part 4.2.1"),
            ([1], .mime, "Content-Type: text/plain\r\n\r\n"),
            ([3], .mime, "Content-Type: message/rfc822\r\n\r\n"),
            ([3], .header, "Subject: inner\r\nContent-Type: multipart/mixed; boundary=inner\r\n\r\n"),
            ([4, 2], .header, "Subject: deep\r\n\r\n"), ([4, 2], .text, "part 4.2.1"),
            ([4, 2], .whole, "Subject: deep\r\n\r\npart 4.2.1"),
            ([3, 1], .mime, "\r\n"),
        ] as [([Int], SectionText, String)]
    )
    func sections(numbers: [Int], section: SectionText, expected: String) {
        #expect(message.section(section, at: numbers).map { text($0) } == expected)
    }

    @Test(
        "Sections that are not there",
        arguments: [
            ([5], .whole), ([0], .whole), ([1, 1], .whole), ([1], .header), ([2], .text), ([4], .header),
            ([4, 2, 2], .whole), ([], .mime), ([3, 1, 1], .whole), ([4, 2, 1, 1], .whole),
        ] as [([Int], SectionText)]
    )
    func missing(numbers: [Int], section: SectionText) {
        #expect(message.section(section, at: numbers) == nil)
    }

    @Test("Header and text cover the message exactly (INV-3)")
    func cover() throws {
        let header = try #require(message.section(.header, at: []))
        let body = try #require(message.section(.text, at: []))
        #expect(header + body == message.bytes)
        #expect(message.section(.whole, at: []) == message.bytes)
        let inner = try #require(message.section(.whole, at: [3]))
        let innerHeader = try #require(message.section(.header, at: [3]))
        let innerText = try #require(message.section(.text, at: [3]))
        #expect(innerHeader + innerText == inner)
    }

    @Test("A message that is no multipart is its own part 1")
    func singlePart() {
        let single = parsed("Subject: x\n\nbody")
        #expect(single.section(.whole, at: [1]).map { text($0) } == "body")
        #expect(single.section(.mime, at: [1]).map { text($0) } == "Subject: x\r\n\r\n")
        #expect(single.section(.whole, at: [1, 1]) == nil)
        #expect(single.section(.whole, at: [2]) == nil)
        let wrapped = parsed("Content-Type: message/rfc822\n\nSubject: in\n\nbody")
        #expect(wrapped.section(.whole, at: [1]).map { text($0) } == "Subject: in\r\n\r\nbody")
        #expect(wrapped.section(.header, at: [1]).map { text($0) } == "Subject: in\r\n\r\n")
        #expect(wrapped.section(.whole, at: [1, 1]).map { text($0) } == "body")
    }
}
