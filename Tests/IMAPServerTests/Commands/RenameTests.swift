import IMAPWire
import Testing

@testable import IMAPServer

@Suite struct RenameTests {
    @Test func rename() async {
        let house = MemoryHouse()
        house.addMailbox("One")
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
            C: b RENAME One Two
            S: b OK RENAME done
            C: c RENAME One Three
            S: c NO [NONEXISTENT] There is no mailbox of that name
            C: d RENAME Two Two/Below
            S: d NO [CANNOT] A mailbox cannot move below itself
            C: e RENAME Two INBOX
            S: e NO [ALREADYEXISTS] INBOX is always there
            C: f RENAME Two "a*"
            S: f NO [CANNOT] No mailbox can have that name
            """
        )
    }
}
