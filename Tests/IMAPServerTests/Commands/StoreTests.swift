import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

@Suite struct StoreTests {
    private func conversation(_ count: Int = 2) async -> Conversation {
        let house = MemoryHouse()
        for _ in 0..<count { house.deliver("a: b\n\nc") }
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test func answersWithTheFlags() async {
        await conversation().play(
            """
            C: a STORE 1 +FLAGS (\\Seen)
            S: * 1 FETCH (FLAGS (\\Seen))
            S: a OK STORE done
            C: b UID STORE 1:2 FLAGS \\Answered \\Flagged
            S: * 1 FETCH (UID 1 FLAGS (\\Answered \\Flagged))
            S: * 2 FETCH (UID 2 FLAGS (\\Answered \\Flagged))
            S: b OK STORE done
            C: c STORE 1:2 -FLAGS.SILENT (\\Answered)
            S: c OK STORE done
            C: d FETCH 1:2 FLAGS
            S: * 1 FETCH (FLAGS (\\Flagged))
            S: * 2 FETCH (FLAGS (\\Flagged))
            S: d OK FETCH done
            C: e STORE 3 FLAGS ()
            S: e BAD There is no such message
            C: f STORE 1 FLAGS (\\Unknown)
            S: f BAD Faulty flag
            """
        )
    }

    @Test func newKeywordsAreAnnounced() async {
        await conversation().play(
            """
            C: a STORE 1 +FLAGS ($Label1 Junk)
            S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Label1 Junk)
            S: * 1 FETCH (FLAGS ($Label1 Junk))
            S: a OK STORE done
            C: b STORE 2 +FLAGS (junk)
            S: * 2 FETCH (FLAGS (junk))
            S: b OK STORE done
            """
        )
    }

    @Test func silenceDoesNotHideWhatTheClientCannotKnow() async {
        let conversation = await conversation()
        conversation.house.state.withLock { $0.computed = [Keyword("$Held")] }
        conversation.house.setFlags(Flags(keywords: [Keyword("$Held")]), of: 1)
        await conversation.play(
            """
            C: a NOOP
            S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Held)
            S: * 1 FETCH (FLAGS ($Held))
            S: a OK NOOP done
            C: b STORE 1 FLAGS.SILENT (\\Seen)
            S: * 1 FETCH (FLAGS (\\Seen $Held))
            S: b OK STORE done
            """
        )
    }

    @Test func anotherSessionIsToldOnceAndTheFirstNotAgain() async {
        let conversation = await conversation()
        await conversation.enter(client: 2)
        await conversation.play(
            """
            C: a STORE 1 +FLAGS.SILENT (\\Deleted)
            S: a OK STORE done
            C2: b NOOP
            S2: * 1 FETCH (FLAGS (\\Deleted))
            S2: b OK NOOP done
            C2: c NOOP
            S2: c OK NOOP done
            C: d NOOP
            S: d OK NOOP done
            """
        )
    }

    @Test func messagesThatAreGoneAreNotChangedAndTold() async {
        let conversation = await conversation()
        conversation.house.remove(1)
        await conversation.play(
            """
            C: a STORE 1:2 +FLAGS (\\Seen)
            S: * 2 FETCH (FLAGS (\\Seen))
            S: a OK [EXPUNGEISSUED] Some of the messages are gone
            C: b UID STORE 1:2 +FLAGS (\\Flagged)
            S: * 2 FETCH (UID 2 FLAGS (\\Flagged \\Seen))
            S: * 1 EXPUNGE
            S: b OK STORE done
            """
        )
    }

    @Test func notReadOnly() async {
        let conversation = await conversation()
        await conversation.play(
            """
            C: a EXAMINE INBOX
            S: * OK [CLOSED] …
            S: * FLAGS …
            S: * 2 EXISTS
            S: * 0 RECENT
            S: * OK [UNSEEN 1] …
            S: * OK [UIDVALIDITY …
            S: * OK [UIDNEXT …
            S: * OK [PERMANENTFLAGS ()] …
            S: * OK [MAILBOXID (F…)] …
            S: * OK [HIGHESTMODSEQ …
            S: a OK [READ-ONLY] …
            C: b STORE 1 FLAGS (\\Seen)
            S: b NO [NOPERM] The mailbox is open read-only
            C: c EXPUNGE
            S: c NO [NOPERM] The mailbox is open read-only
            """
        )
    }

    @Test func aFailureOfOursIsAnAnswer() async {
        let conversation = await conversation()
        conversation.house.state.withLock { $0.failure = .internalFailure }
        await conversation.play(
            """
            C: a STORE 1 +FLAGS (\\Seen)
            S: a NO [SERVERBUG] The server failed; this was recorded
            C: b FETCH 1 FLAGS
            S: * 1 FETCH (FLAGS ())
            S: b OK FETCH done
            """
        )
    }
}
