import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

@Suite struct AppendTests {
    private func conversation() async -> Conversation {
        let house = MemoryHouse()
        house.addMailbox("Drafts", use: .drafts)
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test func keepsFlagsDateAndBytes() async {
        let conversation = await conversation()
        await conversation.play(
            """
            C: a APPEND Drafts (\\Seen \\Draft $Label) " 1-Feb-2026 21:52:25 -0800" {9}
            S: + OK
            C+: a: b
            C+:
            C: c
            S: a OK [APPENDUID 1002 1] APPEND done
            C: b EXAMINE Drafts
            S: * FLAGS …
            S: * 1 EXISTS
            S: * 0 RECENT
            S: * OK …
            S: * OK …
            S: * OK …
            S: * OK …
            S: b OK …
            C: c FETCH 1 (FLAGS INTERNALDATE BODY[])
            S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Label)
            S: * 1 FETCH (FLAGS (\\Seen \\Draft $Label) INTERNALDATE " 2-Feb-2026 05:52:25 +0000" BODY[] {9}
            S: a: b
            S:
            S: c)
            S: c OK FETCH done
            """
        )
    }

    @Test func toTheSelectedMailboxIsToldBeforeTheAnswer() async {
        await conversation().play(
            """
            C+: a APPEND INBOX {4+}
            C: abcd
            S: * 1 EXISTS
            S: a OK [APPENDUID 1001 1] APPEND done
            """
        )
    }

    @Test func aMissingTargetMayBeMade() async {
        await conversation().play(
            """
            C+: a APPEND Nowhere {4+}
            C: abcd
            S: a NO [TRYCREATE] There is no mailbox of that name
            C+: b APPEND INBOX {0+}
            C:
            S: b NO [CANNOT] An empty message cannot be kept
            """
        )
    }

    @Test("INV-9: a message too large is refused before it is sent, or let pass")
    func tooLarge() async {
        let house = MemoryHouse()
        let settings = EngineSettings(peer: "::1", isEncrypted: true, canStartTLS: false, appendLimit: 10)
        let conversation = Conversation(house, settings: settings)
        await conversation.enter()
        await conversation.play(
            """
            C: a APPEND INBOX {11}
            S: a NO [TOOBIG] That is larger than the server takes
            C+: b APPEND INBOX {11+}
            C: 12345678901
            S: b NO [TOOBIG] That is larger than the server takes
            C: c APPEND INBOX {4294967296}
            S: c NO [TOOBIG] That is larger than the server takes
            C: d NOOP
            S: d OK NOOP done
            C: e APPEND INBOX {99999999999999999999+}
            S: * BYE [TOOBIG] That is larger than the server takes
            S: [closed: literal too large]
            """
        )
    }

    @Test("INV-2: what the house could not keep is not acknowledged")
    func failure() async {
        let conversation = await conversation()
        conversation.house.state.withLock { $0.failure = IMAPFailure(.ours, .overQuota, "No room") }
        await conversation.play(
            """
            C+: a APPEND INBOX {4+}
            C: abcd
            S: a NO [OVERQUOTA] No room
            """
        )
    }
}
