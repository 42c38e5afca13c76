import Base
import IMAPWire
import Testing

@testable import IMAPServer

@Suite struct SortTests {
    private static func message(_ fields: String, _ body: String = "x") -> String { fields + "\n\n" + body }

    private func conversation() async -> Conversation {
        let house = MemoryHouse()
        let day = MemoryHouse.received
        house.deliver(
            Self.message(
                """
                From: "Zoe Berg" <amy@mail.example>
                To: ben@team.example
                Cc: carl@mail.example
                Subject: Re: banana
                Date: Sun, 1 Nov 2026 12:00:00 +0000
                """,
                "a longer text"
            ),
            received: day.advanced(by: .seconds(30))
        )
        house.deliver(
            Self.message(
                """
                From: Adam <zed@mail.example>
                To: Group: x@mail.example;
                Subject: =?utf-8?q?=C3=84pfel?=
                Date: Sun, 1 Nov 2026 13:30:00 +0200
                """
            ),
            received: day.advanced(by: .seconds(10))
        )
        house.deliver(
            Self.message("From: mia@mail.example\nSubject: Banana (fwd)"),
            received: day.advanced(by: .seconds(5))
        )
        house.deliver(Self.message("X: y"), received: day.advanced(by: .seconds(20)))
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test func everyCriterion() async {
        await conversation().play(
            """
            C: a SORT (ARRIVAL) UTF-8 ALL
            S: * SORT 3 2 4 1
            S: a OK SORT done
            C: b SORT (SIZE) US-ASCII ALL
            S: * SORT 4 3 2 1
            S: b OK SORT done
            C: c SORT (DATE) UTF-8 ALL
            S: * SORT 2 1 3 4
            S: c OK SORT done
            C: d SORT (SUBJECT) UTF-8 ALL
            S: * SORT 4 2 1 3
            S: d OK SORT done
            C: e SORT (FROM) UTF-8 ALL
            S: * SORT 4 1 3 2
            S: e OK SORT done
            C: f SORT (TO) UTF-8 ALL
            S: * SORT 3 4 1 2
            S: f OK SORT done
            C: g SORT (CC) UTF-8 ALL
            S: * SORT 2 3 4 1
            S: g OK SORT done
            C: h SORT (DISPLAYFROM) UTF-8 ALL
            S: * SORT 4 2 3 1
            S: h OK SORT done
            C: i SORT (DISPLAYTO) UTF-8 ALL
            S: * SORT 3 4 1 2
            S: i OK SORT done
            """
        )
    }

    @Test("a reversed criterion leaves messages that are the same in the order of the mailbox")
    func reversed() async {
        await conversation().play(
            """
            C: a SORT (REVERSE SUBJECT) UTF-8 ALL
            S: * SORT 1 3 2 4
            S: a OK SORT done
            C: b SORT (SUBJECT REVERSE DATE) UTF-8 ALL
            S: * SORT 4 2 3 1
            S: b OK SORT done
            C: c SORT (REVERSE CC REVERSE ARRIVAL) UTF-8 ALL
            S: * SORT 1 4 2 3
            S: c OK SORT done
            """
        )
    }

    @Test func searchedAndByUID() async {
        let conversation = await conversation()
        conversation.house.remove(1)
        await conversation.play(
            """
            C: a UID SORT (SUBJECT) UTF-8 FROM mail.example
            S: * SORT 2 1 3
            S: * 1 EXPUNGE
            S: a OK SORT done
            C: b SORT (SUBJECT) UTF-8 SUBJECT banana
            S: * SORT 2
            S: b OK SORT done
            C: c SORT (SUBJECT) UTF-8 SUBJECT nowhere
            S: * SORT
            S: c OK SORT done
            """
        )
    }

    @Test("a sort by what changed tells how far it looked (RFC 7162 §3.1.6)")
    func modSeq() async {
        await conversation().play(
            """
            C: e ENABLE CONDSTORE
            S: * ENABLED CONDSTORE
            S: * OK …
            S: e OK …
            C: a SORT (SUBJECT) UTF-8 MODSEQ 1 NOT 1
            S: * SORT 4 2 3 (MODSEQ 5)
            S: a OK SORT done
            C: b SORT (SUBJECT) UTF-8 MODSEQ 1 SUBJECT nowhere
            S: * SORT
            S: b OK SORT done
            """
        )
    }

    @Test("a message whose bytes are gone is sorted as one that says nothing")
    func gone() async {
        let conversation = await conversation()
        conversation.house.dropBytes(of: 2)
        await conversation.play(
            """
            C: a SORT (SUBJECT) UTF-8 ALL
            S: * SORT 2 4 1 3
            S: a OK SORT done
            """
        )
    }

    @Test func refused() async {
        await conversation().play(
            """
            C: a SORT (SUBJECT) KLINGON ALL
            S: a NO [BADCHARSET (US-ASCII UTF-8 …)] That charset is not known here
            C: b SORT (COLOUR) UTF-8 ALL
            S: b BAD …
            C: c SORT () UTF-8 ALL
            S: c BAD …
            C: d SORT (SUBJECT) UTF-8
            S: d BAD …
            C: e SORT (REVERSE REVERSE SUBJECT) UTF-8 ALL
            S: e BAD …
            """
        )
    }
}
