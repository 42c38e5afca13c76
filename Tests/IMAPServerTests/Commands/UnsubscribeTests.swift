import IMAPWire
import Testing

@testable import IMAPServer

/// UNSUBSCRIBE (RFC 9051 §6.3.8).
@Suite struct UnsubscribeTests {
    @Test func isListedNoMore() async {
        let house = MemoryHouse.withFolders()
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
            C: a UNSUBSCRIBE Sent
            S: a OK UNSUBSCRIBE done
            C: b LSUB "" *
            S: * LSUB (\\HasChildren) "/" Campaigns/Fr&APw-hling
            S: b OK LSUB done
            C: c UNSUBSCRIBE
            S: c BAD …
            """
        )
    }
}
