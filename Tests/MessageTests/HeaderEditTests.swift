import Message
import Testing

private let ours = FieldSelection(prefixes: ["Greenroom-"])
private let top = FieldSelection(names: ["Bcc", "Return-Path"], prefixes: ["Greenroom-"])

private func edited(_ source: String) -> EditedMessage {
    parsed(source).removingFields(top, fromAttachedMessages: ours)
}

@Suite("Header edit")
struct HeaderEditTests {
    @Test("Fields are taken out of the top header, every other byte stays (INV-1, INV-4)")
    func topHeader() {
        let result = edited(
            "Return-Path: <>\nFrom: a@x.example\nGREENROOM-Stage: replied\n and folded\nSubject:   odd  spacing \nBcc: b@x.example\n\nGreenroom-Stage: in the text\n"
        )
        #expect(
            text(result.bytes)
                == text(mail("From: a@x.example\nSubject:   odd  spacing \n\nGreenroom-Stage: in the text\n"))
        )
        #expect(result.removed == 3)
        #expect(!result.remainsInSignedPart)
    }

    @Test("Nothing to take out leaves the bytes as they are")
    func untouched() {
        let source = mail("From: a@x.example\nbroken\n\nbody") + [0, 0xFF, 0x0A, 0x0D]
        let result = ParsedMessage(source).removingFields(FieldSelection(names: ["Bcc"]), fromAttachedMessages: ours)
        #expect(result.bytes == source)
        #expect(result.removed == 0)
    }

    @Test("Attached messages at any depth lose our fields and keep their Bcc (INV-4)")
    func attached() {
        let source = """
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: message/rfc822

            Greenroom-Creator: mia
            Bcc: kept@x.example
            Content-Type: message/rfc822

            Subject: deep
            greenroom-stage : x

            body
            --b--

            """
        let result = edited(source)
        let expected = source.replacing("Greenroom-Creator: mia\n", with: "").replacing(
            "greenroom-stage : x\n",
            with: ""
        )
        #expect(text(result.bytes) == text(mail(expected)))
        #expect(result.removed == 2)
    }

    @Test("Signed content is left alone and reported (INV-4)")
    func signed() {
        let source = """
            Greenroom-Stage: top
            Content-Type: multipart/signed; boundary=s

            --s
            Content-Type: message/rfc822

            Greenroom-Creator: mia

            body
            --s
            Content-Type: application/pgp-signature

            x
            --s--
            """
        let result = edited(source)
        #expect(text(result.bytes) == text(mail(source.replacing("Greenroom-Stage: top\n", with: ""))))
        #expect(result.remainsInSignedPart)
        #expect(!edited(source.replacing("Greenroom-Creator", with: "X-Other")).remainsInSignedPart)
    }

    @Test("A message that is attached encoded is opened for it (INV-4, RFC 6532 §3.7)")
    func encoded() throws {
        let inner = mail("Subject: in\nGreenroom-Creator: mia\n\nbody\n")
        let encoded = text(TransferEncoding.base64.encode(inner))
        let source =
            "Content-Type: message/global\nContent-Transfer-Encoding: base64\n\n".replacing("\n", with: "\r\n")
            + encoded
        let result = ParsedMessage(Array(source.utf8)).removingFields(top, fromAttachedMessages: ours)
        #expect(result.removed == 1)
        let again = ParsedMessage(result.bytes)
        #expect(text(again.decodedBody(of: again.root)) == "Subject: in\r\n\r\nbody\r\n")
    }

    @Test("A signature that holds its text inside is searched (INV-4)")
    func opaque() {
        let signed = text(TransferEncoding.base64.encode([0x30, 0x80] + mail("x\nGreenroom-Stage: x\n\nbody")))
        let head = "Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        #expect(
            ParsedMessage(Array((head + signed).utf8)).removingFields(top, fromAttachedMessages: ours)
                .remainsInSignedPart
        )
    }

    @Test("Fields are put before the header, and never into the body")
    func prepend() {
        let fields = mail("Date: x\n")
        #expect(text(parsed("A: 1\n\nbody").prepending(fields: fields)) == "Date: x\r\nA: 1\r\n\r\nbody")
        #expect(text(parsed("Hello\n\nbody").prepending(fields: fields)) == "Date: x\r\n\r\nHello\r\n\r\nbody")
        #expect(text(parsed("\nbody").prepending(fields: fields)) == "Date: x\r\n\r\nbody")
    }

    @Test("Line ends are counted and made canonical (INV-1)")
    func lineEnds() {
        let odd = LineEnds(Array("a\nb\r\nc\rd\u{0}\r".utf8))
        #expect((odd.bareLF, odd.bareCR, odd.nul) == (1, 2, 1))
        #expect(!odd.areCanonical)
        #expect(text(LineEnds.canonical(Array("a\nb\r\n\n".utf8))) == "a\r\nb\r\n\r\n")
        #expect(LineEnds(LineEnds.canonical(Array("a\nb\r\n\n".utf8))).areCanonical)
    }
}
