import IMAPWire
import Testing

@testable import IMAPServer

@Suite struct CloseTests {
    private func conversation(_ command: String = "SELECT") async -> Conversation {
        let house = MemoryHouse()
        house.deliver("a: b\n\nc", flags: Flags(.deleted))
        house.deliver("a: b\n\nc")
        let conversation = Conversation(house)
        await conversation.enter(command: command)
        return conversation
    }

    @Test func removesWithoutTelling() async {
        let conversation = await conversation()
        await conversation.play(
            """
            C: a CLOSE
            S: a OK CLOSE done
            C: b CHECK
            S: b BAD Select a mailbox first
            C: c STATUS INBOX (MESSAGES)
            S: * STATUS INBOX (MESSAGES 1)
            S: c OK STATUS done
            """
        )
    }

    @Test func removesNothingReadOnly() async {
        await conversation("EXAMINE").play(
            """
            C: a CLOSE
            S: a OK CLOSE done
            C: c STATUS INBOX (MESSAGES)
            S: * STATUS INBOX (MESSAGES 2)
            S: c OK STATUS done
            """
        )
    }

    @Test func unselectRemovesNothing() async {
        await conversation().play(
            """
            C: a UNSELECT
            S: a OK UNSELECT done
            C: b STATUS INBOX (MESSAGES DELETED UNSEEN RECENT SIZE UIDNEXT UIDVALIDITY)
            S: * STATUS INBOX (MESSAGES 2 DELETED 1 UNSEEN 2 RECENT 0 SIZE 18 UIDNEXT 3 UIDVALIDITY 1001)
            S: b OK STATUS done
            """
        )
    }
}
