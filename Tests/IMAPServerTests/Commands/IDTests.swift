import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// ID (RFC 2971).
@Suite struct IDTests {
    @Test func isToldAndTold() async {
        let conversation = Conversation()
        await conversation.play(
            """
            C: a ID ("Name" "Tester" "version" NIL)
            S: * ID ("name" "Greenroom")
            S: a OK ID done
            C: b LOGIN anna secret
            S: b OK …
            C: c ID NIL
            S: * ID ("name" "Greenroom")
            S: c OK ID done
            C: d ID ("name")
            S: d BAD …
            """
        )
        #expect(conversation.house.state.withLock { $0.identified } == ["name=Tester", "version="])
    }
}
