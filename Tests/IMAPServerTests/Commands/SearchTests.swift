import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

@Suite struct SearchTests {
    static let messages: [(text: String, flags: Flags, received: Timestamp)] = [
        (
            """
            From: =?UTF-8?Q?J=C3=BCrgen_M=C3=BCller?= <jm@mail.example>
            To: anna@team.example
            Subject: Rates
            Date: Sun, 1 Nov 2026 23:30:00 -0500

            The rate is 500.
            """, Flags(.seen), Timestamp(seconds: 1_793_534_400)
        ),
        (
            """
            From: mia@mail.example
            Cc: Ben <ben@team.example>
            Subject: =?ISO-8859-1?Q?Gr=FC=DFe?=
            Date: Mon, 2 Nov 2026 10:00:00 +0000
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=x

            --x
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64

            U2Now7ZuZSBHcsO8w59lIGF1cyBLw7Zsbg==
            --x
            Content-Type: application/pdf
            Content-Transfer-Encoding: base64

            c2VjcmV0
            --x--
            """, Flags([.flagged], keywords: [Keyword("$Held")]), Timestamp(seconds: 1_793_620_800)
        ),
        ("Subject:\n\nnothing of note", Flags([.answered, .deleted, .draft]), Timestamp(seconds: 1_793_707_200)),
    ]

    private func conversation() async -> Conversation {
        let house = MemoryHouse()
        house.state.withLock { $0.now = Timestamp(seconds: 1_793_707_200) }
        for message in Self.messages { house.deliver(message.text, flags: message.flags, received: message.received) }
        let conversation = Conversation(house)
        await conversation.enter()
        return conversation
    }

    @Test(arguments: [
        ("ALL", "1 2 3"), ("SEEN", "1"), ("UNSEEN", "2 3"), ("FLAGGED", "2"), ("UNFLAGGED", "1 3"), ("ANSWERED", "3"),
        ("UNANSWERED", "1 2"), ("DELETED", "3"), ("UNDELETED", "1 2"), ("DRAFT", "3"), ("UNDRAFT", "1 2"),
        ("RECENT", ""), ("NEW", ""), ("OLD", "1 2 3"), ("KEYWORD $held", "2"), ("UNKEYWORD $Held", "1 3"),
        ("SUBJECT rates", "1"), ("SUBJECT grüsse", "2"), ("SUBJECT \"\"", "1 2 3"), ("FROM müller", "1"),
        ("FROM MÜLLER", "1"), ("FROM mail.example", "1 2"), ("TO anna", "1"), ("CC ben", "2"), ("BCC ben", ""),
        ("HEADER Cc \"\"", "2"), ("HEADER subject RATE", "1"), ("BODY \"rate is\"", "1"), ("BODY köln", "2"),
        ("BODY secret", ""), ("BODY rates", ""), ("TEXT rates", "1"), ("TEXT köln", "2"), ("TEXT grüße", "2"),
        ("BEFORE 2-Nov-2026", "1"), ("ON 2-Nov-2026", "2"), ("SINCE 2-Nov-2026", "2 3"), ("SENTON 1-Nov-2026", "1"),
        ("SENTBEFORE 2-Nov-2026", "1"), ("SENTSINCE 2-Nov-2026", "2"), ("LARGER 100", "1 2"), ("SMALLER 100", "3"),
        ("NOT SEEN", "2 3"), ("OR SEEN FLAGGED", "1 2"), ("2:*", "2 3"), ("UID 3,7", "3"), ("* SEEN", ""),
        ("(SEEN) (OR TEXT rate NOT SUBJECT x)", "1"), ("OR SEEN TEXT köln", "1 2"), ("NOT TEXT köln", "1 3"),
        ("SEEN TEXT köln", ""), ("OLDER 86400", "1 2"), ("YOUNGER 86400", "2 3"), ("OLDER 1", "1 2"),
        ("YOUNGER 1", "3"),
        ("NOT YOUNGER 172801", ""), ("OLDER 4294967295", ""), ("9", ""), ("CHARSET utf-8 FROM müller", "1"),
        ("CHARSET US-ASCII ALL", "1 2 3"),
    ])
    func key(_ key: String, _ found: String) async {
        let conversation = await conversation()
        await conversation.play(
            """
            C: a SEARCH \(key)
            S: * SEARCH\(found.isEmpty ? "" : " " + found)
            S: a OK SEARCH done
            C: b UID SEARCH \(key)
            S: * SEARCH\(found.isEmpty ? "" : " " + found)
            S: b OK SEARCH done
            """
        )
    }

    @Test func aTextAsALiteral() async {
        await conversation().play(
            """
            C: a SEARCH CHARSET UTF-8 FROM {7}
            S: + OK
            C: müller
            S: * SEARCH 1
            S: a OK SEARCH done
            """
        )
    }

    @Test func faults() async {
        await conversation().play(
            """
            C: a SEARCH CHARSET KLINGON TEXT x
            S: a NO [BADCHARSET (US-ASCII UTF-8 …)] That charset is not known here
            C: b SEARCH FOO
            S: b BAD Unknown search key
            C: c SEARCH (SEEN
            S: c BAD Faulty list
            C: d SEARCH ON 31-Feb-2026
            S: d BAD Faulty date
            C: e SEARCH YOUNGER 0
            S: e BAD A number is missing or too large
            """
        )
    }
}
