import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// CONDSTORE (RFC 7162 §3.1).
@Suite struct ConditionalStoreTests {
    /// Three messages with the MODSEQs 2, 3 and 4.
    private func conversation() async -> Conversation {
        let house = MemoryHouse()
        for _ in 1...3 { house.deliver("a: b\n\nc") }
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test(
        "RFC 7162 §3.1: each of these commands turns MODSEQ on, and says from where to count",
        arguments: [
            "FETCH 1 MODSEQ", "FETCH 1 FLAGS (CHANGEDSINCE 99)", "SEARCH NOT (OR SEEN MODSEQ 1)",
            "STORE 1 (UNCHANGEDSINCE 1) +FLAGS (\\Seen)", "STATUS INBOX (HIGHESTMODSEQ)", "ENABLE CONDSTORE",
            "ENABLE QRESYNC",
        ]
    )
    func enabling(command: String) async {
        let conversation = await conversation()
        let client = await conversation.client(1)
        await conversation.send("a \(command)\r\n", client)
        #expect(client.lines.filter { $0.hasPrefix("* OK [HIGHESTMODSEQ 4]") }.count == 1)
        client.lines = []
        await conversation.send("a \(command)\r\n", client)
        #expect(!client.lines.contains { $0.hasPrefix("* OK [HIGHESTMODSEQ") }, "said once")
        client.lines = []
        conversation.house.setFlags(Flags(.flagged), of: 2)
        await conversation.play(
            """
            C: b NOOP
            S: * 2 FETCH (UID 2 FLAGS (\\Flagged) MODSEQ (5))
            S: b OK NOOP done
            """
        )
    }

    @Test func selecting() async {
        let conversation = await conversation()
        await conversation.enter("INBOX (CONDSTORE)")
        conversation.house.setFlags(Flags(.flagged), of: 2)
        await conversation.play(
            """
            C: b NOOP
            S: * 2 FETCH (UID 2 FLAGS (\\Flagged) MODSEQ (5))
            S: b OK NOOP done
            C: c STATUS INBOX (HIGHESTMODSEQ)
            S: * STATUS INBOX (HIGHESTMODSEQ 5)
            S: c OK STATUS done
            """
        )
    }

    @Test func fetchesWhatChanged() async {
        let conversation = await conversation()
        conversation.house.setFlags(Flags(.flagged), of: 1)
        await conversation.enter("INBOX (CONDSTORE)")
        await conversation.play(
            """
            C: a FETCH 1:3 (MODSEQ)
            S: * 1 FETCH (MODSEQ (5))
            S: * 2 FETCH (MODSEQ (3))
            S: * 3 FETCH (MODSEQ (4))
            S: a OK FETCH done
            C: b UID FETCH 1:* (FLAGS) (CHANGEDSINCE 3)
            S: * 1 FETCH (UID 1 FLAGS (\\Flagged) MODSEQ (5))
            S: * 3 FETCH (UID 3 FLAGS () MODSEQ (4))
            S: b OK FETCH done
            C: c FETCH 2:3 UID (CHANGEDSINCE 3)
            S: * 3 FETCH (UID 3 MODSEQ (4))
            S: c OK FETCH done
            C: d UID FETCH 1:* FLAGS (CHANGEDSINCE 5)
            S: d OK FETCH done
            C: e FETCH 1 FLAGS
            S: * 1 FETCH (FLAGS (\\Flagged))
            S: e OK FETCH done
            """
        )
    }

    @Test("RFC 7162 §3.1.3: a message that changed is left alone, named, and shown")
    func conflicts() async {
        let conversation = await conversation()
        await conversation.enter("INBOX (CONDSTORE)")
        conversation.house.setFlags(Flags(.answered), of: 2)
        await conversation.play(
            """
            C: a STORE 1:3 (UNCHANGEDSINCE 4) +FLAGS.SILENT (\\Answered)
            S: * 1 FETCH (UID 1 MODSEQ (6))
            S: * 2 FETCH (UID 2 FLAGS (\\Answered) MODSEQ (5))
            S: * 3 FETCH (UID 3 MODSEQ (7))
            S: a OK [MODIFIED 2] Some messages had changed before
            C: b UID STORE 2,1 (UNCHANGEDSINCE 5) FLAGS (\\Draft)
            S: * 1 FETCH (UID 1 FLAGS (\\Answered) MODSEQ (6))
            S: * 2 FETCH (UID 2 FLAGS (\\Draft) MODSEQ (8))
            S: b OK [MODIFIED 1] Some messages had changed before
            C: c STORE 3 (UNCHANGEDSINCE 0) +FLAGS.SILENT ($MDNSent)
            S: * 3 FETCH (UID 3 FLAGS (\\Answered) MODSEQ (7))
            S: c OK [MODIFIED 3] Some messages had changed before
            C: d STORE 3 (UNCHANGEDSINCE 7) +FLAGS.SILENT (\\Answered)
            S: * 3 FETCH (UID 3 MODSEQ (7))
            S: d OK STORE done
            """
        )
        #expect(conversation.house.flags(of: 2) == ["\\Draft"])
    }

    @Test("RFC 7162 §3.1.12: a change of other flags is no reason not to add or remove one")
    func changesThatDoNotMeet() async {
        let conversation = await conversation()
        await conversation.enter("INBOX (CONDSTORE)")
        conversation.house.setFlags(Flags(.answered), of: 2)
        await conversation.play(
            """
            C: a STORE 2 (UNCHANGEDSINCE 4) +FLAGS.SILENT (\\Seen $x)
            S: * FLAGS …
            S: * 2 FETCH (UID 2 FLAGS (\\Answered \\Seen $x) MODSEQ (6))
            S: a OK STORE done
            """
        )
        conversation.house.setFlags(Flags(.answered), of: 2)
        await conversation.play(
            """
            C: b STORE 2 (UNCHANGEDSINCE 6) -FLAGS ($x)
            S: * 2 FETCH (UID 2 FLAGS (\\Answered) MODSEQ (7))
            S: b OK [MODIFIED 2] Some messages had changed before
            C: c STORE 1 (UNCHANGEDSINCE 1) +FLAGS (\\Seen)
            S: * 1 FETCH (UID 1 FLAGS () MODSEQ (2))
            S: c OK [MODIFIED 1] Some messages had changed before
            """
        )
    }

    @Test("RFC 7162 §3.1.3: what is gone and what changed, in one answer")
    func conflictsAndRemovals() async {
        let conversation = await conversation()
        await conversation.enter("INBOX (CONDSTORE)")
        conversation.house.setFlags(Flags(.answered), of: 2)
        conversation.house.remove(3)
        await conversation.play(
            """
            C: a STORE 1:3 (UNCHANGEDSINCE 4) +FLAGS (\\Answered)
            S: * 1 FETCH (UID 1 FLAGS (\\Answered) MODSEQ (7))
            S: * 2 FETCH (UID 2 FLAGS (\\Answered) MODSEQ (5))
            S: * OK [HIGHESTMODSEQ 4] All that came before was told
            S: a OK [MODIFIED 2] Some of the messages are gone
            C: b NOOP
            S: * 3 EXPUNGE
            S: b OK NOOP done
            """
        )
    }

    @Test("RFC 7162 §3.2: who counts must not count past a removal that is not told yet")
    func delayedRemovals() async {
        let conversation = await conversation()
        await conversation.enter("INBOX (CONDSTORE)")
        conversation.house.remove(1)
        conversation.house.setFlags(Flags(.answered), of: 3)
        await conversation.play(
            """
            C: a FETCH 2 UID
            S: * 2 FETCH (UID 2)
            S: * 3 FETCH (UID 3 FLAGS (\\Answered) MODSEQ (6))
            S: * OK [HIGHESTMODSEQ 4] All that came before was told
            S: a OK FETCH done
            C: b SEARCH ANSWERED
            S: * SEARCH 3
            S: * OK [HIGHESTMODSEQ 4] All that came before was told
            S: b OK SEARCH done
            C: c EXPUNGE
            S: * 1 EXPUNGE
            S: c OK [HIGHESTMODSEQ 7] EXPUNGE done
            """
        )
    }

    @Test("RFC 7162 §3.2.4: \\Seen set by FETCH is a change like others")
    func seenByFetch() async {
        let conversation = await conversation()
        await conversation.enter("INBOX (CONDSTORE)")
        await conversation.play(
            """
            C: a FETCH 1 BODY[TEXT]
            S: * 1 FETCH (BODY[TEXT] {1}
            S: c UID 1 FLAGS (\\Seen) MODSEQ (5))
            S: a OK FETCH done
            C: b NOOP
            S: b OK NOOP done
            C: c UID FETCH 1 (FLAGS BODY[TEXT])
            S: * 1 FETCH (UID 1 FLAGS (\\Seen) BODY[TEXT] {1}
            S: c)
            S: c OK FETCH done
            """
        )
    }

    @Test("a change that was taken back is still a MODSEQ that the client needs")
    func changedAndBack() async {
        let conversation = await conversation()
        await conversation.enter("INBOX (CONDSTORE)")
        conversation.house.setFlags(Flags(.answered), of: 3)
        conversation.house.setFlags(.none, of: 3)
        await conversation.play(
            """
            C: a NOOP
            S: * 3 FETCH (UID 3 FLAGS () MODSEQ (6))
            S: a OK NOOP done
            C: b NOOP
            S: b OK NOOP done
            """
        )
    }

    @Test func tellsItsOwnChangesOnce() async {
        let conversation = await conversation()
        await conversation.enter("INBOX (CONDSTORE)")
        await conversation.enter(client: 2)
        await conversation.play(
            """
            C: a STORE 1 +FLAGS (\\Flagged)
            S: * 1 FETCH (UID 1 FLAGS (\\Flagged) MODSEQ (5))
            S: a OK STORE done
            C: b STORE 1 -FLAGS.SILENT (\\Flagged)
            S: * 1 FETCH (UID 1 MODSEQ (6))
            S: b OK STORE done
            C: c NOOP
            S: c OK NOOP done
            C2: d NOOP
            S2: d OK NOOP done
            """
        )
    }
}
