import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

@Suite struct SelectTests {
    private func house() -> MemoryHouse {
        let house = MemoryHouse()
        house.deliver("a: b\n\nc", flags: Flags(.seen))
        house.deliver("a: b\n\nc", flags: Flags([.flagged], keywords: [Keyword("$Held")]))
        house.addMailbox("Sent", use: .sent)
        return house
    }

    @Test func describesTheMailbox() async {
        let conversation = Conversation(house())
        await conversation.play(
            """
            C: a LOGIN anna secret
            S: a OK …
            C: b SELECT inbox
            S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
            S: * 2 EXISTS
            S: * 0 RECENT
            S: * OK [UNSEEN 2] First unseen message
            S: * OK [UIDVALIDITY 1001] UIDs are valid
            S: * OK [UIDNEXT 3] Next UID
            S: * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] What may be changed
            S: * OK [MAILBOXID (F…)] …
            S: * OK [HIGHESTMODSEQ 3] Highest MODSEQ
            S: b OK [READ-WRITE] Mailbox selected
            C: c EXAMINE "Sent"
            S: * OK [CLOSED] The mailbox before is closed
            S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
            S: * 0 EXISTS
            S: * 0 RECENT
            S: * OK [UIDVALIDITY 1004] UIDs are valid
            S: * OK [UIDNEXT 1] Next UID
            S: * OK [PERMANENTFLAGS ()] What may be changed
            S: * OK [MAILBOXID (F…)] …
            S: * OK [HIGHESTMODSEQ 1] Highest MODSEQ
            S: c OK [READ-ONLY] Mailbox selected
            """
        )
        #expect(conversation.house.state.withLock { $0.closed } == 1)
    }

    @Test func aFailedSelectLeavesTheOldMailbox() async {
        let conversation = Conversation(house())
        await conversation.enter()
        await conversation.play(
            """
            C: a SELECT Nowhere
            S: * OK [CLOSED] The mailbox before is closed
            S: a NO [NONEXISTENT] There is no mailbox of that name
            C: b FETCH 1 FLAGS
            S: b BAD Select a mailbox first
            """
        )
        #expect(conversation.house.state.withLock { $0.closed } == 1)
    }

    @Test func aNameThatCannotBeIsNoSyntaxError() async {
        let conversation = Conversation(house())
        await conversation.enter()
        await conversation.play(
            """
            C: a SELECT "../etc"
            S: a NO [CANNOT] No mailbox can have that name
            C: b SELECT "&bad"
            S: b NO [CANNOT] No mailbox can have that name
            C: c NOOP
            S: c OK NOOP done
            """
        )
    }
}
