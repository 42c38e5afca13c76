import Base
import IMAPWire
import Message
import TestSupport
import Testing

@testable import IMAPServer

@Suite struct KeptFieldsTests {
    /// Headers as they should not be.
    private static let pieces = [
        "From: a@b.example\r\n", "from : A\r\n", "SUBJECT:x\r\n\ty\r\n", "Subject:\r\n", "Date: z\n",
        "To: a,\r\n b,\r\n c\r\n",
        "X-Other: 1\r\n", "no field\r\n", " continued\r\n", "Cc: \u{0}\r\n", "Cc: a\rb\r\n", ":\r\n", "To\r\n",
        "List-Id: <a>\n b\n",
        "Message-ID: <1@x>\r\n\r\n", "\r\n", "body: x\r\n", "References: <a@b>", "\r", "Content-Type: text/plain\r\r\n",
    ]

    @Test(
        "what is kept answers as the whole message would, a header block before it or not (INV-3)",
        arguments: 0..<300
    )
    func sameBytes(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let count = Int.random(in: 0...12, using: &generator)
        let message = Array((0..<count).map { _ in Self.pieces.randomElement(using: &generator) ?? "" }.joined().utf8)
        let edition = Array("Greenroom-Creator: mia\r\nGreenroom-Stage: replied\r\n".utf8) + message
        let structure = MessageStructure(parsing: message)
        for names in [
            ["From"], ["subject", "TO", "cc"], ["Date", "List-ID", "message-id", "X-Label"], KeptFields.names,
        ] {
            #expect(KeptFields.hold(names))
            let kept = try #require(structure.fields([names])?.first)
            #expect(kept == Header(message).fields(named: names))
            #expect(kept == Header(edition).fields(named: names))
        }
    }

    @Test func others() {
        #expect(!KeptFields.hold(["From", "Received"]))
        #expect(!KeptFields.hold(["Greenroom-Creator"]))
        let large = "To: " + String(repeating: "a@b.example, ", count: 1000) + "\r\n\r\n"
        let structure = MessageStructure(parsing: Array(large.utf8))
        #expect(structure.fields([["To"]]) == nil)
        #expect(structure.fields([]) == [])
    }

    @Test func fetched() async {
        let house = MemoryHouse()
        house.deliver("From: mia@mail.example\nSubject: one\nX-Other: 1\n\nbody")
        house.deliver("Subject: two\nTo: " + String(repeating: "a@b.example,\n ", count: 1000) + "x@y.example\n\nbody")
        house.deliver("\nbody")
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
            C: a FETCH 1:3 (UID BODY.PEEK[HEADER.FIELDS (subject date)])
            S: * 1 FETCH (UID 1 BODY[HEADER.FIELDS (subject date)] {16}
            S: Subject: one
            S:
            S: )
            S: * 2 FETCH (UID 2 BODY[HEADER.FIELDS (subject date)] {16}
            S: Subject: two
            S:
            S: )
            S: * 3 FETCH (UID 3 BODY[HEADER.FIELDS (subject date)] {2}
            S:
            S: )
            S: a OK FETCH done
            C: b FETCH 1 (BODY.PEEK[HEADER.FIELDS (Subject)]<2.5> BODY.PEEK[HEADER.FIELDS (From)] BODY.PEEK[HEADER.FIELDS (X-Other)] BODY.PEEK[TEXT])
            S: * 1 FETCH (BODY[HEADER.FIELDS (Subject)]<2> {5}
            S: bject BODY[HEADER.FIELDS (From)] {26}
            S: From: mia@mail.example
            S:
            S:  BODY[HEADER.FIELDS (X-Other)] {14}
            S: X-Other: 1
            S:
            S:  BODY[TEXT] {4}
            S: body)
            S: b OK FETCH done
            C: c FETCH 1 BODY[HEADER.FIELDS (Subject)]
            S: * 1 FETCH (BODY[HEADER.FIELDS (Subject)] {16}
            S: Subject: one
            S:
            S:  FLAGS (\\Seen))
            S: c OK FETCH done
            """
        )
    }
}
