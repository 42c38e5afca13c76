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
}
