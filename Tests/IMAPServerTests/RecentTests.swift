import Base
import Synchronization
import Testing

@testable import IMAPServer

/// \Recent (RFC 3501 §2.3.2): each message belongs to the first session that is told of it.
@Suite struct RecentTests {
    private func conversation(messages: Int) -> Conversation {
        let house = MemoryHouse()
        house.state.withLock { $0.recent = [:] }
        for number in 0..<messages { house.deliver("Subject: \(number)\n\ntext") }
        return Conversation(house)
    }

    @Test func theFirstSessionHasThem() async {
        let talk = conversation(messages: 2)
        await talk.play(
            """
            C: a LOGIN anna secret
            S: a OK …
            C: b EXAMINE INBOX
            S: * FLAGS …
            S: * 2 EXISTS
            S: * 2 RECENT
            S: * OK [UNSEEN 1] …
            S: * OK [UIDVALIDITY …
            S: * OK [UIDNEXT 3] …
            S: * OK [PERMANENTFLAGS …
            S: * OK [MAILBOXID …
            S: * OK [HIGHESTMODSEQ …
            S: b OK [READ-ONLY] …
            C: c FETCH 1 FLAGS
            S: * 1 FETCH (FLAGS (\\Recent))
            S: c OK …
            C: d SELECT INBOX
            S: * OK [CLOSED] …
            S: * FLAGS …
            S: * 2 EXISTS
            S: * 2 RECENT
            S: * OK [UNSEEN 1] …
            S: * OK [UIDVALIDITY …
            S: * OK [UIDNEXT 3] …
            S: * OK [PERMANENTFLAGS …
            S: * OK [MAILBOXID …
            S: * OK [HIGHESTMODSEQ …
            S: d OK [READ-WRITE] …
            C: e STORE 2 +FLAGS (\\Seen)
            S: * 2 FETCH (FLAGS (\\Seen \\Recent))
            S: e OK STORE done
            C: f SEARCH NEW
            S: * SEARCH 1
            S: f OK SEARCH done
            C: g SEARCH RECENT
            S: * SEARCH 1 2
            S: g OK SEARCH done
            C: h SEARCH OLD
            S: * SEARCH
            S: h OK SEARCH done
            C2: a LOGIN anna secret
            S2: a OK …
            C2: b SELECT INBOX
            S2: * FLAGS …
            S2: * 2 EXISTS
            S2: * 0 RECENT
            S2: * OK [UNSEEN 1] …
            S2: * OK [UIDVALIDITY …
            S2: * OK [UIDNEXT 3] …
            S2: * OK [PERMANENTFLAGS …
            S2: * OK [MAILBOXID …
            S2: * OK [HIGHESTMODSEQ …
            S2: b OK [READ-WRITE] …
            C2: c FETCH 1 FLAGS
            S2: * 1 FETCH (FLAGS ())
            S2: c OK …
            """
        )
    }

    @Test func newMailIsToldAsRecentToOneSession() async {
        let talk = conversation(messages: 1)
        await talk.enter()
        await talk.enter(client: 2)
        talk.house.deliver("Subject: new\n\ntext")
        await talk.play(
            """
            C: a NOOP
            S: * 2 EXISTS
            S: * 2 RECENT
            S: a OK NOOP done
            C2: a NOOP
            S2: * 2 EXISTS
            S2: a OK NOOP done
            C2: b FETCH 2 FLAGS
            S2: * 2 FETCH (FLAGS ())
            S2: b OK …
            C: b FETCH 2 (FLAGS)
            S: * 2 FETCH (FLAGS (\\Recent))
            S: b OK …
            """
        )
    }

    @Test func imap4rev2HasNone() async {
        let talk = conversation(messages: 1)
        let client = await talk.client(1)
        await talk.send("a LOGIN anna secret\r\nb ENABLE IMAP4rev2\r\nc SELECT INBOX\r\nd FETCH 1 FLAGS\r\n", client)
        #expect(!client.lines.contains { $0.contains("RECENT") || $0.contains("Recent") })
        #expect(client.lines.contains("* 1 FETCH (FLAGS ())"))
    }
}
