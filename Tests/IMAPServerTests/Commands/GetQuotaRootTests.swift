import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// GETQUOTAROOT (RFC 9208 §4.2.2).
@Suite struct GetQuotaRootTests {
    @Test("By name; views count nowhere")
    func roots() async {
        let conversation = Conversation()
        conversation.house.setQuota()
        await conversation.enter()
        await conversation.play(
            """
            C: a GETQUOTAROOT INBOX
            S: * QUOTAROOT INBOX team
            S: * QUOTA team (STORAGE 3 100 MESSAGE 1 2)
            S: a OK GETQUOTAROOT done
            C: b GETQUOTAROOT Approvals/Waiting
            S: * QUOTAROOT Approvals/Waiting
            S: b OK GETQUOTAROOT done
            C: c GETQUOTAROOT
            S: c BAD …
            """
        )
    }
}
