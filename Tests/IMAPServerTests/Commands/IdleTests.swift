import IMAPWire
import Testing

@testable import IMAPServer

@Suite struct IdleTests {
    private func conversation() async -> Conversation {
        let house = MemoryHouse()
        house.deliver("a: b\n\nc")
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.enter(client: 2)
        return conversation
    }

    @Test func tellsAtOnceWhatOthersDo() async {
        let conversation = await conversation()
        await conversation.play(
            """
            C: a IDLE
            S: + idling
            C2: b STORE 1 +FLAGS (\\Flagged)
            S: * 1 FETCH (FLAGS (\\Flagged))
            S2: * 1 FETCH (FLAGS (\\Flagged))
            S2: b OK STORE done
            C2+: c APPEND INBOX {4+}
            C2: abcd
            S: * 2 EXISTS
            S2: * 2 EXISTS
            S2: c OK [APPENDUID 1001 2] APPEND done
            C2: d STORE 1 +FLAGS.SILENT (\\Deleted)
            S: * 1 FETCH (FLAGS (\\Flagged \\Deleted))
            S2: d OK STORE done
            C2: e EXPUNGE
            S: * 1 EXPUNGE
            S2: * 1 EXPUNGE
            S2: e OK EXPUNGE done
            C: DONE
            S: a OK IDLE done
            """
        )
    }

    @Test func tellsFirstWhatHappenedBefore() async {
        let conversation = await conversation()
        conversation.house.deliver("a: b\n\nc")
        await conversation.play(
            """
            C: a IDLE
            S: + idling
            S: * 2 EXISTS
            C: done
            S: a OK IDLE done
            """
        )
    }

    @Test func anythingButDoneIsAFault() async {
        await conversation().play(
            """
            C: a IDLE
            S: + idling
            C: b NOOP
            S: a BAD DONE was expected
            C: c IDLE
            S: + idling
            C: x {5}
            S: c NO [TOOBIG] That is larger than the server takes
            C: d NOOP
            S: d OK NOOP done
            """
        )
    }

    @Test func withoutAMailboxNothingIsTold() async {
        let conversation = Conversation()
        await conversation.play(
            """
            C: a LOGIN anna secret
            S: a OK …
            C: b IDLE
            S: + idling
            C: DONE
            S: b OK IDLE done
            """
        )
    }

    @Test func newsWaitForTheNextCommandOtherwise() async {
        let conversation = await conversation()
        conversation.house.deliver("a: b\n\nc")
        await conversation.settle()
        await conversation.play(
            """
            C: a NOOP
            S: * 2 EXISTS
            S: a OK NOOP done
            """
        )
    }
}
