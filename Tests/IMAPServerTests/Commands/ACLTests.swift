import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// MYRIGHTS, GETACL, LISTRIGHTS, SETACL, DELETEACL.
@Suite struct ACLTests {
    @Test("RFC 4314: rights are shown as they are, with the old letters, and changed by nobody")
    func rights() async {
        let conversation = Conversation()
        conversation.house.addMailbox("Names", selectable: false)
        await conversation.enter()
        await conversation.play(
            """
            C: a MYRIGHTS INBOX
            S: * MYRIGHTS INBOX lrswitd
            S: a OK MYRIGHTS done
            C: b GETACL INBOX
            S: * ACL INBOX anna lrswitd
            S: b OK GETACL done
            C: c LISTRIGHTS INBOX anna
            S: * LISTRIGHTS INBOX anna lrswitd
            S: c OK LISTRIGHTS done
            C: d LISTRIGHTS INBOX somebody
            S: * LISTRIGHTS INBOX somebody ""
            S: d OK LISTRIGHTS done
            C: e SETACL INBOX anna +a
            S: e NO [NOPERM] …
            C: f DELETEACL INBOX anna
            S: f NO [NOPERM] …
            C: g LIST "" * RETURN (MYRIGHTS)
            S: * LIST () "/" INBOX
            S: * MYRIGHTS INBOX lrswitd
            S: * LIST (\\Noselect) "/" Names
            S: g OK LIST done
            """
        )
    }

    @Test("A mailbox that one may not see is there in none of them")
    func unseen() async {
        let conversation = Conversation()
        await conversation.enter()
        for command in ["MYRIGHTS x", "GETACL x", "LISTRIGHTS x anna", "SETACL x anna r", "DELETEACL x anna"] {
            await conversation.play(
                """
                C: a \(command)
                S: a NO [NONEXISTENT] …
                """
            )
        }
    }

    @Test func letters() {
        #expect(AccessRights([.lookUp, .read]).text == "lr")
        #expect(AccessRights([.lookUp, .create]).text == "lkc")
        #expect(AccessRights([.delete]).text == "xd")
    }
}
