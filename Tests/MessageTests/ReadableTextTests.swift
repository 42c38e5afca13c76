import Base
import Message
import Testing
import Text

@Suite("Readable text")
struct ReadableTextTests {
    @Test("Plain text is decoded, charset and encoding")
    func plain() {
        let message = parsed(
            "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\ncaf=E9\nline\n"
        )
        #expect(message.readableText() == ReadableText(text: "café\nline\n"))
    }

    @Test("The plain alternative is read, the HTML's links are kept")
    func alternative() {
        let readable = parsed(
            """
            Content-Type: multipart/alternative; boundary=b

            --b
            Content-Type: text/plain

            plain words
            --b
            Content-Type: text/html

            <p>html words <a href="https://tiktok.example/@mia">me</a></p>
            --b--
            """
        ).readableText()
        #expect(readable.text == "plain words")
        #expect(!readable.isFromHTML)
        #expect(readable.links.map(\.target) == ["https://tiktok.example/@mia"])
        #expect(readable.links.map(\.text) == ["me"])
    }

    @Test("An empty plain alternative gives way to the HTML")
    func emptyPlain() {
        let readable = parsed(
            "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: text/html\n\n<p>a</p><p>b</p>\n--b--"
        ).readableText()
        #expect(readable.text == "a\n\nb")
        #expect(readable.isFromHTML)
    }

    @Test("Several inline texts follow each other; attached texts and messages are not read")
    func mixed() {
        let message = parsed(
            """
            Content-Type: multipart/mixed; boundary=b

            --b

            one
            --b
            Content-Disposition: attachment; filename=notes.txt

            attached
            --b
            Content-Type: message/rfc822

            Subject: forwarded

            inner
            --b
            Content-Type: application/pdf; name="=?utf-8?q?Angebot_f=C3=BCr_Mia?=.pdf"
            Content-Transfer-Encoding: base64

            AAECAwQF
            --b
            Content-Type: multipart/related; boundary=c

            --c
            Content-Type: text/html

            two
            --c
            Content-Type: image/png
            Content-Disposition: inline

            png
            --c--
            --b--
            """
        )
        #expect(message.readableText().text == "one\ntwo")
        #expect(
            message.attachments == [
                Attachment(name: "notes.txt", mediaType: "text/plain", size: 8, path: [2]),
                Attachment(name: nil, mediaType: "message/rfc822", size: 27, path: [3]),
                Attachment(name: "Angebot für Mia.pdf", mediaType: "application/pdf", size: 6, path: [4]),
                Attachment(name: nil, mediaType: "image/png", size: 3, path: [5, 2]),
            ]
        )
    }

    @Test("Flowed text is joined, stuffing removed, signature kept apart (RFC 3676)")
    func flowed() {
        let text = parsed(
            "Content-Type: text/plain; format=flowed\n\nOne \nparagraph.\n From here\n> quoted \n> text\n-- \nMia\n"
        ).readableText().text
        #expect(text == "One paragraph.\nFrom here\n> quoted text\n-- \nMia\n")
        let deleted = parsed("Content-Type: text/plain; format=flowed; delsp=yes\n\n日本 \n語\n").readableText().text
        #expect(deleted.hasSuffix("語\n") && deleted.hasPrefix("日本語"))
    }

    @Test("The limit cuts and says so")
    func limit() {
        let readable = parsed("Subject: x\n\n" + String(repeating: "word ", count: 1000)).readableText(limit: 100)
        #expect(readable.text.utf8.count == 100)
        #expect(readable.isCutShort)
        let html = parsed("Content-Type: text/html\n\n" + String(repeating: "<p>word</p>", count: 1000)).readableText(
            limit: 100
        )
        #expect(html.text.utf8.count <= 104)
        #expect(html.isCutShort)
    }

    @Test("Signed and report mail gives its first part")
    func signed() {
        for type in ["signed", "report"] {
            let readable = parsed(
                "Content-Type: multipart/\(type); boundary=b\n\n--b\n\nwords\n--b\nContent-Type: text/plain\n\nmore\n--b--"
            ).readableText()
            #expect(readable.text == "words")
        }
    }
}
