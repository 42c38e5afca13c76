import IMAPWire
import Testing

@testable import IMAPServer

/// LSUB (RFC 3501 §6.3.9).
@Suite struct LSubTests {
    @Test func subscribedOnes() async {
        let house = MemoryHouse.withFolders()
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
            C: a LSUB "" *
            S: * LSUB (\\HasNoChildren \\Sent) "/" Sent
            S: * LSUB (\\HasChildren) "/" Campaigns/Fr&APw-hling
            S: a OK LSUB done
            """
        )
    }

    @Test func namesAboveThem() async {
        let house = MemoryHouse.withFolders()
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
            C: a LSUB "" %
            S: * LSUB (\\HasNoChildren \\Sent) "/" Sent
            S: * LSUB (\\Noselect) "/" Campaigns
            S: a OK LSUB done
            """
        )
    }
}
