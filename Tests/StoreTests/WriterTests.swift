import Base
import IMAPWire
import TestSupport
import Testing

@testable import Store

@Suite struct WriterTests {
    @Test("a failed change in a group costs only itself")
    func failedChange() async throws {
        let queue = HeldQueue()
        let house = try House(writer: queue)
        let outcomes = Noted<String>()
        let inbox = try house.mailbox()
        for number in 1...5 {
            let body = try house.store.prepareNow([UInt8(number)])
            house.store.submit { transaction in
                _ = try transaction.deliver(body, to: inbox)
                if number == 3 { throw Refusal() }
            } answer: {
                if case .success = $0 { outcomes.note("\(number)") } else { outcomes.note("\(number) failed") }
            }
        }
        let syncs = house.disk.count(of: .sync)
        queue.run()
        #expect(outcomes.all.sorted() == ["1", "2", "3 failed", "4", "5"])
        #expect(house.disk.count(of: .sync) == syncs + 1, "one sync for the whole group")
        #expect(try house.store.readNow { try $0.placements(in: inbox).map(\.uid) } == [1, 2, 3, 4])
    }

    @Test("the answer comes after the sync (INV-2)")
    func order() throws {
        let queue = HeldQueue()
        let house = try House(writer: queue)
        let before = house.disk.count(of: .sync)
        let seen = Noted<Int>()
        house.store.submit {
            _ = try $0.mailbox("inbox")
        } answer: { _ in
            seen.note(house.disk.count(of: .sync))
        }
        #expect(seen.all.isEmpty)
        queue.run()
        #expect(seen.all == [before + 1])
    }

    @Test("a failed sync stops the store for good and says so once (INV-2)")
    func failedSync() throws {
        let house = try House()
        let inbox = try house.mailbox()
        house.disk.fail(.sync, after: 1)
        #expect(throws: StoreError.self) { try house.deliver("lost?", to: inbox) }
        house.disk.mend()
        let error = #expect(throws: StoreError.self) { try house.deliver("later", to: inbox) }
        guard case .stopped = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(throws: StoreError.self) { try house.store.prepareNow([1]) }
        #expect(house.stops.all.count == 1)
        #expect(house.store.refusal != nil)
    }

    @Test("a failed sync of a large body stops the store as well (INV-2)")
    func failedBodySync() throws {
        let house = try House()
        house.disk.fail(.sync, after: 1)
        #expect(throws: StoreError.self) {
            try house.store.prepareNow([UInt8](repeating: 1, count: Limits.bodyInDatabase + 1))
        }
        #expect(house.stops.all.count == 1)
    }

    @Test("a full disk is a clear error, loses nothing acknowledged, and the store goes on", arguments: 1...24)
    func fullDisk(_ number: Int) throws {
        let house = try House()
        let inbox = try house.mailbox()
        let first = try house.deliver("first", to: inbox)
        house.disk.fail(.write, after: number, isFull: true)
        var accepted = 1
        do {
            _ = try house.deliver("second", to: inbox)
            accepted += 1
        } catch {
            #expect(error as? StoreError == .full)
        }
        house.disk.mend()
        let third = try house.deliver("third", to: inbox)
        accepted += 1
        #expect(third.uid == UInt32(accepted))
        #expect(house.stops.all.isEmpty)
        // As a restart sees it.
        let again = try House(on: house.disk.copy())
        let texts = try again.store.readNow { transaction in
            try transaction.placements(in: inbox).map { try transaction.bytes(of: $0.edition) }
        }
        #expect(texts.count == accepted)
        #expect(texts.first == Array("first".utf8) && texts.last == Array("third".utf8))
        #expect(try again.store.readNow { try $0.bytes(of: first.edition) } == Array("first".utf8))
    }

    @Test("a full disk refuses a large body")
    func fullDiskBody() throws {
        let house = try House()
        house.disk.setCapacity(house.disk.usedBytes + 1000)
        let error = #expect(throws: StoreError.self) {
            try house.store.prepareNow([UInt8](repeating: 1, count: Limits.bodyInDatabase + 1))
        }
        #expect(error == .full)
        #expect(house.stops.all.isEmpty)
    }

    @Test("too many waiting changes are refused at once")
    func overload() throws {
        let queue = HeldQueue()
        let house = try House(writer: queue)
        let errors = Noted<String>()
        for _ in 0...Limits.waitingChanges {
            house.store.submit { _ in
            } answer: {
                if case .failure(let error) = $0 { errors.note("\(error)") }
            }
        }
        #expect(errors.all == ["\(StoreError.overloaded)"])
        queue.run()
        #expect(errors.all.count == 1)
    }

    @Test("the projection runs inside each change, with its events, and its error undoes the change")
    func projection() throws {
        let told = Noted<[String]>()
        let house = try House { transaction, events in
            told.note(events.map(\.kind))
            for event in events where event.kind == "bad" { throw Refusal() }
            for event in events {
                try transaction.learnAddress(
                    LearntAddressRow(address: event.subject, creator: "mia", learntAt: transaction.now, reason: "")
                )
            }
        }
        try house.store.writeNow { try $0.note("good", "a@mail.example") }
        #expect(throws: Refusal.self) { try house.store.writeNow { try $0.note("bad", "b@mail.example") } }
        try house.store.writeNow { _ in }
        #expect(told.all == [["good"], ["bad"], []])
        #expect(try house.store.readNow { try $0.learntAddresses().map(\.address) } == ["a@mail.example"])
        #expect(try house.store.readNow { try $0.ledgerHead()?.number } == EventNumber(rawValue: 1))
    }

    @Test("a closed store refuses changes")
    func closed() throws {
        let house = try House()
        house.store.close()
        #expect(throws: StoreError.closed) { try house.store.writeNow { _ in } }
    }

    @Test("changes and reads from many tasks at once, on threads")
    func manyTasks() async throws {
        let house = try House(writer: try threads("writer"))
        let inbox = try house.mailbox()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<10 {
                        let body = try await house.store.prepare([UInt8(task), UInt8(number)])
                        let row = try await house.store.write { try $0.deliver(body, to: inbox) }
                        let bytes = try await house.store.read { try $0.bytes(of: row.edition) }
                        #expect(bytes == [UInt8(task), UInt8(number)])
                    }
                }
            }
            try await group.waitForAll()
        }
        let uids = try house.store.readNow { try $0.placements(in: inbox).map(\.uid) }
        #expect(uids == Array(1...80))
    }
}
