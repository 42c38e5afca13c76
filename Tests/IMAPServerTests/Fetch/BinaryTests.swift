import IMAPWire
import Testing

@testable import IMAPServer

/// BINARY in FETCH (RFC 3516, RFC 9051 §6.4.5).
@Suite struct BinaryTests {
    static let message = """
        Subject: parts
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Transfer-Encoding: base64

        aGVsbG8gd29ybGQ=
        --b
        Content-Transfer-Encoding: quoted-printable

        a=20b=
        c=C3=A9
        --b
        Content-Type: application/octet-stream
        Content-Transfer-Encoding: base64

        AAEC
        --b
        Content-Transfer-Encoding: x-unheard-of

        what
        --b
        Content-Type: message/rfc822

        Content-Type: multipart/mixed; boundary=c

        --c
        Content-Transfer-Encoding: base64

        aW5uZXI
        --c--
        --b--

        """

    private func conversation(_ message: String = message) async -> Conversation {
        let house = MemoryHouse()
        house.deliver(message)
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test func partsAreDecoded() async {
        await conversation().play(
            """
            C: a FETCH 1 (BINARY.SIZE[1] BINARY.PEEK[1] BINARY.PEEK[2] BINARY.SIZE[2])
            S: * 1 FETCH (BINARY.SIZE[1] 11 BINARY[1] {11}
            S: hello world BINARY[2] {6}
            S: a bcé BINARY.SIZE[2] 6)
            S: a OK FETCH done
            C: b FETCH 1 (BINARY.PEEK[5.1] BINARY.SIZE[5.1] BINARY.PEEK[5.2] BINARY.SIZE[6])
            S: * 1 FETCH (BINARY[5.1] {5}
            S: inner BINARY.SIZE[5.1] 5 BINARY[5.2] NIL BINARY.SIZE[6] 0)
            S: b OK FETCH done
            """
        )
    }

    @Test("Offsets count in the decoded octets, 63 bits of them; beyond the end nothing is there")
    func partial() async {
        await conversation().play(
            """
            C: a FETCH 1 (BINARY.PEEK[1]<6.3> BINARY.PEEK[1]<6.99> BINARY.PEEK[1]<99.1>)
            S: * 1 FETCH (BINARY[1]<6> {3}
            S: wor BINARY[1]<6> {5}
            S: world BINARY[1]<99> {0}
            S: )
            S: a OK FETCH done
            C: b FETCH 1 BINARY.PEEK[1]<9223372036854775807.9223372036854775807>
            S: * 1 FETCH (BINARY[1]<9223372036854775807> {0}
            S: )
            S: b OK FETCH done
            C: c FETCH 1 BINARY.PEEK[1]<0.0>
            S: c BAD …
            C: d FETCH 1 BINARY.PEEK[1.MIME]
            S: d BAD …
            """
        )
    }

    @Test("Where NULs are it is a literal8, and only there; a plain literal has none")
    func nul() async {
        await conversation().play(
            """
            C: a FETCH 1 (BINARY.PEEK[3] BINARY.PEEK[3]<1.2>)
            S: * 1 FETCH (BINARY[3] ~{3}
            S: \u{0}\u{1}\u{2} BINARY[3]<1> {2}
            S: \u{1}\u{2})
            S: a OK FETCH done
            """
        )
    }

    @Test("BODY gives 0x80 for a NUL, BINARY[] the octet, and the size is the same (RFC 9051 §4.3.1)")
    func nulInTheMessage() async throws {
        let house = MemoryHouse()
        house.deliver(Array("Subject: x\u{0}y\r\n\r\na\u{0}b".utf8))
        let conversation = Conversation(house)
        await conversation.enter()
        let client = await conversation.client(1)
        await conversation.send("a FETCH 1 (RFC822.SIZE BODY.PEEK[] ENVELOPE BINARY.PEEK[] BINARY.SIZE[])\r\n", client)
        let lines = client.lines.joined(separator: "\n")
        #expect(lines.contains("RFC822.SIZE 19"))
        #expect(lines.contains("BODY[] {19}\nSubject: x\u{FFFD}y\n\na\u{FFFD}b ENVELOPE (NIL {3}\nx\u{FFFD}y NIL"))
        #expect(lines.contains("BINARY[] ~{19}\nSubject: x\u{0}y\n\na\u{0}b BINARY.SIZE[] 19)"))
    }

    @Test func anUnknownEncodingIsLeftOutAndRefused() async {
        await conversation().play(
            """
            C: a FETCH 1 (UID BINARY.PEEK[4])
            S: * 1 FETCH (UID 1)
            S: a NO [UNKNOWN-CTE] …
            C: b FETCH 1 BINARY.SIZE[4]
            S: b NO [UNKNOWN-CTE] …
            C: c FETCH 1 (BINARY.PEEK[4] BINARY.PEEK[1]<0.5>)
            S: * 1 FETCH (BINARY[1]<0> {5}
            S: hello)
            S: c NO [UNKNOWN-CTE] …
            """
        )
    }

    @Test func readingMarksAsSeenAndPeekingDoesNot() async {
        let conversation = await conversation()
        await conversation.play(
            """
            C: a FETCH 1 (BINARY.PEEK[1] BINARY.SIZE[1] FLAGS)
            S: * 1 FETCH (BINARY[1] {11}
            S: hello world BINARY.SIZE[1] 11 FLAGS ())
            S: a OK FETCH done
            C: b FETCH 1 BINARY[1]
            S: * 1 FETCH (BINARY[1] {11}
            S: hello world FLAGS (\\Seen))
            S: b OK FETCH done
            """
        )
        #expect(conversation.house.flags(of: 1) == ["\\Seen"])
    }

    @Test("Multiparts and messages inside are what they are (RFC 2045 §6.4)")
    func composites() async {
        await conversation(
            "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n--b\n\nx\n--b--"
        )
        .play(
            """
            C: a FETCH 1 (BINARY.PEEK[1] BINARY.SIZE[])
            S: * 1 FETCH (BINARY[1] {1}
            S: x BINARY.SIZE[] 95)
            S: a OK FETCH done
            """
        )
    }

    @Test("A large part goes out whole")
    func large() async throws {
        let house = MemoryHouse()
        let octets = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var encoded: [UInt8] = Array("Content-Transfer-Encoding: base64\r\n\r\n".utf8)
        encoded += Base64Lines.encode(octets)
        house.deliver(encoded)
        let conversation = Conversation(house)
        await conversation.enter()
        let client = await conversation.client(1)
        await conversation.send("a FETCH 1 (BINARY.SIZE[1])\r\n", client)
        #expect(client.lines == ["* 1 FETCH (BINARY.SIZE[1] 3000000)", "a OK FETCH done"])
    }
}

private enum Base64Lines {
    static func encode(_ octets: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: octets.count, by: 3) {
            let group = UInt32(octets[start]) << 16 | UInt32(octets[start + 1]) << 8 | UInt32(octets[start + 2])
            for shift in [18, 12, 6, 0] { result.append(alphabet[Int(group >> UInt32(shift) & 63)]) }
            if start % 57 == 54 { result += [13, 10] }
        }
        return result
    }
}
