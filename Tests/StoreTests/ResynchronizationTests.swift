import Base
import IMAPWire
import TestSupport
import Testing

@testable import Store

/// QRESYNC's promise (RFC 7162 §3.2): after any pause, across restarts, a client that knows the
/// mailbox as it was hears exactly the difference.
@Suite("Resynchronization")
struct ResynchronizationTests {
    /// What a client keeps of a mailbox between two connections.
    struct Client {
        let mailbox: String
        let member: String
        var modSeq: ModSeq = 1
        var flags: [UID: Flags] = [:]
        /// What it was told of as gone.
        var gone = Set<UID>()
        var highest: UID = 0
    }

    @Test("whatever happened since, and however often the store was opened anew", arguments: 1...24)
    func anyPause(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var disk = SimulatedDisk()
        var house = try House(on: disk)
        var clients = ["inbox", "campaign:spring", "queue:unmatched"].flatMap { mailbox in
            House.members.map { Client(mailbox: mailbox, member: $0) }
        }
        for round in 0..<12 {
            try await house.changeAtRandom(seed: random.next(), steps: Int(random.next() % 20))
            if random.next() % 4 == 0 {
                house.store.close()
                disk = disk.copy()
                house = try House(on: disk)
            }
            // Of a mailbox that somebody looks at, the snapshot in memory has to be as good.
            let looking = try house.mailbox("campaign:spring")
            let observation = random.next() % 2 == 0 ? house.store.observe(.mailbox(looking)) { _ in } : nil
            if random.next() % 5 == 0 { try await house.store.trimTombstones(keeping: 2, slice: 1) }
            for index in clients.indices where round == 11 || random.next() % 2 == 0 {
                try await resynchronize(&clients[index], house)
            }
            observation?.cancel()
        }
    }

    /// What SELECT (QRESYNC …) does, and what the client makes of it.
    private func resynchronize(_ client: inout Client, _ house: House) async throws {
        let mailbox = try house.mailbox(client.mailbox, privateSeen: client.mailbox != "inbox")
        let known = client
        let snapshot = try await house.snapshot(mailbox, client.member)
        let there = Set(snapshot.entries.map(\.uid))
        let remembered = try house.store.readNow { try $0.vanished(from: mailbox, after: known.modSeq) }
        let vanished: [UID]
        if let remembered {
            #expect(there.isDisjoint(with: remembered), "what is there is not gone")
            #expect(known.gone.isDisjoint(with: remembered), "told twice")
            vanished = remembered.filter { $0 <= known.highest }
            #expect(Set(vanished) == Set(known.flags.keys).subtracting(there), "exactly what went")
        } else {
            vanished = known.flags.keys.filter { !there.contains($0) }
        }
        for uid in vanished {
            client.flags[uid] = nil
            client.gone.insert(uid)
        }
        for entry in snapshot.entries {
            let isNew = entry.uid > known.highest
            #expect(entry.modSeq <= snapshot.highestModSeq)
            if !isNew, entry.modSeq <= known.modSeq {
                #expect(known.flags[entry.uid] == entry.flags, "a change that MODSEQ does not show")
            }
            if isNew || entry.modSeq > known.modSeq { client.flags[entry.uid] = entry.flags }
        }
        client.modSeq = snapshot.highestModSeq
        client.highest = max(client.highest, snapshot.uidNext - 1)
        #expect(client.flags == Dictionary(uniqueKeysWithValues: snapshot.entries.map { ($0.uid, $0.flags) }))
    }
}
