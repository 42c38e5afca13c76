import IMAPWire
import Message
import Testing

@testable import IMAPServer

/// BODYSTRUCTURE of what arrives (RFC 9051 §7.5.2): values written by hand, from the grammar of RFC 2046.
@Suite struct WireStructureTests {
    /// What a part is without anything said about it.
    private static func text(_ octets: Int, _ lines: Int) -> String {
        "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" \(octets) \(lines) NIL NIL NIL NIL)"
    }

    private static let none = "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"

    private static func message(_ octets: Int, _ envelope: String, _ inner: String, _ lines: Int) -> String {
        "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" \(octets) \(envelope) \(inner) \(lines) NIL NIL NIL NIL)"
    }

    private static func multipart(_ parts: [String], _ subtype: String, boundary: String) -> String {
        "(\(parts.joined()) \"\(subtype)\" (\"boundary\" \"\(boundary)\") NIL NIL NIL)"
    }

    private func structure(_ source: String) -> String {
        var bytes: [UInt8] = []
        for byte in source.utf8 {
            if byte == 0x0A { bytes.append(0x0D) }
            bytes.append(byte)
        }
        var writer = WireWriter()
        writer.bodyStructure(BodyStructure(ParsedMessage(bytes).root), extended: true)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(
        "Without a multipart",
        arguments: [
            ("", text(0, 0)), ("\n", text(0, 0)), ("Subject: x\n", text(0, 0)), ("Subject: x", text(0, 0)),
            ("\nbody\n", text(6, 1)), ("Subject: x\n\nno line end", text(11, 0)),
            ("Subject: x\nhello there\nmore\n", text(19, 2)), ("nothing of a header\n", text(21, 1)),
            ("X\u{0}Y: z\nSubject: x\u{0}\n\nbody\n", text(6, 1)),
            ("Content-Type: nonsense\n\nx\n", text(3, 1)),
            // The type was named, its default charset was not.
            ("Content-Type: text/\n\nx\n", "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 3 1 NIL NIL NIL NIL)"),
            ("Content-Type:\n\nx\n", text(3, 1)),
        ]
    )
    func single(source: String, expected: String) {
        #expect(structure(source) == expected)
    }

    @Test(
        "Boundaries broken, missing, nested, alike, never closed",
        arguments: [
            ("b", "--b\n\none\n--b\n\ntwo\n", [text(3, 0), text(5, 1)]),
            ("b", "pre\n--b\n\none\n--b--\npost\n--b\n\nno part\n", [text(3, 0)]),
            ("b", "--b\n--b\n\n--b\n\n\n--b--\n", [text(0, 0), text(0, 0), text(0, 0)]),
            ("b", "--b \t\n\none\n--b  \n\ntwo\n--b-- \n", [text(3, 0), text(3, 0)]),
            ("b", " --b\n\none\n--b\n\ntwo\n--b--\n", [text(3, 0)]),
            ("\"b \"", "--b\n\none\n--b \n\ntwo\n--b --\nend\n", [text(3, 0), text(3, 0)]),
            ("b", "--b\n\none\n--b--", [text(3, 0)]),
            ("b", "--b\nno field\n--b--\n", [text(8, 0)]),
            ("b", "--b\nX: y\n--b\n\n-- \n--\n-b\n--b--\n", [text(0, 0), text(11, 2)]),
        ]
    )
    func boundaries(boundary: String, body: String, parts: [String]) {
        let found = structure("Content-Type: multipart/mixed; boundary=\(boundary)\n\n\(body)")
        #expect(found == Self.multipart(parts, "mixed", boundary: boundary.filter { $0 != "\"" }))
    }

    @Test("A multipart without parts is the text that it is", arguments: ["boundary=b", "boundary=\"\"", "x=y"])
    func noParts(parameter: String) {
        #expect(structure("Content-Type: multipart/mixed; \(parameter)\n\nnothing here\n") == Self.text(14, 1))
    }

    @Test(
        "Multiparts in multiparts, their boundaries alike",
        arguments: [(outer: "o", inner: "i"), ("b", "bb"), ("bb", "b"), ("b", "b")],
        [true, false]
    )
    func nested(boundaries: (outer: String, inner: String), isClosed: Bool) {
        let (outer, inner) = boundaries
        // With the same boundary twice nobody can tell where an inner one that is not closed ends.
        guard isClosed || outer != inner else { return }
        let source =
            "Content-Type: multipart/mixed; boundary=\(outer)\n\n--\(outer)\n"
            + "Content-Type: multipart/alternative; boundary=\(inner)\n\n--\(inner)\n\none\n"
            + (isClosed ? "--\(inner)--\n" : "") + "--\(outer)\n\ntwo\n--\(outer)--\n"
        let alternative = Self.multipart([Self.text(3, 0)], "alternative", boundary: inner)
        #expect(structure(source) == Self.multipart([alternative, Self.text(3, 0)], "mixed", boundary: outer))
    }

    @Test("A digest holds messages unless its parts say otherwise, empty ones too (RFC 2046 §5.1.5)")
    func digest() {
        let envelope = "(NIL \"in\" NIL NIL NIL NIL NIL NIL NIL NIL)"
        let parts = [
            Self.message(16, envelope, Self.text(1, 0), 2), Self.text(5, 0),
            Self.message(0, Self.none, Self.text(0, 0), 0),
        ]
        let source =
            "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: in\n\nx\n--b\n"
            + "Content-Type: text/plain; charset=us-ascii\n\nplain\n--b\n--b--\n"
        #expect(structure(source) == Self.multipart(parts, "digest", boundary: "b"))
    }

    @Test(
        "Messages inside: empty, header only, cut off, broken, with parts of their own",
        arguments: [
            ("", message(0, none, text(0, 0), 0)),
            ("\nbody\n", message(8, none, text(6, 1), 2)),
            ("just text\n", message(11, none, text(11, 1), 1)),
            ("Subject: x\n", message(12, "(NIL \"x\" NIL NIL NIL NIL NIL NIL NIL NIL)", text(0, 0), 1)),
            (
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none",
                message(55, none, multipart([text(3, 0)], "mixed", boundary: "b"), 4)
            ),
            (
                "Content-Type: message/rfc822\n\nSubject: x\n\nb\n",
                message(
                    49,
                    none,
                    message(17, "(NIL \"x\" NIL NIL NIL NIL NIL NIL NIL NIL)", text(3, 1), 3),
                    5
                )
            ),
        ]
    )
    func messages(inner: String, expected: String) {
        #expect(structure("Content-Type: message/rfc822\n\n\(inner)") == expected)
    }

    @Test("A message whose header a delimiter cuts off keeps the header's last line end, and counts it")
    func cutHeader() {
        let source =
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: x\nX: y\n--b--\n"
        let envelope = "(NIL \"x\" NIL NIL NIL NIL NIL NIL NIL NIL)"
        #expect(
            structure(source)
                == Self.multipart([Self.message(18, envelope, Self.text(0, 0), 2)], "mixed", boundary: "b")
        )
    }

    @Test(
        "Parameters (RFC 2045 §5.1, RFC 2231)",
        arguments: [
            ("", "NIL"), ("; a=b; C=\"d \\\"e\\\"\"", "(\"a\" \"b\" \"c\" \"d \\\"e\\\"\")"),
            (";; a=b;", "(\"a\" \"b\")"), ("; a", "NIL"), ("; a=", "(\"a\" \"\")"), ("; a=\"open", "(\"a\" \"open\")"),
            ("; a=b=c; d=[e]", "(\"a\" \"b=c\" \"d\" \"[e]\")"), ("; a=1; a=2", "(\"a\" \"1\" \"a\" \"2\")"),
            ("; a*0=\"x \"; a*1=y", "(\"a\" \"x y\")"), ("; a*1=y; a*0=x", "(\"a\" \"xy\")"),
            ("; a*0=x; a*2=z", "(\"a\" \"x\" \"a*2\" \"z\")"),
            ("; a*1=y; a*2*=%20", "(\"a*1\" \"y\" \"a*2*\" \"%20\")"),
            ("; a*=utf-8'en'%C3%BC", "(\"a*\" \"utf-8'en'%C3%BC\")"),
            ("; a*0*=utf-8''%C3; a*1*=%BC; a*2=\"%\"", "(\"a*\" \"utf-8''%C3%BC%25\")"),
            ("; a=plain; a*=utf-8''x", "(\"a*\" \"utf-8''x\" \"a\" \"plain\")"),
            ("; name=a file.txt; x=y", "(\"name\" \"a file.txt\" \"x\" \"y\")"),
        ]
    )
    func parameters(source: String, expected: String) {
        let found = structure("Content-Type: application/x\(source)\n\n")
        #expect(found == "(\"application\" \"x\" \(expected) NIL NIL \"7bit\" 0 NIL NIL NIL NIL)")
    }

    @Test("Fields beside the type")
    func otherFields() {
        let source = """
            Content-Type: application/x
            Content-ID: <id@x.example>
            Content-Description: a =?utf-8?q?d?=
            Content-Transfer-Encoding: BASE64 (yes)
            Content-MD5: abc==
            Content-Disposition: ATTACHMENT; FileName=x
            Content-Language: en, de (c)
            Content-Location: http://x.example/
             y

            """
        #expect(
            structure(source + "\n")
                == "(\"application\" \"x\" NIL \"<id@x.example>\" \"a =?utf-8?q?d?=\" \"BASE64\" 0 \"abc==\" (\"attachment\" (\"filename\" \"x\")) (\"en\" \"de\") \"http://x.example/y\")"
        )
    }
}
