import IMAPWire
import Testing

@testable import IMAPServer

/// SEARCH RETURN (RFC 4731), and `$` (RFC 5182).
@Suite struct ExtendedSearchTests {
    /// Five messages; the first, third and fifth are flagged, their UIDs 11, 13 and 15.
    private func conversation() async -> Conversation {
        let house = MemoryHouse()
        _ = house.change(.inbox) { box, _ in box.uidNext = 11 }
        for number in 1...5 { house.deliver("a: b\n\nc", flags: number % 2 == 1 ? Flags(.flagged) : .none) }
        house.addMailbox("Other")
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test(arguments: [
        ("SEARCH RETURN () FLAGGED", "* ESEARCH (TAG \"a\") ALL 1,3,5"),
        ("SEARCH RETURN (ALL) ALL", "* ESEARCH (TAG \"a\") ALL 1:5"),
        ("SEARCH RETURN (MIN) FLAGGED", "* ESEARCH (TAG \"a\") MIN 1"),
        ("SEARCH RETURN (MAX) FLAGGED", "* ESEARCH (TAG \"a\") MAX 5"),
        ("SEARCH RETURN (COUNT) FLAGGED", "* ESEARCH (TAG \"a\") COUNT 3"),
        ("SEARCH RETURN (count max min all) 2:5 FLAGGED", "* ESEARCH (TAG \"a\") MIN 3 MAX 5 ALL 3,5 COUNT 2"),
        ("UID SEARCH RETURN (MIN MAX) 1:5000 FLAGGED", "* ESEARCH (TAG \"a\") UID MIN 11 MAX 15"),
        ("UID SEARCH RETURN (ALL COUNT) UNFLAGGED", "* ESEARCH (TAG \"a\") UID ALL 12,14 COUNT 2"),
        ("SEARCH RETURN (MIN MAX ALL) SEEN", "* ESEARCH (TAG \"a\")"),
        ("UID SEARCH RETURN (COUNT) SEEN", "* ESEARCH (TAG \"a\") UID COUNT 0"),
        // RFC 4731 §3.2: what MODSEQ speaks of.
        ("SEARCH RETURN (MIN) MODSEQ 1", "* ESEARCH (TAG \"a\") MIN 1 MODSEQ 2"),
        ("SEARCH RETURN (MAX) MODSEQ 1", "* ESEARCH (TAG \"a\") MAX 5 MODSEQ 6"),
        ("SEARCH RETURN (MIN MAX) MODSEQ 1 1:4", "* ESEARCH (TAG \"a\") MIN 1 MAX 4 MODSEQ 5"),
        ("SEARCH RETURN (MIN COUNT) MODSEQ 1 1:4", "* ESEARCH (TAG \"a\") MIN 1 COUNT 4 MODSEQ 5"),
        ("SEARCH RETURN (ALL) MODSEQ \"/flags/\\\\draft\" all 5", "* ESEARCH (TAG \"a\") ALL 4:5 MODSEQ 6"),
        ("SEARCH RETURN (ALL) OR MODSEQ 99 SEEN", "* ESEARCH (TAG \"a\")"),
        // RFC 7162 §3.1.5
        ("SEARCH MODSEQ 5", "* SEARCH 4 5 (MODSEQ 6)"), ("SEARCH MODSEQ 7", "* SEARCH"),
        ("SEARCH NOT MODSEQ 4", "* SEARCH 1 2 (MODSEQ 3)"), ("SEARCH FLAGGED", "* SEARCH 1 3 5"),
    ])
    func answers(command: String, answer: String) async {
        let conversation = await conversation()
        // MODSEQ is a command that enables: said once, before.
        await conversation.play("C: e ENABLE CONDSTORE\nS: * ENABLED CONDSTORE\nS: * OK …\nS: e OK …")
        await conversation.play("C: a \(command)\nS: \(answer)\nS: a OK SEARCH done")
    }

    @Test("a tag of any kind stands quoted in the answer")
    func tags() async {
        await conversation().play(
            """
            C: A-1.x SEARCH RETURN (COUNT) ALL
            S: * ESEARCH (TAG "A-1.x") COUNT 5
            S: A-1.x OK SEARCH done
            C: b SEARCH RETURN (PARTIAL) ALL
            S: b BAD Unknown parameter
            """
        )
    }

    @Test func whatIsSavedStandsForASet() async {
        await conversation().play(
            """
            C: a SEARCH RETURN (SAVE) FLAGGED
            S: a OK SEARCH done
            C: b FETCH $ UID
            S: * 1 FETCH (UID 11)
            S: * 3 FETCH (UID 13)
            S: * 5 FETCH (UID 15)
            S: b OK FETCH done
            C: c UID FETCH $ FLAGS
            S: * 1 FETCH (UID 11 FLAGS (\\Flagged))
            S: * 3 FETCH (UID 13 FLAGS (\\Flagged))
            S: * 5 FETCH (UID 15 FLAGS (\\Flagged))
            S: c OK FETCH done
            C: d SEARCH OR $ 2
            S: * SEARCH 1 2 3 5
            S: d OK SEARCH done
            C: e UID SEARCH UID $ 1:3
            S: * SEARCH 11 13
            S: e OK SEARCH done
            C: f STORE $ +FLAGS.SILENT (\\Deleted)
            S: f OK STORE done
            C: g UID COPY $ Other
            S: g OK [COPYUID 1007 11,13,15 1:3] COPY done
            C: h UID EXPUNGE $
            S: * 1 EXPUNGE
            S: * 2 EXPUNGE
            S: * 3 EXPUNGE
            S: h OK EXPUNGE done
            C: i FETCH $ UID
            S: i OK FETCH done
            C: j MOVE $ Other
            S: j OK No messages to move
            """
        )
    }

    @Test(
        "RFC 5182 §2.4: what is saved beside MIN, MAX, ALL and COUNT",
        arguments: [
            ("SAVE MIN", "1"), ("MAX SAVE", "5"), ("SAVE MIN MAX", "1 5"), ("SAVE COUNT", "1 3 5"),
            ("ALL SAVE", "1 3 5"),
            ("SAVE MIN COUNT", "1 3 5"), ("SAVE MIN MAX ALL", "1 3 5"), ("SAVE", "1 3 5"),
        ]
    )
    func combinations(options: String, saved: String) async {
        let conversation = await conversation()
        let client = await conversation.client(1)
        await conversation.send("a SEARCH RETURN (\(options)) FLAGGED\r\n", client)
        #expect(client.lines.contains { $0.hasPrefix("* ESEARCH") } == (options != "SAVE"))
        client.lines = []
        await conversation.play("C: b SEARCH $\nS: * SEARCH \(saved)\nS: b OK SEARCH done")
    }

    @Test("RFC 5182 §2.1: which commands change what is saved")
    func whatChangesIt() async {
        await conversation().play(
            """
            C: a FETCH $ UID
            S: a OK FETCH done
            C: b SEARCH RETURN (SAVE) 1:2
            S: b OK SEARCH done
            C: c SEARCH RETURN (ALL) ALL
            S: * ESEARCH (TAG "c") ALL 1:5
            S: c OK SEARCH done
            C: d SEARCH RETURN (SAVE) BOGUS
            S: d BAD Unknown search key
            C: e SEARCH CHARSET X-NONE $
            S: e NO [BADCHARSET (US-ASCII UTF-8 …
            C: f SEARCH $
            S: * SEARCH 1 2
            S: f OK SEARCH done
            C: g SEARCH RETURN (SAVE) CHARSET X-NONE ALL
            S: g NO [BADCHARSET (US-ASCII UTF-8 …
            C: h SEARCH $
            S: * SEARCH
            S: h OK SEARCH done
            C: i SEARCH RETURN (SAVE) $
            S: i OK SEARCH done
            """
        )
    }

    @Test func aNewSelectionForgetsIt() async {
        let conversation = await conversation()
        await conversation.play("C: a SEARCH RETURN (SAVE) ALL\nS: a OK SEARCH done")
        await conversation.enter()
        await conversation.play("C: b SEARCH $\nS: * SEARCH\nS: b OK SEARCH done")
    }

    @Test func whatAnotherSessionExpungesFallsOut() async {
        let conversation = await conversation()
        await conversation.play("C: a SEARCH RETURN (SAVE) 2:4\nS: a OK SEARCH done")
        conversation.house.remove(13)
        await conversation.play(
            """
            C: b COPY $ Other
            S: * 3 EXPUNGE
            S: b OK [COPYUID 1007 12,14 1:2] COPY done
            C: c FETCH $ UID
            S: * 2 FETCH (UID 12)
            S: * 3 FETCH (UID 14)
            S: c OK FETCH done
            """
        )
    }

    @Test("RFC 5182 §2.1: a search that fails leaves nothing to refer to")
    func failures() async {
        let conversation = await conversation()
        await conversation.play(
            """
            C: a SEARCH RETURN (SAVE) 1
            S: a OK SEARCH done
            C: b STORE 6:7,$ FLAGS ()
            S: b BAD Faulty set of messages
            C: c SEARCH $,1
            S: c BAD Something stands behind the command
            C: d SEARCH $ 1:5
            S: * SEARCH 1
            S: d OK SEARCH done
            """
        )
    }
}
