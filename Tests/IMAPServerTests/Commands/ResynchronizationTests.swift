import IMAPWire
import Testing

@testable import IMAPServer

/// QRESYNC (RFC 7162 §3.2).
@Suite struct ResynchronizationTests {
    /// Ten messages, UIDs 1 to 10 with the MODSEQs 2 to 11; then 3, 4 and 8 went (12, 13, 14), and 2 and
    /// 9 changed (15, 16).
    private func house() -> MemoryHouse {
        let house = MemoryHouse()
        for _ in 1...10 { house.deliver("a: b\n\nc") }
        for uid in [3, 4, 8] as [UID] { house.remove(uid) }
        house.setFlags(Flags(.flagged), of: 2)
        house.setFlags(Flags(keywords: [Keyword("$x")]), of: 9)
        house.addMailbox("Other")
        return house
    }

    private func conversation(_ house: MemoryHouse) async -> Conversation {
        let conversation = Conversation(house)
        await conversation.play(
            """
            C: a LOGIN anna secret
            S: a OK …
            C: b ENABLE QRESYNC
            S: * ENABLED QRESYNC
            S: b OK ENABLE done
            """
        )
        return conversation
    }

    /// What is said behind the description of the mailbox, without its tagged line.
    private func told(_ command: String, _ conversation: Conversation) async -> [String] {
        let client = await conversation.client(1)
        await conversation.send("s \(command)\r\n", client)
        let lines = client.lines
        client.lines = []
        #expect(lines.last?.hasPrefix("s OK [READ-") == true)
        #expect(lines.contains { $0.hasPrefix("* OK [HIGHESTMODSEQ 16]") })
        return lines.dropLast().drop { !$0.hasPrefix("* OK [HIGHESTMODSEQ") }.dropFirst().map { $0 }
    }

    private static let two = "* 2 FETCH (UID 2 FLAGS (\\Flagged) MODSEQ (15))"
    private static let flags = "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $x)"
    private static let nine = "* 6 FETCH (UID 9 FLAGS ($x) MODSEQ (16))"

    @Test(arguments: [
        ("(1001 11)", ["* VANISHED (EARLIER) 3:4,8", two, flags, nine]),
        ("(1001 11 1:100)", ["* VANISHED (EARLIER) 3:4,8", two, flags, nine]),
        ("(1001 13)", ["* VANISHED (EARLIER) 8", two, flags, nine]), ("(1001 15)", [flags, nine]), ("(1001 16)", []),
        ("(1001 99)", []),
        ("(1001 11 4:8)", ["* VANISHED (EARLIER) 4,8"]), ("(1001 11 2,5)", [two]),
        // RFC 7162 §3.2.5: of another UIDVALIDITY nothing is known.
        ("(1000 11)", []),
        // Nothing is forgotten here, so the sample is not needed.
        ("(1001 11 1:10 (2,5 2,7))", ["* VANISHED (EARLIER) 3:4,8", two, flags, nine]),
    ])
    func selects(known: String, answers: [String]) async {
        let conversation = await conversation(house())
        #expect(await told("SELECT INBOX (QRESYNC \(known))", conversation) == answers)
        #expect(await told("EXAMINE INBOX (QRESYNC \(known))", conversation) == answers)
    }

    @Test(
        "RFC 7162 §3.2.5.1: below the floor, all that is not there is told",
        arguments: [
            ("(1001 11)", "* VANISHED (EARLIER) 3:4,8"), ("(1001 11 4:99)", "* VANISHED (EARLIER) 4,8"),
            ("(1001 11 1:10 (2,3 2,3))", "* VANISHED (EARLIER) 3:4,8"),
            // §3.2.5.2: message 3 has the UID 5 as the client says, so it knows of 3 and 4.
            ("(1001 11 1:10 (1,3,6 1,5,8))", "* VANISHED (EARLIER) 8"), ("(1001 11 (3 5))", "* VANISHED (EARLIER) 8"),
            ("(1001 11 1:10 (1:7 1,2,5,6,7,9,10))", nil),
            ("(1001 11 (900:1000 900:1000))", "* VANISHED (EARLIER) 3:4,8"),
            ("(1001 0)", "* VANISHED (EARLIER) 3:4,8"),
        ]
    )
    func belowTheFloor(known: String, vanished: String?) async {
        let house = house()
        _ = house.change(.inbox) { box, _ in
            box.floor = 14
            box.tombstones = []
        }
        let conversation = await conversation(house)
        let lines = await told("SELECT INBOX (QRESYNC \(known))", conversation)
        #expect(lines.first { $0.contains("VANISHED") } == vanished)
        // What is known of changes is not less for it.
        #expect(lines.contains(Self.nine))
    }

    @Test func anEmptyMailboxHasNothingToTell() async {
        let conversation = await conversation(house())
        await conversation.play(
            """
            C: a SELECT Other (QRESYNC (1012 1))
            S: * FLAGS …
            S: * 0 EXISTS
            S: * 0 RECENT
            S: * OK [UIDVALIDITY …
            S: * OK [UIDNEXT 1] …
            S: * OK [PERMANENTFLAGS …
            S: * OK [MAILBOXID …
            S: * OK [HIGHESTMODSEQ 1] …
            S: a OK [READ-WRITE] …
            """
        )
    }

