import IMAPWire
import Testing

@testable import IMAPServer

@Suite struct EnableTests {
    @Test("RFC 5161 §3.2: names that were not known or not new are left out")
    func answersWithWhatIsNew() async {
        let conversation = Conversation()
        await conversation.play(
            """
            C: a LOGIN anna secret
            S: a OK …
            C: b ENABLE condstore X-UNKNOWN CONDSTORE
            S: * ENABLED CONDSTORE
            S: b OK ENABLE done
            C: c ENABLE CONDSTORE
            S: * ENABLED
            S: c OK ENABLE done
            C: d ENABLE
            S: d BAD …
            """
        )
    }

    @Test("RFC 7162 §3.1: once enabled, every FETCH that tells of a change has MODSEQ")
    func laterAnswersKnowOfIt() async {
        let house = MemoryHouse()
        house.deliver("a: b\n\nc")
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
            C: a ENABLE CONDSTORE
            S: * ENABLED CONDSTORE
            S: * OK [HIGHESTMODSEQ 2] All that came before was told
            S: a OK ENABLE done
            """
        )
        house.setFlags(Flags(.flagged), of: 1)
        await conversation.play(
            """
            C: b NOOP
            S: * 1 FETCH (UID 1 FLAGS (\\Flagged) MODSEQ (3))
            S: b OK NOOP done
            C: c IDLE
            S: + idling
            """
        )
        house.setFlags(Flags(.answered), of: 1)
        await conversation.settle()
        await conversation.play(
            """
            S: * 1 FETCH (UID 1 FLAGS (\\Answered) MODSEQ (4))
            C: DONE
            S: c OK IDLE done
            """
        )
    }

    @Test func anotherConnectionHasItsOwn() async {
        let house = MemoryHouse()
        house.deliver("a: b\n\nc")
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.enter(client: 2)
        await conversation.play(
            """
            C: a ENABLE CONDSTORE
            S: * ENABLED CONDSTORE
            S: * OK [HIGHESTMODSEQ 2] All that came before was told
            S: a OK ENABLE done
            """
        )
        house.setFlags(Flags(.flagged), of: 1)
        await conversation.play(
            """
            C2: b NOOP
            S2: * 1 FETCH (FLAGS (\\Flagged))
            S2: b OK NOOP done
            C: b NOOP
            S: * 1 FETCH (UID 1 FLAGS (\\Flagged) MODSEQ (3))
            S: b OK NOOP done
            """
        )
    }

    @Test("RFC 7162 §3.2.3: QRESYNC brings CONDSTORE with it, in whatever order they are named")
    func resynchronizationCounts() async {
        let conversation = Conversation()
        await conversation.play(
            """
            C: a LOGIN anna secret
            S: a OK …
            C: b ENABLE QRESYNC CONDSTORE
            S: * ENABLED CONDSTORE QRESYNC
            S: b OK ENABLE done
            C2: a LOGIN anna secret
            S2: a OK …
            C2: b ENABLE CONDSTORE QRESYNC
            S2: * ENABLED CONDSTORE QRESYNC
            S2: b OK ENABLE done
            """
        )
    }
}
