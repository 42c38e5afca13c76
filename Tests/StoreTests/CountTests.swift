import Base
import IMAPWire
import TestSupport
import Testing

@testable import Store

@Suite struct CountTests {
    @Test("numbers that are kept are those of the moment: every change makes them be read again")
    func kept() async throws {
        let house = try House()
        let inbox = try house.mailbox("inbox")
        let other = try house.mailbox("other")
        func counts() async throws -> [MailboxCounts?] {
            try await house.store.counts(of: [inbox, MailboxID(rawValue: 99), other], member: "ann")
        }
        func isKept(_ mailbox: MailboxID) -> Bool {
            house.store.context.snapshots.counts(of: mailbox, member: "ann") != nil
        }
        #expect(try await counts().map { $0?.messages } == [0, nil, 0])
        #expect(isKept(inbox) && isKept(other) && !isKept(MailboxID(rawValue: 99)))
        let row = try house.deliver("x", to: inbox)
        #expect(!isKept(inbox) && isKept(other), "only what changed is read again")
        #expect(try await counts().map { $0?.messages } == [1, nil, 0])
        #expect(try await counts()[0]?.unseen == 1)
        _ = try house.store.writeNow {
            try $0.changeFlags(.add(Flags([.seen, .deleted])), of: [row.uid], in: inbox, member: "ann")
        }
        let after = try #require(try await counts()[0])
        #expect((after.unseen, after.deleted, after.messages) == (0, 1, 1))
        try house.store.writeNow { _ = try $0.expunge([row.uid], from: inbox) }
        #expect(try await counts()[0]?.messages == 0)
        try house.store.writeNow { try $0.deleteMailbox(other) }
        #expect(try await counts()[2] == nil)
    }

    @Test("what is recent is counted anew once somebody was told of it")
    func recent() async throws {
        let house = try House()
        let inbox = try house.mailbox("inbox")
        _ = try house.deliver("x", to: inbox)
        #expect(try await house.store.counts(of: [inbox], member: "ann")[0]?.recent == 1)
        #expect(try await house.store.counts(of: [inbox], member: "ann")[0]?.recent == 1)
        _ = house.store.recent.claim(in: inbox, below: 2)
        #expect(try await house.store.counts(of: [inbox], member: "ann")[0]?.recent == 0)
    }

    @Test("what was read before a change is not kept behind it")
    func race() throws {
        let house = try House()
        let inbox = try house.mailbox("inbox")
        let snapshots = house.store.context.snapshots
        let mark = snapshots.mark()
        let old = try #require(try house.store.readNow { try $0.status(of: inbox, member: "ann") })
        _ = try house.deliver("x", to: inbox)
        snapshots.keep(old, of: inbox, member: "ann", readAfter: mark)
        #expect(snapshots.counts(of: inbox, member: "ann") == nil)
        let next = snapshots.mark()
        snapshots.keep(old, of: inbox, member: "ann", readAfter: next)
        #expect(snapshots.counts(of: inbox, member: "ann") != nil)
    }
}
