import IMAPWire
import Testing

@testable import IMAPServer

/// SUBSCRIBE (RFC 9051 §6.3.7).
@Suite struct SubscribeTests {
    @Test func isListed() async {
        let house = MemoryHouse.withFolders()
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
            C: a SUBSCRIBE R&-D
            S: a OK SUBSCRIBE done
            C: b LSUB "" R*
            S: * LSUB (\\HasNoChildren) "/" R&-D
            S: b OK LSUB done
            C: c SUBSCRIBE R&-D
            S: c OK SUBSCRIBE done
            C: d SUBSCRIBE Nowhere
            S: d NO [NONEXISTENT] There is no mailbox of that name
            C: e SUBSCRIBE
            S: e BAD …
            """
        )
    }
}
