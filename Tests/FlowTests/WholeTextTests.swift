import Base
import Campaigns
import Config
import Message
import Policy
import SMTPWire
import TestSupport
import Testing

@testable import Flow

@Suite("Policy reads whatever somebody may come to read (INV-7)")
struct WholeTextTests {
    /// A mail judged alone, by the sample configuration's rules or others.
    private static func judge(_ lines: [String], _ rules: RuleSet? = nil) throws -> Verdict {
        var configuration = try FlowHouse.sample()
        if let rules { configuration.rules = rules }
        let rulebook = Rulebook(configuration)
        let header = ["From: Mia <hello@glow.example>", "To: kofi@kofimakes.example", "MIME-Version: 1.0"]
        let parsed = ParsedMessage(Array((header + lines).joined(separator: "\r\n").utf8))
        let text = SplitText(parsed)
        let input = MatchInput(parsed, text)
        let judgement = Judgement(
            rulebook: rulebook,
            author: "mia",
            envelope: SMTPWire.Envelope(
                sender: EnvelopeAddress("hello@glow.example"),
                recipients: [EnvelopeAddress("kofi@kofimakes.example")].compactMap { $0 }.map { EnvelopeRecipient($0) }
            ),
            selectors: ["spring"],
            input: input,
            reading: OutboundReading(
                parsed,
                text,
                input: input,
                answered: .none,
                commandDomain: rulebook.commandDomain,
                hasSignedInternalFields: false
            )
        )
        return try judgement.verdict(RememberedRecords(), at: Timestamp(seconds: 1_790_000_000)).1
    }

    private static func multipart(_ kind: String, _ parts: [[String]]) -> [String] {
        ["Content-Type: multipart/\(kind); boundary=outer", ""] + parts.flatMap { ["--outer"] + $0 } + [
            "--outer--", "",
        ]
    }

    private static func html(_ text: String) -> [String] { ["Content-Type: text/html; charset=utf-8", "", text] }

    private static let plain = ["Content-Type: text/plain", "", "Hello Kofi, how are you?"]

    static let escapes: [(String, [String])] = [
        ("another alternative", multipart("alternative", [plain, html("<p>We take usage rights.")])),
        ("a second text", multipart("mixed", [plain, ["", "We take usage rights."]])),
        ("a file of HTML", multipart("mixed", [plain, ["Content-Disposition: attachment"] + html("usage rights")])),
        (
            "text as a file",
            multipart("mixed", [plain, ["Content-Type: text/csv; name=a.csv", "", "usage rights,yes"]])
        ),
        (
            "a message inside",
            multipart("mixed", [plain, ["Content-Type: message/rfc822", "", "Subject: x", "", "usage rights"]])
        ),
        (
            "the subject of a message inside",
            multipart("mixed", [plain, ["Content-Type: message/rfc822", "", "Subject: usage rights", "", "x"]])
        ),
        (
            "a calendar",
            multipart("mixed", [plain, ["Content-Type: text/calendar", "", "DESCRIPTION:all usa", " ge rights"]])
        ),
        ("base64", ["Content-Transfer-Encoding: base64", "", "V2UgdGFrZSB1c2FnZSByaWdodHMu"]),
        ("a charset", ["Content-Type: text/plain; charset=utf-7", "", "u+AHMAYQBn-e rights"]),
        ("tags within a word", html("We take u<b></b>sa<i>ge</i> ri<!-- x -->ghts.")),
        ("hidden letters within a word", html("We take us<span style=\"display:none\">xx</span>age rights.")),
        ("entities", html("We take &#117;sage&nbsp;&#x72;ights.")),
        ("a picture's text", html("<img alt=\"We take usage rights\" src=x>")),
        ("a tool tip", html("<p title=\"We take usage rights\">Hello")),
        ("a conditional comment", html("<!--[if mso]><p>We take usage rights<![endif]-->Hello")),
        ("a comment that browsers end at once", html("<!-->We take usage rights<!-- -->Hello")),
        ("hidden text", html("Hello<p style=\"display:none\">We take usage rights")),
        ("zero width", ["", "We take us\u{200B}age ri\u{AD}ghts."]),
        ("look-alikes", ["", "We take uѕаge rights."]),
        ("far apart", ["", "We take usage                    rights."]),
        ("line ends", ["", "We take usage", "", "", "", "", "", "", "rights."]),
        ("the signature", ["", "Hello", "-- ", "We take usage rights."]),
        ("the subject", ["Subject: Re: usage rights", "", "Hello"]),
        ("a second subject", ["Subject: x", "Subject: usage rights", "", "Hello"]),
        (
            "a file's name",
            multipart("mixed", [plain, ["Content-Type: image/png; name=\"usage rights.png\"", "", "x"]])
        ),
        (
            "a line that announces a quotation",
            multipart(
                "mixed",
                [
                    ["", "On Mon, 2 Nov 2026 at 10:00, Kofi <kofi@kofimakes.example> wrote:", ""],
                    ["", "We take usage rights."],
                ]
            )
        ),
        ("mass mail", ["List-Unsubscribe: <mailto:x@glow.example>", "Precedence: bulk", "", "usage rights"]),
    ]

