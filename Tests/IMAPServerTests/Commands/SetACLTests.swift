import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// SETACL and DELETEACL (RFC 4314 §3.1, §3.2): rights are changed by nobody.
@Suite struct SetACLTests {
    @Test func refused() async {
        let conversation = Conversation()
        await conversation.enter()
        await conversation.play(
            """
            C: a SETACL INBOX anna +a
            S: a NO [NOPERM] …
            C: b DELETEACL INBOX anna
            S: b NO [NOPERM] …
            C: c MYRIGHTS INBOX
            S: * MYRIGHTS INBOX lrswitd
            S: c OK MYRIGHTS done
            C: d SETACL INBOX anna
            S: d BAD …
            """
        )
    }

    @Test("A mailbox that one may not see is not there")
    func unseen() async {
        let conversation = Conversation()
        await conversation.enter()
        await conversation.play(
            """
            C: a SETACL x anna r
            S: a NO [NONEXISTENT] …
            """
        )
    }

    @Test func unseenDelete() async {
        let conversation = Conversation()
        await conversation.enter()
        await conversation.play(
            """
            C: a DELETEACL x anna
            S: a NO [NONEXISTENT] …
            """
        )
    }
}
