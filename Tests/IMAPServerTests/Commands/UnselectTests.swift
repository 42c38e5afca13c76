import IMAPWire
import Testing

@testable import IMAPServer

/// UNSELECT (RFC 9051 §6.4.2).
@Suite struct UnselectTests {
    private func conversation() async -> Conversation {
        let house = MemoryHouse()
        house.deliver("a: b\n\nc", flags: Flags(.deleted))
        house.deliver("a: b\n\nc")
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test func removesNothing() async {
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

    @Test func needsAMailbox() async {
        let conversation = Conversation()
        await conversation.enter()
        await conversation.play(
            """
            C: a UNSELECT
            S: a OK UNSELECT done
            C: b UNSELECT
            S: b BAD Select a mailbox first
            """
        )
    }
}
