import Base
import IMAPWire
import TestSupport
import Testing

@testable import Store

@Suite struct BackupTests {
    private static let large = [UInt8](repeating: 3, count: Limits.bodyInDatabase + 90)

    @Test("a backup made while the store runs is restored as a new generation")
    func roundTrip() throws {
        let house = try House()
        let inbox = try house.mailbox()
        let small = try house.deliver("small", to: inbox)
        let body = try house.store.prepareNow(Self.large)
        let big = try house.store.writeNow { try $0.deliver(body, to: inbox) }
        let account = try #require(try house.store.readNow { try $0.account(named: "team") }).id
        let states = ["held", "approved", "queued", "sent", "rejected"]
        let ids = try house.store.writeNow { transaction in
            try transaction.queueOperation("flags", of: small.message, account: account, arguments: [])
            return try states.map { try transaction.insertOutbound(.sample(at: transaction.now, state: $0)) }
        }
        try house.store.backupNow(to: "/backup")
        // Lost with the old store: a mailbox and mail that came after the backup.
        let late = try house.mailbox("late")
        let lost = try house.deliver("late", to: inbox)
        let lastValidity = try #require(try house.store.readNow { try $0.mailbox(late) }).uidValidity
        house.store.close()

        let environment = house.store.context.environment
        try Store.restore(from: "/backup", to: "/restored", in: environment)
        let restored = try Store.open("/restored", in: environment, project: { _, _ in }, whenStopped: { _ in })
        try restored.readNow { transaction in
            let mailboxes = try transaction.mailboxes()
            #expect(mailboxes.map(\.key) == ["inbox"])
            #expect(mailboxes.allSatisfy { $0.uidValidity > lastValidity })
            #expect(try transaction.placements(in: inbox).map(\.uid) == [1, 2])
            #expect(try transaction.bytes(of: small.edition) == Array("small".utf8))
            #expect(try transaction.bytes(of: big.edition) == Self.large)
            let rows = try ids.compactMap { try transaction.outbound($0) }
            #expect(rows.map(\.state) == ["held", "held", "held", "sent", "rejected"])
            #expect(rows.map(\.mayHaveLeft) == [true, true, true, false, false])
            #expect(rows.map(\.version) == [2, 2, 2, 1, 1])
            #expect(try transaction.journal(of: account).allSatisfy(\.needsReconciliation))
            #expect(try transaction.generation() == 1)
        }
        // A number that a client may know from the lost store is not given again (RFC 8474).
        let (mailbox, edition) = try restored.writeNow { transaction in
            (try transaction.mailbox("new"), try transaction.insertEdition(of: small.message, block: [1]))
        }
        #expect(mailbox > late && edition > lost.edition)
        #expect(try restored.writeNow { try $0.takeRestoreMark() })
        #expect(try restored.writeNow { try $0.takeRestoreMark() } == false)
    }

    @Test("a store or another backup is never overwritten, and half a backup is never restored")
    func refusals() throws {
        let house = try House()
        _ = try house.mailbox()
        let environment = house.store.context.environment
        try house.store.backupNow(to: "/backup")
        #expect(throws: StoreError.exists("/backup/backup.db")) { try house.store.backupNow(to: "/backup") }
        #expect(throws: StoreError.notRestored("/none")) {
            try Store.restore(from: "/none", to: "/restored", in: environment)
        }
        try Store.restore(from: "/backup", to: "/restored", in: environment)
        #expect(throws: StoreError.exists("/restored")) {
            try Store.restore(from: "/backup", to: "/restored", in: environment)
        }
        // The copy of large bodies fails half-way.
        let body = try house.store.prepareNow(Self.large)
        let inbox = try house.mailbox()
        _ = try house.store.writeNow { try $0.deliver(body, to: inbox) }
        house.disk.damage(house.store.context.bodies.path(of: body.hash), at: 1)
        #expect(throws: StoreError.self) { try house.store.backupNow(to: "/half") }
        #expect(throws: StoreError.notRestored("/half")) {
            try Store.restore(from: "/half", to: "/other", in: environment)
        }
    }

    @Test("a restore that is cut off is no store, and can be done again", arguments: DiskReplay.Loss.allCases)
    func cutRestore(_ loss: DiskReplay.Loss) throws {
        let house = try House()
        let inbox = try house.mailbox()
        let body = try house.store.prepareNow(Self.large)
        _ = try house.store.writeNow { try $0.deliver(body, to: inbox) }
        let validity = try #require(try house.store.readNow { try $0.mailbox(inbox) }).uidValidity
        try house.store.backupNow(to: "/backup")
        let before = house.disk.operationCount
        try Store.restore(from: "/backup", to: "/restored", in: house.store.context.environment)
        let trace = house.disk.trace
        var replay = DiskReplay()
        for (index, operation) in trace.enumerated() {
            replay.apply(operation)
            guard index >= before, index % 7 == 0 || index == trace.count - 1 else { continue }
            let disk = replay.disk(losing: loss, seed: UInt64(index))
            let environment = try House.environment(on: disk)
            do {
                try Store.restore(from: "/backup", to: "/restored", in: environment)
            } catch {
                #expect(error == .exists("/restored"), "it was complete")
            }
            let store = try Store.open("/restored", in: environment, project: { _, _ in }, whenStopped: { _ in })
            try store.readNow { transaction in
                let row = try #require(try transaction.mailbox(inbox))
                #expect(row.uidValidity > validity)
                #expect(try transaction.generation() == 1)
                #expect(try transaction.bytes(ofBody: body.hash) == Self.large)
            }
        }
    }
}
