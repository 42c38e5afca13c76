import IMAPWire
import Testing

@testable import IMAPServer

/// NOOP (RFC 9051 §6.1.2).
@Suite struct NoopTests {
    @Test func tellsNews() async {
        let conversation = Conversation()
        conversation.house.deliver("a: b\n\nc")
        await conversation.enter()
        conversation.house.deliver("a: b\n\nc")
        await conversation.play(
            """
            C: a NOOP
            S: * 2 EXISTS
            S: a OK NOOP done
            C: b NOOP
            S: b OK NOOP done
            """
        )
    }

    @Test func tellsWhatWent() async {
        let conversation = Conversation()
        conversation.house.deliver("a: b\n\nc")
        await conversation.enter()
        conversation.house.remove(1)
        await conversation.play(
            """
            C: a NOOP
            S: * 1 EXPUNGE
            S: a OK NOOP done
            """
        )
    }

    @Test func inEveryState() async {
        let conversation = Conversation()
        await conversation.play(
            """
            C: a NOOP
            S: a OK NOOP done
            C: b LOGIN anna secret
            S: b OK …
            C: c NOOP
            S: c OK NOOP done
            C: d NOOP now
            S: d BAD …
            """
        )
    }
}
