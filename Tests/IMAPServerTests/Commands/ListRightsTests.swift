import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// LISTRIGHTS (RFC 4314 §3.4).
@Suite struct ListRightsTests {
    @Test func rights() async {
        let conversation = Conversation()
        await conversation.enter()
        await conversation.play(
            """
            C: a LISTRIGHTS INBOX anna
            S: * LISTRIGHTS INBOX anna lrswitd
            S: a OK LISTRIGHTS done
            C: b LISTRIGHTS INBOX somebody
            S: * LISTRIGHTS INBOX somebody ""
            S: b OK LISTRIGHTS done
            C: c LISTRIGHTS INBOX
            S: c BAD …
            """
        )
    }

    @Test("A mailbox that one may not see is not there")
    func unseen() async {
        let conversation = Conversation()
        await conversation.enter()
        await conversation.play(
            """
            C: a LISTRIGHTS x anna
            S: a NO [NONEXISTENT] …
            """
        )
    }
}
