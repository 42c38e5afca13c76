import Base
import IMAPWire
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import Store

@Suite struct StructureTests {
    /// Counts how often it parses; what it makes tells the message's length.
    private final class Parser: Sendable {
        let calls = Mutex(0)

        func maker(version: UInt8 = 1) -> StructureMaker {
            StructureMaker(version: version) { message in
                self.calls.withLock { $0 += 1 }
                return [version, UInt8(truncatingIfNeeded: message.count)]
            }
        }
    }

    private func open(_ disk: SimulatedDisk, _ maker: StructureMaker?) throws -> Store {
        var environment = try House.environment(on: disk)
        environment.structures = maker
        return try Store.open("/data", in: environment, project: { _, _ in }, whenStopped: { _ in })
    }

    private func deliver(_ texts: [String], to store: Store) throws -> [EditionID] {
        try texts.map { text in
            let body = try store.prepareNow(Array(text.utf8))
            return try store.writeNow { try $0.deliver(body, to: try $0.mailbox("inbox")) }.edition
        }
    }

    private func lengths(_ editions: [EditionID], _ store: Store) async throws -> [Int?] {
        try await store.structures(of: editions) { Int($1[1]) }
    }

    @Test("a message is parsed when it comes in, and never again")
    func once() async throws {
        let parser = Parser()
        let disk = SimulatedDisk()
        let store = try open(disk, parser.maker())
        let editions = try deliver(["a", "bb", "ccc"], to: store)
        #expect(try await lengths(editions, store) == [1, 2, 3])
        #expect(try await lengths(editions.reversed(), store) == [3, 2, 1])
        store.close()
        let again = try open(disk, parser.maker())
        #expect(try await lengths([editions[2], editions[0]], again) == [3, 1])
        #expect(parser.calls.withLock { $0 } == 3)
    }

    @Test("what was not parsed, or by an older parser, is parsed at its first use and kept")
    func later() async throws {
        let disk = SimulatedDisk()
        let plain = try open(disk, nil)
        let editions = try deliver(["a", "bb"], to: plain)
        plain.close()
        for version: UInt8 in 1...2 {
            let parser = Parser()
            let store = try open(disk, parser.maker(version: version))
            #expect(try await lengths(editions, store) == [1, 2])
            #expect(try await lengths(editions, store) == [1, 2])
            #expect(parser.calls.withLock { $0 } == 2)
            store.close()
        }
    }

    @Test("editions that are gone, or apart from each other, leave the others in their places")
    func gaps() async throws {
        let store = try open(SimulatedDisk(), Parser().maker())
        let editions = try deliver((1...40).map { String(repeating: "x", count: $0) }, to: store)
        let unknown = EditionID(rawValue: 10_000)
        #expect(try await lengths([editions[4], unknown, editions[39]], store) == [5, nil, 40])
        #expect(try await lengths([editions[3], editions[5], editions[7]], store) == [4, 6, 8])
        #expect(try await lengths([], store) == [])
    }

    @Test("a damaged message costs only its own answer")
    func damage() async throws {
        let disk = SimulatedDisk()
        let plain = try open(disk, nil)
        let editions = try deliver(["a", String(repeating: "b", count: Limits.bodyInDatabase + 1), "cc"], to: plain)
        plain.close()
        let path = try #require(disk.paths.first { $0.contains("/bodies/") })
        disk.damage(path, at: 5000)
        let store = try open(disk, Parser().maker())
        #expect(try await lengths(editions, store) == [1, nil, 2])
    }

    @Test("more than a slice is made in several")
    func slices() async throws {
        let disk = SimulatedDisk()
        let plain = try open(disk, nil)
        let large = Limits.structureSlice / 2 + 1
        let texts = (0..<5).map { String(repeating: "x", count: large + $0) }
        let editions = try deliver(texts, to: plain)
        plain.close()
        let store = try open(disk, Parser().maker())
        let expected = texts.map { Int(UInt8(truncatingIfNeeded: $0.utf8.count)) }
        #expect(try await lengths(editions, store) == expected)
    }

    @Test("a message that is removed takes its structure along")
    func removal() throws {
        let store = try open(SimulatedDisk(), Parser().maker())
        let editions = try deliver(["a"], to: store)
        try store.writeNow { transaction in
            let row = try #require(try transaction.edition(editions[0]))
            let placement = try #require(try transaction.placements(of: row.message).first)
            _ = try transaction.expunge([placement.uid], from: placement.mailbox)
            let isRemoved = try transaction.removeMessageIfUnplaced(row.message)
            #expect(isRemoved)
            let left = try transaction.first("SELECT count(*) FROM message_structure") { $0[0] as Int }
            #expect(left == 0)
        }
    }

    @Test("the time of placing is kept, for a copy its own (RFC 8514 §3)")
    func saveDates() throws {
        let house = try House()
        let inbox = try house.mailbox()
        let first = try house.deliver("x", to: inbox)
        let arrival = house.clock.now
        house.clock.advance(by: .seconds(60))
        let archive = try house.mailbox("archive")
        let copy = try house.store.writeNow { try $0.place(first.edition, in: archive, received: first.received) }
        let known = try house.store.readNow { try $0.saveDates(of: [first.uid, 99], in: inbox) }
        #expect(known == [arrival, nil])
        #expect(try house.store.readNow { try $0.saveDates(of: [copy.uid], in: archive) } == [house.clock.now])
    }

    @Test("an old store is brought up to date: INTERNALDATE stands for the time of saving")
    func migration() throws {
        let disk = SimulatedDisk()
        let vfs = try disk.register()
        let connection = try Connection(path: "/data/store.db", vfs: vfs)
        try connection.migrate([Schema.migrations[0]])
        try connection.execute(
            """
            INSERT INTO placement (mailbox, uid, edition, message, modseq, flags, keywords, size, received)
            VALUES (1, 1, 1, 1, 1, 0, '', 10, 5000)
            """
        )
        try connection.migrate(Schema.migrations)
        #expect(try connection.all("SELECT saved FROM placement") { $0[0] as Int } == [5000])
    }
}
