import Base
import IMAPWire
import TestSupport
import Testing

@testable import Store

@Suite struct AnnotationTests {
    @Test("annotations are everybody's or a member's own, of a mailbox or of the server, and go with the mailbox")
    func annotations() throws {
        let house = try House()
        let (one, two) = (try house.mailbox("one"), try house.mailbox("two"))
        try house.store.writeNow { transaction in
            try transaction.annotate(one, member: "", entry: "/shared/comment", value: [1])
            try transaction.annotate(one, member: "ann", entry: "/private/comment", value: [2])
            try transaction.annotate(nil, member: "ann", entry: "/private/comment", value: [3])
            try transaction.annotate(one, member: "", entry: "/shared/comment", value: [4])
        }
        func values(_ mailbox: MailboxID?, _ member: String) throws -> [[UInt8]] {
            try house.store.readNow { try $0.annotations(of: mailbox, member: member) }.map(\.value)
        }
        #expect(try values(one, "") == [[4]] && values(one, "ann") == [[2]] && values(one, "ben") == [])
        #expect(try values(nil, "ann") == [[3]] && values(two, "") == [])
        try house.store.writeNow { try $0.copyAnnotations(from: one, to: two) }
        #expect(try values(two, "") == [[4]] && values(two, "ann") == [[2]])
        try house.store.writeNow { try $0.deleteMailbox(one) }
        #expect(try values(one, "") == [] && values(one, "ann") == [] && values(two, "") == [[4]])
        try house.store.writeNow { try $0.annotate(two, member: "", entry: "/shared/comment", value: nil) }
        #expect(try values(two, "") == [])
    }

    @Test("an edition's thread is the conversation it was made in, for ever (RFC 8474)")
    func threads() throws {
        let house = try House()
        let inbox = try house.mailbox()
        let row = try house.deliver("x", to: inbox)
        let opened = try house.store.writeNow { transaction in
            let id = try transaction.insertConversation(
                creator: "kofi",
                campaign: "spring",
                stage: "replied",
                openedAt: transaction.now
            )
            try transaction.setConversation(id, of: row.message)
            return id
        }
        let later = try house.store.writeNow { try $0.insertEdition(of: row.message, block: [1]) }
        #expect(try house.store.readNow { try $0.thread(of: row.edition) } == nil)
        #expect(try house.store.readNow { try $0.thread(of: later) } == opened)
        try house.store.writeNow { try $0.setConversation(nil, of: row.message) }
        #expect(try house.store.readNow { try $0.thread(of: later) } == opened)
    }
}
