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
            S: * OK [CLOSED] …
            S: * FLAGS …
            S: * 1 EXISTS
            S: * 0 RECENT
            S: * OK …
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

    @Test("RFC 3502: several messages get one UID each, in one answer")
    func severalMessages() async {
        await conversation().play(
            """
            C: a APPEND Drafts (\\Draft) {2}
            S: + OK
            C+: m1 {2}
            C: m2 (\\Seen) {2+}
            S: + OK
            C: m3
            S: a OK [APPENDUID 1002 1:3] APPEND done
            C: b STATUS Drafts (MESSAGES UNSEEN)
            S: * STATUS Drafts (MESSAGES 3 UNSEEN 2)
            S: b OK …
            """
        )
    }

    @Test("RFC 3502: none is kept where one is refused")
    func allOrNone() async {
        let house = MemoryHouse()
        let settings = EngineSettings(peer: "::1", isEncrypted: true, canStartTLS: false, appendLimit: 10)
        let conversation = Conversation(house, settings: settings)
        await conversation.enter()
        await conversation.play(
            """
            C+: a APPEND INBOX {2+}
            C: m1 {11}
            S: a NO [TOOBIG] That is larger than the server takes
            C+: b APPEND INBOX {2+}
            C+: m1 {0+}
            C:
            S: b NO [CANNOT] An empty message cannot be kept
            C+: c APPEND INBOX {2+}
            C: m1 {10+
            S: c BAD …
            C: d STATUS INBOX (MESSAGES)
            S: * STATUS INBOX (MESSAGES 0)
            S: d OK …
            """
        )
    }

    @Test func otherForms() async {
        await conversation().play(
            """
            C+: a APPEND Drafts UTF8 (~{2+}
            C: m1)
            S: a OK [APPENDUID 1002 1] APPEND done
            C+: b APPEND Drafts ~{2+}
            C: m2
            S: b OK [APPENDUID 1002 2] APPEND done
            """
        )
    }

    @Test("INV-9: all sessions together hand in no more than the budget holds")
    func budget() async {
        let house = MemoryHouse()
        let budget = UploadBudget(limit: 100_000)
        let settings = EngineSettings(peer: "::1", isEncrypted: true, canStartTLS: false, uploads: budget)
        let conversation = Conversation(house, settings: settings)
        await conversation.enter(client: 1)
        await conversation.enter(client: 2)
        let first = await conversation.client(1)
        let second = await conversation.client(2)
        await conversation.send("a APPEND INBOX {60000}\r\n", first)
        #expect(first.lines == ["+ OK"])
        // The second waits for its turn, and is refused when it has waited for long.
        await conversation.send("b APPEND INBOX {60000}\r\n", second)
        #expect(second.lines.last == "b NO [LIMIT] Too much is being uploaded at the moment; try again")
        #expect(second.lines.dropLast().allSatisfy { $0 == "[pause 0]" })
        #expect(second.lines.count - 1 == Int(Limits.uploadPatience / Limits.uploadPause))
        second.lines = []
        // Small ones need no share.
        await conversation.send("c APPEND INBOX {2+}\r\nab\r\n", second)
        #expect(second.lines.last?.hasPrefix("c OK") == true)
        first.lines = []
        await conversation.send([UInt8](repeating: 0x61, count: 60_000) + [13, 10], first)
        #expect(first.lines.last?.hasPrefix("a OK") == true)
        second.lines = []
        await conversation.send("d APPEND INBOX {60000}\r\n", second)
        #expect(second.lines.last == "+ OK")
    }
}
