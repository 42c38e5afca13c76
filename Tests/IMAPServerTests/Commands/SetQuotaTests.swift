import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// SETQUOTA (RFC 9208 §4.2.3): limits are set in the configuration alone.
@Suite struct SetQuotaTests {
    @Test func refused() async {
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
            C: a SETQUOTA team (STORAGE 500)
            S: a NO [NOPERM] …
            C: b SETQUOTA team (STORAGE)
            S: b BAD …
            C: c GETQUOTA team
            S: * QUOTA team (STORAGE 3 100 MESSAGE 1 2)
            S: c OK GETQUOTA done
            """
        )
    }
}
