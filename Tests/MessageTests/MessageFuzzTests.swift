import Base
import Message
import TestSupport
import Testing

/// Takes bytes and reads everything of them as a message; for a fuzzer, and for the tests below.
func fuzzMessage(_ bytes: [UInt8]) {
    let message = ParsedMessage(bytes)
    checkTree(message.root, in: message.bytes)
    #expect(message.linesRead <= 2 * bytes.count { $0 == ASCII.lf } + 2)
    let header = message.header
    #expect(header.range.upperBound == message.root.body.lowerBound)
    _ = message.envelope
    _ = (header.messageID, header.inReplyTo, header.references, header.date)
    for field in header { _ = field.text }
    _ = AuthenticationResults.first(in: header, authservID: "x.example")
    _ = AutomaticMarks(header)
    _ = DeliveryReport(message)
    _ = message.attachments
    let readable = message.readableText(limit: 4096)
    let split = FreshText(readable.text, subject: header.text("Subject") ?? "")
    #expect(split.lines.count == readable.text.utf8.count { $0 == ASCII.lf } + 1)
    let ours = FieldSelection(prefixes: ["Greenroom-"])
    let edited = message.removingFields(ours, fromAttachedMessages: ours)
    #expect(edited.bytes.count <= bytes.count || edited.removed > 0)
    let again = ParsedMessage(edited.bytes)
    #expect(edited.isCutShort || !again.header.contains { $0.hasNamePrefix("Greenroom-") })
}

/// Every part lies in its parent, in order, and header and body touch.
private func checkTree(_ part: MIMEPart, in bytes: [UInt8]) {
    #expect(part.header.range.upperBound <= part.body.lowerBound)
    #expect(part.body.upperBound <= bytes.count)
    _ = (part.disposition, part.languages, part.fileName, part.encodingName, part.location)
    _ = part.mediaType.parameters.map(\.wire.value)
    var position = part.body.lowerBound
    for child in part.parts + [part.message].compactMap({ $0 }) {
        #expect(child.range.lowerBound >= position)
        #expect(child.range.upperBound <= part.body.upperBound)
        position = child.range.upperBound
        checkTree(child, in: bytes)
    }
}

private let seeds: [[UInt8]] = [
    mail(
        """
        Received: from x by y; Mon, 2 Nov 2026 15:04:05 +0100
        Authentication-Results: x.example; dmarc=pass (ok) header.from=x.example
        From: "Mia (B)" <mia@x.example>, =?utf-8?Q?J=C3=B6rg?= <j@x.example> (c)
        To: Team: a@x.example, "b c"@x.example;, <@r.example:d@x.example>
        Subject: =?utf-8?B?4oI=?= =?utf-8?B?rA==?= Re: offer
        Date: Mon, 2 Nov 2026 15:04:05 +0100 (CET)
        Message-ID: <1@x.example>
        References: <0@x.example>
         <00@x.example>
        Greenroom-Stage: fake
        Content-Type: multipart/mixed; boundary="b"; x*0*=utf-8''%41; x*1=b

        preamble
        --b
        Content-Type: multipart/alternative; boundary=bb

        --bb
        Content-Type: text/plain; charset=iso-2022-jp; format=flowed
        Content-Transfer-Encoding: quoted-printable

        approve=20
        On Mon, Nov 2, 2026 at 3:04 PM Ben <ben@b.example> wrote:
        > old
        --bb
        Content-Type: text/html; charset=utf-8

        <div>a<br>&amp;&#8364;<blockquote>q <a href="http://x.example">l</a></blockquote><!-- c --></div>
        --bb--
        --b
        Content-Type: message/rfc822

        Greenroom-Creator: mia
        Subject: inner

        -----Original Message-----
        From: Mia <mia@x.example>
        Sent: today
        To: x
        Subject: y

        words
        --b
        Content-Type: application/octet-stream; name*0="a"; name*1="b"
        Content-Transfer-Encoding: base64

        AAECAwQF
        --b--
        """
    ),
    mail(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; mia@x.example\nAction: failed\nStatus: 5.0.0\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <o@x.example>\n--b--\n"
    ),
]

