import IMAPWire
import Testing

@testable import IMAPServer

/// CHECK (RFC 3501 §6.4.1).
@Suite struct CheckTests {
    @Test func tellsNews() async {
        let conversation = Conversation()
        await conversation.enter()
        conversation.house.deliver("a: b\n\nc")
        await conversation.play(
            """
            C: a CHECK
            S: * 1 EXISTS
            S: a OK CHECK done
            """
        )
    }

    @Test func needsAMailbox() async {
        let conversation = Conversation()
        await conversation.play(
            """
            C: a LOGIN anna secret
            S: a OK …
            C: b CHECK
            S: b BAD Select a mailbox first
            """
        )
    }
}