    @Test("A word that needs legal is found wherever it stands", arguments: escapes)
    func found(_ place: String, _ lines: [String]) throws {
        let verdict = try Self.judge(lines)
        #expect(verdict.reasons.contains { $0.rule == "usage rights" }, "\(place)")
        #expect(verdict.approvals["legal"] == 1)
    }

    @Test("Amounts, terms and questions are read of every text as well")
    func readings() throws {
        let text = "We pay 9000 EUR for whitelisting. Could you send your email address?"
        for lines in [
            Self.multipart("alternative", [Self.plain, Self.html("<p>\(text)")]),
            Self.multipart("mixed", [Self.plain, ["Content-Type: message/rfc822", "", "", text]]),
            ["List-Id: <x>", "Precedence: bulk", "", text],
        ] {
            let rules = try Self.judge(lines).reasons.map(\.rule)
            for rule in ["rate above the ceiling", "terms that are not approved", "asks for what is on file"] {
                #expect(rules.contains(rule))
            }
        }
        let place = try Self.judge(
            Self.multipart("mixed", [Self.plain, ["Content-Type: text/csv; name=a.csv", "", text]])
        )
        #expect(place.reasons.contains { $0.text.hasSuffix("9000 EUR is above the ceiling of spring, in \"a.csv\"") })
    }

    @Test("D17: text that cannot be read is held for those whom the words would concern, and says so")
    func unread() throws {
        let verdict = try Self.judge(["Content-Type: application/pkcs7-mime; smime-type=enveloped-data", "", "x"])
        #expect(verdict.approvals["legal"] == 1)
        let reason = try #require(verdict.reasons.first { $0.rule == "usage rights" })
        #expect(reason.text == "may apply, for not all could be read: a part is encrypted or sealed")
    }

    private static let labelled = RuleSet(
        permits: [Permit(name: "all", condition: .always)],
        restrictions: [
            Restriction(
                name: "unlabelled",
                condition: .not(.wording([.disclosure])),
                effect: .hold(approvals: ["legal": 1])
            )
        ],
        defaultApprovals: ["managers": 1],
        clauses: [Clause(id: "ad", kind: .disclosure, version: "1", text: "Please mark the post as advertising.")]
    )

    private static let clause = "Please mark the post as advertising."

    static let labelledMails: [(Bool, [String])] = [
        (true, ["", clause]),
        (true, html("<p>Please <b>mark</b> the post as&nbsp;advertising.")),
        (true, multipart("alternative", [["", clause], html("<p>\(clause)")])),
        (true, multipart("mixed", [["", clause], ["Content-Type: image/png; name=a.png", "", "x"], ["", ""]])),
        (false, multipart("alternative", [["", clause], html("<p>Hello")])),
        (false, multipart("alternative", [["", "Hello"], html("<p>\(clause)")])),
        (false, multipart("alternative", [["", clause], ["Content-Type: image/png", "", "x"]])),
        (false, html("<p style=\"display:none\">\(clause)")),
        (false, html("<font color=white>\(clause)")),
        (false, html("<p>Please mark <span style=\"font-size:0\">never</span> the <s>post</s> as advertising.")),
        (false, html("<style>p{display:none}</style><p>\(clause)")),
        (false, html("<!-- \(clause) -->Hello")),
        (false, html("<img alt=\"\(clause)\">Hello")),
        (false, ["", "Hello", "-- ", clause]),
        (false, ["", "Hello", "", "> \(clause)"]),
        (false, multipart("mixed", [["", "Hello"], ["Content-Disposition: attachment", "", clause]])),
    ]

    @Test("D14: approved wording counts only where every reader sees it", arguments: labelledMails)
    func wording(_ counts: Bool, _ lines: [String]) throws {
        let verdict = try Self.judge(lines, Self.labelled)
        #expect((verdict.outcome == .release) == counts)
        #expect(verdict.grounds.contains { $0.rule == "Approved wording" } == counts)
    }

