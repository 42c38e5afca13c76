import Message
import Testing

@Suite("Fresh text")
struct FreshTextTests {
    @Test(
        "The line above a quotation, in the languages creators write in",
        arguments: [
            "On Mon, Nov 2, 2026 at 3:04 PM Mia Berg <mia@x.example> wrote:",
            "On Mon, Nov 2, 2026 at 3:04 PM Mia Berg <mia@x.example>\nwrote:",
            "Am Mo., 2. Nov. 2026 um 15:04 Uhr schrieb Mia Berg <mia@x.example>:",
            "Am 02.11.2026 um 15:04 schrieb Mia Berg:",
            "Le lun. 2 nov. 2026 à 15:04, Mia Berg <mia@x.example> a écrit :",
            "El lun, 2 nov 2026 a las 15:04, Mia Berg (<mia@x.example>) escribió:",
            "Em seg., 2 de nov. de 2026 às 15:04, Mia Berg <mia@x.example> escreveu:",
            "Il giorno lun 2 nov 2026 alle ore 15:04 Mia Berg <mia@x.example> ha scritto:",
            "Op ma 2 nov 2026 om 15:04 schreef Mia Berg <mia@x.example>:",
            "W dniu 2.11.2026 o 15:04, Mia Berg pisze:",
            "pon., 2 lis 2026 o 15:04 Mia Berg <mia@x.example> napisał(a):",
            "2026年11月2日(月) 15:04 Mia Berg <mia@x.example>:",
            "2026年11月2日 15:04、Mia Berg <mia@x.example>のメール:",
            "2026년 11월 2일 (월) 오후 3:04, Mia Berg <mia@x.example>님이 작성:",
            "Mia Berg <mia@x.example> 于2026年11月2日周一 15:04写道：",
            "Mia Berg <mia@x.example> 於 2026年11月2日 週一 下午3:04寫道：",
        ],
        ["> the earlier\n> mail", "the earlier\nmail"]
    )
    func attribution(line: String, earlier: String) {
        let split = FreshText("approve\n\nThanks!\n\n\(line)\n\n\(earlier)\n")
        #expect(split.fresh == "approve\n\nThanks!")
        #expect(split.firstFreshLine == "approve")
        #expect(split.belowFirstFreshLine == "Thanks!")
        #expect(split.earlier.contains("the earlier"))
    }

    @Test(
        "New text that looks a little like history stays new",
        arguments: [
            "As I wrote:\nwe agree.", "On Monday at 10 we could talk:\n- rate\n- dates",
            "My offer: 500\nDates: 2 to 5 Nov",
            "From: now on we do this", "To: be honest, no", "--- a line ---\nmore", "Here is what Ben wrote: nothing",
            "Phone: 12345678\nMail: mia@x.example\nWeb: x.example",
            "----------\nPhone: 12345678\nMail: mia@x.example\nWeb: x.example",
        ]
    )
    func fresh(source: String) {
        let split = FreshText(source)
        #expect(split.fresh == source)
        #expect(split.headerBlocks.isEmpty)
    }

    @Test("An answer in the midst of a quotation stays new, line by line")
    func inline() {
        let split = FreshText(
            "Hi,\n\nOn 2 Nov 2026 15:04, Mia <mia@x.example> wrote:\n> first?\nyes\n> second?\n>> older\nno\n"
        )
        #expect(split.fresh == "Hi,\n\nyes\nno")
        #expect(split.lines.filter { $0.kind == .quoted }.map(\.text) == ["first?", "second?", "older"])
        #expect(split.lines.filter { $0.kind == .quoted }.map(\.depth) == [1, 1, 2])
    }

    @Test(
        "Outlook's header block above the earlier mail",
        arguments: [
            "From: Mia Berg <mia@x.example>\nSent: Monday, November 2, 2026 3:04 PM\nTo: Team <team@b.example>\nSubject: Offer",
            "________________________________\nVon: Mia Berg <mia@x.example>\nGesendet: Montag, 2. November 2026 15:04\nAn: Team\nCc: Ben\nBetreff: Offer",
            "-----Message d'origine-----\nDe : Mia Berg <mia@x.example>\nEnvoyé : lundi 2 novembre 2026 15:04\nÀ : Team\nObjet : Offer",
            "De: Mia Berg <mia@x.example>\nEnviado el: lunes, 2 de noviembre de 2026 15:04\nPara: Team\nAsunto: Offer",
            "De: Mia Berg <mia@x.example>\nEnviado: segunda-feira, 2 de novembro de 2026 15:04\nPara: Team\nAssunto: Offer",
            "Da: Mia Berg <mia@x.example>\nInviato: lunedì 2 novembre 2026 15:04\nA: Team\nOggetto: Offer",
            "Van: Mia Berg <mia@x.example>\nVerzonden: maandag 2 november 2026 15:04\nAan: Team\nOnderwerp: Offer",
            "Od: Mia Berg <mia@x.example>\nWysłano: poniedziałek, 2 listopada 2026 15:04\nDo: Team\nTemat: Offer",
            "差出人: Mia Berg <mia@x.example>\n送信日時: 2026年11月2日 15:04\n宛先: Team\n件名: Offer",
            "보낸 사람: Mia Berg <mia@x.example>\n보낸 날짜: 2026년 11월 2일 월요일 오후 3:04\n받는 사람: Team\n제목: Offer",
            "发件人: Mia Berg <mia@x.example>\n发送时间: 2026年11月2日 15:04\n收件人: Team\n主题: Offer",
            "寄件者：Mia Berg <mia@x.example>\n日期：2026年11月2日 15:04\n收件者：Team\n主旨：Offer",
            "*From:* Mia Berg <mia@x.example>\n*Sent:* Monday\n*To:* Team\n*Subject:* Offer",
            "From: Mia Berg [mailto:mia@x.example]\n\nSent: Monday\n\nTo: Team\n\nSubject: Offer",
        ]
    )
    func headerBlock(block: String) throws {
        let split = FreshText("reject too late\n\n\(block)\n\nold words\n")
        #expect(split.fresh == "reject too late")
        let found = try #require(split.headerBlocks.first)
        #expect(found.addresses.map(\.spec) == ["mia@x.example"])
        #expect(found.subject == "Offer")
        #expect(!found.isForwarded)
        #expect(split.lines.last { !$0.text.isEmpty }?.kind == .history)
    }

