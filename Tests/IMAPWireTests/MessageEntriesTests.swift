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
            #expect(entries.deletedUIDs == model.filter { $0.flags.system.contains(.deleted) }.map(\.uid))
            let part = (0...model.count).randomElement(using: &generator) ?? 0
            #expect(entries.uids(in: part..<model.count) == model[part...].map(\.uid))
            var lent: [MailboxSnapshot.Entry?] = Array(repeating: nil, count: part)
            entries.forEach(in: 0..<part) { lent[$0] = $1 }
            #expect(lent == Array(model[..<part]))
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

    @Test("a member's view follows its mailbox, sharing what the member set nothing on", arguments: 0..<40)
    func overlays(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let limit = [1, 2, 3, 8, 256][Int(seed) % 5]
        let ownsSeen = seed % 2 == 0
        var model: [MailboxSnapshot.Entry] = []
        var own: [UID: OwnFlags] = [:]
        var uidNext: UID = 1
        var base = MessageEntries(chunkLimit: limit)
        var view = base
        for step in 1...80 {
            var changes = Self.change(&model, ModSeq(step), &uidNext, using: &generator)
            if Bool.random(using: &generator), let uid = model.randomElement(using: &generator)?.uid {
                let choices: [SystemFlags] = [[], .seen, .deleted, [.seen, .deleted]]
                let flags = choices.randomElement(using: &generator) ?? []
                own[uid] = OwnFlags(uid: uid, flags: flags, modSeq: ModSeq(step))
                if !changes.contains(where: { $0.uid == uid }) {
                    changes.append(EntryChange(uid: uid, entry: model.first { $0.uid == uid }))
                    changes.sort { $0.uid < $1.uid }
                }
            }
            own = own.filter { uid, _ in model.contains { $0.uid == uid } }
            let old = base
            base = base.applying(changes)
            view = try #require(
                view.following(
                    base,
                    from: old,
                    changed: changes.map(\.uid),
                    own: changes.compactMap { own[$0.uid] },
                    ownsSeen: ownsSeen
                )
            )
            let expected = model.map { entry in
                guard let mine = own[entry.uid] else { return entry }
                var entry = entry
                entry.flags.system = entry.flags.system.overlaid(with: mine.flags, ownsSeen: ownsSeen)
                entry.modSeq = max(entry.modSeq, mine.modSeq)
                return entry
            }
            #expect(Array(view) == expected)
            let anew = base.overlaid(with: own.values.sorted { $0.uid < $1.uid }, ownsSeen: ownsSeen)
            #expect(anew == view && anew.counts == view.counts && anew.keywords == view.keywords)
            for (mine, shared) in zip(view.places, base.places) {
                let isOwn = mine.chunk.messages.contains { own[$0.uid] != nil }
                #expect((mine.chunk === shared.chunk) || isOwn)
            }
            if own.isEmpty { #expect(view.isIdentical(to: base)) }
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
