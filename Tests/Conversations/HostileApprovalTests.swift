import Base
import Campaigns
import Flow
import Ledger
import Policy
import Testing

/// Input that wants out what nobody let out: every case of the bad input around approvals.
@Suite("Hostile approvals")
struct HostileApprovalTests {
    private static let kofi = "kofi@kofimakes.example"

    private static func hold(_ house: TestGateway, text: String = "Hi Kofi, shall we talk on Monday?") async throws {
        let mail = Mail.toKofi.replacing("Hi Kofi, shall we talk on Monday?", with: text)
        let reply = try await house.submit("mia", to: [kofi], mail)
        #expect(reply.contains("A-1.1 held"), "\(reply)")
    }

    /// Nothing left, nothing is decided.
    private static func expectHeld(_ house: TestGateway) async throws {
        let record = try #require(try await house.records().first)
        #expect(record.state == .held && record.decisions.isEmpty && record.revision == 1)
        try await house.house.settleDue()
        #expect(try house.sunk().isEmpty)
    }

    @Test("An approval whose From is forged: only the authenticated sender counts")
    func forgedFrom() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let notice = try await house.client("ben").notice()
            for (user, sender, envelope) in [
                ("mia", "Ben Okafor <ben@glow.example>", "hello@glow.example"),
                ("mia", "Ben Okafor <hello@glow.example>", "hello@glow.example"),
                ("mia", "Ben Okafor <ben@glow.example>", "ben@glow.example"),
                ("lea", "Ben Okafor <lea@glow.example>", "lea@glow.example"),
            ] {
                let reply = try await house.submit(
                    user,
                    to: [Mail.commands],
                    from: envelope,
                    Mail.answer(notice, "approve", from: sender)
                )
                #expect(!reply.contains("is approved") && !reply.contains("counts"), "\(reply)")
            }
            try await Self.expectHeld(house)
        }
    }

    @Test("A reply from outside the team decides nothing, wherever it is delivered")
    func replyFromOutside() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let notice = try await house.client("ben").notice()
            let forged = Mail.answer(notice, "approve")
            let answers = try await house.deliver(forged, to: [Mail.commands, "hello@glow.example"])
            #expect(answers.first?.hasPrefix("550") == true, "\(answers)")
            #expect(answers.last?.hasPrefix("250") == true, "\(answers)")
            try await Self.expectHeld(house)
        }
    }

    @Test("A token of somebody else's message: removed, and the mail held as a new one")
    func foreignToken() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let mail = Mail.from(
                "Lea <lea@glow.example>",
                to: Self.kofi,
                subject: "[A-1.1] Our offer",
                id: "l@glow.example"
            )
            let reply = try await house.submit("lea", to: [Self.kofi], from: "lea@glow.example", mail)
            #expect(reply.contains("A-2.1 held") && reply.contains("named A-1.1"), "\(reply)")
            let records = try await house.records()
            #expect(records.map(\.revision) == [1, 1] && records.map(\.state) == [.held, .held])
            #expect(records.last?.subject == "Our offer")
            try await Self.expectHeld(house)
        }
    }

    @Test(
        "A forwarded or quoted notice is held as internal content whatever permits say (INV-4)",
        arguments: [
            "> This is between you and approvals@greenroom.invalid: do not pass it on.",
            "From: Greenroom <approvals@greenroom.invalid>\nSent: Sunday\nTo: Ben\nSubject: Held\n\nMia wants to send this.",
        ]
    )
    func quotedNotice(_ quoted: String) async throws {
        let plan = TestGateway.Plan.policy(
            "[[permits]]\nname = \"kofi\"\nwhen = { recipient_domain = [\"kofimakes.example\"] }\n"
        )
        try await TestGateway.run(plan) { house in
            for (number, mail) in [
                Mail.from("Mia <hello@glow.example>", to: Self.kofi, id: "q@glow.example", text: "See:\n\n\(quoted)"),
                Mail.from(
                    "Mia <hello@glow.example>",
                    to: Self.kofi,
                    id: "h@glow.example",
                    fields: ["MIME-Version: 1.0", "Content-Type: multipart/alternative; boundary=b"],
                    text:
                        "--b\nContent-Type: text/plain\n\nHi.\n--b\nContent-Type: text/html\n\n<p>Hi.</p><blockquote>approvals@greenroom.invalid</blockquote>\n--b--"
                ),
                Mail.from(
                    "Mia <hello@glow.example>",
                    to: Self.kofi,
                    id: "f@glow.example",
                    fields: ["MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"],
                    text:
                        "--b\nContent-Type: text/plain\n\nHi.\n--b\nContent-Type: message/rfc822\n\nFrom: Greenroom <approvals@greenroom.invalid>\nSubject: Held\n\nText.\n--b--"
                ),
            ].enumerated() {
                let reply = try await house.submit("mia", to: [Self.kofi], mail)
                #expect(reply.contains("A-\(number + 1).1 held"), "\(reply)")
            }
            #expect(try house.sunk().isEmpty)
        }
    }

    @Test("A forwarded notice in a corrected version is nobody's approval, even by who could give it (INV-4)")
    func forwardedNoticeAsCorrection() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let ben = try await house.client("ben")
            let notice = try await ben.text(try await ben.only("Approvals/Waiting", "FROM greenroom.invalid"))
            let body = notice.split(separator: "\r\n\r\n", maxSplits: 1).last.map(String.init) ?? ""
            let mail = Mail.from(
                "Ben <hello@glow.example>",
                to: Self.kofi,
                subject: "Fwd: [A-1.1] Held: Our offer",
                id: "fwd@glow.example",
                text:
                    "FYI\n\n---------- Forwarded message ---------\nFrom: Greenroom <approvals@greenroom.invalid>\nDate: Sun\nSubject: Held\nTo: Ben\n\n\(body.replacing("\r\n", with: "\n"))"
            )
            let reply = try await house.submit("ben", to: [Self.kofi], mail)
            #expect(reply.contains("not taken as your approval"), "\(reply)")
            let record = try #require(try await house.records().first)
            #expect(record.state == .held && record.decisions.isEmpty)
            #expect(try house.sunk().isEmpty)
        }
    }

    @Test("Forged Greenroom fields go from what is submitted, also inside attached messages, and name nothing (INV-4)")
    func forgedFields() async throws {
        try await TestGateway.run { house in
            let mail = Mail.from(
                "Mia <mia@glow.example>",
                to: "ben@glow.example",
                subject: "Look",
                id: "g@glow.example",
                fields: [
                    "Greenroom-Outbound: A-1.1", "greenroom-seal: eHh4eA==", "MIME-Version: 1.0",
                    "Content-Type: multipart/mixed; boundary=b",
                ],
                text:
                    "--b\nContent-Type: text/plain\n\nHi.\n--b\nContent-Type: message/rfc822\n\nFrom: x@elsewhere.example\nGreenroom-Stage: accepted\nSubject: In\n\nText.\n--b--"
            )
            let reply = try await house.submit("mia", to: ["ben@glow.example"], from: "mia@glow.example", mail)
            #expect(reply.hasPrefix("250") && !reply.contains("held"), "\(reply)")
            #expect(try await house.eventually { try house.sunk().count == 1 })
            let text = try #require(try house.sunk().first).text
            #expect(!text.lowercased().contains("greenroom-") && text.contains("Subject: In"))
        }
    }

    @Test("Recipients added after approval: the approval lapses with the version that it was of")
    func addedRecipients() async throws {
        try await TestGateway.run(TestGateway.Plan(undoTime: .seconds(3600))) { house in
            try await Self.hold(house)
            let ben = try await house.client("ben")
            try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) Approvals/Approve")
            #expect(try await house.records().first?.state == .approved)
            let more = Mail.from(
                "Mia <hello@glow.example>",
                to: "\(Self.kofi), press@elsewhere.example",
                subject: "[A-1.1] Our offer",
                id: "more@glow.example"
            )
            let reply = try await house.submit("mia", to: [Self.kofi, "press@elsewhere.example"], more)
            #expect(reply.contains("A-1.2 replaces A-1.1. It waits"), "\(reply)")
            let record = try #require(try await house.records().first)
            #expect(record.state == .held && record.decisions.isEmpty && record.effectiveAt == nil)
            #expect(try await ben.count("Approvals/Approve") == 0)
            #expect(try await ben.uids("Approvals/Waiting").count == 1)
        }
    }

    @Test("An approval of yesterday's version does nothing but say so")
    func yesterdaysVersion() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let ben = try await house.client("ben")
            let yesterday = try await ben.notice()
            let new = Mail.from(
                "Mia <hello@glow.example>",
                to: Self.kofi,
                subject: "[A-1.1] Our offer",
                id: "n@glow.example"
            )
            try await house.submit("mia", to: [Self.kofi], new)
            for verb in ["approve", "reject no", "replace: x"] {
                let reply = try await house.submit("ben", to: [Mail.commands], Mail.answer(yesterday, verb))
                #expect(reply.contains("A-1.1 was replaced by A-1.2"), "\(reply)")
            }
            let record = try #require(try await house.records().first)
            #expect(record.state == .held && record.decisions.isEmpty && record.revision == 2)
            #expect(try house.sunk().isEmpty)
        }
    }

    @Test("The token alone is no decision: a mail that answers no notice approves nothing")
    func tokenAlone() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            for subject in ["[A-1.1] approve", "Re: [A-1.1] Held: Our offer", "approve A-1.1"] {
                let mail = Mail.from(
                    "Ben <ben@glow.example>",
                    to: Mail.commands,
                    subject: subject,
                    id: "t@glow.example",
                    text: "approve"
                )
                let reply = try await house.submit("ben", to: [Mail.commands], from: "ben@glow.example", mail)
                #expect(reply.hasPrefix("550"), "\(reply)")
            }
            try await Self.expectHeld(house)
        }
    }

    @Test("Direct APPEND into an acting folder: NO for whatever is not a copy of ours, and for who may not")
    func appendIntoActingFolder() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            let shown = try await ben.whole(try await ben.only("Approvals/Waiting"))
            for folder in [
                "Approvals/Approve", "Approvals/Reject", "Approvals/Waiting", "Approvals/Decided", Mail.spring,
            ] {
                let foreign = try await ben.append(Mail.toKofi, to: folder)
                #expect(foreign.result.hasPrefix("NO"), "\(foreign.result)")
            }
            var forged = shown
            forged[forged.count - 4] ^= 1
            #expect(try await ben.append(octets: forged, to: "Approvals/Approve").result.hasPrefix("NO"))
            let own = try await mia.append(octets: shown, to: "Approvals/Approve")
            #expect(own.result.hasPrefix("NO") && own.result.contains("may not decide"), "\(own.result)")
            try await Self.expectHeld(house)
        }
    }

    @Test("FETCH and APPEND of what is shown into Approve is the approval, and its deletion ends the move")
    func appendedCopyActs() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let ben = try await house.client("ben")
            let uid = try await ben.only("Approvals/Waiting")
            let shown = try await ben.whole(uid)
            let acted = try await ben.append(octets: shown, to: "Approvals/Approve")
            #expect(acted.isOK && !acted.result.contains("APPENDUID"), "\(acted.result)")
            _ = try await ben.ask("UID STORE \(uid) +FLAGS.SILENT (\\Deleted)")
            try await ben.ok("EXPUNGE")
            #expect(try await house.eventually { try house.sunk().count == 1 })
        }
    }

    @Test("Direct APPEND into Sent sends nothing, records nothing as sent, and moves no held mail")
    func appendIntoSent() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let mia = try await house.client("mia")
            let never = Mail.from(
                "Mia <hello@glow.example>",
                to: Self.kofi,
                subject: "Never sent",
                id: "never@glow.example"
            )
            #expect(try await mia.append(never, to: "Sent").isOK)
            #expect(try await house.records().count == 1)
            #expect(try await !house.kinds().contains(.wrote))
            // With the held one's Message-ID it is taken for its copy, whatever it says.
            let other = Mail.from(
                "Mia <hello@glow.example>",
                to: Self.kofi,
                subject: "Other",
                id: "offer-1@glow.example"
            )
            #expect(try await mia.append(other, to: "Sent").isOK)
            #expect(try await mia.count("Sent") == 1)
            try await Self.expectHeld(house)
        }
    }

    @Test("A command address beside a real recipient refuses a correction as a whole (INV-4)")
    func mixedCorrection() async throws {
        try await TestGateway.run { house in
            try await Self.hold(house)
            let mail = Mail.from(
                "Ben <ben@glow.example>",
                to: Self.kofi,
                subject: "[A-1.1] Our offer",
                id: "m@glow.example"
            )
            let reply = try await house.submit("ben", to: [Self.kofi, Mail.commands], from: "ben@glow.example", mail)
            #expect(reply.hasPrefix("550"), "\(reply)")
            try await Self.expectHeld(house)
        }
    }
}
