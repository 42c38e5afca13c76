import IMAPWire
import Testing

@testable import IMAPServer

/// NAMESPACE (RFC 2342).
@Suite struct NamespaceTests {
    @Test func prefixes() async {
        let conversation = Conversation()
        await conversation.play(
            """
            C: a NAMESPACE
            S: a BAD Log in first
            C: b LOGIN anna secret
            S: b OK …
            C: c NAMESPACE
            S: * NAMESPACE (("" "/")) NIL (("Shared/" "/"))
            S: c OK NAMESPACE done
            """
        )
    }
}
