import Base
import IMAPWire
import TestSupport
import Testing

@testable import Store

@Suite struct MailboxTests {
    @Test("UIDVALIDITY is distinct per mailbox and only rises, also for a name that was deleted (INV-3)")
    func uidValidity() throws {
        let house = try House()
        var seen: [UInt32] = []
        for key in ["a", "b", "a", "c", "a"] {
            let id = try house.mailbox(key)
            seen.append(try #require(try house.store.readNow { try $0.mailbox(id) }).uidValidity)
            if key == "a" { try house.store.writeNow { try $0.deleteMailbox(id) } }
        }
        #expect(seen == seen.sorted() && Set(seen).count == seen.count)
        #expect(seen.allSatisfy { $0 > 0 && $0 < 1 << 31 })
    }

    @Test("a renamed mailbox keeps UIDVALIDITY and UIDs")
    func rename() throws {
        let house = try House()
        let id = try house.mailbox("user:Old")
        let row = try house.deliver("x", to: id)
        let before = try #require(try house.store.readNow { try $0.mailbox(id) })
        try house.store.writeNow { try $0.renameMailbox(id, key: "user:New", name: "New") }
        let after = try #require(try house.store.readNow { try $0.mailbox(before.account, key: "user:New") })
        #expect(after.id == id && after.uidValidity == before.uidValidity && after.name == "New")
        #expect(try house.store.readNow { try $0.placement(row.uid, in: id) }?.edition == row.edition)
    }

    @Test("UIDs rise and are never given again, whatever is expunged (INV-3)")
    func uids() throws {
        let house = try House()
        let inbox = try house.mailbox()
        var given: [UID] = []
        for number in 0..<20 {
            let uid = try house.deliver("\(number)", to: inbox).uid
            given.append(uid)
            if number % 3 == 2 { _ = try house.store.writeNow { try $0.expunge([uid], from: inbox) } }
        }
        #expect(given == Array(1...20))
        #expect(throws: Refusal.self) {
            try house.store.writeNow { transaction in
                let body = try #require(try transaction.placements(in: inbox).first)
                _ = try transaction.copy(body, to: inbox)
                throw Refusal()
            }
        }
        #expect(try house.deliver("next", to: inbox).uid == 21)
    }

    @Test("every change raises the mailbox's MODSEQ, and an expunge leaves a tombstone")
    func modSeq() throws {
        let house = try House()
        let inbox = try house.mailbox()
        func highest() throws -> ModSeq { try house.store.readNow { try $0.mailbox(inbox) }?.highestModSeq ?? 0 }
        let start = try highest()
        let row = try house.deliver("x", to: inbox)
        #expect(try highest() == start + 1)
        #expect(row.modSeq == start + 1)
        _ = try house.store.writeNow {
            try $0.changeFlags(.add(Flags(.flagged)), of: [row.uid], in: inbox, member: "ann")
        }
        #expect(try highest() == start + 2)
        _ = try house.store.writeNow {
            try $0.changeFlags(.add(Flags(.flagged)), of: [row.uid], in: inbox, member: "ann")
        }
        #expect(try highest() == start + 2, "nothing changed")
        #expect(try house.store.writeNow { try $0.expunge([row.uid, 99], from: inbox) } == [row.uid])
        #expect(try highest() == start + 3)
        let gone = try house.store.readNow { try $0.tombstones(in: inbox, after: start + 2) }
        #expect(gone == [TombstoneRow(uid: row.uid, modSeq: start + 3)])
        try house.store.writeNow { try $0.forgetTombstones(in: inbox, upTo: start + 3) }
        _ = try house.store.writeNow { try $0.trimTombstones(in: inbox, keeping: 5, limit: 5) }
        #expect(try house.store.readNow { try $0.tombstones(in: inbox, after: 0) } == [])
        #expect(try house.store.readNow { try $0.mailbox(inbox) }?.floorModSeq == start + 3)
    }

    @Test("a move gives a new UID, keeps date, edition and each member's \\Seen, and drops \\Deleted")
    func move() throws {
        let house = try House()
        let inbox = try house.mailbox()
        let other = try house.mailbox("archive")
        let row = try house.deliver("x", to: inbox)
        let flags = Flags([.seen, .deleted])
        _ = try house.store.writeNow { try $0.changeFlags(.add(flags), of: [row.uid], in: inbox, member: "ann") }
        let moved = try house.store.writeNow { transaction in
            try transaction.move(try #require(try transaction.placement(row.uid, in: inbox)), to: other)
        }
        #expect(moved.uid == 1 && moved.edition == row.edition && moved.received == row.received)
        let seen = try house.store.readNow { try $0.flags(of: moved.uid, in: other, member: "ann") }
        #expect(seen?.system == .seen)
        #expect(try house.store.readNow { try $0.flags(of: moved.uid, in: other, member: "ben") } == Flags.none)
        #expect(try house.store.readNow { try $0.placements(in: inbox) } == [])
    }

    @Test("subscriptions are each member's own")
    func subscriptions() throws {
        let house = try House()
        try house.store.writeNow { transaction in
            try transaction.subscribe("ann", to: "INBOX")
            try transaction.subscribe("ann", to: "Campaigns/Spring")
            try transaction.subscribe("ann", to: "INBOX")
            try transaction.unsubscribe("ann", from: "Campaigns/Spring")
        }
        #expect(try house.store.readNow { try $0.subscriptions(of: "ann") } == ["INBOX"])
        #expect(try house.store.readNow { try $0.subscriptions(of: "ben") } == [])
    }
}
