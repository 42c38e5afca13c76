import Message
import Policy
import TestSupport
import Testing

@testable import Flow

/// The first line of a reply, as mail programs send it (D1).
@Suite("Replies to notices")
struct ReplyCommandTests {
    private static func read(_ text: String, languages: [String] = ["en"]) -> ReplyCommand {
        ReplyCommand(FreshText(text), ApprovalVerbs(languages: languages))
    }

    private static func read(mail: String, languages: [String] = ["en"]) -> ReplyCommand {
        let bytes = Array(mail.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8)
        return ReplyCommand(SplitText(ParsedMessage(bytes)).split, ApprovalVerbs(languages: languages))
    }

    @Test(
        "A verb alone on the first line",
        arguments: [
            ("approve", ReplyCommand.approve), ("Approve", .approve), ("APPROVE.", .approve), ("approve!", .approve),
            ("\n\n  approve  \n\nThanks,\nBen", .approve), ("*approve*", .approve), ("approve\u{A0}", .approve),
            ("\u{FEFF}approve\u{200B}", .approve), ("withdraw", .withdraw), ("Withdraw:", .withdraw),
            ("reject", .reject(why: "")), ("reject: too high", .reject(why: "too high")),
            ("Reject – ask legal", .reject(why: "– ask legal")),
            ("reject\n\nAsk legal first.\nThen again.", .reject(why: "Ask legal first. Then again.")),
            ("replace:\nHi Kofi,\n\nsee you.", .replace(text: "Hi Kofi,\n\nsee you.")),
            ("Replace: Hi Kofi,\nsee you.", .replace(text: "Hi Kofi,\nsee you.")), ("replace:", .replace(text: "")),
            ("campaign: spring", .campaign("spring")),
            ("Campaign: Spring Serum Launch.", .campaign("Spring Serum Launch")),
        ]
    )
    func verbs(_ text: String, _ command: ReplyCommand) {
        #expect(Self.read(text) == command)
    }

    @Test(
        "Everything else is a comment",
        arguments: [
            "approve this?", "approve it, please", "I approve", "approved", "approves", "please approve", "not approve",
            "approve / reject", "withdraw later", "replace the second line", "replace", "campaign spring", "campaign:",
            "rejection is hard", "",
        ]
    )
    func comments(_ text: String) {
        #expect(Self.read(text) == .comment(text))
    }

    @Test("Only verbs of the configured languages are verbs")
    func languages() {
        #expect(Self.read("freigeben") == .comment("freigeben"))
        #expect(Self.read("freigeben", languages: ["de"]) == .approve)
        #expect(Self.read("approve", languages: ["de"]) == .comment("approve"))
        #expect(Self.read("Zurückziehen.", languages: ["en", "de-AT"]) == .withdraw)
        #expect(Self.read("campaña: primavera", languages: ["es"]) == .campaign("primavera"))
        for language in ApprovalVerbs.languages {
            for verb in ApprovalVerb.allCases {
                let word = ApprovalVerbs.word(verb, in: language)
                #expect(ApprovalVerbs(languages: [language]).verb(word) == verb, "\(language) \(word)")
            }
        }
    }

    private static let quote = "> Mia wants to send this mail.\n> approve\n> reject and why"

