import Base
import TestSupport
import Testing

@testable import Store

@Suite struct EventTests {
    @Test("events follow the head, which moves with them in one transaction (INV-6)")
    func head() throws {
        let house = try House()
        #expect(try house.store.readNow { try $0.ledgerHead() } == nil)
        try house.store.writeNow { transaction in
            try transaction.note("a", "creator:mia")
            try transaction.note("b", "outbound:1")
        }
        let head = try house.store.readNow { try $0.ledgerHead() }
        #expect(head == LedgerHead(number: EventNumber(rawValue: 2), link: [2]))
        #expect(throws: Refusal.self) {
            try house.store.writeNow { transaction in
                try transaction.note("c", "creator:mia")
                throw Refusal()
            }
        }
        #expect(try house.store.readNow { try $0.ledgerHead() } == head)
        let stale = try #require(try house.store.readNow { try $0.event(EventNumber(rawValue: 2)) })
        #expect(throws: StoreError.outOfOrder(stale.number)) { try house.store.writeNow { try $0.append(stale) } }
    }

    @Test("an erased payload leaves its event (INV-6)")
    func erasure() throws {
        let house = try House()
        for subject in ["creator:mia", "creator:leo", "creator:mia"] {
            try house.store.writeNow { try $0.note("seen", subject) }
        }
        try house.store.writeNow { transaction in
            for event in try transaction.events(about: "creator:mia") { try transaction.erasePayload(of: event.number) }
        }
        let events = try house.store.readNow { try $0.events(from: EventNumber(rawValue: 1), limit: 10) }
        #expect(events.map(\.number.rawValue) == [1, 2, 3])
        #expect(events.map { $0.payload == nil } == [true, false, true])
        #expect(events.allSatisfy { !$0.commitment.isEmpty && !$0.link.isEmpty })
        // The bytes are overwritten, not only unlinked, once the log is moved into the database.
        house.store.close()
        let files = try house.disk.paths.filter { $0.hasSuffix("store.db") }.map { try house.disk.read($0) }
        #expect(files.allSatisfy { !$0.contains(Array("seen of creator:mia".utf8)) })
        #expect(files.contains { $0.contains(Array("seen of creator:leo".utf8)) })
    }

    @Test("a scan goes through all events in order and stops when told to")
    func scan() throws {
        let house = try House()
        for number in 0..<30 { try house.store.writeNow { try $0.note("k", "s:\(number)") } }
        let seen = try house.store.readNow { transaction in
            var seen: [Int64] = []
            try transaction.scanEvents(from: EventNumber(rawValue: 5)) { event in
                seen.append(event.number.rawValue)
                return seen.count < 10
            }
            return seen
        }
        #expect(seen == Array(5..<15))
    }

    @Test("configurations are kept by hash; the latest is the one accepted last")
    func configurations() throws {
        let house = try House()
        for hash in ["b", "a", "b"] {
            house.clock.advance(by: .seconds(1))
            try house.store.writeNow { try $0.keepConfiguration(hash: hash, text: Array(hash.utf8)) }
        }
        #expect(try house.store.readNow { try $0.latestConfiguration() }?.hash == "b")
        #expect(try house.store.readNow { try $0.configuration("a") }?.text == Array("a".utf8))
    }

    @Test("work is kept once per kind and subject, and comes when it is due")
    func work() throws {
        let house = try House()
        let now = house.clock.now
        try house.store.writeNow { transaction in
            try transaction.addWork(
                kind: "place",
                subject: "spring",
                arguments: [1],
                dueAt: now.advanced(by: .seconds(9))
            )
            try transaction.addWork(kind: "place", subject: "summer", dueAt: now)
            try transaction.addWork(kind: "place", subject: "spring", arguments: [2], dueAt: now)
        }
        let due = try house.store.readNow { try $0.dueWork(at: now, limit: 9) }
        #expect(due.map(\.subject).sorted() == ["spring", "summer"])
        #expect(due.first { $0.subject == "spring" }?.arguments == [2])
        let id = try #require(due.first).id
        try house.store.writeNow { try $0.continueWork(id, progress: [7], dueAt: now.advanced(by: .seconds(5))) }
        #expect(try house.store.readNow { try $0.dueWork(at: now, limit: 9) }.count == 1)
        try house.store.writeNow { try $0.finishWork(id) }
        #expect(try house.store.readNow { try $0.nextWork() } == now)
    }
}

extension [UInt8] {
    fileprivate func contains(_ other: [UInt8]) -> Bool {
        guard let first = other.first else { return true }
        return indices.contains { self[$0] == first && self[$0...].starts(with: other) }
    }
}
