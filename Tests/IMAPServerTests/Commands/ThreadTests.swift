import Base
import IMAPWire
import Testing

@testable import IMAPServer

@Suite struct ThreadTests {
    private static func mail(_ id: String, _ subject: String, _ minute: Int, _ more: String = "") -> String {
        """
        From: mia@mail.example
        Subject: \(subject)
        Date: Sun, 1 Nov 2026 12:0\(minute):00 +0000
        Message-ID: <\(id)@mail.example>
        \(more)

        x
        """
    }

    private func conversation() async -> Conversation {
        let house = MemoryHouse()
        house.deliver(Self.mail("1", "Spring", 1))
        house.deliver(Self.mail("2", "Re: Spring", 3, "References: <1@mail.example>"))
        house.deliver(Self.mail("3", "Re: Spring", 2, "In-Reply-To: <\"1\"@mail.example> from <mia@mail.example>"))
        house.deliver(Self.mail("4", "Offer", 4, "References: <none@mail.example>"))
        house.deliver(Self.mail("5", "Re: Winter", 5, "References: <2@mail.example>"))
        house.deliver("Subject: offer\n\nx", received: MemoryHouse.received.advanced(by: .seconds(3600)))
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test func references() async {
        await conversation().play(
            """
            C: a THREAD REFERENCES UTF-8 ALL
            S: * THREAD (1 (3)(2 5))((4)(6))
            S: a OK THREAD done
            C: b THREAD REFERENCES US-ASCII NOT UID 1
            S: * THREAD ((3)(2 5))((4)(6))
            S: b OK THREAD done
            C: c THREAD REFERENCES UTF-8 SUBJECT nowhere
            S: * THREAD
            S: c OK THREAD done
            """
        )
    }

    @Test func orderedSubject() async {
        await conversation().play(
            """
            C: a THREAD ORDEREDSUBJECT UTF-8 ALL
            S: * THREAD (1 (3)(2))(4 6)(5)
            S: a OK THREAD done
            """
        )
    }

    @Test func byUID() async {
        let conversation = await conversation()
        conversation.house.remove(1)
        await conversation.play(
            """
            C: a THREAD ORDEREDSUBJECT UTF-8 2:*
            S: * THREAD (3 2)(4 6)(5)
            S: a OK THREAD done
            C: b UID THREAD ORDEREDSUBJECT UTF-8 2:*
            S: * THREAD (3 2)(4 6)(5)
            S: b OK THREAD done
            C: e UID THREAD ORDEREDSUBJECT UTF-8 UID 2:*
            S: * THREAD (3 2)(4 6)(5)
            S: * 1 EXPUNGE
            S: e OK THREAD done
            C: c UID THREAD REFERENCES UTF-8 1:2
            S: * THREAD ((3)(2))
            S: c OK THREAD done
            """
        )
    }

    @Test func refused() async {
        await conversation().play(
            """
            C: a THREAD REFERENCES KLINGON ALL
            S: a NO [BADCHARSET (US-ASCII UTF-8 …)] That charset is not known here
            C: b THREAD REFS UTF-8 ALL
            S: b BAD …
            C: c THREAD REFERENCES UTF-8
            S: c BAD …
            """
        )
    }
}
