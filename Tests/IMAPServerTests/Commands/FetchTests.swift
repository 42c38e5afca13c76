import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

@Suite struct FetchTests {
    static let plain = """
        From: Mia <mia@mail.example>
        To: anna@team.example
        Subject: Hello
        Date: Sun, 1 Nov 2026 10:00:00 +0100
        Message-ID: <1@mail.example>

        Hi Anna
        """

    private func conversation(_ messages: [String] = [plain]) async -> Conversation {
        let house = MemoryHouse()
        for message in messages { house.deliver(message) }
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test func flagsUIDDateAndSize() async {
        await conversation([Self.plain, Self.plain]).play(
            """
            C: a FETCH 1:* FAST
            S: * 1 FETCH (FLAGS () INTERNALDATE " 1-Nov-2026 12:00:00 +0000" RFC822.SIZE 146)
            S: * 2 FETCH (FLAGS () INTERNALDATE " 1-Nov-2026 12:00:00 +0000" RFC822.SIZE 146)
            S: a OK FETCH done
            C: b UID FETCH 2,7 FLAGS
            S: * 2 FETCH (UID 2 FLAGS ())
            S: b OK FETCH done
            C: c UID FETCH 9:* UID
            S: * 2 FETCH (UID 2)
            S: c OK FETCH done
            C: d FETCH 3 FLAGS
            S: d BAD There is no such message
            """
        )
    }

    @Test func envelopeAndStructure() async {
        await conversation().play(
            """
            C: a FETCH 1 (ENVELOPE BODY BODYSTRUCTURE)
            S: * 1 FETCH (ENVELOPE ("Sun, 1 Nov 2026 10:00:00 +0100" "Hello" (("Mia" NIL "mia" "mail.example")) (("Mia" NIL "mia" "mail.example")) (("Mia" NIL "mia" "mail.example")) ((NIL NIL "anna" "team.example")) NIL NIL NIL "<1@mail.example>") BODY ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 7 0) BODYSTRUCTURE ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 7 0 NIL NIL NIL NIL))
            S: a OK FETCH done
            """
        )
    }

    @Test func sectionsOfASimpleMessage() async {
        await conversation().play(
            """
            C: a FETCH 1 (BODY.PEEK[HEADER.FIELDS (subject from)])
            S: * 1 FETCH (BODY[HEADER.FIELDS (subject from)] {48}
            S: From: Mia <mia@mail.example>
            S: Subject: Hello
            S:
            S: )
            S: a OK FETCH done
            C: b FETCH 1 (BODY.PEEK[HEADER.FIELDS.NOT (From To Date Message-ID)])
            S: * 1 FETCH (BODY[HEADER.FIELDS.NOT (From To Date Message-ID)] {18}
            S: Subject: Hello
            S:
            S: )
            S: b OK FETCH done
            C: c FETCH 1 (BODY.PEEK[1] BODY.PEEK[TEXT]<3.2> BODY.PEEK[2] BODY.PEEK[TEXT]<99.2>)
            S: * 1 FETCH (BODY[1] {7}
            S: Hi Anna BODY[TEXT]<3> {2}
            S: An BODY[2] NIL BODY[TEXT]<99> {0}
            S: )
            S: c OK FETCH done
            """
        )
    }

    @Test func readingMarksAsSeenAndTellsTheFlags() async {
        let conversation = await conversation()
        await conversation.play(
            """
            C: a FETCH 1 BODY[TEXT]
            S: * 1 FETCH (BODY[TEXT] {7}
            S: Hi Anna FLAGS (\\Seen))
            S: a OK FETCH done
            C: b FETCH 1 (BODY[TEXT] FLAGS)
            S: * 1 FETCH (BODY[TEXT] {7}
            S: Hi Anna FLAGS (\\Seen))
            S: b OK FETCH done
            C: c NOOP
            S: c OK NOOP done
            """
        )
        #expect(conversation.house.flags(of: 1) == ["\\Seen"])
    }

    @Test func examineDoesNotMarkAsSeen() async {
        let house = MemoryHouse()
        house.deliver(Self.plain)
        let conversation = Conversation(house)
        await conversation.enter(command: "EXAMINE")
        await conversation.play(
            """
            C: a FETCH 1 RFC822.TEXT
            S: * 1 FETCH (RFC822.TEXT {7}
            S: Hi Anna)
            S: a OK FETCH done
            """
        )
        #expect(house.flags(of: 1) == [])
    }

    @Test func aFailureToMarkAsSeenKeepsNothingFromTheReader() async {
        let conversation = await conversation()
        conversation.house.state.withLock { $0.failure = .unavailable }
        await conversation.play(
            """
            C: a FETCH 1 BODY[TEXT]
            S: * 1 FETCH (BODY[TEXT] {7}
            S: Hi Anna)
            S: a OK FETCH done
            """
        )
    }

    @Test func whatAnotherSessionExpungedIsServedUntilTold() async {
        let conversation = await conversation([Self.plain, Self.plain])
        conversation.house.remove(1)
        await conversation.play(
            """
            C: a FETCH 1 BODY.PEEK[TEXT]
            S: * 1 FETCH (BODY[TEXT] {7}
            S: Hi Anna)
            S: a OK FETCH done
            C: b FETCH 2 UID
            S: * 2 FETCH (UID 2)
            S: b OK FETCH done
            C: c NOOP
            S: * 1 EXPUNGE
            S: c OK NOOP done
            C: d FETCH 1 UID
            S: * 1 FETCH (UID 2)
            S: d OK FETCH done
            """
        )
    }

    @Test func messagesWhoseBytesAreGoneAreNamed() async {
        let conversation = await conversation([Self.plain, Self.plain])
        conversation.house.dropBytes(of: 1)
        await conversation.play(
            """
            C: a FETCH 1:2 (UID BODY.PEEK[TEXT])
            S: * 2 FETCH (UID 2 BODY[TEXT] {7}
            S: Hi Anna)
            S: a OK [EXPUNGEISSUED] Some of the messages are gone
            """
        )
    }

    @Test("INV-3: every way of fetching gives the same bytes, in slices and by parts", arguments: [10, 300_000])
    func allWaysGiveTheSameBytes(bodySize: Int) async throws {
        let body = (0..<bodySize).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        let bytes = [UInt8]("Subject: large\r\n\r\n") + body
        let house = MemoryHouse()
        house.deliver(bytes)
        let conversation = Conversation(house)
        await conversation.enter()
        let client = await conversation.client(1)

        func fetched(_ item: String) async throws -> [UInt8] {
            var framer = Framer(reader: .client, lineLimit: 1024 * 1024)
            client.lines = []
            await conversation.send("a FETCH 1 \(item)\r\n", client)
            framer.append(Array(client.lines.joined(separator: "\r\n").utf8))
            guard case .literal = framer.next() else { throw IMAPSyntaxError(.literal, at: 0) }
            framer.accept()
            guard case .frame(let frame) = framer.next() else { throw IMAPSyntaxError(.literal, at: 1) }
            return frame.literals[0]
        }

        #expect(try await fetched("BODY.PEEK[]") == bytes)
        #expect(try await fetched("RFC822") == bytes)
        #expect(try await fetched("BODY.PEEK[TEXT]") == body)
        var joined: [UInt8] = []
        let step = bodySize / 3 + 1
        for start in stride(from: 0, to: bytes.count, by: step) {
            joined += try await fetched("BODY.PEEK[]<\(start).\(step)>")
        }
        #expect(joined == bytes)
        #expect((house.state.withLock { $0.reads } > 0) == (bodySize > 256 * 1024), "large ones pass in slices")
    }
}
