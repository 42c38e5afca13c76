import Base
import IMAPWire
import TestSupport
import Testing

@testable import Store

/// RFC 7162 §3.2.5.1: what is remembered of messages that are gone, and for how long.
@Suite("Tombstones")
struct TombstoneTests {
    private func fill(_ house: House, _ mailbox: MailboxID, _ count: Int) throws {
        for number in 1...count { _ = try house.deliver("message \(number)", to: mailbox) }
    }

    @Test("the oldest are forgotten in slices, and the floor says so")
    func trimming() async throws {
        let house = try House()
        let inbox = try house.mailbox()
        let other = try house.mailbox("other")
        try fill(house, inbox, 10)
        try fill(house, other, 3)
        let start = try #require(try house.store.readNow { try $0.mailbox(inbox) }).highestModSeq
        for uid in 1...8 as ClosedRange<UID> { _ = try house.store.writeNow { try $0.expunge([uid], from: inbox) } }
        _ = try house.store.writeNow { try $0.expunge([1, 2, 3], from: other) }
        #expect(try await house.store.trimTombstones(keeping: 8) == 0)
        #expect(try await house.store.trimTombstones(keeping: 3, slice: 2) == 5)
        #expect(try house.store.readNow { try $0.tombstones(in: inbox, after: 0) }.map(\.uid) == [6, 7, 8])
        #expect(try house.store.readNow { try $0.vanished(from: inbox, after: start + 5) } == [6, 7, 8])
        #expect(try house.store.readNow { try $0.vanished(from: inbox, after: start + 4) } == nil)
        #expect(try house.store.readNow { try $0.vanished(from: other, after: 1) } == [1, 2, 3])
        #expect(try await house.store.trimTombstones(keeping: 3) == 0)
    }

    @Test("removals of one change are forgotten together, even where a slice ends between them")
    func oneChange() async throws {
        let house = try House()
        let inbox = try house.mailbox()
        try fill(house, inbox, 10)
        let start = try #require(try house.store.readNow { try $0.mailbox(inbox) }).highestModSeq
        _ = try house.store.writeNow { try $0.expunge(Array(1...8), from: inbox) }
        _ = try house.store.writeNow { try $0.expunge([9], from: inbox) }
        _ = try house.store.writeNow { try $0.trimTombstones(in: inbox, keeping: 4, limit: 3) }
        #expect(try house.store.readNow { try $0.vanished(from: inbox, after: start) } == nil)
        #expect(try house.store.readNow { try $0.vanished(from: inbox, after: start + 1) } == [9])
        #expect(try await house.store.trimTombstones(keeping: 4, slice: 3) == 5, "what a slice left behind")
        #expect(try house.store.readNow { try $0.tombstones(in: inbox, after: 0) }.map(\.uid) == [9])
    }
}
