import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// MOVE and UID MOVE (RFC 6851).
@Suite struct MoveTests {
    @Test func tellsCopyUIDBeforeTheExpunges() async {
        await Conversation.withFourMessages().play(
            """
            C: a MOVE 2:3 Archive
            S: * OK [COPYUID 1006 2:3 1:2] Moved
            S: * 2 EXPUNGE
            S: * 2 EXPUNGE
            S: a OK MOVE done
            C: b UID MOVE 4 Archive
            S: * OK [COPYUID 1006 4 3] Moved
            S: * 2 EXPUNGE
            S: b OK MOVE done
            C: c UID MOVE 1 Nowhere
            S: c NO [TRYCREATE] There is no mailbox of that name
            """
        )
    }

    @Test func nothingOfWhatIsGone() async {
        let conversation = await Conversation.withFourMessages()
        conversation.house.remove(2)
        await conversation.play(
            """
            C: a FETCH 2 UID
            S: * 2 FETCH (UID 2)
            S: a OK FETCH done
            C: b MOVE 1:2 Archive
            S: * 2 EXPUNGE
            S: b NO [EXPUNGEISSUED] Some of the messages are gone; nothing was moved
            """
        )
    }

    @Test func notReadOnly() async {
        let house = MemoryHouse()
        house.deliver("a: b\n\nc")
        house.addMailbox("Archive")
        let conversation = Conversation(house)
        await conversation.enter(command: "EXAMINE")
        await conversation.play(
            """
            C: a MOVE 1 Archive
            S: a NO [NOPERM] The mailbox is open read-only
            """
        )
    }
}
