import Base
import IMAPWire
import TestSupport
import Testing

@testable import Store

@Suite struct FlagTests {
    @Test("\\Seen is each member's own where the mailbox says so, and \\Deleted always")
    func privateFlags() throws {
        let house = try House()
        let shared = try house.mailbox("shared")
        let row = try house.deliver("x", to: shared)
        _ = try house.store.writeNow {
            try $0.changeFlags(.add(Flags([.seen, .deleted, .flagged])), of: [row.uid], in: shared, member: "ann")
        }
        let (ann, ben) = try house.store.readNow { transaction in
            (
                try transaction.flags(of: row.uid, in: shared, member: "ann"),
                try transaction.flags(of: row.uid, in: shared, member: "ben")
            )
        }
        #expect(ann?.system == [.seen, .deleted, .flagged])
        #expect(ben?.system == .flagged)
    }

    @Test("\\Seen is the message's in a personal mailbox, in all its placements of that kind")
    func sharedSeen() throws {
        let house = try House()
        let inbox = try house.mailbox("inbox", privateSeen: false)
        let view = try house.mailbox("campaign:spring")
        let row = try house.deliver("x", to: inbox)
        let inView = try house.store.writeNow { try $0.place(row.edition, in: view, received: row.received) }
        _ = try house.store.writeNow {
            try $0.changeFlags(.add(Flags([.seen, .answered])), of: [row.uid], in: inbox, member: "ann")
        }
        #expect(
            try house.store.readNow { try $0.flags(of: row.uid, in: inbox, member: "ben") }?.system == [
                .seen, .answered,
            ]
        )
        #expect(try house.store.readNow { try $0.flags(of: inView.uid, in: view, member: "ann") }?.system == .answered)
        // A STORE in the view leaves the message's own \Seen alone.
        _ = try house.store.writeNow {
            try $0.changeFlags(.replace(Flags(.flagged)), of: [inView.uid], in: view, member: "ann")
        }
        #expect(
            try house.store.readNow { try $0.flags(of: row.uid, in: inbox, member: "ann") }?.system == [
                .seen, .flagged,
            ]
        )
    }

    @Test("computed keywords are shown, and no STORE changes them")
    func stateKeywords() throws {
        let house = try House()
        let inbox = try house.mailbox()
        let row = try house.deliver("x", to: inbox)
        let held = Keyword("$Held")
        let own = Keyword("Blue")
        try house.store.writeNow { try $0.setStateKeywords([held], of: row.message) }
        func flags() throws -> Flags? {
            try house.store.readNow { try $0.flags(of: row.uid, in: inbox, member: "ann") }
        }
        func change(_ change: FlagChange) throws -> [UID] {
            try house.store.writeNow { try $0.changeFlags(change, of: [row.uid], in: inbox, member: "ann") }
        }
        #expect(try change(.add(Flags([], keywords: [own]))) == [row.uid])
        #expect(try change(.remove(Flags([], keywords: [held]))) == [])
        #expect(try change(.replace(Flags(.answered, keywords: [own, held]))) == [row.uid])
        #expect(try flags() == Flags(.answered, keywords: [own, held]))
        #expect(try change(.replace(Flags.none)) == [row.uid])
        #expect(try flags() == Flags([], keywords: [held]))
        #expect(try house.store.readNow { try $0.message(row.message) }?.flags == Flags.none)
    }

    @Test("a placement may start \\Seen for all, and a member can undo it for themselves")
    func startsSeen() throws {
        let house = try House()
        let cards = try house.mailbox("cards")
        let first = try house.deliver("x", to: cards)
        let card = try house.store.writeNow {
            try $0.place(first.edition, in: cards, received: first.received, isSeen: true)
        }
        _ = try house.store.writeNow {
            try $0.changeFlags(.remove(Flags(.seen)), of: [card.uid], in: cards, member: "ann")
        }
        func unseen(_ member: String) throws -> Int? {
            try house.store.readNow { try $0.status(of: cards, member: member) }?.unseen
        }
        #expect(try unseen("ann") == 2)
        #expect(try unseen("ben") == 1)
        try house.store.writeNow { try $0.setSeen(false, uid: card.uid, in: cards) }
        #expect(try unseen("ann") == 2)
        #expect(try unseen("ben") == 2)
    }

    @Test("STATUS counts are those of the messages, after any changes", arguments: 1...12)
    func counts(seed: Int) async throws {
        let house = try House()
        try await house.changeAtRandom(seed: UInt64(seed), steps: 60)
        let mailboxes = try house.store.readNow { try $0.mailboxes() }
        for mailbox in mailboxes {
            for member in House.members {
                let snapshot = try await house.snapshot(mailbox.id, member)
                let status = try house.store.readNow { try $0.status(of: mailbox.id, member: member) }
                #expect(status?.messages == snapshot.entries.count)
                #expect(status?.unseen == snapshot.entries.count { !$0.flags.system.contains(.seen) })
                #expect(status?.octets == snapshot.entries.reduce(0) { $0 + Int64($1.size) })
                let deleted = snapshot.entries.filter { $0.flags.system.contains(.deleted) }
                #expect(status?.deleted == deleted.count)
                #expect(status?.deletedOctets == deleted.reduce(0) { $0 + Int64($1.size) })
            }
        }
    }
}
