import Base
import Message
import Testing

private let fields = [
    ComposedField("From", .addresses([Address(name: "Greenroom", spec: "green@room.example")])),
    ComposedField(
        "To",
        .addresses([Address(name: "Müller, Jörg", spec: "joerg@x.example"), Address(spec: "b@x.example")])
    ),
    ComposedField("Date", .date(MailDate(Timestamp(seconds: 1_793_628_245), offset: 60))),
    ComposedField("Message-ID", .messageIDs(["1@room.example"])),
    ComposedField("Subject", .text("Grüße")),
]

private func composed(_ body: ComposedPart) -> ParsedMessage {
    ParsedMessage(ComposedMessage(fields: fields, body: body).bytes(boundary: "=_b"))
}

@Suite("Composing")
struct ComposedMessageTests {
    @Test("Every form is well-formed: CRLF, lines below 998, 7-bit, and reads back")
    func forms() throws {
        let attached = mail("Subject: inner\n\n--=_b\nsmall trick\n")
        for (body, expected) in [
            (ComposedPart.text("Hello\nyou"), "Hello\nyou\n"),
            (.text("Grüße\n"), "Grüße\n"),
            (.text("日本語のテキスト\n"), "日本語のテキスト\n"),
            (.text(String(repeating: "x", count: 3000)), String(repeating: "x", count: 3000) + "\n"),
            (.text("", isFlowed: true), ""),
            (.alternative([.text("plain"), .html("<p>rich</p>")]), "plain\n"),
            (
                .mixed([
                    .text("see"), .message(attached), .file(name: "ü ö.txt", mediaType: "text/plain", bytes: [0, 1]),
                ]), "see\n"
            ),
            (.mixed([.alternative([.text("a"), .html("b")]), .text("c")]), "a\n\nc\n"),
        ] {
            let message = composed(body)
            #expect(LineEnds(message.bytes).areCanonical)
            #expect(text(message.bytes).split(separator: "\r\n").allSatisfy { $0.utf8.count <= 998 })
            #expect(message.bytes.allSatisfy { $0 < 0x80 })
            #expect(message.readableText().text == expected)
            #expect(message.header.text("Subject") == "Grüße")
            #expect(message.header.text("MIME-Version") == "1.0")
            #expect(AddressList(message.header, "To").mailboxes.map(\.displayName) == ["Müller, Jörg", ""])
        }
    }

    @Test("The same input gives the same bytes")
    func deterministic() {
        let body = ComposedPart.mixed([.text("ä"), .message(mail("A: 1\n\nx"))])
        #expect(composed(body).bytes == composed(body).bytes)
    }

    @Test("A boundary that a part holds is lengthened")
    func boundary() throws {
        let message = composed(.mixed([.text("--=_b\nevil\n--=_b--\n"), .text("two")]))
        #expect(message.root.parts.count == 2)
        #expect(message.root.mediaType.parameters["boundary"]?.text == "=_bx")
        let prefixed = composed(
            .mixed([
                .message(mail("Content-Type: multipart/mixed; boundary=\"=_b-9\"\n\n--=_b-9\n\nin\n--=_b-9--\n")),
                .text("two"),
            ])
        )
        #expect(prefixed.root.parts.count == 2)
        #expect(prefixed.root.parts.first?.message?.parts.count == 1)
    }

    @Test(
        "File names of every kind read back",
        arguments: [
            "a.txt", "with space.pdf", "Überblick für März.xlsx", "日本語のとても長いファイル名です、そしてさらに長くなります.pdf", "q\"uote\\.txt",
        ]
    )
    func fileNames(name: String) {
        let message = composed(
            .mixed([.text("x"), .file(name: name, mediaType: "application/pdf", bytes: [1, 2, 3])])
        )
        #expect(message.attachments.map(\.name) == [name])
        let part = message.root.parts[1]
        #expect(message.decodedBody(of: part) == [1, 2, 3])
        #expect(text(message.bytes).split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
    }

    @Test("Flowed text is broken at 72 and joined again")
    func flowed() {
        let paragraph = String(repeating: "some words ", count: 40) + "end."
        let source = "\(paragraph)\n\n> a quoted line that is left as it is\n From here\n-- \nMia\n"
        let message = composed(.text(source, isFlowed: true))
        #expect(text(message.bytes).split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
        #expect(message.readableText().text == source)
    }

    @Test("An attached message keeps its bytes")
    func attached() {
        let inner = mail("Subject: inner\n\nbody, no line end")
        let message = composed(.mixed([.text("x"), .message(inner)]))
        #expect(message.section(.whole, at: [2]) == inner)
    }
}

