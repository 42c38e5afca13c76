import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// GETACL (RFC 4314 §3.3).
@Suite struct GetACLTests {
    @Test func own() async {
        let conversation = Conversation()
        await conversation.enter()
        await conversation.play(
            """
            C: a GETACL INBOX
            S: * ACL INBOX anna lrswitd
            S: a OK GETACL done
            C: b GETACL
            S: b BAD …
            """
        )
    }

    @Test("A mailbox that one may not see is not there")
    func unseen() async {
        let conversation = Conversation()
        await conversation.enter()
        await conversation.play(
            """
            C: a GETACL x
            S: a NO [NONEXISTENT] …
            """
        )
    }
}
