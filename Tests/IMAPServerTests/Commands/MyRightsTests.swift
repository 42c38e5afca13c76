import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// MYRIGHTS (RFC 4314 §3.5), and with LIST (RFC 8440).
@Suite struct MyRightsTests {
    @Test("Rights are shown as they are, with the old letters")
    func rights() async {
        let conversation = Conversation()
        conversation.house.addMailbox("Names", selectable: false)
        await conversation.enter()
        await conversation.play(
            """
            C: a MYRIGHTS INBOX
            S: * MYRIGHTS INBOX lrswitd
            S: a OK MYRIGHTS done
            C: b LIST "" * RETURN (MYRIGHTS)
            S: * LIST () "/" INBOX
            S: * MYRIGHTS INBOX lrswitd
            S: * LIST (\\Noselect) "/" Names
            S: b OK LIST done
            """
        )
    }

    @Test("A mailbox that one may not see is not there")
    func unseen() async {
        let conversation = Conversation()
        await conversation.enter()
        await conversation.play(
            """
            C: a MYRIGHTS x
            S: a NO [NONEXISTENT] …
            """
        )
    }

    @Test func letters() {
        #expect(AccessRights([.lookUp, .read]).text == "lr")
        #expect(AccessRights([.lookUp, .create]).text == "lkc")
        #expect(AccessRights([.delete]).text == "xd")
    }
}
