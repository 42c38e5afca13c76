import IMAPWire
import Testing

@testable import IMAPServer

@Suite struct ExpungeTests {
    private func conversation() async -> Conversation {
        let house = MemoryHouse()
        for number in 1...4 {
            house.deliver("a: b\n\nc", flags: number == 2 ? .none : Flags(.deleted))
        }
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test func tellsNumbersAsTheyShift() async {
        await conversation().play(
            """
            C: a EXPUNGE
            S: * 1 EXPUNGE
            S: * 2 EXPUNGE
            S: * 2 EXPUNGE
            S: a OK EXPUNGE done
            C: b FETCH 1 UID
            S: * 1 FETCH (UID 2)
            S: b OK FETCH done
            """
        )
    }

    @Test func byUIDRemovesOnlyThose() async {
        await conversation().play(
            """
            C: a UID EXPUNGE 2:3
            S: * 3 EXPUNGE
            S: a OK EXPUNGE done
            C: b UID EXPUNGE 99
            S: b OK UID EXPUNGE done
            """
        )
    }

    @Test func anotherSessionKeepsItsNumbersUntilTold() async {
        let conversation = await conversation()
        await conversation.enter(client: 2)
        await conversation.play(
            """
            C: a EXPUNGE
            S: * 1 EXPUNGE
            S: * 2 EXPUNGE
            S: * 2 EXPUNGE
            S: a OK EXPUNGE done
            C2: b FETCH 2:4 UID
            S2: * 2 FETCH (UID 2)
            S2: * 3 FETCH (UID 3)
            S2: * 4 FETCH (UID 4)
            S2: b OK FETCH done
            C2: c SEARCH ALL
            S2: * SEARCH 1 2 3 4
            S2: c OK SEARCH done
            C2: d STORE 2 +FLAGS (\\Seen)
            S2: * 2 FETCH (FLAGS (\\Seen))
            S2: d OK STORE done
            C: e NOOP
            S: * 1 FETCH (FLAGS (\\Seen))
            S: e OK NOOP done
            C2: f UID SEARCH ALL
            S2: * SEARCH 1 2 3 4
            S2: * 1 EXPUNGE
            S2: * 2 EXPUNGE
            S2: * 2 EXPUNGE
            S2: f OK SEARCH done
            """
        )
    }

    @Test func newMessagesBehindGhostsAreCountedAfterThem() async {
        let conversation = await conversation()
        conversation.house.remove(1)
        conversation.house.deliver("a: b\n\nc")
        await conversation.play(
            """
            C: a FETCH 4 UID
            S: * 4 FETCH (UID 4)
            S: * 5 EXISTS
            S: a OK FETCH done
            C: b FETCH 5 UID
            S: * 5 FETCH (UID 5)
            S: b OK FETCH done
            C: c NOOP
            S: * 1 EXPUNGE
            S: c OK NOOP done
            C: d FETCH 4 UID
            S: * 4 FETCH (UID 5)
            S: d OK FETCH done
            """
        )
    }
}
