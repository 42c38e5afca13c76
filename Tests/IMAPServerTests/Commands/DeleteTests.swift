import IMAPWire
import Testing

@testable import IMAPServer

@Suite struct DeleteTests {
    @Test func delete() async {
        let house = MemoryHouse()
        house.addMailbox("Two")
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
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
}
