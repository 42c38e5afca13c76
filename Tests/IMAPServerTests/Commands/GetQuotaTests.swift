import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// GETQUOTA (RFC 9208 §4.2.1).
@Suite struct GetQuotaTests {
    @Test("Use and limit of what is limited")
    func limited() async {
        let conversation = Conversation()
        conversation.house.setQuota()
        await conversation.enter()
        await conversation.play(
            """
            C: a GETQUOTA team
            S: * QUOTA team (STORAGE 3 100 MESSAGE 1 2)
            S: a OK GETQUOTA done
            C: b GETQUOTA other
            S: b NO [NONEXISTENT] …
            C: c GETQUOTA
            S: c BAD …
            """
        )
    }

    @Test("Without a limit nothing is counted against one")
    func unlimited() async {
        let conversation = Conversation()
        conversation.house.state.withLock { $0.quota = QuotaRoot(name: "team", resources: []) }
        await conversation.enter()
        await conversation.play(
            """
            C: a GETQUOTA team
            S: * QUOTA team ()
            S: a OK GETQUOTA done
            """
        )
    }
}
