import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// NAMESPACE and ID.
@Suite struct NamespaceTests {
    @Test func namespaceAndID() async {
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
            C: d NAMESPACE
            S: * NAMESPACE (("" "/")) NIL (("Shared/" "/"))
            S: d OK NAMESPACE done
            """
        )
        #expect(conversation.house.state.withLock { $0.identified } == ["name=Tester", "version="])
    }
}
