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

    @Test("a mailbox that nobody observes stays in memory, and up to date")
    func warm() async throws {
        let house = try House()
        let inbox = try house.mailbox()
        _ = try house.deliver("first", to: inbox)
        _ = try await house.snapshot(inbox)
        _ = try house.deliver("second", to: inbox)
        #expect(house.store.currentSnapshot(of: inbox, member: "ann")?.entries.map(\.uid) == [1, 2])
        #expect(house.store.currentSnapshot(of: inbox, member: "ben") == nil, "ben never asked")
    }

    @Test("of the mailboxes that nobody observes those go that were used longest ago")
    func budget() throws {
        let house = try House()
        let names = ["a", "b", "c"]
        let mailboxes = try names.map { try house.mailbox($0) }
        let snapshots = Snapshots(budget: 2 * Limits.chargeOfWarmMailbox + 10)
        func load(_ mailbox: MailboxID) throws {
            _ = try snapshots.load(mailbox, member: "ann") { try house.store.readers.readNow($0) }
        }
        func loaded() -> [String] {
            zip(names, mailboxes).filter { snapshots.current($1, member: "ann") != nil }.map(\.0)
        }
        for mailbox in mailboxes { try load(mailbox) }
        #expect(loaded() == ["b", "c"])
        let observation = snapshots.observe(.mailbox(mailboxes[1])) { _ in }
        try load(mailboxes[0])
        #expect(loaded() == ["a", "b", "c"], "what is observed costs nothing of the budget")
        for mailbox in [mailboxes[1], mailboxes[0]] { _ = snapshots.current(mailbox, member: "ann") }
        observation.cancel()
        observation.cancel()
        #expect(loaded() == ["a", "b"], "c was used longest ago")
    }

    @Test("a bulk change of a mailbox that nobody observes is not followed")
    func bulk() async throws {
        let house = try House()
        let inbox = try house.mailbox()
        let row = try house.deliver("first", to: inbox)
        _ = try await house.snapshot(inbox)
        try house.store.writeNow { transaction in
            for _ in 0...Limits.changesOfWarmMailbox { _ = try transaction.copy(row, to: inbox) }
        }
        #expect(house.store.currentSnapshot(of: inbox, member: "ann") == nil)
        #expect(try await house.snapshot(inbox).entries.count == Limits.changesOfWarmMailbox + 2)
    }

    @Test("members without own flags share the mailbox's chunks")
    func sharing() async throws {
        let house = try House()
        let inbox = try house.mailbox()
        for number in 1...4 { _ = try house.deliver("\(number)", to: inbox) }
        let (ann, ben) = (try await house.snapshot(inbox, "ann"), try await house.snapshot(inbox, "ben"))
        #expect(ann.entries.isIdentical(to: ben.entries))
        _ = try house.store.writeNow {
            try $0.changeFlags(.add(Flags(.seen)), of: [2], in: inbox, member: "ann")
        }
        let after = try #require(house.store.currentSnapshot(of: inbox, member: "ann"))
        #expect(after.entries.map { $0.flags.system.contains(.seen) } == [false, true, false, false])
        let others = try #require(house.store.currentSnapshot(of: inbox, member: "ben"))
        #expect(others.entries.isIdentical(to: ben.entries), "nothing of ben's changed")
        #expect(others.highestModSeq == after.highestModSeq)
    }

    @Test("the version of the list rises before a change of it is answered")
    func listVersion() throws {
        let house = try House()
        let inbox = try house.mailbox()
        let before = house.store.listVersion
        _ = try house.deliver("first", to: inbox)
        #expect(house.store.listVersion == before)
        try house.store.writeNow { try $0.subscribe("ann", to: "INBOX") }
        let subscribed = house.store.listVersion
        #expect(subscribed > before)
        _ = try house.mailbox("other")
        #expect(house.store.listVersion > subscribed)
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
            return MailboxSnapshot(
                mailbox: mailbox,
                uidValidity: base.snapshot.uidValidity,
                uidNext: base.snapshot.uidNext,
                highestModSeq: base.snapshot.highestModSeq,
                entries: try transaction.view(over: base, member: member)
            )
        }
    }
}
