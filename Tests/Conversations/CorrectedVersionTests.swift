import Base
import Campaigns
import Crypto
import Ledger
import Policy
import Testing

/// Corrected versions over the wire: an ordinary mail with the token, a reply `replace:` (D1, D3, D12).
@Suite("Corrected versions, over the wire")
struct CorrectedVersionTests {
    private static let kofi = "kofi@kofimakes.example"

    private static func correction(_ subject: String, _ text: String, to recipients: String = kofi, id: String)
        -> String
    {
        Mail.from("Ben Okafor <hello@glow.example>", to: recipients, subject: subject, id: id, text: text)
    }

    @Test("Corrected by the approver: author and approver see the new version under a new UID, and Sent says nothing")
    func corrected() async throws {
        try await TestGateway.run(TestGateway.Plan(undoTime: .seconds(3600))) { house in
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            try await house.submit("mia", to: [Self.kofi], Mail.toKofi)
            let old = try await mia.only("Approvals/Waiting")
            let correction = Self.correction("[A-1.1] Our offer", "Shall we talk on Tuesday?", id: "c1@glow.example")
            let reply = try await house.submit("ben", to: [Self.kofi], correction)
            #expect(reply.hasPrefix("250") && reply.contains("A-1.2 replaces A-1.1"), "\(reply)")
            let new = try await mia.only("Approvals/Waiting")
            #expect(new > old)
            let text = try await mia.text(new)
            #expect(text.contains("Tuesday") && text.contains("Greenroom-Outbound: A-1.2"), "\(text)")
            #expect(try await ben.text(try await ben.only("Approvals/Approve")).contains("Tuesday"))
            // The clients' own copies of both versions are no Sent items (D11).
            #expect(try await mia.append(Mail.toKofi, to: "Sent").isOK)
            #expect(try await ben.append(correction, to: "Sent").isOK)
            #expect(try await mia.count("Sent") == 0)
        }
    }

    @Test("Exactly the corrected version leaves, as its author's, and stands in Sent and Decided (D3)")
    func sent() async throws {
        try await TestGateway.run { house in
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            try await house.submit("mia", to: [Self.kofi], Mail.toKofi)
            let correction = Self.correction("[A-1.1] Our offer", "Shall we talk on Tuesday?", id: "c1@glow.example")
            try await house.submit("ben", to: [Self.kofi], correction)
            #expect(try await house.eventually { try await mia.count("Sent") == 1 })
            let sunk = try #require(try house.sunk().first)
            #expect(try house.sunk().count == 1)
            #expect(sunk.text.contains("Tuesday") && sunk.text.contains("From: Mia Berg <hello@glow.example>"))
            #expect(!sunk.text.contains("A-1.1") && !sunk.text.contains("Ben") && !sunk.text.contains("Monday"))
            let corrected = try #require(try await house.events().last { $0.kind == .corrected })
            #expect(corrected.fields["transmit"] == Hexadecimal.encode(SHA256.hash(sunk.bytes)))
            #expect(try await mia.text(try await mia.only("Sent")).contains("Tuesday"))
            for client in [mia, ben] {
                let decided = try await client.text(try await client.only("Approvals/Decided"))
                #expect(decided.contains("Greenroom-Decision: approved by Ben Okafor"), "\(decided)")
            }
        }
    }

