import Base
import IMAPWire
import Testing

@testable import IMAPServer

@Suite struct SaveDateTests {
    private func conversation() async -> Conversation {
        let house = MemoryHouse()
        house.deliver("Subject: one\n\nx")
        house.deliver("Subject: two\n\nx")
        _ = house.change(MailboxName(unchecked: "INBOX")) { box, _ in
            box.saved[2] = MemoryHouse.saved.advanced(by: .seconds(86_400))
        }
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test func fetched() async {
        await conversation().play(
            """
            C: a FETCH 1:2 (SAVEDATE INTERNALDATE)
            S: * 1 FETCH (SAVEDATE " 2-Nov-2026 12:00:00 +0000" INTERNALDATE " 1-Nov-2026 12:00:00 +0000")
            S: * 2 FETCH (SAVEDATE " 3-Nov-2026 12:00:00 +0000" INTERNALDATE " 1-Nov-2026 12:00:00 +0000")
            S: a OK FETCH done
            C: b UID FETCH 2 (SAVEDATE PREVIEW BODY.PEEK[TEXT])
            S: * 2 FETCH (UID 2 SAVEDATE " 3-Nov-2026 12:00:00 +0000" PREVIEW "x" BODY[TEXT] {1}
            S: x)
            S: b OK FETCH done
            """
        )
    }

    @Test func searched() async {
        await conversation().play(
            """
            C: a SEARCH SAVEDON 2-Nov-2026
            S: * SEARCH 1
            S: a OK SEARCH done
            C: b SEARCH SAVEDSINCE 3-Nov-2026
            S: * SEARCH 2
            S: b OK SEARCH done
            C: c SEARCH NOT SAVEDBEFORE 3-Nov-2026 SUBJECT two
            S: * SEARCH 2
            S: c OK SEARCH done
            C: d SEARCH SAVEDATESUPPORTED
            S: * SEARCH 1 2
            S: d OK SEARCH done
            C: e SEARCH OR SAVEDON 3-Nov-2026 SAVEDBEFORE 1-Nov-2026
            S: * SEARCH 2
            S: e OK SEARCH done
            C: f SEARCH SAVEDON yesterday
            S: f BAD …
            """
        )
    }
}
