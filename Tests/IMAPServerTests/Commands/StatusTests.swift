import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

@Suite struct StatusTests {
    private func house() -> MemoryHouse {
        let house = MemoryHouse()
        house.addMailbox("Work")
        house.addMailbox("Names", selectable: false)
        house.deliver("a: b\n\nc", to: "Work", flags: Flags(.seen))
        house.deliver("a: b\n\nlonger", to: "Work", flags: Flags(.deleted))
        return house
    }

    @Test("RFC 9051 §6.3.11, RFC 7162, RFC 7889, RFC 8438, RFC 9208: every item, in the order asked")
    func items() async {
        let conversation = Conversation(house())
        await conversation.enter()
        await conversation.play(
            """
            C: a STATUS Work (messages RECENT UIDNEXT UIDVALIDITY UNSEEN DELETED SIZE)
            S: * STATUS Work (MESSAGES 2 RECENT 0 UIDNEXT 3 UIDVALIDITY 1002 UNSEEN 1 DELETED 1 SIZE 23)
            S: a OK STATUS done
            C: b STATUS Work (HIGHESTMODSEQ APPENDLIMIT DELETED-STORAGE HIGHESTMODSEQ)
            S: * OK [HIGHESTMODSEQ 1] …
            S: * STATUS Work (HIGHESTMODSEQ 3 APPENDLIMIT 52428800 DELETED-STORAGE 14)
            S: b OK STATUS done
            C: d STATUS Names (MESSAGES)
            S: d NO [NONEXISTENT] …
            C: e STATUS Work (FOO)
            S: e BAD …
            """
        )
    }

    @Test("RFC 5819: LIST brings the numbers of what can be selected, each behind its name")
    func withList() async {
        let conversation = Conversation(house())
        await conversation.enter()
        await conversation.play(
            """
            C: a LIST "" (Work Names) RETURN (STATUS (MESSAGES UIDNEXT))
            S: * LIST () "/" Work
            S: * STATUS Work (MESSAGES 2 UIDNEXT 3)
            S: * LIST (\\Noselect) "/" Names
            S: a OK LIST done
            C: b LIST "" "" RETURN (STATUS (MESSAGES))
            S: b OK LIST done
            C: c LIST "" * RETURN (STATUS ())
            S: c BAD …
            """
        )
    }

    @Test("RFC 8474 §4: one mailbox has one id, whatever asks for it and whatever it is called")
    func objectID() async {
        let house = house()
        let id = MemoryHouse.objectIDs.id(of: house.state.withLock { $0.boxes[1].id })
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
            C: a STATUS Work (MAILBOXID)
            S: * STATUS Work (MAILBOXID (\(id)))
            S: a OK STATUS done
            C: b RENAME Work Play
            S: b OK RENAME done
            C: c LIST "" Play RETURN (STATUS (MAILBOXID))
            S: * LIST () "/" Play
            S: * STATUS Play (MAILBOXID (\(id)))
            S: c OK LIST done
            C: d CREATE Work
            S: d OK [MAILBOXID (F…)] CREATE done
            C: e STATUS Work (MAILBOXID)
            S: * STATUS Work (MAILBOXID (F…))
            S: e OK STATUS done
            """
        )
        let made = MemoryHouse.objectIDs.id(of: house.state.withLock { $0.boxes[3].id })
        #expect(made != id)
    }
}
