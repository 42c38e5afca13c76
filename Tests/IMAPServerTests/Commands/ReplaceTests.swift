import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

@Suite struct ReplaceTests {
    private func conversation(command: String = "SELECT") async -> Conversation {
        let house = MemoryHouse()
        house.addMailbox("Drafts", use: .drafts)
        for number in 1...3 { house.deliver("N: \(number)\n\nx", to: "Drafts") }
        let conversation = Conversation(house)
        await conversation.enter("Drafts", command: command)
        return conversation
    }

    @Test("RFC 8508 §4.3: the new UID is told before the old message goes")
    func replacesByNumber() async {
        await conversation().play(
            """
            C+: a REPLACE 2 Drafts (\\Draft) {4+}
            C: N: 4
            S: * OK [APPENDUID 1002 4] Replaced
            S: * 2 EXPUNGE
            S: * 3 EXISTS
            S: a OK REPLACE done
            C: b FETCH 1:* (UID FLAGS)
            S: * 1 FETCH (UID 1 FLAGS ())
            S: * 2 FETCH (UID 3 FLAGS ())
            S: * 3 FETCH (UID 4 FLAGS (\\Draft))
            S: b OK …
            """
        )
    }

    @Test func replacesByUIDInAnotherMailbox() async {
        await conversation().play(
            """
            C+: a UID REPLACE 3 INBOX {4+}
            C: N: 4
            S: * OK [APPENDUID 1001 1] Replaced
            S: * 3 EXPUNGE
            S: a OK REPLACE done
            C+: b REPLACE * INBOX CATENATE (TEXT {1+}
            C: y URL /Drafts/;UID=1)
            S: * OK [APPENDUID 1001 2] Replaced
            S: * 2 EXPUNGE
            S: b OK REPLACE done
            """
        )
    }

    @Test func failures() async {
        let conversation = await conversation()
        await conversation.play(
            """
            C+: a REPLACE 4 Drafts {1+}
            C: x
            S: a BAD There is no such message
            C+: b UID REPLACE 9 Drafts {1+}
            C: x
            S: b BAD There is no such message
            C+: c REPLACE 1 Nowhere {1+}
            C: x
            S: c NO [TRYCREATE] …
            C+: d REPLACE 1 Drafts {0+}
            C:
            S: d NO [CANNOT] …
            C+: e REPLACE 1 Drafts {1+}
            C: x {1+
            S: e BAD …
            """
        )
        // Another client was faster: nothing is kept.
        conversation.house.remove(1, from: "Drafts")
        await conversation.play(
            """
            C+: f REPLACE 1 Drafts {1+}
            C: x
            S: * 1 EXPUNGE
            S: f NO [EXPUNGEISSUED] The message is gone; nothing was replaced
            """
        )
        #expect(conversation.house.state.withLock { $0.boxes[1].entries.count } == 2)
    }

    @Test func notInAMailboxOpenForReading() async {
        await conversation(command: "EXAMINE").play(
            """
            C+: a REPLACE 1 Drafts {1+}
            C: x
            S: a NO [NOPERM] …
            C: b UNSELECT
            S: b OK …
            C+: c REPLACE 1 Drafts {1+}
            C: x
            S: c BAD Select a mailbox first
            """
        )
    }
}