@Suite("Delivery reports")
struct DeliveryReportTests {
    @Test("What is composed is read again (RFC 3464)")
    func roundTrip() throws {
        let bytes = ComposedDeliveryReport(
            reportingHost: "room.example",
            from: Address(name: "Greenroom", spec: "green@room.example"),
            to: Address(spec: "ben@b.example"),
            date: MailDate(Timestamp(seconds: 1_793_628_245)),
            messageID: "r1@room.example",
            subject: "Not delivered",
            text: "mia@x.example did not get your mail.",
            envelopeID: "E1",
            recipients: [
                .init(
                    address: "mia@x.example",
                    original: "Mia@x.example",
                    action: .failed,
                    status: "5.1.1",
                    diagnostic: "550 no such user"
                ),
                .init(address: "zoe@x.example", action: .delayed, status: "4.4.1"),
            ],
            original: mail("Message-ID: <o1@b.example>\nSubject: Offer\n\nsecret body\n")
        ).bytes(boundary: "=_r")
        #expect(LineEnds(bytes).areCanonical)
        #expect(!text(bytes).contains("secret body"))
        let message = ParsedMessage(bytes)
        let report = try #require(DeliveryReport(message))
        #expect(report.failed.map(\.address) == ["mia@x.example"])
        #expect(report.failed.first?.diagnostic == "550 no such user")
        #expect(report.recipients.map(\.status) == ["5.1.1", "4.4.1"])
        #expect(report.recipients.first?.original == "Mia@x.example")
        #expect(report.originalMessageID == "o1@b.example")
        #expect(!report.isReceipt)
        #expect(AutomaticMarks(message.header).isAutomaticReply)
        #expect(AutomaticMarks(message.header).isReport)
    }

    @Test("A report says who said what and until when it is tried, in one line each (RFC 3464 §2.3)")
    func details() throws {
        let bytes = report(
            [
                .init(
                    address: "mia@x.example",
                    original: "m@old.example",
                    originalType: "x400",
                    action: .delayed,
                    status: "4.2.1",
                    diagnostic: "450 4.2.1 später\r\nAction: delivered"
                )
            ]
        )
        let text = text(bytes)
        #expect(text.contains("Content-Type: message/delivery-status\r\n"))
        #expect(
            text.contains("\r\nOriginal-Recipient: x400; m@old.example\r\nFinal-Recipient: rfc822; mia@x.example\r\n")
        )
        #expect(text.contains("\r\nRemote-MTA: dns; smtp.x.example\r\n"))
        #expect(text.contains("\r\nDiagnostic-Code: smtp; 450 4.2.1 sp?ter Action: delivered\r\n"))
        #expect(text.contains("\r\nLast-Attempt-Date: "))
        #expect(text.contains("\r\nWill-Retry-Until: "))
        let read = try #require(DeliveryReport(ParsedMessage(bytes)))
        #expect(read.recipients.map(\.originalType) == ["x400"])
        #expect(read.recipients.map(\.action) == [.delayed])
    }

    @Test("Addresses in UTF-8 are reported in the type that is made for them (RFC 6533 §3)")
    func international() throws {
        let bytes = report([.init(address: "méi@x.example", action: .failed, status: "5.1.1", diagnostic: "550 né")])
        let text = text(bytes)
        #expect(text.contains("Content-Type: message/global-delivery-status\r\n"))
        #expect(text.contains("Final-Recipient: utf-8; méi@x.example\r\n"))
        #expect(text.contains("Diagnostic-Code: smtp; 550 né\r\n"))
        #expect(DeliveryReport(ParsedMessage(bytes))?.failed.map(\.address) == ["méi@x.example"])
    }

    private func report(_ recipients: [DeliveryReport.Recipient]) -> [UInt8] {
        let now = MailDate(Timestamp(seconds: 1_793_628_245))
        return ComposedDeliveryReport(
            reportingHost: "room.example",
            from: Address(name: "Greenroom", spec: "green@room.example"),
            to: Address(spec: "ben@b.example"),
            date: now,
            messageID: "r1@room.example",
            subject: "Delayed",
            text: "Not yet.",
            recipients: recipients,
            remoteHost: "smtp.x.example",
            lastAttempt: now,
            willRetryUntil: now,
            original: mail("Subject: x\n\nbody\n")
        ).bytes(boundary: "=_r")
    }

    @Test("A report with the whole message inside")
    func wholeMessage() throws {
        let report = try #require(
            DeliveryReport(
                parsed(
                    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\nFinal-Recipient: RFC822; <mia@x.example>\nAction: Failed\nStatus: 5.0.0 (unknown)\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <o1@b.example>\n\nbody\n--b--"
                )
            )
        )
        #expect(report.failed.map(\.address) == ["mia@x.example"])
        #expect(report.failed.map(\.status) == ["5.0.0"])
        #expect(report.originalMessageID == "o1@b.example")
    }

    @Test("A receipt (RFC 8098)")
    func receipt() throws {
        let report = try #require(
            DeliveryReport(
                parsed(
                    "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;mia@x.example\nOriginal-Message-ID: <o1@b.example>\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--"
                )
            )
        )
        #expect(report.isReceipt)
        #expect(report.originalMessageID == "o1@b.example")
        #expect(report.failed.isEmpty)
    }

    @Test("Other bounces, and mail that is none")
    func others() throws {
        let other = try #require(
            DeliveryReport(parsed("X-Failed-Recipients: mia@x.example\nReferences: <o1@b.example>\n\nsorry"))
        )
        #expect(other.failed.map(\.address) == ["mia@x.example"])
        #expect(other.originalMessageID == "o1@b.example")
        #expect(DeliveryReport(parsed("Subject: x\n\nbody")) == nil)
    }
}
