import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// GETQUOTA, GETQUOTAROOT, SETQUOTA.
@Suite struct QuotaTests {
    @Test("RFC 9208: use and limit of what is limited, by root and by name")
    func quota() async {
        let conversation = Conversation()
        conversation.house.state.withLock {
            $0.quota = QuotaRoot(
                name: "team",
                resources: [
                    QuotaRoot.Resource(name: "STORAGE", usage: 3, limit: 100),
                    QuotaRoot.Resource(name: "MESSAGE", usage: 1, limit: 2),
                ]
            )
        }
        await conversation.enter()
        await conversation.play(
            """
            C: a GETQUOTAROOT INBOX
            S: * QUOTAROOT INBOX team
            S: * QUOTA team (STORAGE 3 100 MESSAGE 1 2)
            S: a OK GETQUOTAROOT done
            C: b GETQUOTA team
            S: * QUOTA team (STORAGE 3 100 MESSAGE 1 2)
            S: b OK GETQUOTA done
            C: c GETQUOTA other
            S: c NO [NONEXISTENT] …
            C: d SETQUOTA team (STORAGE 500)
            S: d NO [NOPERM] …
            C: e GETQUOTAROOT Approvals/Waiting
            S: * QUOTAROOT Approvals/Waiting
            S: e OK GETQUOTAROOT done
            C: f SETQUOTA team (STORAGE)
            S: f BAD …
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
