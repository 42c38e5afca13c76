import IMAPWire
import Testing

@testable import IMAPServer

@Suite struct CreateTests {
    private func conversation() async -> Conversation {
        let conversation = Conversation()
        await conversation.enter()
        return conversation
    }

    @Test func create() async {
        await conversation().play(
            """
            C: a CREATE Projects/
            S: a OK [MAILBOXID (F…)] CREATE done
            C: b CREATE Projects
            S: b NO [ALREADYEXISTS] There is one of that name
            C: c CREATE inbox
            S: c NO [ALREADYEXISTS] INBOX is always there
            """
        )
    }

    @Test("RFC 6154 §3: a special use is set, or the mailbox is not made")
    func specialUse() async {
        await conversation().play(
            """
            C: a CREATE "Entw&APw-rfe" (USE (\\Drafts))
            S: a OK [MAILBOXID (F…)] CREATE done
            C: b LIST "" Entw*
            S: * LIST (\\HasNoChildren \\Drafts) "/" Entw&APw-rfe
            S: b OK LIST done
            C: c CREATE Two (USE (\\Drafts \\Sent))
            S: c NO [USEATTR] …
            C: d CREATE Two (USE (\\Unheard))
            S: d NO [USEATTR] …
            C: e CREATE Two (USE ())
            S: e OK [MAILBOXID (F…)] CREATE done
            C: f CREATE Three (USE Drafts)
            S: f BAD …
            """
        )
    }

    @Test("Names that cannot be are refused for what is wrong with them (RFC 5530)")
    func names() async {
        await conversation().play(
            """
            C: a CREATE "a//b"
            S: a NO [CANNOT] No mailbox can have that name
            C: b CREATE {3}
            S: + OK
            C: x*y
            S: b NO [CANNOT] No mailbox can have that name
            C: c CREATE "\(String(repeating: "n", count: 1025))"
            S: c NO [LIMIT] …
            C: d CREATE "\(String(repeating: "n/", count: 32))n"
            S: d NO [LIMIT] …
            C: e CREATE &AGE-
            S: e NO [CANNOT] No mailbox can have that name
            C: f CREATE "R&D"
            S: f NO [CANNOT] No mailbox can have that name
            C: g CREATE "say \\"hi\\" \\\\ &2D3eAA-"
            S: g OK [MAILBOXID (F…)] CREATE done
            C: h LIST "" say*
            S: * LIST (\\HasNoChildren) "/" "say \\"hi\\" \\\\ &2D3eAA-"
            S: h OK LIST done
            """
        )
    }

    @Test("One name has one spelling: composed and decomposed letters meet")
    func composed() async {
        await conversation().play(
            """
            C: a CREATE "u&Awg-ber"
            S: a OK [MAILBOXID (F…)] CREATE done
            C: b CREATE "&APw-ber"
            S: b NO [ALREADYEXISTS] …
            C: c LIST "" *ber
            S: * LIST (\\HasNoChildren) "/" &APw-ber
            S: c OK LIST done
            """
        )
    }
}
