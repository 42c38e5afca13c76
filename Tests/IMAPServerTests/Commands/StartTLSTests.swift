import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// STARTTLS (RFC 9051 §6.2.1).
@Suite struct StartTLSTests {
    private static let plain = EngineSettings(
        peer: "192.0.2.1",
        isEncrypted: false,
        canStartTLS: true,
        allowsPlaintextLogIn: true
    )

    @Test func bytesBehindStartTLSClose() async {
        let conversation = Conversation(settings: Self.plain)
        await conversation.play(
            """
            C+: a STARTTLS
            C: b LOGIN anna secret
            S: [closed: bytes behind STARTTLS]
            """
        )
    }

    @Test func startTLSForgetsWhatWasSaidBefore() async {
        let conversation = Conversation(settings: Self.plain)
        await conversation.play(
            """
            C: a ID ("name" "Forged")
            S: * ID …
            S: a OK …
            C: b STARTTLS
            S: b OK Begin TLS now
            S: [TLS]
            C: c STARTTLS
            S: c BAD TLS is not to be had here
            C: d LOGIN anna secret
            S: d OK …
            """
        )
        #expect(conversation.house.state.withLock { $0.identified } == [])
    }
}