    @Test(
        "Above, below or around quoted text of any program",
        arguments: [
            // Thunderbird, bottom posting.
            "On 22.11.26 10:15, Greenroom wrote:\n\(quote)\n\napprove\n\n-- \nBen Okafor\nGlow",
            // Thunderbird, top posting with a signature above the quotation.
            "approve\n\n-- \nBen Okafor\n\nOn 22.11.26 10:15, Greenroom wrote:\n\(quote)",
            // Apple Mail and iOS.
            "approve\n\nSent from my iPhone\n\n> On 22 Nov 2026, at 10:15, Greenroom <approvals@greenroom.invalid> wrote:\n> \n\(quote)",
            "approve\n\nVon meinem iPhone gesendet\n\n> Am 22.11.2026 um 10:15 schrieb Greenroom <approvals@greenroom.invalid>:\n\(quote)",
            "approve\n\nEnvoyé de mon iPhone\n\n> Le 22 nov. 2026 à 10:15, Greenroom <approvals@greenroom.invalid> a écrit :\n\(quote)",
            // Gmail, in several languages.
            "approve\n\nOn Sun, Nov 22, 2026 at 10:15 AM Greenroom <approvals@greenroom.invalid>\nwrote:\n\n\(quote)",
            "approve\n\nEl dom, 22 nov 2026 a las 10:15, Greenroom (<approvals@greenroom.invalid>) escribió:\n\n\(quote)",
            // Outlook: the header of the notice without quote marks.
            "approve\n\n________________________________\nFrom: Greenroom <approvals@greenroom.invalid>\nSent: Sunday, November 22, 2026 10:15\nTo: Ben\nSubject: [A-1.1] Held: Idea\n\nMia wants to send this mail.\n  approve\n  reject and why",
            "approve\n\nVon: Greenroom <approvals@greenroom.invalid>\nGesendet: Sonntag, 22. November 2026 10:15\nAn: Ben\nBetreff: [A-1.1] Held: Idea\n\nMia wants to send this mail.\n  reject and why",
            "approve\nGet Outlook for Android\n________________________________\nFrom: Greenroom\nSent: Sunday, November 22, 2026 10:15:00 AM\nTo: Ben\nSubject: [A-1.1] Held: Idea\n\nreject",
            "approve\n\n-----Original Message-----\nFrom: Greenroom <approvals@greenroom.invalid>\nSent: Sunday\nTo: Ben\nSubject: Held\n\nreject",
        ]
    )
    func quoted(_ text: String) {
        #expect(Self.read(text) == .approve)
    }

    @Test("A verb that is only quoted decides nothing")
    func onlyQuoted() {
        #expect(Self.read(Self.quote) == .comment(""))
        #expect(Self.read("On 22.11.26 10:15, Greenroom wrote:\n> approve") == .comment(""))
    }

    @Test(
        "HTML without a plain alternative, quoted in a blockquote or below a rule",
        arguments: [
            "<html><body><div>approve</div><br><div>On Nov 22, 2026, Greenroom &lt;approvals@greenroom.invalid&gt; wrote:</div><blockquote type=\"cite\"><p>Mia wants to send.</p><p>reject and why</p></blockquote></body></html>",
            "<div dir=\"ltr\">Approve.&nbsp;</div><br><div class=\"gmail_quote\"><div>On Sun, Nov 22, 2026 at 10:15 AM Greenroom &lt;<a href=\"mailto:approvals@greenroom.invalid\">approvals@greenroom.invalid</a>&gt; wrote:<br></div><blockquote>reject</blockquote></div>",
            "<body><p class=MsoNormal><b>approve</b><o:p></o:p></p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> Greenroom &lt;approvals@greenroom.invalid&gt;<br><b>Sent:</b> Sunday, November 22, 2026 10:15<br><b>To:</b> Ben<br><b>Subject:</b> [A-1.1] Held: Idea</p></div><p>reject and why</p></body>",
        ]
    )
    func html(_ body: String) {
        let head =
            "From: ben@glow.example\nSubject: Re: Held\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
        #expect(Self.read(mail: head + body) == .approve)
    }

    @Test("Encoded and flowed text is read as its writer sees it")
    func encoded() {
        let head = "From: ben@glow.example\nSubject: Re: Held\nMIME-Version: 1.0\n"
        let flowed = "Content-Type: text/plain; charset=utf-8; format=flowed\n\nreplace:\nA line that was \nbroken.\n"
        #expect(Self.read(mail: head + flowed) == .replace(text: "A line that was broken."))
        let base64 = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nYXBwcm92ZQ==\n"
        #expect(Self.read(mail: head + base64) == .approve)
        let quoted =
            "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nzur=FCckziehen\n"
        #expect(Self.read(mail: head + quoted, languages: ["de"]) == .withdraw)
    }

    @Test("Any bytes are read as something", arguments: 1...40)
    func anything(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let pieces = [
            "approve", "reject", "replace:", "campaign:", "\n", " ", ">", "-- ", ":", "*", "\u{A0}", "x",
            "On 2 Nov wrote:",
        ]
        var text = ""
        for _ in 0..<30 { text += pieces[Int(random.next(upperBound: UInt64(pieces.count)))] }
        let fresh = FreshText(text)
        let command = ReplyCommand(fresh, ApprovalVerbs(languages: ["en"]))
        // Whatever was written, a decision needs its verb at the start of the first new line.
        if command == .approve {
            #expect(fresh.firstFreshLine?.lowercased().contains("approve") == true)
        }
    }
}
