import IMAPWire
import Testing

@testable import IMAPServer

/// UTF8=ACCEPT (RFC 6855).
@Suite struct UTF8AcceptTests {
    private func conversation() async -> Conversation {
        let house = MemoryHouse()
        house.addMailbox("Grüße", subscribed: true)
        house.addMailbox("R&D")
        house.deliver("Subject: Grüße\n\nc")
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test("RFC 6855 §3: names go in UTF-8 both ways, once it is enabled and not before")
    func names() async {
        await conversation().play(
            """
            C: a LIST "" *
            S: * LIST (\\HasNoChildren) "/" INBOX
            S: * LIST (\\HasNoChildren) "/" Gr&APwA3w-e
            S: * LIST (\\HasNoChildren) "/" R&-D
            S: a OK LIST done
            C: b ENABLE UTF8=ACCEPT
            S: * ENABLED UTF8=ACCEPT
            S: b OK ENABLE done
            C: c LIST "" *
            S: * LIST (\\HasNoChildren) "/" INBOX
            S: * LIST (\\HasNoChildren) "/" "Grüße"
            S: * LIST (\\HasNoChildren) "/" R&D
            S: c OK LIST done
            C: d LSUB "" "Grü*"
            S: * LSUB (\\HasNoChildren) "/" "Grüße"
            S: d OK LSUB done
            C: e STATUS "Grüße" (MESSAGES)
            S: * STATUS "Grüße" (MESSAGES 0)
            S: e OK STATUS done
            C: f STATUS R&D (MESSAGES)
            S: * STATUS R&D (MESSAGES 0)
            S: f OK STATUS done
            C: g STATUS R&-D (MESSAGES)
            S: g NO [NONEXISTENT] …
            C: h MYRIGHTS "Grüße"
            S: * MYRIGHTS "Grüße" lrswitd
            S: h OK MYRIGHTS done
            """
        )
    }

    @Test("RFC 6855 §3: UTF-8 stands in quoted strings of answers; what is no UTF-8 is refused")
    func strings() async {
        let conversation = await conversation()
        await conversation.play(
            """
            C: a ENABLE UTF8=ACCEPT
            S: * ENABLED UTF8=ACCEPT
            S: a OK ENABLE done
            C: b SEARCH CHARSET UTF-8 SUBJECT "Grüße"
            S: b BAD …
            C: c SEARCH SUBJECT "Grüße"
            S: * SEARCH 1
            S: c OK SEARCH done
            """
        )
        let client = await conversation.client(1)
        await conversation.send(Array("d STATUS \"Gr".utf8) + [0xFC] + Array("n\" (MESSAGES)\r\n".utf8), client)
        #expect(client.lines.count == 1 && client.lines[0].hasPrefix("d BAD "))
        client.lines = []
    }

    @Test("RFC 6855 §4: a message whose header is in UTF-8 is taken")
    func append() async {
        await conversation().play(
            """
            C: a ENABLE UTF8=ACCEPT
            S: * ENABLED UTF8=ACCEPT
            S: a OK ENABLE done
            C: b APPEND R&D (\\Seen) UTF8 (~{18}
            S: + OK
            C+: Subject: Grü
            C+:
            C: x)
            S: b OK [APPENDUID 1003 1] APPEND done
            """
        )
    }
}
