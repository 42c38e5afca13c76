import Message
import Testing

@Suite("Every text of a message that somebody may read (INV-7)")
struct EveryTextTests {
    private static func texts(_ message: String) -> [(MessageText.Place, String)] {
        parsed(message).everyText().texts.map { ($0.place, $0.pieces.joined(separator: "|")) }
    }

    private static func multipart(_ kind: String, _ parts: String...) -> String {
        let type = "Content-Type: multipart/\(kind); boundary=b\n\n"
        return type + parts.map { "--b\n\($0)\n" }.joined() + "--b--\n"
    }

    @Test func plainMail() {
        let every = parsed("Subject: x\n\nHello\n").everyText()
        #expect(every.texts.map(\.place) == [.shown] && every.texts.map(\.pieces) == [["Hello\n"]])
        #expect(every.unread.isEmpty && !every.isShownInDoubt)
    }

    @Test("All alternatives are shown, attached text and messages inside are not")
    func parts() {
        let message = Self.multipart(
            "mixed",
            "Content-Type: text/plain\n\none",
            "Content-Type: text/html\n\n<p>two",
            "Content-Type: text/html\nContent-Disposition: attachment; filename=a.html\n\n<p>three",
            "Content-Type: text/plain; name=b.txt\n\nfour",
            "Content-Type: message/rfc822\n\nSubject: five\nContent-Type: text/html\n\n<p>six",
            "Content-Type: application/octet-stream; name=c.csv\n\nseven",
            "Content-Type: image/png; name=d.png\n\neight",
            "Content-Type: text/calendar\n\nDESCRIPTION:ni\n ne\\nten"
        )
        let texts = Self.texts(message)
        #expect(texts.filter { $0.0 == .shown }.map(\.1) == ["one", "two"])
        #expect(texts.filter { $0.0 == .message }.map(\.1) == ["five", "six"])
        #expect(texts.contains { $0.0 == .file("a.html") && $0.1 == "three" })
        #expect(texts.contains { $0.0 == .file("b.txt") && $0.1 == "four" })
        #expect(texts.contains { $0.0 == .file("c.csv") && $0.1 == "seven" })
        #expect(texts.contains { $0.0 == .file("text/calendar") && $0.1.contains("nine\nten") })
        #expect(!texts.contains { $0.1.contains("eight") })
    }

    @Test("An encoded message inside is taken apart as well")
    func encodedMessage() {
        let message =
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogZGVlcAoKaW5zaWRlCg=="
        #expect(Self.texts(message).map(\.1) == ["deep", "inside\n"])
        let file = Self.multipart(
            "mixed",
            "Content-Type: application/octet-stream; name=x.eml\n\nSubject: deep\n\ninside"
        )
        #expect(Self.texts(file).map(\.1) == ["deep", "inside"])
    }

    @Test("Hidden HTML, alternative texts and comments stand aside; what is shown is shown")
    func layers() {
        let texts = Self.texts(
            "Content-Type: text/html\n\n<p>seen<span hidden>unseen</span><img alt=picture><!-- comment -->"
        )
        #expect(texts.first?.0 == .shown && texts.first?.1 == "seen")
        #expect(texts.dropFirst().allSatisfy { $0.0 == .hidden })
        let aside = texts.dropFirst().map(\.1).joined()
        for word in ["unseen", "picture", "comment"] { #expect(aside.contains(word)) }
    }

    @Test func fieldsOfTheHeader() {
        let texts = Self.texts("Subject: one\nSubject: two\nComments: three\nKeywords: four\n\nbody")
        #expect(texts.first?.0 == .header && texts.first?.1 == "two|three|four")
    }

    @Test("A charset that a reader may take no notice of")
    func charsets() {
        let texts = Self.texts("Content-Type: text/plain; charset=utf-7\n\nu+AHMAYQBn-e")
        #expect(texts.map(\.1) == ["u+AHMAYQBn-e", "usage"])
        #expect(Self.texts("Content-Type: text/plain; charset=utf-16\n\nplain").contains { $0.1 == "plain" })
    }

    static let unread: [String] = [
        "Content-Type: text/plain; charset=x-own\n\nus\u{E9}",
        "Content-Type: text/plain\nContent-Transfer-Encoding: x-uuencode\n\nM",
        "Content-Type: text/plain\nContent-Type: text/html\n\nx",
        "Content-Type: application/pkcs7-mime; smime-type=signed-data\n\nx",
        "Content-Type: message/partial; id=1\n\nx",
        "Content-Type: text/html\n\nus&ZeroWidthSpace;age",
        "Content-Type: text/plain\n\n\u{202E}egasu",
        "Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\n",
        multipart("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1"),
        multipart("mixed", "Content-Type: application/ms-tnef; name=winmail.dat\n\nx"),
        "Content-Type: text/plain\n\n" + String(repeating: "much text ", count: 110_000),
    ]

    @Test("What cannot be read is said, never left out in silence", arguments: unread)
    func isUnread(_ message: String) {
        #expect(!parsed(message).everyText().unread.isEmpty)
    }

    static let doubtful: [String] = [
        multipart("alternative", "Content-Type: text/plain\n\nx", "Content-Type: image/png\n\nx"),
        multipart(
            "alternative",
            "Content-Type: text/plain\n\nx",
            "Content-Type: text/html\nContent-Disposition: attachment\n\nx"
        ),
        "Content-Type: text/html\n\n<style>p{display:none}</style><p>x",
    ]

    @Test("Where a reader may see no text of these, nothing is certainly shown", arguments: doubtful)
    func isInDoubt(_ message: String) {
        #expect(parsed(message).everyText().isShownInDoubt)
    }

    @Test func ordinaryAlternativesAreInNoDoubt() {
        let message = Self.multipart(
            "alternative",
            "Content-Type: text/plain\n\nx",
            Self.multipart("related; type=x", "Content-Type: text/html\n\n<p>x").replacing("=b\n", with: "=c\n")
                .replacing("--b", with: "--c")
        )
        let every = parsed(message).everyText()
        #expect(!every.isShownInDoubt && every.unread.isEmpty)
        #expect(every.texts.count == 2)
    }
}
