import IMAPWire
import Testing

@testable import IMAPServer

/// What ENABLE IMAP4rev2 changes (RFC 9051 appendix E), and what it does not.
@Suite struct Revision2Tests {
    private func conversation(enabling: Bool = true) async -> Conversation {
        let house = MemoryHouse()
        house.deliver("a: b\n\nc", flags: Flags(.seen))
        house.deliver("a: b\n\nc")
        house.addMailbox("Grüße")
        let conversation = Conversation(house)
        await conversation.play("C: a LOGIN anna secret\nS: a OK …")
        if enabling {
            await conversation.play("C: b ENABLE imap4REV2\nS: * ENABLED IMAP4rev2\nS: b OK ENABLE done")
        }
        return conversation
    }

    @Test("LIST in place of RECENT and UNSEEN")
    func select() async {
        let conversation = await conversation()
        await conversation.play(
            """
            C: a SELECT INBOX
            S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
            S: * 2 EXISTS
            S: * LIST (\\HasNoChildren) "/" INBOX
            S: * OK [UIDVALIDITY 1001] …
            S: * OK [UIDNEXT 3] …
            S: * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] …
            S: * OK [MAILBOXID …
            S: * OK [HIGHESTMODSEQ 3] …
            S: a OK [READ-WRITE] Mailbox selected
            C: b EXAMINE Gr&APwA3w-e
            S: * OK [CLOSED] …
            S: b NO [NONEXISTENT] …
            """
        )
    }

    @Test("names are read and written as UTF-8, `&` among them; another spelling is told (§6.3.2)")
    func names() async {
        let conversation = await conversation()
        conversation.house.addMailbox("R&D")
        let decomposed = "Gru\u{308}\u{df}e"
        for (name, entry) in [
            ("\"Grüße\"", "\"Grüße\""), ("R&D", "R&D"),
            ("\"\(decomposed)\"", "\"Grüße\" (\"OLDNAME\" (\"\(decomposed)\"))"),
        ] {
            let client = await conversation.client(1)
            await conversation.send("c EXAMINE \(name)\r\n", client)
            let lines = client.lines
            client.lines = []
            let told = lines.first { $0.hasPrefix("* LIST") }.map { Array($0.utf8) }
            #expect(told == Array("* LIST (\\HasNoChildren) \"/\" \(entry)".utf8))
            #expect(lines.last == "c OK [READ-ONLY] Mailbox selected")
        }
    }

    @Test("SEARCH answers ESEARCH, asked or not")
    func search() async {
        let conversation = await conversation()
        await conversation.enter()
        await conversation.play(
            """
            C: a SEARCH ALL
            S: * ESEARCH (TAG "a") ALL 1:2
            S: a OK SEARCH done
            C: b UID SEARCH UNSEEN
            S: * ESEARCH (TAG "b") UID ALL 2
            S: b OK SEARCH done
            C: c UID SEARCH FLAGGED
            S: * ESEARCH (TAG "c") UID
            S: c OK SEARCH done
            C: d SEARCH RETURN (COUNT) ALL
            S: * ESEARCH (TAG "d") COUNT 2
            S: d OK SEARCH done
            """
        )
    }

    @Test("FETCH that nobody asked for names the UID")
    func changes() async {
        let conversation = await conversation()
        await conversation.enter()
        conversation.house.setFlags(Flags(.flagged), of: 2)
        await conversation.play(
            """
            C: a NOOP
            S: * 2 FETCH (UID 2 FLAGS (\\Flagged))
            S: a OK NOOP done
            C: b STORE 1 +FLAGS (\\Answered)
            S: * 1 FETCH (UID 1 FLAGS (\\Answered \\Seen))
            S: b OK STORE done
            C: c FETCH 2 BODY[TEXT]
            S: * 2 FETCH (BODY[TEXT] {1}
            S: c UID 2 FLAGS (\\Flagged \\Seen))
            S: c OK FETCH done
            C: d FETCH 1 FLAGS
            S: * 1 FETCH (FLAGS (\\Answered \\Seen))
            S: d OK FETCH done
            """
        )
    }

    @Test("what IMAP4rev1 clients know stays as it is until it is enabled")
    func before() async {
        let conversation = await conversation(enabling: false)
        await conversation.enter()
        conversation.house.setFlags(Flags(.flagged), of: 2)
        await conversation.play(
            """
            C: a SEARCH FLAGGED
            S: * SEARCH 2
            S: * 2 FETCH (FLAGS (\\Flagged))
            S: a OK SEARCH done
            C: b LIST "" Gr%
            S: * LIST (\\HasNoChildren) "/" Gr&APwA3w-e
            S: b OK LIST done
            C: c CHECK
            S: c OK CHECK done
            C: d STATUS INBOX (RECENT DELETED SIZE)
            S: * STATUS INBOX (RECENT 0 DELETED 0 SIZE 18)
            S: d OK STATUS done
            C: e FETCH 1 (RFC822.HEADER RFC822.SIZE)
            S: * 1 FETCH (RFC822.HEADER {8}
            S: a: b
            S:
            S:  RFC822.SIZE 9)
            S: e OK FETCH done
            """
        )
    }
}