    @Test("RFC 7162 §3.2.5, §3.2.6: only for who has enabled it")
    func refusals() async {
        let conversation = Conversation(house())
        await conversation.enter()
        await conversation.play(
            """
            C: a SELECT INBOX (QRESYNC (1001 11))
            S: a BAD Enable QRESYNC first
            C: b UID FETCH 1:* FLAGS (CHANGEDSINCE 11 VANISHED)
            S: * OK [HIGHESTMODSEQ 16] …
            S: b BAD Enable QRESYNC first
            C: c FETCH 1:* FLAGS (CHANGEDSINCE 11 VANISHED)
            S: c BAD Unknown parameter
            C: d SELECT INBOX (BOGUS)
            S: d BAD Unknown parameter
            C: e FETCH 1 UID
            S: * 1 FETCH (UID 1)
            S: e OK FETCH done
            """
        )
    }

    @Test func fetchTellsWhatVanished() async {
        let conversation = await conversation(house())
        await conversation.enter()
        await conversation.play(
            """
            C: a UID FETCH 1:* (FLAGS) (CHANGEDSINCE 12 VANISHED)
            S: * VANISHED (EARLIER) 4,8
            S: \(Self.two)
            S: \(Self.flags)
            S: \(Self.nine)
            S: a OK FETCH done
            C: b UID FETCH 5:8 UID (VANISHED CHANGEDSINCE 1)
            S: * VANISHED (EARLIER) 8
            S: * 3 FETCH (UID 5 MODSEQ (6))
            S: * 4 FETCH (UID 6 MODSEQ (7))
            S: * 5 FETCH (UID 7 MODSEQ (8))
            S: b OK FETCH done
            """
        )
        // What the client still counts as there is no part of it: that is told as it goes.
        conversation.house.remove(10)
        await conversation.play(
            """
            C: c UID FETCH 8:* (FLAGS) (CHANGEDSINCE 12 VANISHED)
            S: * VANISHED (EARLIER) 8
            S: \(Self.nine)
            S: * VANISHED 10
            S: c OK FETCH done
            C: d UID FETCH 8:* (FLAGS) (CHANGEDSINCE 16 VANISHED)
            S: * VANISHED (EARLIER) 10
            S: d OK FETCH done
            """
        )
    }

    @Test("RFC 7162 §3.2.10: VANISHED in place of EXPUNGE, with the same rules of when")
    func vanished() async {
        let conversation = await conversation(house())
        await conversation.enter()
        await conversation.enter(client: 2)
        await conversation.play(
            """
            C: a STORE 1,3:5 +FLAGS.SILENT (\\Deleted)
            S: * 1 FETCH (UID 1 MODSEQ (17))
            S: * 3 FETCH (UID 5 MODSEQ (18))
            S: * 4 FETCH (UID 6 MODSEQ (19))
            S: * 5 FETCH (UID 7 MODSEQ (20))
            S: a OK STORE done
            C: b UID EXPUNGE 5
            S: * VANISHED 5
            S: b OK [HIGHESTMODSEQ 21] EXPUNGE done
            C: c EXPUNGE
            S: * VANISHED 1,6:7
            S: c OK [HIGHESTMODSEQ 22] EXPUNGE done
            C2: d NOOP
            S2: * 1 EXPUNGE
            S2: * 2 EXPUNGE
            S2: * 2 EXPUNGE
            S2: * 2 EXPUNGE
            S2: d OK NOOP done
            C2: e UID MOVE 9 Other
            S2: * OK [COPYUID …
            S2: * 2 EXPUNGE
            S2: e OK MOVE done
            C: f FETCH 1 UID
            S: * 1 FETCH (UID 2)
            S: * OK [HIGHESTMODSEQ 22] All that came before was told
            S: f OK FETCH done
            C: g UID SEARCH 1:3
            S: * SEARCH 2 9 10
            S: * OK [HIGHESTMODSEQ 22] All that came before was told
            S: g OK SEARCH done
            C: h UID SEARCH ALL
            S: * SEARCH 2 9 10
            S: * VANISHED 9
            S: h OK SEARCH done
            C: i MOVE 2 Other
            S: * OK [COPYUID …
            S: * VANISHED 10
            S: i OK [HIGHESTMODSEQ 24] MOVE done
            """
        )
    }

    @Test("RFC 7162 §3.2.8: CLOSE tells neither what went nor a MODSEQ")
    func closing() async {
        let conversation = await conversation(house())
        await conversation.enter()
        await conversation.play(
            """
            C: a STORE 1 +FLAGS.SILENT (\\Deleted)
            S: * 1 FETCH (UID 1 MODSEQ (17))
            S: a OK STORE done
            C: b CLOSE
            S: b OK CLOSE done
            C: c SELECT INBOX (QRESYNC (1001 16))
            S: * FLAGS …
            S: * 6 EXISTS
            S: * 0 RECENT
            S: * OK [UNSEEN 1] …
            S: * OK [UIDVALIDITY …
            S: * OK [UIDNEXT …
            S: * OK [PERMANENTFLAGS …
            S: * OK [MAILBOXID …
            S: * OK [HIGHESTMODSEQ 18] …
            S: * VANISHED (EARLIER) 1
            S: c OK [READ-WRITE] …
            """
        )
    }

    @Test func whileItIdles() async {
        let conversation = await conversation(house())
        await conversation.enter()
        await conversation.play("C: a IDLE\nS: + idling")
        conversation.house.remove(1)
        conversation.house.remove(2)
        conversation.house.setFlags(Flags(.seen), of: 10)
        await conversation.settle()
        await conversation.play(
            """
            S: * VANISHED 1:2
            S: * 5 FETCH (UID 10 FLAGS (\\Seen) MODSEQ (19))
            C: DONE
            S: a OK IDLE done
            """
        )
    }
}
