import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

@Suite struct CatenateTests {
    private func conversation(appendLimit: Int = Limits.message) async -> Conversation {
        let house = MemoryHouse()
        house.addMailbox("Drafts", use: .drafts)
        house.deliver(
            """
            From: a@b.example
            Content-Type: multipart/mixed; boundary=x

            --x

            one
            --x

            two
            --x--
            """
        )
        let settings = EngineSettings(peer: "::1", isEncrypted: true, canStartTLS: false, appendLimit: appendLimit)
        let conversation = Conversation(house, settings: settings)
        await conversation.enter("Drafts")
        return conversation
    }

    @Test func joinsTextAndParts() async {
        await conversation().play(
            """
            C+: a APPEND Drafts CATENATE (TEXT {9+}
            C+: A: b
            C+:
            C: x URL "/INBOX;UIDVALIDITY=1001/;UID=1/;SECTION=2" URL /INBOX/;UID=1/;SECTION=1/;PARTIAL=1.2)
            S: * 1 EXISTS
            S: a OK [APPENDUID 1002 1] APPEND done
            C: b FETCH 1 BODY.PEEK[]
            S: * 1 FETCH (BODY[] {14}
            S: A: b
            S:
            S: xtwone)
            S: b OK …
            """
        )
    }

    @Test("A range without a length goes to the end, and one beyond it is empty (RFC 5092 §11)")
    func openRanges() async {
        await conversation().play(
            """
            C+: a APPEND Drafts CATENATE (TEXT {1+}
            C: x URL /INBOX/;UID=1/;SECTION=1/;PARTIAL=1 URL /INBOX/;UID=1/;SECTION=1/;PARTIAL=4294967295)
            S: * 1 EXISTS
            S: a OK [APPENDUID 1002 1] APPEND done
            C: b FETCH 1 BODY.PEEK[]
            S: * 1 FETCH (BODY[] {3}
            S: xne)
            S: b OK …
            """
        )
    }

    @Test(
        "RFC 4469 §4: what a URL does not name fails the whole, and is told",
        arguments: [
            "/Nowhere/;UID=1", "/INBOX/;UID=9", "/INBOX;UIDVALIDITY=5/;UID=1", "/INBOX/;UID=1/;SECTION=7",
            "imap://other.example/INBOX/;UID=1", "INBOX", "/INBOX/;UID=1x",
        ]
    )
    func badURL(url: String) async {
        await conversation().play(
            """
            C+: a APPEND Drafts {2+}
            C+: m1 CATENATE (TEXT {1+}
            C: x URL "\(url)")
            S: a NO [BADURL \(url)] …
            C: b STATUS Drafts (MESSAGES)
            S: * STATUS Drafts (MESSAGES 0)
            S: b OK …
            """
        )
    }

    @Test("A URL cannot write into the answer's line")
    func hostileURL() async {
        await conversation().play(
            """
            C+: a APPEND Drafts CATENATE (URL {7+}
            C+: x]
            C: y"z)
            S: a NO [BADURL xy"z] …
            """
        )
    }

    @Test("INV-9: the sum is bound")
    func tooBig() async {
        await conversation(appendLimit: 9).play(
            """
            C+: a APPEND Drafts CATENATE (TEXT {5+}
            C+: 12345 TEXT {4+}
            C: 6789)
            S: * 1 EXISTS
            S: a OK …
            C+: b APPEND Drafts CATENATE (TEXT {5+}
            C+: 12345 TEXT {5+}
            C: 67890)
            S: b NO [TOOBIG] …
            C: c APPEND Drafts CATENATE (URL /INBOX/;UID=1)
            S: c NO [TOOBIG] …
            """
        )
    }

    @Test func mailboxesAreClosedAgain() async {
        let conversation = await conversation()
        let client = await conversation.client(1)
        await conversation.send("a APPEND Drafts CATENATE (URL /INBOX/;UID=1 URL /INBOX/;UID=9)\r\n", client)
        #expect(client.lines == ["a NO [BADURL /INBOX/;UID=9] There is no such message"])
        #expect(conversation.house.state.withLock { $0.closed } == 2)
    }
}
