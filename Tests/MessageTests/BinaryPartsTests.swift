import Message
import Testing

@Suite("Binary parts")
struct BinaryPartsTests {
    private func converted(_ source: String) -> String { text(parsed(source).withoutBinaryParts) }

    @Test("Parts with NULs, and parts that call themselves binary, become base 64; the others stay")
    func parts() {
        let source = """
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: application/octet-stream
            content-transfer-encoding: binary

            a\u{0}b
            --b
            X: y

            \u{0}
            --b
            Content-Transfer-Encoding: 8bit

            plain
            --b--

            """
        let expected = """
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            YQBi
            --b
            X: y
            Content-Transfer-Encoding: base64

            AA==
            --b
            Content-Transfer-Encoding: 8bit

            plain
            --b--

            """
        #expect(converted(source) == text(mail(expected)))
        let message = ParsedMessage(parsed(source).withoutBinaryParts)
        #expect(message.decodedBody(of: message.root.parts[0]) == Array("a\u{0}b".utf8))
        #expect(message.withoutBinaryParts == message.bytes, "done once, nothing is left to do")
    }

    @Test(
        "At the root, in a message inside, without a header or an empty line",
        arguments: [
            ("Subject: x\n\n\u{0}\n", "Subject: x\nContent-Transfer-Encoding: base64\n\nAA0K\n"),
            ("\n\u{0}\n", "Content-Transfer-Encoding: base64\n\nAA0K\n"),
            (
                "Content-Type: message/rfc822\n\nSubject: x\n\n\u{0}\n",
                "Content-Type: message/rfc822\n\nSubject: x\nContent-Transfer-Encoding: base64\n\nAA0K\n"
            ),
            ("Subject: x\nno field \u{0}\n", "Subject: x\nContent-Transfer-Encoding: base64\n\nbm8gZmllbGQgAA0K\n"),
            ("Subject: \u{0}\n\nbody\n", "Subject: \u{0}\n\nbody\n"),
            ("Content-Transfer-Encoding: base64\n\n\u{0}\n", "Content-Transfer-Encoding: base64\n\n\u{0}\n"),
        ]
    )
    func places(source: String, expected: String) {
        #expect(converted(source) == text(mail(expected)))
    }
}