    @Test("A calendar answer or receipt is one only with nothing else beside it")
    func forms() throws {
        let rules = RuleSet(
            permits: [
                Permit(name: "answers", condition: .form(.calendarAnswer)),
                Permit(name: "receipts", condition: .form(.receipt)),
            ],
            defaultApprovals: ["managers": 1]
        )
        let answer = ["Content-Type: text/calendar; method=REPLY", "", "METHOD:REPLY"]
        let receipt = ["Content-Type: message/disposition-notification", "", "Disposition: manual-action; displayed"]
        let file = ["Content-Type: application/pdf; name=offer.pdf", "", "x"]
        let alternative = Self.multipart("alternative", [["", "Kofi accepted."], answer])
        #expect(try Self.judge(alternative, rules).permits == ["answers"])
        #expect(
            try Self.judge(Self.multipart("report", [["", "It was read."], receipt]), rules).permits == ["receipts"]
        )
        #expect(try Self.judge(Self.multipart("mixed", [answer, file]), rules).outcome == .hold)
        #expect(try Self.judge(Self.multipart("report", [["", "Read."], receipt, file]), rules).outcome == .hold)
        #expect(try Self.judge(Self.multipart("report", [["", "We pay 5000 EUR."]]), rules).outcome == .hold)
    }

    // MARK: Adding parts

    private static let base: [[String]] = [
        plain,
        html("<p>Hello Kofi, we need your shipping address."),
        ["Content-Type: text/plain", "", clause],
        ["Content-Type: text/plain", "", "We pay 1200 EUR and take usage rights for 3 months."],
        ["Content-Type: text/plain", "", "Hello", "", "-- ", "Mia"],
    ]

    private static let added: [[String]] = [
        ["Content-Type: text/plain", "", clause],
        [
            "Content-Type: text/plain", "", "On Mon, 2 Nov 2026 at 10:00, Kofi <kofi@kofimakes.example> wrote:", "",
            "> x",
        ],
        ["Content-Type: text/plain", "", "-- ", "Mia"],
        ["Content-Type: text/plain", "", ""],
        html("<p style=\"display:none\">\(clause)</p> 1200 EUR"),
        html("<style>p{display:none}</style><p>usage rights"),
        ["Content-Type: text/calendar; method=REPLY", "", "METHOD:REPLY"],
        ["Content-Type: message/rfc822", "", "Subject: Re: x", "Precedence: bulk", "", "9000 EUR"],
        ["Content-Type: message/disposition-notification", "", "Disposition: displayed"],
        ["Content-Type: text/plain; charset=x-own", "", "\u{E9}\u{E8}"],
        ["Content-Type: application/pkcs7-mime", "", "x"],
        ["Content-Type: image/png; name=a.png", "", "x"],
        ["Content-Disposition: attachment; filename=\"invoice.html\"", "Content-Type: text/html", "", "<p>\(clause)"],
    ]

    private static let rules = RuleSet(
        permits: [
            Permit(name: "invoices", condition: .words(["invoice"])),
            Permit(name: "labelled", condition: .wording([.disclosure])),
            Permit(name: "no money", condition: .all([.not(.namesAmount), .not(.words(["usage rights"]))])),
            Permit(name: "answers", condition: .any([.form(.calendarAnswer), .form(.receipt)])),
        ],
        restrictions: [
            Restriction(name: "rights", condition: .words(["usage rights"]), effect: .hold(approvals: ["legal": 1])),
            Restriction(name: "unlabelled", condition: .not(.wording([.disclosure])), effect: .delay(.seconds(60))),
            Restriction(
                name: "no money named",
                condition: .not(.namesAmount),
                effect: .hold(approvals: ["managers": 2])
            ),
            Restriction(name: "too much", condition: .amountAboveCeiling, effect: .reject(text: "no")),
            Restriction(name: "terms", condition: .termsNotApproved, effect: .cancel),
        ],
        defaultApprovals: ["managers": 1],
        clauses: labelled.clauses
    )

    @Test("INV-7: adding any part to a mail never loosens", arguments: base)
    func adding(_ base: [String]) throws {
        for rules in [Self.rules, try FlowHouse.sample().rules] {
            let before = try Self.judge(base, rules)
            for part in Self.added {
                for kind in ["mixed", "alternative", "related", "report", "signed", "digest"] {
                    for parts in [[base, part], [part, base]] {
                        let mail = Self.multipart(kind, parts)
                        // What is by then an answer or a receipt, and nothing else, is another kind of mail.
                        let bytes = Array(mail.joined(separator: "\r\n").utf8)
                        guard OutboundForm.forms(of: ParsedMessage(bytes)).contains(.ordinary) else { continue }
                        let after = try Self.judge(mail, rules)
                        #expect(after.isAtLeastAsStrict(as: before), "\(kind): \(parts)")
                    }
                }
            }
        }
    }
}

extension Verdict {
    /// Whether nothing of another verdict is lost in this one.
    fileprivate func isAtLeastAsStrict(as other: Self) -> Bool {
        outcome >= other.outcome
            && other.approvals.allSatisfy { group, count in (approvals[group] ?? 0) >= count }
            && (other.notBefore.map { before in notBefore.map { $0 >= before } ?? false } ?? true)
    }
}