    @Test("On a phone: replace: in a reply to the notice; the other approver sees one version and one notice (D12)")
    func replaced() async throws {
        let plan = TestGateway.Plan(undoTime: .seconds(3600))
        try await TestGateway.run(plan) { house in
            try await house.submit("mia", to: [Self.kofi], Mail.toKofi.replacing("Monday", with: "usage rights"))
            let (ben, lea) = (try await house.client("ben"), try await house.client("lea"))
            let notice = try await ben.notice()
            let reply = try await house.submit(
                "ben",
                to: [Mail.commands],
                Mail.answer(
                    notice,
                    "Replace:\nHi Kofi, let us talk about usage rights.\n\nSent from my iPhone\n\n> On 22 Nov 2026, at 10:15, Greenroom wrote:\n> old"
                )
            )
            #expect(reply.contains("A-1.2 replaces A-1.1") && reply.contains("still missing: 1 of legal"), "\(reply)")
            let shown = try await lea.only("Approvals/Waiting")
            let text = try await lea.text(shown)
            #expect(text.contains("let us talk") && !text.contains("iPhone") && !text.contains("old"), "\(text)")
            let asked = try await lea.text(try await lea.only("Approvals/Waiting", "SUBJECT \"Held:\""))
            #expect(
                asked.contains("Subject: [A-1.2] Held:") && asked.contains("Ben Okafor changed this mail"),
                "\(asked)"
            )
            #expect(try await lea.flags(try await lea.only("Approvals/Waiting")).contains("$Approved-ben"))
            try await lea.ok("UID MOVE \(try await lea.only("Approvals/Waiting")) Approvals/Approve")
            #expect(try await house.records().first?.state == .approved)
        }
    }

    @Test("A message replaced between view and approval: the move of the old one approves nothing")
    func replacedBetweenViewAndApproval() async throws {
        try await TestGateway.run { house in
            try await house.submit("mia", to: [Self.kofi], Mail.toKofi)
            let ben = try await house.client("ben")
            let uid = try await ben.only("Approvals/Waiting")
            let notice = try await ben.notice()
            try await ben.ok("SELECT Approvals/Waiting")
            let other = Mail.from(
                "Mia Berg <hello@glow.example>",
                to: Self.kofi,
                subject: "[A-1.1] Our offer",
                id: "c2@glow.example",
                text: "Take all our money."
            )
            #expect(try await house.submit("mia", to: [Self.kofi], other).contains("A-1.2 replaces A-1.1"))
            // Ben's client has not looked again: it moves what it shows.
            _ = try await ben.ask("UID MOVE \(uid) Approvals/Approve")
            let late = try await house.submit("ben", to: [Mail.commands], Mail.answer(notice, "approve"))
            #expect(late.contains("A-1.1 was replaced by A-1.2"), "\(late)")
            let record = try #require(try await house.records().first)
            #expect(record.state == .held && record.decisions.isEmpty)
            #expect(try await ben.count("Approvals/Approve") == 0)
            #expect(try house.sunk().isEmpty)
        }
    }

    @Test("A campaign address in To is consumed and never transmitted (INV-4)")
    func selectorIsNotTransmitted() async throws {
        try await TestGateway.run { house in
            let mail = Mail.from(
                "Mia <hello@glow.example>",
                to: "Sara <sara@sarapaints.example>, Summer <summer@campaigns.greenroom.invalid>",
                subject: "Sun",
                id: "sun@glow.example"
            )
            let reply = try await house.submit(
                "mia",
                to: ["sara@sarapaints.example", "summer@campaigns.greenroom.invalid"],
                mail
            )
            #expect(reply.contains("held"), "\(reply)")
            let ben = try await house.client("ben")
            try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) Approvals/Approve")
            #expect(try await house.eventually { try house.sunk().count == 1 })
            let sunk = try #require(try house.sunk().first)
            #expect(!sunk.text.contains("greenroom.invalid") && !sunk.envelope.contains("greenroom.invalid"))
            #expect(sunk.text.contains("To: Sara <sara@sarapaints.example>\r\n"))
        }
    }

    @Test("Comments reach the others beside the message, one letter each, and change nothing")
    func comments() async throws {
        try await TestGateway.run { house in
            try await house.submit("mia", to: [Self.kofi], Mail.toKofi)
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            let notice = try await ben.notice()
            for text in ["Is Monday right?", "Or Tuesday?"] {
                try await house.submit("ben", to: [Mail.commands], Mail.answer(notice, text))
            }
            let letter = try await mia.only("Approvals/Waiting", "FROM greenroom.invalid")
            let text = try await mia.text(letter)
            #expect(text.contains("Is Monday right?") && text.contains("Or Tuesday?") && text.contains("Ben Okafor"))
            #expect(try await house.records().first?.state == .held)
            // Put away it stays away, until there is something new.
            try await mia.ok("UID STORE \(letter) +FLAGS.SILENT (\\Deleted)")
            try await mia.ok("EXPUNGE")
            #expect(try await mia.uids("Approvals/Waiting", "FROM greenroom.invalid").isEmpty)
            try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) \"Team/Ben Okafor\"")
            #expect(try await mia.uids("Approvals/Waiting", "FROM greenroom.invalid").isEmpty)
            #expect(try await mia.flags(try await mia.only("Approvals/Waiting")).contains("$Assigned-ben"))
            #expect(try await ben.uids("\"Team/Ben Okafor\"").count == 1)
            #expect(try await ben.uids("Approvals/Waiting").count == 1)
        }
    }

    @Test("What a crash leaves after a correction is the correction, whole (INV-2)")
    func crash() async throws {
        let plan = TestGateway.Plan(undoTime: .seconds(3600))
        try await TestGateway.run(plan) { house in
            try await house.submit("mia", to: [Self.kofi], Mail.toKofi)
            try await house.submit(
                "ben",
                to: [Self.kofi],
                Self.correction("[A-1.1] Our offer", "Tuesday then.", id: "c3@glow.example")
            )
            let before = try await house.records()
            try await house.afterCrash(plan) { again in
                #expect(try await again.records() == before)
                let ben = try await again.client("ben")
                #expect(try await ben.text(try await ben.only("Approvals/Approve")).contains("Tuesday then."))
            }
        }
    }
}
