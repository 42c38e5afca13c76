import Base
import Campaigns
import Config
import Ledger
import Outbound
import Policy
import SMTPWire
import Store
import TestSupport
import Testing

@testable import Flow

/// Corrected versions: whose mail it stays, what is judged again, who has approved what (D1, D3).
@Suite("Corrected versions")
struct CorrectionTests {
    private static let id = OutboundID(rawValue: 1)
    private static let kofi = "kofi@kofimakes.example"

    /// A mail of Mia's to Kofi that answers him, held for a manager.
    private static func hold(_ flow: FlowHouse, text: String = "Shall we talk?") async throws {
        let outcome = try await flow.hand(
            in: [
                "From: Mia Berg <hello@glow.example>", "Reply-To: mia@glow.example", "To: \(kofi)",
                "Subject: Re: Serum", "Message-ID: <offer@glow.example>", "In-Reply-To: <serum-1@kofimakes.example>",
                "References: <serum-0@kofimakes.example> <serum-1@kofimakes.example>", "", text, "",
            ],
            as: "mia",
            to: [kofi]
        )
        guard case .held(token: "A-1.1", _) = outcome else { throw TestFailure("\(outcome)") }
    }

    private static func correction(_ subject: String, _ text: String, id: String = "new", more: [String] = [])
        -> [String]
    {
        [
            "From: Ben Okafor <hello@glow.example>", "To: \(kofi)", "Subject: \(subject)",
            "Message-ID: <\(id)@glow.example>",
        ] + more + ["", text, ""]
    }

    private static func said(_ outcome: SubmissionOutcome) throws -> String {
        guard case .commanded(let text) = outcome else { throw TestFailure("\(outcome)") }
        return text
    }

