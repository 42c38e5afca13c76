import Base
import TestSupport
import Testing

@testable import Store

@Suite struct BodyTests {
    private static let sizes = [0, 1, 1000, Limits.bodyInDatabase, Limits.bodyInDatabase + 1, 400_000]

    private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) } }

    @Test("an edition is block and body, whole and in any part, in the database and in a file", arguments: sizes)
    func ranges(size: Int) throws {
        let house = try House()
        let inbox = try house.mailbox()
        let bytes = Self.bytes(size)
        let body = try house.store.prepareNow(bytes)
        let row = try house.store.writeNow { try $0.deliver(body, to: inbox, block: "A: b\r\n") }
        let whole = Array("A: b\r\n".utf8) + bytes
        #expect(row.size == whole.count)
        for range in [0..<whole.count, 0..<3, 3..<9, 6..<10, 5..<whole.count + 9, whole.count..<whole.count + 1] {
            let expected = Array(whole[range.clamped(to: 0..<whole.count)])
            #expect(try house.store.readNow { try $0.bytes(of: row.edition, range) } == expected)
        }
        #expect(try house.store.readNow { try $0.bytes(of: row.edition) } == whole)
    }

    @Test("damaged bytes are never served as a whole (INV-3)")
    func damage() throws {
        let house = try House()
        let inbox = try house.mailbox()
        let body = try house.store.prepareNow(Self.bytes(Limits.bodyInDatabase + 100))
        let row = try house.store.writeNow { try $0.deliver(body, to: inbox) }
        let path = try #require(house.disk.paths.first { $0.contains("/bodies/") })
        house.disk.damage(path, at: 5000)
        let error = #expect(throws: StoreError.self) { try house.store.readNow { try $0.bytes(of: row.edition) } }
        #expect(error == .damagedBody(Hexadecimal.encode(body.hash)))
    }

    @Test("the bytes of an edition never change, whatever happens to its message (INV-3)")
    func immutable() async throws {
        let house = try House()
        var known: [EditionID: [UInt8]] = [:]
        try await house.changeAtRandom(seed: 7, steps: 80)
        let editions = try house.store.readNow { transaction in
            try transaction.mailboxes().flatMap { try transaction.placements(in: $0.id).map(\.edition) }
        }
        for edition in editions { known[edition] = try house.store.readNow { try $0.bytes(of: edition) } }
        try await house.changeAtRandom(seed: 8, steps: 80)
        for (edition, bytes) in known {
            #expect(try house.store.readNow { try $0.bytes(of: edition) } == bytes)
        }
    }

    @Test("the same bytes are kept once", arguments: [10, Limits.bodyInDatabase + 100])
    func deduplication(size: Int) throws {
        let house = try House()
        let inbox = try house.mailbox()
        for _ in 0..<3 {
            let body = try house.store.prepareNow(Self.bytes(size))
            _ = try house.store.writeNow { try $0.deliver(body, to: inbox) }
        }
        #expect(house.disk.paths.count { $0.contains("/bodies/") } == (size > Limits.bodyInDatabase ? 1 : 0))
        let unique = try house.store.readNow {
            try $0.messages(withMessageID: $0.message(MessageID(rawValue: 1))?.messageID ?? "")
        }
        #expect(unique.count == 3)
        #expect(Set(unique.map(\.body)).count == 1)
    }

    @Test(
        "bodies that nothing names are collected, those that somebody holds are not",
        arguments: [10, Limits.bodyInDatabase + 100]
    )
    func collection(size: Int) async throws {
        let house = try House()
        let inbox = try house.mailbox()
        var body: StoredBody? = try house.store.prepareNow(Self.bytes(size))
        let kept = try house.store.prepareNow(Self.bytes(size + 1))
        if let body {
            let row = try house.store.writeNow { try $0.deliver(body, to: inbox) }
            _ = try house.store.writeNow { try $0.deliver(kept, to: inbox) }
            #expect(try await house.store.collectBodies() == 0)
            try house.store.writeNow { transaction in
                #expect(try transaction.removeMessageIfUnplaced(row.message) == false)
                try transaction.expunge([row.uid], from: inbox)
                #expect(try transaction.removeMessageIfUnplaced(row.message))
            }
        }
        let hash = try #require(body?.hash)
        #expect(try await house.store.collectBodies() == 0, "held")
        body = nil
        #expect(try await house.store.collectBodies() == 1)
        #expect(try house.store.readNow { try $0.size(ofBody: hash) } == nil)
        #expect(try house.store.readNow { try $0.bytes(ofBody: kept.hash) } == Self.bytes(size + 1))
        #expect(house.disk.paths.count { $0.contains("/bodies/") } == (size > Limits.bodyInDatabase ? 1 : 0))
    }

    @Test("files that a crash left behind are swept, all others stay")
    func sweep() async throws {
        let house = try House()
        let inbox = try house.mailbox()
        let named = try house.store.prepareNow(Self.bytes(Limits.bodyInDatabase + 70))
        _ = try house.store.writeNow { try $0.deliver(named, to: inbox) }
        var orphan: StoredBody? = try house.store.prepareNow(Self.bytes(Limits.bodyInDatabase + 71))
        let path = house.store.context.bodies.path(of: try #require(orphan).hash)
        try house.disk.writeDurably([1], to: path + ".1-1.new")
        try await house.store.sweepBodies()
        #expect(house.disk.exists(path), "held")
        orphan = nil
        try await house.store.sweepBodies()
        #expect(
            house.disk.paths.filter { $0.contains("/bodies/") } == [house.store.context.bodies.path(of: named.hash)]
        )
    }
}