/// Pieces that parsers stumble over.
private let pieces: [[UInt8]] =
    [
        "\r\n", "\n", "\r", "\u{0}", "--b", "--bb--\r\n", "\r\n\r\n", "=?utf-8?q?", "?=", "\"", "(", ")", "<", ">", "@",
        ",", ";",
        ":", "=", "\\", "Content-Type: multipart/mixed; boundary=b\r\n", "Content-Type: message/rfc822\r\n\r\n", "> ",
        "&#x",
        "<a href=", "</script", "<!--", "*0*=", "%", "\t", " ",
    ].map { Array($0.utf8) } + [[0xFF, 0xFE], [0x1B, 0x24, 0x42], [0xE2, 0x82]]

@Suite("Fuzz")
struct MessageFuzzTests {
    @Test("Mutated messages never break anything", arguments: 0..<24 as Range<UInt64>)
    func mutations(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<12 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...12, using: &generator) { mutate(&bytes, &generator) }
            fuzzMessage(bytes)
        }
    }

    @Test("Messages cut off at every byte")
    func cut() {
        for seed in seeds {
            for end in stride(from: 0, through: seed.count, by: 7) { fuzzMessage(Array(seed.prefix(end))) }
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let index = Int.random(in: 0...bytes.count, using: &generator)
        let end = min(bytes.count, index + Int.random(in: 0...40, using: &generator))
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: if index < bytes.count { bytes[index] = UInt8.random(in: .min ... .max, using: &generator) }
        case 1: bytes.removeSubrange(index..<end)
        case 2: bytes.insert(contentsOf: bytes[index..<end], at: Int.random(in: 0...bytes.count, using: &generator))
        default: bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: index)
        }
    }
}

@Suite("MIME bombs")
struct MIMEBombTests {
    private func depth(_ part: MIMEPart) -> Int {
        1 + ((part.parts + [part.message].compactMap { $0 }).map { depth($0) }.max() ?? 0)
    }

    @Test("10,000 multiparts inside each other: the depth is bounded, lines are read once (INV-9)")
    func deepMultipart() {
        var source = ""
        for level in 0..<10_000 { source += "Content-Type: multipart/mixed; boundary=b\(level)\r\n\r\n--b\(level)\r\n" }
        let message = ParsedMessage(Array(source.utf8))
        #expect(depth(message.root) == Limits.mimeDepth + 1)
        #expect(message.isCutShort)
        #expect(message.linesRead <= 30_010)
    }

    @Test("10,000 messages inside each other (INV-9)")
    func deepMessages() {
        let message = parsed(String(repeating: "Content-Type: message/rfc822\n\n", count: 10_000))
        #expect(depth(message.root) == Limits.mimeDepth + 1)
        #expect(message.isCutShort)
        #expect(message.linesRead <= 20_010)
    }

    @Test("100,000 parts: the tree is bounded and every byte still belongs to something (INV-9)")
    func manyParts() throws {
        let message = parsed(
            "Content-Type: multipart/mixed; boundary=b\n\n" + String(repeating: "--b\n\nx\n", count: 100_000)
        )
        #expect(message.root.parts.count == Limits.mimeParts - 1)
        #expect(message.isCutShort)
        #expect(try #require(message.root.parts.last).body.upperBound == message.bytes.count)
        #expect(message.linesRead <= 300_010)
    }

    @Test("A megabyte of addresses, of parameters, of encoded words, of comments (INV-9)")
    func longFields() {
        let addresses = Header(Array(("To: " + String(repeating: "a@b.example,", count: 90_000)).utf8))
        #expect(AddressList(addresses, "To").mailboxes.count == Limits.addresses)
        let parameters = MediaType(Array(("text/plain" + String(repeating: "; a=b; c*0=d", count: 50_000)).utf8))
        #expect((parameters?.parameters.count ?? 0) <= Limits.mimeParameters)
        let words = EncodedWord.decode(Array(String(repeating: "=?utf-8?q?a?= ", count: 70_000).utf8))
        #expect(words.utf8.count == 70_001)
        for nested in ["(", "((", "\"", "<", "@", "=?", "=?utf-8?q?", ",", ":", "a:b;", "<a@b.example", "(a)\"b"] {
            _ = AddressList(Array(String(repeating: nested, count: 400_000 / nested.utf8.count).utf8)).items.count
        }
    }

    @Test("A header without end, and more fields than are looked at (INV-9)")
    func manyFields() {
        let message = ParsedMessage(mail(String(repeating: "A: 1\n", count: 50_000)))
        #expect(message.header.count == Limits.headerFields)
        #expect(message.isCutShort)
        #expect(ParsedMessage([UInt8](repeating: 0x41, count: 1_000_000)).header.isEmpty)
    }
}