    @Test("An approver's mail with the token replaces the text, keeps author and thread, and is their approval (D3)")
    func byMail() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let mail = Self.correction(
            "Re: [A-1.1] Held: Re: Serum",
            "Shall we talk on Monday?",
            more: [
                "In-Reply-To: <ask.x@greenroom.invalid>", "Reply-To: ben@glow.example", "Thread-Topic: [A-1.1] Held",
            ]
        )
        let text = try Self.said(try await flow.hand(in: mail, as: "ben", to: [Self.kofi]))
        #expect(text.hasPrefix("A-1.2 replaces A-1.1. A-1.2 is approved and leaves at "), "\(text)")
        let record = try #require(try flow.record(Self.id))
        #expect(record.state == .approved && record.revision == 2 && record.author == "mia" && record.editor == "ben")
        #expect(record.decisions.map(\.member) == ["ben"] && record.subject == "Re: Serum")
        let sent = try flow.bytes(Self.id, revision: 2).transmit
        for field in [
            "From: Mia Berg <hello@glow.example>\r\n", "Reply-To: mia@glow.example\r\n", "Subject: Re: Serum\r\n",
            "In-Reply-To: <serum-1@kofimakes.example>\r\n", "Message-ID: <new@glow.example>\r\n",
            "References: <serum-0@kofimakes.example> <serum-1@kofimakes.example>\r\n",
            "\r\n\r\nShall we talk on Monday?\r\n",
        ] {
            #expect(sent.contains(field), "\(field) in \(sent)")
        }
        for trace in ["greenroom.invalid", "ben@glow.example", "Ben Okafor", "A-1.1", "Thread-Topic"] {
            #expect(!sent.contains(trace), "\(trace) in \(sent)")
        }
        #expect(try flow.bytes(Self.id, revision: 1).submitted.contains("Shall we talk?"))
        flow.clock.advance(by: .seconds(31))
        try await flow.house.settleDue()
        #expect(try flow.due().map(\.revision) == [2])
    }

    @Test("The ledger holds what was submitted, what was changed and by whom, and what left (D3)")
    func ledger() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        _ = try await flow.hand(in: Self.correction("[A-1.1] Serum", "New."), as: "ben", to: [Self.kofi])
        let events = try flow.events()
        let submitted = try #require(events.first { $0.kind == .submitted })
        let corrected = try #require(events.first { $0.kind == .corrected })
        #expect(submitted.actor == .member("mia", device: "Laptop"))
        #expect(corrected.actor == .member("ben", device: "Laptop"))
        for field in [OutboundFold.Field.submitted, OutboundFold.Field.transmit, OutboundFold.Field.releaseHash] {
            #expect(corrected.fields[field]?.isEmpty == false && corrected.fields[field] != submitted.fields[field])
        }
        var folded: OutboundRecord?
        for event in events where event.subject == .outbound(Self.id) { folded = OutboundFold.apply(event, to: folded) }
        #expect(try flow.record(Self.id) == folded)
    }

    @Test("A correction is judged again: what it now says asks for more, and one approval is not enough")
    func judgedAgain() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let mail = Self.correction("[A-1.1] Serum", "Here are the usage rights.")
        let text = try Self.said(try await flow.hand(in: mail, as: "ben", to: [Self.kofi]))
        #expect(text.contains("your approval counts; still missing: 1 of legal"), "\(text)")
        #expect(try flow.record(Self.id)?.state == .held)
        #expect(try flow.notice(Self.id, of: "lea")?.revision == 2)
        #expect(try flow.places(Self.id, of: "ben") == ["approvals/approve"])
        let lea = flow.acting("lea")
        _ = try flow.decide { try $0.approve(Self.id, revision: 2, by: lea) }
        #expect(try flow.record(Self.id)?.state == .approved)
    }

    @Test("Earlier approvals lapse with the text that they were of; recipients added after approval too")
    func approvalsLapse() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow, text: "With usage rights.")
        let (ben, lea) = (flow.acting("ben"), flow.acting("lea"))
        _ = try flow.decide { try $0.approve(Self.id, revision: 1, by: lea) }
        _ = try flow.decide { try $0.approve(Self.id, revision: 1, by: ben) }
        #expect(try flow.record(Self.id)?.state == .approved)
        let mail = Self.correction("[A-1.1] Serum", "With usage rights.")
        _ = try await flow.hand(in: mail, as: "mia", to: [Self.kofi, "stranger@elsewhere.example"])
        let record = try #require(try flow.record(Self.id))
        #expect(record.state == .held && record.decisions.isEmpty && record.revision == 2)
        #expect(record.recipients == [Self.kofi, "stranger@elsewhere.example"])
        flow.clock.advance(by: .seconds(60))
        try await flow.house.settleDue()
        #expect(try flow.due().isEmpty)
    }

    @Test("A reply replace: puts another text in, keeps subject, recipients and attachments")
    func byReply() async throws {
        let flow = try FlowHouse()
        _ = try await flow.hand(
            in: [
                "From: Mia Berg <hello@glow.example>", "To: \(Self.kofi)", "Subject: Brief",
                "Message-ID: <brief@glow.example>", "MIME-Version: 1.0",
                "Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/plain", "", "Old words.",
                "--b", "Content-Type: application/pdf; name=brief.pdf",
                "Content-Disposition: attachment; filename=brief.pdf",
                "Content-Transfer-Encoding: base64", "", "SGVsbG8=", "--b--", "",
            ],
            as: "mia",
            to: [Self.kofi]
        )
        let notice = try #require(try flow.notice(Self.id, of: "ben"))
        let text = try await flow.answer(notice, "Replace:\n\nGrüße, Kofi.\n\nTwo lines.\n\n> old", as: "ben")
        #expect(text.contains("A-1.2 replaces A-1.1. A-1.2 is approved"), "\(text)")
        let record = try #require(try flow.record(Self.id))
        #expect(record.recipients == [Self.kofi] && record.messageID == "brief@glow.example")
        let sent = try flow.bytes(Self.id, revision: 2).transmit
        #expect(sent.contains("Gr=C3=BC=C3=9Fe, Kofi.\r\n\r\nTwo lines.\r\n"), "\(sent)")
        #expect(
            sent.contains("filename=brief.pdf") && sent.contains("\r\n\r\nSGVsbG8=\r\n")
                && sent.contains("Subject: Brief")
        )
        #expect(
            !sent.contains("Old words") && sent.components(of: "Date: ") == 1
                && sent.components(of: "MIME-Version") == 1
        )
    }

    @Test("Without a text below, replace: changes nothing and says so")
    func emptyReply() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let notice = try #require(try flow.notice(Self.id, of: "ben"))
        #expect(try await flow.answer(notice, "replace:\n\n> text", as: "ben").contains("no text below"))
        #expect(try flow.record(Self.id)?.revision == 1)
    }

    @Test("Sent to the command address alone it goes to whom the version before went")
    func toCommandAddress() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let mail = [
            "From: Ben <hello@glow.example>", "To: approvals@greenroom.invalid", "Subject: [A-1.1] Serum, again",
            "Message-ID: <c@glow.example>", "", "Hello Kofi.", "",
        ]
        let outcome = try await flow.hand(in: mail, as: "ben", to: ["approvals@greenroom.invalid"])
        #expect(try Self.said(outcome).contains("A-1.2 replaces A-1.1"))
        #expect(try flow.record(Self.id)?.recipients == [Self.kofi])
        let sent = try flow.bytes(Self.id, revision: 2).transmit
        #expect(
            sent.contains("To: \(Self.kofi)\r\n") && sent.contains("Subject: Serum, again") && !sent.contains("invalid")
        )
    }

    @Test(
        "What looks like an answer to a notice but names none is no text for a creator",
        arguments: ["Re: [A-1.1] Held: Re: Serum", "AW: [A-1.1] Held: Re: Serum", "[A-1.1] Re: Serum"]
    )
    func answerWithoutParent(_ subject: String) async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let text = subject.hasPrefix("[") ? "approve" : "I think we should wait."
        await #expect(throws: HouseError.self) {
            try await flow.answer(nil, text, as: "ben", subject: subject)
        }
        let record = try #require(try flow.record(Self.id))
        #expect(record.state == .held && record.revision == 1)
    }

    @Test("The author corrects too, and has approved nothing by it")
    func byAuthor() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let text = try Self.said(
            try await flow.hand(in: Self.correction("[A-1.1] Serum", "Better."), as: "mia", to: [Self.kofi])
        )
        #expect(text.contains("It waits and needs 1 of managers"), "\(text)")
        let record = try #require(try flow.record(Self.id))
        #expect(record.state == .held && record.decisions.isEmpty && record.editor == "mia")
        #expect(try flow.notice(Self.id, of: "ben")?.revision == 2)
    }

    @Test("Policy can say that an editor's version is not their approval")
    func editorsDoNotApprove() async throws {
        let flow = try FlowHouse { configuration in
            let rules = configuration.rules
            configuration.rules = RuleSet(
                permits: rules.permits,
                restrictions: rules.restrictions,
                defaultApprovals: rules.defaultApprovals,
                ownMail: OwnMail(editorsApprove: false)
            )
        }
        try await Self.hold(flow)
        _ = try await flow.hand(in: Self.correction("[A-1.1] Serum", "Better."), as: "ben", to: [Self.kofi])
        #expect(try flow.record(Self.id)?.state == .held)
        #expect(try flow.record(Self.id)?.decisions.isEmpty == true)
        let ben = flow.acting("ben")
        _ = try flow.decide { try $0.approve(Self.id, revision: 2, by: ben) }
        #expect(try flow.record(Self.id)?.state == .approved)
    }

    @Test("A token of somebody else's message: removed, and the mail is held as a new one")
    func foreignToken() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        // Lea is not asked about A-1; to a colleague a mail would go straight out.
        for (author, subject) in [("lea", "[A-1.1] Lunch"), ("ben", "[A-77.1] Lunch")] {
            let mail = [
                "From: x <hello@glow.example>", "To: mia@glow.example", "Subject: \(subject)",
                "Message-ID: <\(author)@glow.example>", "", "Lunch?", "",
            ]
            let outcome = try await flow.hand(in: mail, as: author, to: ["mia@glow.example"])
            guard case .held(let token, let why) = outcome else { throw TestFailure("\(outcome)") }
            #expect(token != "A-1.2" && why.contains("named A-"), "\(why)")
        }
        #expect(try flow.record(Self.id)?.revision == 1)
        let sent = try flow.bytes(OutboundID(rawValue: 2), revision: 1).transmit
        #expect(sent.contains("Subject: Lunch\r\n") && !sent.contains("A-1.1"))
    }

    @Test("A device that may not decide corrects nothing but its owner's mail")
    func deviceWithoutScope() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let mail = Self.correction("[A-1.1] Serum", "Better.")
        let outcome = try await flow.hand(in: mail, as: "ben", to: [Self.kofi], device: "Unknown")
        guard case .held("A-2.1", _) = outcome else { throw TestFailure("\(outcome)") }
        #expect(try flow.record(Self.id)?.revision == 1)
    }

    @Test("A correction of yesterday's version, or of what was decided, does nothing but say so")
    func stale() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        _ = try await flow.hand(in: Self.correction("[A-1.1] Serum", "Two."), as: "mia", to: [Self.kofi])
        for (subject, part) in [("[A-1.1] Serum", "was replaced by A-1.2"), ("[A-1.3] Serum", "was replaced by A-1.2")]
        {
            do {
                _ = try await flow.hand(in: Self.correction(subject, "Three."), as: "ben", to: [Self.kofi])
                Issue.record("it was taken")
            } catch {
                #expect("\(error)".contains(part), "\(error)")
            }
        }
        let ben = flow.acting("ben")
        _ = try flow.decide { try $0.reject(Self.id, revision: 2, by: ben, why: "no") }
        await #expect(throws: HouseError.self) {
            try await flow.hand(in: Self.correction("[A-1.2] Serum", "Four."), as: "ben", to: [Self.kofi])
        }
        let record = try #require(try flow.record(Self.id))
        #expect(record.revision == 2 && record.state == .rejected)
        #expect(try flow.events().filter { $0.kind == .refused }.count == 3)
    }

    @Test("A verb on an old version does nothing but say so: approval, rejection, withdrawal, by notice and by place")
    func oldVersion() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let old = try #require(try flow.notice(Self.id, of: "ben"))
        let shown = try #require(try flow.house.store.readNow { try $0.outbound(Self.id)?.message })
        _ = try await flow.hand(in: Self.correction("[A-1.1] Serum", "Two."), as: "mia", to: [Self.kofi])
        #expect(try flow.places(old).isEmpty)
        for (verb, author) in [("approve", "ben"), ("reject no", "ben"), ("replace: x", "ben"), ("withdraw", "mia")] {
            let answer = try await flow.answer(old, verb, as: author)
            #expect(answer.contains("A-1.1 was replaced by A-1.2"), "\(answer)")
        }
        #expect(try flow.record(Self.id)?.state == .held)
        #expect(try flow.house.store.readNow { try $0.placements(of: shown) }.isEmpty)
        #expect(try flow.house.store.readNow { try $0.revision(shownAs: shown)?.revision } == 1)
    }

    @Test("An answer or a forward to others only carries the token along; it changes no version")
    func carriedAlong() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        for prefix in ["Re:", "Fwd:", "WG:"] {
            let mail = [
                "From: Ben <hello@glow.example>", "To: mia@glow.example", "Subject: \(prefix) [A-1.1] Held: Re: Serum",
                "Message-ID: <\(prefix.dropLast())@glow.example>", "", "Are you sure?", "",
            ]
            let outcome = try await flow.hand(in: mail, as: "ben", to: ["mia@glow.example"])
            guard case .released = outcome else { throw TestFailure("\(outcome)") }
        }
        #expect(try flow.record(Self.id)?.revision == 1)
    }

    @Test("Two tokens in one subject are refused: nobody knows which is meant")
    func twoTokens() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        await #expect(throws: HouseError.self) {
            try await flow.hand(in: Self.correction("[A-1.1] [A-2.1] x", "y"), as: "ben", to: [Self.kofi])
        }
        #expect(try flow.record(OutboundID(rawValue: 2)) == nil)
    }

    @Test("A corrected version that quotes the notice, or carries a forward's header, is nobody's approval (INV-4)")
    func quotesTheNotice() async throws {
        let notice = "> This is between you and approvals@greenroom.invalid: do not pass it on."
        let forward =
            "---------- Forwarded message ---------\r\nFrom: Mia <mia@glow.example>\r\nDate: Sun, Nov 22\r\nSubject: Serum\r\nTo: Kofi\r\n\r\nHi."
        for text in ["Better.\r\n\r\nOn Sun, 22 Nov 2026 10:15 Greenroom wrote:\r\n\(notice)", forward] {
            let flow = try FlowHouse()
            try await Self.hold(flow)
            let mail = Self.correction("Re: [A-1.1] Held: Re: Serum", text)
            let said = try Self.said(try await flow.hand(in: mail, as: "ben", to: [Self.kofi]))
            #expect(said.contains("not taken as your approval"), "\(said)")
            #expect(try flow.record(Self.id)?.state == .held)
            #expect(try flow.record(Self.id)?.decisions.isEmpty == true)
            #expect(try flow.notice(Self.id, of: "ben")?.revision == 2)
        }
    }

    @Test("A version that policy refuses leaves the one before waiting")
    func refusedVersion() async throws {
        let flow = try FlowHouse { configuration in
            let rules = configuration.rules
            let never = Restriction(
                name: "never",
                condition: .words(["forbidden"]),
                effect: .reject(text: "never say that")
            )
            configuration.rules = RuleSet(
                permits: rules.permits,
                restrictions: rules.restrictions + [never],
                defaultApprovals: rules.defaultApprovals
            )
        }
        try await Self.hold(flow)
        do {
            _ = try await flow.hand(
                in: Self.correction("[A-1.1] Serum", "A forbidden word."),
                as: "ben",
                to: [Self.kofi]
            )
            Issue.record("it was taken")
        } catch {
            #expect("\(error)".contains("never say that") && "\(error)".contains("A-1.1 waits"), "\(error)")
        }
        #expect(try flow.record(Self.id)?.revision == 1)
        #expect(try flow.record(Self.id)?.state == .held)
    }

    @Test("A correction made of what changed meanwhile is not filed: compare and set (DESIGN §3)")
    func race() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let correction = Correction(
            token: SubjectToken(id: Self.id, revision: 1),
            content: .text("Too late."),
            envelope: SMTPWire.Envelope(sender: nil),
            keepsRecipients: true,
            selectors: [],
            editor: flow.acting("mia"),
            received: "from test",
            messageID: nil
        )
        let rulebook = flow.house.rulebook
        let original = try await flow.house.original(of: correction, rulebook).get()
        let version = try await flow.house.version(correction, of: original, rulebook)
        let ben = flow.acting("ben")
        _ = try flow.decide { try $0.approve(Self.id, revision: 1, by: ben) }
        #expect(try flow.house.store.writeNow { try version.file(in: $0) } == nil)
        #expect(try flow.record(Self.id)?.revision == 1)
        flow.clock.advance(by: .seconds(31))
        try await flow.house.settleDue()
        // Released in the meantime, it cannot be corrected any more.
        let outcome = try await flow.house.correct(correction)
        guard case .refused(let why) = outcome else { throw TestFailure("\(outcome)") }
        #expect(why.contains("A-1.1 is queued already"))
        #expect(try flow.due().map(\.revision) == [1])
    }

    @Test("Copies of every version are known, so that Sent tells nothing untrue (D11)")
    func copies() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        _ = try await flow.hand(in: Self.correction("[A-1.1] Serum", "Two.", id: "bens"), as: "ben", to: [Self.kofi])
        for messageID in ["offer@glow.example", "bens@glow.example"] {
            let known = try flow.house.store.readNow { transaction in
                try transaction.outbound(withMessageID: messageID).map(\.id)
            }
            #expect(known == [Self.id])
        }
    }

    @Test("The campaign that its author names: judged for it again, and only for one that fits")
    func campaign() async throws {
        let flow = try FlowHouse()
        try await Self.hold(flow)
        let notice = try #require(try flow.notice(Self.id, of: "ben"))
        #expect(try await flow.answer(notice, "campaign: spring", as: "ben").contains("only its author"))
        #expect(try await flow.answer(notice, "campaign: autumn", as: "mia").contains("is no campaign of A-1.1"))
        let text = try await flow.answer(notice, "campaign: spring", as: "mia")
        #expect(text.contains("A-1.2 replaces A-1.1"), "\(text)")
        let record = try #require(try flow.record(Self.id))
        #expect(record.campaign == "spring" && record.revision == 2 && record.decisions.isEmpty)
        let (first, second) = (try flow.bytes(Self.id, revision: 1), try flow.bytes(Self.id, revision: 2))
        #expect(first.submitted == second.submitted)
    }
}

extension String {
    /// How often a text stands in it.
    fileprivate func components(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let found = rest.firstRange(of: text) {
            count += 1
            rest = rest[found.upperBound...]
        }
        return count
    }
}
