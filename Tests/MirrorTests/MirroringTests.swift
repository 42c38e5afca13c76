import Base
import IMAPWire
import Store
import TestSupport
import Testing

@testable import Mirror

@Suite(.timeLimit(.minutes(1))) struct MirroringTests {
    @Test func `what is there comes here, oldest first, once`() async throws {
        let world = try World()
        for number in 1...120 { world.upstream.put(mail("m\(number)"), in: "INBOX") }
        world.upstream.put(mail("out"), in: "Sent", flags: Flags(.seen))
        #expect(try await world.run())
        #expect(try await world.run())
        let places = try world.store.readNow { try $0.placements(in: world.inbox.id) }
        #expect(places.map(\.uid) == Array(1...120))
        let first = try #require(try world.place("m1", world.inbox))
        #expect(first.uid == 1 && first.received.seconds == 1_700_000_000)
        #expect(try world.subjects(world.sent) == ["out"])
        #expect(try world.flags("out", world.sent) == ["\\Seen"])
    }

    @Test func `flags and expunges from upstream come here; keywords of state do not (INV-4)`() async throws {
        let world = try World()
        world.upstream.put(mail("a"), in: "INBOX")
        world.upstream.put(mail("b"), in: "INBOX")
        try await world.run()
        world.upstream.change { state in
            let flags = Flags([.flagged, .deleted], keywords: [Keyword("$Held"), Keyword("note")])
            state.boxes["INBOX"]?.items[0].flags = flags
            state.boxes["INBOX"]?.items.removeLast()
        }
        try await world.run()
        #expect(try world.subjects(world.inbox) == ["a"])
        #expect(try world.flags("a", world.inbox) == ["\\Flagged", "note"])
        world.upstream.change { $0.boxes["INBOX"]?.items[0].flags = .none }
        try await world.run()
        #expect(try world.flags("a", world.inbox) == [])
    }

    @Test(arguments: [true, false])
    func `seen goes both ways only where it is one for all`(sharesSeen: Bool) async throws {
        let world = try World(sharesSeen: sharesSeen)
        world.upstream.put(mail("a"), in: "INBOX")
        try await world.run()
        world.upstream.change { $0.boxes["INBOX"]?.items[0].flags = Flags([.seen, .answered]) }
        try await world.run()
        #expect(try world.flags("a", world.inbox) == (sharesSeen ? ["\\Answered", "\\Seen"] : ["\\Answered"]))
    }

    @Test func `a sync result does not undo an operation on its way`() async throws {
        let world = try World()
        world.upstream.put(mail("a"), in: "INBOX", flags: Flags(.flagged))
        try await world.run()
        try world.store(.remove(Flags(.flagged)), "a", world.inbox)
        try world.store(.add(Flags(.answered)), "a", world.inbox)
        // The server is busy: the journal waits, the pass does not.
        world.upstream.change { state in
            state.refusals["store"] = "NO [INUSE] later"
            state.boxes["INBOX"]?.items[0].flags = Flags([.flagged, .draft])
        }
        try await world.run()
        #expect(try world.flags("a", world.inbox) == ["\\Answered", "\\Draft"])
        world.upstream.change { $0.refusals = [:] }
        world.clock.advance(by: .seconds(3600))
        try await world.run()
        #expect(world.upstream.items("INBOX")[0].flags.names == ["\\Answered", "\\Draft"])
        #expect(try world.journal.isEmpty)
    }

    @Test(arguments: ["IMAP4rev1 UIDPLUS MOVE LITERAL+", "IMAP4rev1 UIDPLUS"])
    func `members' changes reach the upstream once, without our block (INV-4, INV-8)`(offered: String) async throws {
        let world = try World()
        world.upstream.change { $0.capabilities = offered }
        for name in ["moved", "copied", "gone", "kept"] { world.upstream.put(mail(name), in: "INBOX") }
        try await world.run()
        try world.move("moved", world.inbox, world.sent)
        try world.copy("copied", world.inbox, world.sent)
        try world.expunge("gone", world.inbox)
        try world.append(mail("added"), to: world.inbox)
        try await world.run()
        try await world.run()
        let inbox = ["added", "copied", "kept"]
        let sent = ["copied", "moved"]
        #expect(world.upstream.subjects("INBOX") == inbox)
        #expect(world.upstream.subjects("Sent") == sent)
        #expect(try world.subjects(world.inbox) == inbox)
        #expect(try world.subjects(world.sent) == sent)
        #expect(world.upstream.items("INBOX").last?.bytes == Array(mail("added").utf8))
    }

    @Test(arguments: ["IMAP4rev1 UIDPLUS MOVE LITERAL+", "IMAP4rev1 UIDPLUS"])
    func `a connection cut behind any command loses and doubles nothing (INV-2)`(offered: String) async throws {
        for cut in 1...60 {
            let world = try World()
            world.upstream.change { $0.capabilities = offered }
            for name in ["moved", "copied", "gone", "kept"] { world.upstream.put(mail(name), in: "INBOX") }
            try await world.run()
            try world.move("moved", world.inbox, world.sent)
            try world.copy("copied", world.inbox, world.sent)
            try world.expunge("gone", world.inbox)
            try world.append(mail("added"), to: world.inbox)
            try world.append(mail("out"), to: world.sent, isSentItem: true)
            world.upstream.put(mail("new"), in: "INBOX")
            let uids = try ["kept", "added"].map { try world.place($0, world.inbox)?.uid }
            world.upstream.change { $0.commandsLeft = cut }
            let isWhole = try await world.run()
            world.upstream.change { $0.commandsLeft = nil }
            try await world.run()
            try await world.run()
            let (inbox, sent) = (["added", "copied", "kept", "new"], ["copied", "moved", "out"])
            #expect(world.upstream.subjects("INBOX") == inbox, "cut \(cut)")
            #expect(world.upstream.subjects("Sent") == sent, "cut \(cut)")
            #expect(try world.subjects(world.inbox) == inbox, "cut \(cut)")
            #expect(try world.subjects(world.sent) == sent, "cut \(cut)")
            #expect(try ["kept", "added"].map { try world.place($0, world.inbox)?.uid } == uids, "cut \(cut)")
            #expect(try world.journal.isEmpty, "cut \(cut)")
            if isWhole { return }
        }
        Issue.record("the run has more commands than were cut")
    }

    @Test func `the provider's own copy in Sent is bound and not filed again`() async throws {
        let world = try World()
        try await world.run()
        try world.append(mail("out"), to: world.sent, isSentItem: true)
        world.upstream.put("Received: by provider\r\n" + mail("out"), in: "Sent")
        try await world.run()
        #expect(world.upstream.subjects("Sent") == ["out"])
        #expect(try world.subjects(world.sent) == ["out"])
        #expect(world.upstream.change { !$0.log.contains("append") })
    }

    @Test func `what the upstream refuses for good is undone here`() async throws {
        let world = try World()
        for name in ["moved", "copied", "marked"] { world.upstream.put(mail(name), in: "INBOX") }
        try await world.run()
        world.upstream.change { state in
            for word in ["move", "copy", "store"] { state.refusals[word] = "NO [NOPERM] read only" }
        }
        try world.move("moved", world.inbox, world.sent)
        try world.copy("copied", world.inbox, world.sent)
        try world.store(.add(Flags(.flagged)), "marked", world.inbox)
        try await world.run()
        #expect(try world.subjects(world.inbox) == ["copied", "marked", "moved"])
        #expect(try world.subjects(world.sent) == [])
        #expect(try world.flags("marked", world.inbox) == [])
        #expect(try world.journal.isEmpty)
    }

    @Test func `what cancels out never goes on the wire`() async throws {
        let world = try World()
        try await world.run()
        try world.append(mail("draft"), to: world.inbox)
        try world.expunge("draft", world.inbox)
        #expect(try world.journal.isEmpty)
    }

    @Test func `a new UIDVALIDITY is mapped, and is not passed on (INV-3)`() async throws {
        let world = try World()
        for name in ["a", "b", "c"] { world.upstream.put(mail(name), in: "INBOX") }
        try await world.run()
        let before = try world.place("c", world.inbox)
        world.upstream.change { state in
            state.boxes["INBOX"]?.validity = 99
            state.boxes["INBOX"]?.items.removeFirst()
            for index in 0..<2 { state.boxes["INBOX"]?.items[index].uid = UID(index + 1) }
            state.boxes["INBOX"]?.next = 3
            state.boxes["INBOX"]?.items[1].flags = Flags(.flagged)
        }
        world.upstream.put(mail("d"), in: "INBOX")
        try await world.run()
        #expect(try world.subjects(world.inbox) == ["b", "c", "d"])
        #expect(try world.place("c", world.inbox)?.uid == before?.uid)
        #expect(try world.flags("c", world.inbox) == ["\\Flagged"])
    }
}
