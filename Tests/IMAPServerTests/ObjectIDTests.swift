import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

@Suite struct ObjectIDTests {
    private func house() -> MemoryHouse {
        let house = MemoryHouse()
        for text in ["one", "two", "three"] { house.deliver("a: b\n\n\(text)") }
        house.state.withLock { state in
            let editions = state.boxes[0].entries.map(\.edition)
            state.threads = [editions[0]: ConversationID(rawValue: 9), editions[2]: ConversationID(rawValue: 9)]
        }
        return house
    }

    private func emailID(_ index: Int, _ house: MemoryHouse) -> ObjectID {
        MemoryHouse.objectIDs.id(of: house.state.withLock { $0.boxes[0].entries[index].edition })
    }

    private let thread = MemoryHouse.objectIDs.id(of: ConversationID(rawValue: 9))

    @Test("RFC 8474 §5.3: FETCH tells the message's id, and its thread's or NIL")
    func fetch() async {
        let house = house()
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
            C: a FETCH 1:2 (EMAILID THREADID)
            S: * 1 FETCH (EMAILID (\(emailID(0, house))) THREADID (\(thread)))
            S: * 2 FETCH (EMAILID (\(emailID(1, house))) THREADID NIL)
            S: a OK FETCH done
            C: b UID FETCH 3 EMAILID
            S: * 3 FETCH (UID 3 EMAILID (\(emailID(2, house))))
            S: b OK FETCH done
            """
        )
    }

    @Test("RFC 8474 §6: SEARCH finds them, in letters as they are, alone and within other keys")
    func search() async {
        let house = house()
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
            C: a SEARCH EMAILID \(emailID(1, house))
            S: * SEARCH 2
            S: a OK SEARCH done
            C: b SEARCH THREADID \(thread)
            S: * SEARCH 1 3
            S: b OK SEARCH done
            C: c SEARCH OR EMAILID \(emailID(1, house)) (THREADID \(thread) NOT EMAILID \(emailID(0, house)))
            S: * SEARCH 2 3
            S: c OK SEARCH done
            C: d SEARCH EMAILID \(emailID(1, house).text.uppercased())
            S: * SEARCH
            S: d OK SEARCH done
            C: e SEARCH THREADID \(emailID(1, house))
            S: * SEARCH
            S: e OK SEARCH done
            C: f SEARCH EMAILID no/id
            S: f BAD …
            """
        )
    }

    @Test("SORT takes them too")
    func sort() async {
        let house = house()
        let conversation = Conversation(house)
        await conversation.enter()
        await conversation.play(
            """
            C: a SORT (ARRIVAL) UTF-8 THREADID \(thread)
            S: * SORT 1 3
            S: a OK SORT done
            """
        )
    }

    @Test("Ids are of their kind, read back, and do not count")
    func values() {
        let ids = ObjectIDs(NumberCloak(key: [1]))
        let editions = (1...100).map { EditionID(rawValue: $0) }
        #expect(editions.allSatisfy { ids.edition(ids.id(of: $0)) == $0 })
        #expect(editions.allSatisfy { ids.thread(ids.id(of: $0)) == nil })
        #expect(Set(editions.map { ids.id(of: $0).text.first }) == ["M"])
        #expect(ids.id(of: MailboxID(rawValue: 1)).text.first == "F")
        #expect(
            ids.id(of: EditionID(rawValue: 1)).text.dropFirst()
                != ObjectIDs(NumberCloak(key: [2])).id(of: EditionID(rawValue: 1)).text.dropFirst()
        )
        for text in ["", "M", "M1", "Mzzzzzzzzzzzzzzzz", "a b", String(repeating: "x", count: 256)] {
            #expect(ObjectID(text).flatMap { ids.edition($0) } == nil)
        }
    }
}
