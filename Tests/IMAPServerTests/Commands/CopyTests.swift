import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

@Suite struct CopyTests {
    @Test func namesOldAndNewUIDs() async {
        await Conversation.withFourMessages().play(
            """
            C: a COPY 1,3:4 Archive
            S: a OK [COPYUID 1006 1,3:4 1:3] COPY done
            C: b UID COPY 2,9 Archive
            S: b OK [COPYUID 1006 2 4] COPY done
            C: c UID COPY 9 Archive
            S: c OK No messages to copy
            C: d COPY 1 Nowhere
            S: d NO [TRYCREATE] There is no mailbox of that name
            C: e COPY 5 Archive
            S: e BAD There is no such message
            """
        )
    }

    @Test func noUIDsAreInventedWhereTheTargetActs() async {
        await Conversation.withFourMessages().play(
            """
            C: a COPY 1 Approvals/Approve
            S: a OK Approved
            C: b MOVE 1 Approvals/Approve
            S: * 1 EXPUNGE
            S: b OK Approved
            """
        )
    }

    @Test func allOrNothingWhereMessagesAreGone() async {
        let conversation = await Conversation.withFourMessages()
        conversation.house.remove(2)
        await conversation.play(
            """
            C: a FETCH 2 UID
            S: * 2 FETCH (UID 2)
            S: a OK FETCH done
            C: b COPY 1:2 Archive
            S: * 2 EXPUNGE
            S: b NO [EXPUNGEISSUED] Some of the messages are gone; nothing was copied
            C: c STATUS Archive (MESSAGES)
            S: * STATUS Archive (MESSAGES 0)
            S: c OK STATUS done
            """
        )
    }
}
