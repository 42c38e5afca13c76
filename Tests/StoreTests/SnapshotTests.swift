import Base
import IMAPWire
import TestSupport
import Testing

@testable import Store

@Suite struct SnapshotTests {
    @Test("a snapshot that is kept up to date is the one that is loaded anew", arguments: 1...12)
    func incremental(seed: Int) async throws {
        let house = try House()
        let inbox = try house.mailbox("inbox", privateSeen: false)
        let spring = try house.mailbox("campaign:spring")
        let observations = [inbox, spring].map { house.store.observe(.mailbox($0)) { _ in } }
        for mailbox in [inbox, spring] {
            for member in ["ann", "ben"] { _ = try await house.snapshot(mailbox, member) }
        }
        try await house.changeAtRandom(seed: UInt64(seed), steps: 40) {
            for mailbox in [inbox, spring] {
                for member in ["ann", "ben"] {
                    let kept = try #require(house.store.currentSnapshot(of: mailbox, member: member))
                    let loaded = try house.loadAnew(mailbox, member)
                    #expect(kept.entries == loaded.entries)
                    #expect(kept.highestModSeq == loaded.highestModSeq && kept.uidNext == loaded.uidNext)
                }
            }
        }
        for observation in observations { observation.cancel() }
    }

    @Test("what is committed while a mailbox is being loaded is not missed")
    func loading() async throws {
        let house = try House()
        let inbox = try house.mailbox()
        let first = try house.deliver("first", to: inbox)
        let observation = house.store.observe(.mailbox(inbox)) { _ in }
        let reads = Noted<Int>()
        let snapshot = try house.store.context.snapshots.load(inbox, member: "ann") { read in
            let result = try house.store.readers.readNow(read)
            // The first read is over, the snapshot is not in place yet.
            if reads.all.isEmpty {
                reads.note(1)
                _ = try house.deliver("second", to: inbox)
                _ = try house.store.writeNow { try $0.expunge([first.uid], from: inbox) }
            }
            return result
        }
        #expect(snapshot.entries.map(\.uid) == [2])
        #expect(house.store.currentSnapshot(of: inbox, member: "ann")?.entries.map(\.uid) == [2])
        #expect(snapshot.uidNext == 3)
        observation.cancel()
    }

    @Test("an old snapshot stays as it was")
    func value() async throws {
        let house = try House()
        let inbox = try house.mailbox()
        _ = try house.deliver("first", to: inbox)
        let observation = house.store.observe(.mailbox(inbox)) { _ in }
        let old = try await house.snapshot(inbox)
        _ = try house.deliver("second", to: inbox)
        #expect(old.entries.count == 1)
        #expect(try await house.snapshot(inbox).entries.count == 2)
        observation.cancel()
    }

    @Test("observers are told after the commit, each of their mailbox, until they end")
    func observing() throws {
        let house = try House()
        let inbox = try house.mailbox()
        let other = try house.mailbox("other")
        let seen = Noted<[MailboxID]>()
        let everything = Noted<StoreChange>()
        var mine: Observation? = house.store.observe(.mailbox(inbox)) { change in
            // Durable and visible already.
            let count = try? house.store.readNow { try $0.placements(in: inbox).count }
            if count == 1 { seen.note(change.mailboxes) }
        }
        let all = house.store.observe(.everything) { everything.note($0) }
        _ = try house.deliver("x", to: inbox)
        _ = try house.deliver("y", to: other)
        #expect(throws: Refusal.self) {
            try house.store.writeNow { transaction in
                try transaction.expunge([1], from: inbox)
                throw Refusal()
            }
        }
        #expect(seen.all == [[inbox]])
        #expect(everything.all.map(\.mailboxes) == [[inbox], [other]])
        withExtendedLifetime(mine) {}
        mine = nil
        all.cancel()
        try house.store.writeNow { try $0.subscribe("ann", to: "INBOX") }
        _ = try house.deliver("z", to: inbox)
        #expect(seen.all.count == 1 && everything.all.count == 2)
    }

    @Test("a mailbox is unloaded when nobody observes it")
    func unloading() async throws {
        let house = try House()
        let inbox = try house.mailbox()
        _ = try await house.snapshot(inbox)
        #expect(house.store.currentSnapshot(of: inbox, member: "ann") == nil, "nobody observes it")
        let one = house.store.observe(.mailbox(inbox)) { _ in }
        let two = house.store.observe(.mailbox(inbox)) { _ in }
        _ = try await house.snapshot(inbox)
        one.cancel()
        one.cancel()
        #expect(house.store.currentSnapshot(of: inbox, member: "ann") != nil)
        two.cancel()
        #expect(house.store.currentSnapshot(of: inbox, member: "ann") == nil)
    }

    @Test("a deleted mailbox has no snapshot")
    func deleted() async throws {
        let house = try House()
        let inbox = try house.mailbox()
        let told = Noted<StoreChange>()
        let observation = house.store.observe(.mailbox(inbox)) { told.note($0) }
        _ = try await house.snapshot(inbox)
        try house.store.writeNow { try $0.deleteMailbox(inbox) }
        #expect(house.store.currentSnapshot(of: inbox, member: "ann") == nil)
        await #expect(throws: StoreError.self) { try await house.snapshot(inbox) }
        #expect(told.all.count == 1)
        observation.cancel()
    }
}

extension House {
    fileprivate func loadAnew(_ mailbox: MailboxID, _ member: String) throws -> MailboxSnapshot {
        try store.readNow { transaction in
            let base = try #require(try transaction.baseSnapshot(of: mailbox))
            return try #require(try transaction.view(over: base, member: member)).snapshot
        }
    }
}
