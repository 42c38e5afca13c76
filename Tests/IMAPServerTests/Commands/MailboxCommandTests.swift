import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// CREATE, DELETE, RENAME, NAMESPACE, ID: commands that hand on and answer.
@Suite struct MailboxCommandTests {
    private func conversation() async -> Conversation {
        let conversation = Conversation()
        await conversation.enter()
        return conversation
    }

    @Test func create() async {
        await conversation().play(
            """
            C: a CREATE Projects/
            S: a OK CREATE done
            C: b CREATE Projects
            S: b NO [ALREADYEXISTS] There is one of that name
            C: c CREATE inbox
            S: c NO [ALREADYEXISTS] INBOX is always there
            C: d CREATE "Entw&APw-rfe" (USE (\\Drafts))
            S: d OK CREATE done
            C: e LIST "" Entw*
            S: * LIST (\\HasNoChildren \\Drafts) "/" Entw&APw-rfe
            S: e OK LIST done
            C: f CREATE "a//b"
            S: f NO [CANNOT] No mailbox can have that name
            C: g CREATE {3}
            S: + OK
            C: x*y
            S: g NO [CANNOT] No mailbox can have that name
            """
        )
    }

    @Test func deleteAndRename() async {
        await conversation().play(
            """
            C: a CREATE One
            S: a OK CREATE done
            C: b RENAME One Two
            S: b OK RENAME done
            C: c RENAME One Three
            S: c NO [NONEXISTENT] There is no mailbox of that name
            C: d RENAME Two Two/Below
            S: d NO [CANNOT] A mailbox cannot move below itself
            C: e RENAME Two INBOX
            S: e NO [ALREADYEXISTS] INBOX is always there
            C: f DELETE Two
            S: f OK DELETE done
            C: g DELETE Two
            S: g NO [NONEXISTENT] There is no mailbox of that name
            C: h DELETE InBox
            S: h NO [CANNOT] INBOX cannot be deleted
            """
        )
    }

    @Test func aSelectedMailboxThatIsDeletedEmpties() async {
        let house = MemoryHouse()
        house.addMailbox("One")
        house.deliver("a: b\n\nc", to: "One")
        let conversation = Conversation(house)
        await conversation.enter("One")
        await conversation.play(
            """
            C: a DELETE One
            S: * 1 EXPUNGE
            S: a OK DELETE done
            """
        )
    }

    @Test func namespaceAndID() async {
        let conversation = Conversation()
        await conversation.play(
            """
            C: a ID ("Name" "Tester" "version" NIL)
            S: * ID ("name" "Greenroom")
            S: a OK ID done
            C: b LOGIN anna secret
            S: b OK …
            C: c ID NIL
            S: * ID ("name" "Greenroom")
            S: c OK ID done
            C: d NAMESPACE
            S: * NAMESPACE (("" "/")) NIL (("Shared/" "/"))
            S: d OK NAMESPACE done
            """
        )
        #expect(conversation.house.state.withLock { $0.identified } == ["name=Tester", "version="])
    }
}
