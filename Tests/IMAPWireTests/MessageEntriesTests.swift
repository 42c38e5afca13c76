import Base
import TestSupport
import Testing

@testable import IMAPWire

@Suite struct MessageEntriesTests {
    private static func entry(_ uid: UID, _ modSeq: ModSeq, _ flags: Flags = .none) -> MailboxSnapshot.Entry {
        MailboxSnapshot.Entry(
            uid: uid,
            modSeq: modSeq,
            flags: flags,
            edition: EditionID(rawValue: Int64(uid) * 7),
            size: uid * 100,
            received: Timestamp(seconds: Int64(uid))
        )
    }

    private static let flags = [
        Flags(), Flags(.seen), Flags([.seen, .deleted]), Flags(.flagged, keywords: [Keyword("$a")]),
        Flags(.seen, keywords: [Keyword("$a"), Keyword("b")]),
    ]

    /// One commit's worth of changes to a plain list, and to nothing else.
    private static func change(
        _ model: inout [MailboxSnapshot.Entry],
        _ modSeq: ModSeq,
        _ uidNext: inout UID,
        using generator: inout SeededGenerator
    ) -> [EntryChange] {
        var touched = Set<UID>()
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            switch Int.random(in: 0..<3, using: &generator) {
            case 0:
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let flags = flags.randomElement(using: &generator) ?? .none
                    model.append(entry(uidNext, modSeq, flags))
                    touched.insert(uidNext)
                    uidNext += UID.random(in: 1...3, using: &generator)
                }
            case 1:
                guard let first = model.indices.randomElement(using: &generator) else { continue }
                let end = min(model.count, first + Int.random(in: 1...6, using: &generator))
                touched.formUnion(model[first..<end].map(\.uid))
                model.removeSubrange(first..<end)
            default:
                guard let index = model.indices.randomElement(using: &generator) else { continue }
                model[index].flags = flags.randomElement(using: &generator) ?? .none
                model[index].modSeq = modSeq
                touched.insert(model[index].uid)
            }
        }
        return touched.sorted().map { uid in EntryChange(uid: uid, entry: model.first { $0.uid == uid }) }
    }

    @Test("whatever is changed in whatever order, the chunks hold what a plain list holds", arguments: 0..<40)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let limit = [1, 2, 3, 8, 256][Int(seed) % 5]
        var model: [MailboxSnapshot.Entry] = []
        var uidNext: UID = 1
        var entries = MessageEntries(chunkLimit: limit)
        var versions: [(model: [MailboxSnapshot.Entry], entries: MessageEntries)] = []
        for step in 1...80 {
            let changes = Self.change(&model, ModSeq(step), &uidNext, using: &generator)
            versions.append((versions.last?.model ?? [], entries))
            entries = entries.applying(changes)
            versions[versions.count - 1].entries = entries
            versions[versions.count - 1].model = model

            #expect(Array(entries) == model)
            #expect(entries.indices.map { entries[$0] } == model)
            #expect(entries.places.allSatisfy { 1...limit ~= $0.chunk.count })
            #expect(entries == MessageEntries(model, chunkLimit: limit))
            #expect(entries.counts.messages == model.count)
            #expect(entries.counts.unseen == model.count { !$0.flags.system.contains(.seen) })
            #expect(entries.counts.deleted == model.count { $0.flags.system.contains(.deleted) })
            #expect(entries.counts.octets == model.reduce(0) { $0 + UInt64($1.size) })
            #expect(entries.keywords == Set(model.flatMap(\.flags.keywords)).sorted())
            #expect(entries.firstUnseen == model.firstIndex { !$0.flags.system.contains(.seen) })
            for uid in 0...uidNext {
                #expect(entries.index(of: uid) == model.firstIndex { $0.uid == uid })
                #expect(entries.firstIndex(atOrAfter: uid) == model.firstIndex { $0.uid >= uid } ?? model.count)
            }
        }
        // The difference between any two versions is what a comparison of the lists finds.
        for _ in 0..<60 {
            let first = Int.random(in: versions.indices, using: &generator)
            let (old, new) = (versions[first], versions[Int.random(in: first..<versions.count, using: &generator)])
            let difference = new.entries.difference(since: old.entries)
            let newUIDs = Dictionary(uniqueKeysWithValues: new.model.enumerated().map { ($1.uid, $0) })
            #expect(difference.gone == old.model.indices.filter { newUIDs[old.model[$0].uid] == nil })
            let changed = old.model.enumerated().compactMap { index, entry in
                newUIDs[entry.uid].flatMap { place in
                    new.model[place].modSeq != entry.modSeq ? EntryDifference.Pair(old: index, new: place) : nil
                }
            }
            #expect(difference.changed == changed)
            let last = old.model.last?.uid ?? 0
            #expect(difference.arrived == (new.model.firstIndex { $0.uid > last } ?? new.model.count)..<new.model.count)
        }
    }

    @Test("a change copies the chunks that it touches and no other")
    func sharing() {
        let old = MessageEntries((1...100).map { Self.entry($0, 1) }, chunkLimit: 10)
        let flagged = old.applying([EntryChange(uid: 35, entry: Self.entry(35, 2, Flags(.flagged)))])
        let shared = zip(old.places, flagged.places).map { $0.chunk === $1.chunk }
        #expect(shared == [true, true, true, false, true, true, true, true, true, true])
        let grown = old.applying([EntryChange(uid: 101, entry: Self.entry(101, 2))])
        #expect(grown.places.count == 11 && zip(old.places, grown.places).allSatisfy { $0.chunk === $1.chunk })
        let removed = old.applying([EntryChange(uid: 1, entry: nil)])
        #expect(zip(old.places, removed.places).count { $0.chunk === $1.chunk } == 9)
        #expect(old.applying([]).isIdentical(to: old))
    }

    @Test("what is left of a mailbox that was nearly emptied stands in few chunks")
    func shrinking() {
        var entries = MessageEntries((1...1000).map { Self.entry($0, 1) }, chunkLimit: 10)
        for uid in UID(1)...1000 where uid % 50 != 0 { entries = entries.applying([EntryChange(uid: uid, entry: nil)]) }
        #expect(entries.map(\.uid) == stride(from: 50, through: 1000, by: 50).map { UID($0) })
        #expect(entries.places.count <= 10)
    }
}