    @Test(
        "A forwarded message and its author, any program, any language (MATCHING 5.8)",
        arguments: [
            (
                "---------- Forwarded message ---------\nFrom: Mia Berg <mia@x.example>\nDate: Mon, 2 Nov 2026 at 15:04\nSubject: Offer\nTo: <team@b.example>",
                ""
            ),
            (
                "Begin forwarded message:\n\n> From: Mia Berg <mia@x.example>\n> Subject: Offer\n> Date: 2 November 2026 at 15:04:05 CET\n> To: team@b.example",
                ""
            ),
            (
                "Anfang der weitergeleiteten Nachricht:\n\nVon: Mia Berg <mia@x.example>\nBetreff: Offer\nDatum: 2. November 2026",
                ""
            ),
            (
                "-------- Weitergeleitete Nachricht --------\nBetreff: Offer\nDatum: Mon, 2 Nov 2026 15:04:05 +0100\nVon: Mia Berg <mia@x.example>\nAn: team@b.example",
                ""
            ),
            (
                "Von: Mia Berg <mia@x.example>\nGesendet: Montag, 2. November 2026 15:04\nAn: Team\nBetreff: Offer",
                "WG: Offer"
            ),
            (
                "---------- Edelleenlähetetty viesti ---------\nLähde: Mia Berg <mia@x.example>\nAika: 2.11.2026 klo 15.04\nOtsikko: Offer\nSaaja: team@b.example",
                ""
            ),
        ]
    )
    func forwarded(block: String, subject: String) throws {
        let mark = block.contains("\n> ") ? "> " : ""
        let split = FreshText("fyi\n\n\(block)\n\(mark)\n\(mark)My rate is 500\n", subject: subject)
        #expect(split.fresh == "fyi")
        let found = try #require(split.headerBlocks.first)
        #expect(found.addresses.map(\.spec) == ["mia@x.example"])
    }

    @Test("Forwards inside forwards are found in order")
    func nestedForward() {
        let split = FreshText(
            "fyi\n\n---------- Forwarded message ---------\nFrom: Ben <ben@b.example>\nDate: today\nSubject: Fwd: x\nTo: me\n\nsee below\n\n"
                + "---------- Forwarded message ---------\nFrom: Mia <mia@x.example>\nDate: today\nSubject: x\nTo: ben\n\nhello\n"
        )
        #expect(split.headerBlocks.map { $0.addresses.map(\.spec) } == [["ben@b.example"], ["mia@x.example"]])
        #expect(split.headerBlocks.map(\.isForwarded) == [true, true])
        #expect(split.forwarded.hasSuffix("hello"))
    }

    @Test("The signature is kept apart; history may stand below it")
    func signature() {
        let split = FreshText(
            "Yes!\n-- \nMia\n@mia.makes\n\nOn 2 Nov 2026 15:04, Ben <ben@b.example> wrote:\n> really?\n"
        )
        #expect(split.fresh == "Yes!")
        #expect(split.signature == "Mia\n@mia.makes")
        #expect(split.lines.last { !$0.text.isEmpty }?.kind == .quoted)
    }

    @Test(
        "A phone's standing note is no new text",
        arguments: [
            "Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé de mon iPhone", "iPhoneから送信",
            "Get Outlook for Android",
        ]
    )
    func phone(note: String) {
        #expect(FreshText("ok\n\n\(note)\n").fresh == "ok")
    }

    @Test("Nothing new", arguments: ["", "\n\n", "> only\n> quoted\n", "-- \nMia"])
    func nothing(source: String) {
        #expect(FreshText(source).firstFreshLine == nil)
        #expect(FreshText(source).fresh.isEmpty)
    }

    @Test("An answer from a web mail program, read from its HTML")
    func html() {
        let message = parsed(
            """
            Content-Type: text/html; charset=utf-8

            <div dir="ltr"><b>approve</b><div><br></div><div>fine &amp; good</div></div><br>
            <div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Nov 2, 2026 at 3:04&nbsp;PM Ben &lt;<a
            href="mailto:ben@b.example">ben@b.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote"><p>old
            words</p><blockquote>older</blockquote></blockquote></div>
            """
        )
        let split = FreshText(message.readableText().text)
        #expect(split.fresh == "approve\n\nfine & good")
        #expect(split.lines.filter { $0.kind == .quoted }.map(\.text) == ["old words", "older"])
    }

    @Test(
        "Subjects of forwards",
        arguments: [
            ("Fwd: x", true), ("Re: FW: x", true), ("WG: x", true), ("转发：x", true), ("Re: x", false), ("x", false),
            ("I: x", true), ("Offer: x", false),
        ]
    )
    func subjects(subject: String, expected: Bool) {
        #expect(FreshText.isForward(subject: subject) == expected)
    }
}
