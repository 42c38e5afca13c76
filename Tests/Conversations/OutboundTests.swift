import Base
import Campaigns
import Crypto
import Flow
import Ledger
import Policy
import Testing

/// The way out: nothing leaves before it was let out (INV-1).
@Suite("Outbound mail")
struct OutboundTests {
    @Test("Held with reasons: nothing leaves, Waiting shows it, Sent pretends nothing, before and after (INV-1)")
    func held() async throws {
        try await TestGateway.run { house in
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            #expect(try await mia.append(Mail.toKofi, to: "Sent").isOK)
            let reply = try await house.submit("mia", to: ["kofi@kofimakes.example"], Mail.toKofi)
            #expect(reply.hasPrefix("250") && reply.contains("A-1.1 held for approval: "), "\(reply)")
            #expect(try await mia.append(Mail.toKofi, to: "Sent").isOK)
            #expect(try await mia.count("Sent") == 0)
            #expect(try await mia.uids("Approvals/Waiting").count == 1)
            #expect(try await ben.uids("Approvals/Waiting").count == 1)
            let lea = try await house.client("lea")
            #expect(try await lea.count("Approvals/Waiting") == 0)
            let uid = try await mia.only("Approvals/Waiting")
            #expect(try await mia.flags(uid).contains("$Held"))
            #expect(try house.sunk().isEmpty)
        }
    }

    @Test("Approved by a move: exactly the transmit form of the ledger leaves, once; then it stands in Sent (INV-1)")
    func approved() async throws {
        try await TestGateway.run { house in
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            try await house.submit("mia", to: ["kofi@kofimakes.example"], Mail.toKofi)
            let uid = try await ben.only("Approvals/Waiting")
            try await ben.ok("UID MOVE \(uid) Approvals/Approve")
            #expect(try await house.eventually { try await mia.count("Sent") == 1 })
            let sunk = try house.sunk()
            #expect(sunk.count == 1)
            let submitted = try await house.events().first { $0.kind == .submitted }
            #expect(submitted?.fields["transmit"] == sunk.first.map { Hexadecimal.encode(SHA256.hash($0.bytes)) })
            let envelope = sunk.first?.envelope.split(separator: "\n") ?? []
            #expect(envelope.first?.hasPrefix("MAIL FROM:<hello@glow.example>") == true)
            #expect(envelope.dropFirst() == ["RCPT TO:<kofi@kofimakes.example>"])
            #expect(sunk.first?.text.contains("Greenroom-") == false)
            for client in [mia, ben] {
                #expect(try await client.uids("Approvals/Decided").count == 1)
                #expect(try await client.count("Approvals/Waiting") == 0)
                #expect(try await client.count("Approvals/Approve") == 0)
            }
            #expect(try await mia.count(Mail.spring) == 1)
            let copy = try await mia.append(Mail.toKofi, to: "Sent")
            #expect(copy.isOK)
            #expect(try await mia.count("Sent") == 1)
            #expect(try await mia.text(try await mia.only("Sent")).contains("Subject: Our offer"))
        }
    }

    @Test("COPYUID names only UIDs that exist (RFC 4315 §3)")
    func copyUID() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            try await house.deliver(Mail.from("Sam <sam@elsewhere.example>", id: "pitch-1@elsewhere.example"))
            let mia = try await house.client("mia")
            let all = try await mia.uids("INBOX")
            for target in [Mail.stage("4 accepted"), "Archive"] {
                let answer = try await mia.ok("UID COPY \(all[0]):\(all[1]) \(target)")
                for line in answer.lines + [answer.result] where line.contains("COPYUID") {
                    let words = line.split(whereSeparator: { " ]".contains($0) })
                    let index = try #require(words.firstIndex { $0.contains("COPYUID") })
                    let targets = try await Self.numbers(words[index + 3])
                    #expect(Set(targets).isSubset(of: try await house.client("mia").uids(target, "ALL")), "\(line)")
                }
            }
        }
    }

    private static func numbers(_ set: Substring) async throws -> [Int] {
        set.split(separator: ",").flatMap { range -> [Int] in
            let ends = range.split(separator: ":").compactMap { Int($0) }
            return ends.count == 2 ? Array(ends[0]...ends[1]) : ends
        }
    }

    @Test("A mail between colleagues goes straight out")
    func colleagues() async throws {
        try await TestGateway.run { house in
            let mail = Mail.from(
                "Mia Berg <mia@glow.example>",
                to: "ben@glow.example",
                subject: "Lunch",
                id: "l@glow.example"
            )
            let reply = try await house.submit("mia", to: ["ben@glow.example"], from: "mia@glow.example", mail)
            #expect(reply.hasPrefix("250") && !reply.contains("held"), "\(reply)")
            #expect(try await house.eventually { try house.sunk().count == 1 })
            let mia = try await house.client("mia")
            #expect(try await house.eventually { try await mia.count("Sent") == 1 })
        }
    }

    @Test("Bcc is not in what leaves, its recipient gets it, author and approver see it")
    func blindCopies() async throws {
        try await TestGateway.run { house in
            let mail = Mail.toLumi("Hello", id: "bcc@glow.example", fields: ["Bcc: Ben <ben@glow.example>"])
            try await house.submit("mia", to: ["luisa@lumi.example", "ben@glow.example"], mail)
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            #expect(try await mia.text(try await mia.only("Approvals/Waiting")).contains("Bcc: Ben <ben@glow.example>"))
            let uid = try await ben.only("Approvals/Waiting")
            #expect(try await ben.text(uid).contains("Bcc: Ben <ben@glow.example>"))
            try await ben.ok("UID MOVE \(uid) Approvals/Approve")
            #expect(try await house.eventually { try house.sunk().count == 1 })
            let sunk = try #require(try house.sunk().first)
            #expect(!sunk.text.contains("Bcc"))
            #expect(sunk.envelope.contains("RCPT TO:<ben@glow.example>"))
        }
    }

    @Test("A command address beside a real recipient refuses the whole submission (INV-4)")
    func mixedRecipients() async throws {
        try await TestGateway.run { house in
            let reply = try await house.submit(
                "mia",
                to: ["luisa@lumi.example", Mail.commands],
                Mail.toLumi("A", id: "a@glow.example")
            )
            #expect(reply.hasPrefix("550"), "\(reply)")
            #expect(try await house.records().isEmpty)
        }
    }

    @Test("A campaign address is consumed and says the campaign (INV-4)")
    func campaignAddress() async throws {
        try await TestGateway.run { house in
            let reply = try await house.submit(
                "mia",
                to: ["sara@sarapaints.example", "summer@campaigns.greenroom.invalid"],
                Mail.from(
                    "Mia <hello@glow.example>",
                    to: "sara@sarapaints.example",
                    subject: "Sun",
                    id: "s@glow.example"
                )
            )
            #expect(reply.hasPrefix("250"), "\(reply)")
            let record = try #require(try await house.records().first)
            #expect(record.campaign == "summer")
            #expect(record.recipients == ["sara@sarapaints.example"])
        }
    }

    @Test(
        "Who sends as somebody else is refused, in MAIL FROM, From and Sender",
        arguments: [
            ("lea@glow.example", "Mia <hello@glow.example>", ""),
            ("hello@glow.example", "Lea <lea@glow.example>", ""),
            ("hello@glow.example", "Mia <hello@glow.example>", "Sender: ceo@glow.example"),
            ("hello@glow.example", "Mia <hello@glow.example>, x@elsewhere.example", ""),
            ("hello@glow.example", "", ""),
        ]
    )
    func senders(_ sender: String, _ from: String, _ field: String) async throws {
        try await TestGateway.run { house in
            let mail = Mail.from(
                from,
                to: "ben@glow.example",
                id: "x@glow.example",
                fields: field.isEmpty ? [] : [field]
            )
            let reply = try await house.submit("mia", to: ["ben@glow.example"], from: sender, mail)
            #expect(reply.hasPrefix("550"), "\(reply)")
            #expect(try await house.records().isEmpty)
        }
    }

    @Test("Internal content to an outsider is held whatever permits say (INV-4)")
    func internalContent() async throws {
        let plan = TestGateway.Plan.policy(
            "[[permits]]\nname = \"lumi\"\nwhen = { recipient_domain = [\"lumi.example\"] }\n"
        )
        try await TestGateway.run(plan) { house in
            let free = try await house.submit("mia", to: ["luisa@lumi.example"], Mail.toLumi("A", id: "a@glow.example"))
            #expect(free.hasPrefix("250") && !free.contains("held"), "\(free)")
            let quoting = Mail.toLumi("B", id: "b@glow.example", text: "> Greenroom-Seal: abc\n\nSee above")
            let answering = Mail.toLumi("C", id: "c@glow.example", fields: ["In-Reply-To: <n1@greenroom.invalid>"])
            for mail in [quoting, answering] {
                let reply = try await house.submit("mia", to: ["luisa@lumi.example"], mail)
                #expect(reply.contains("held"), "\(reply)")
            }
        }
    }

    @Test("Not before: an approved message waits for the delay as well")
    func delayed() async throws {
        let plan = TestGateway.Plan.policy(
            "[[restrictions]]\nname = \"think it over\"\nwhen = { any_recipient = [\"creator\"] }\ndelay = \"1h\"\n"
        )
        try await TestGateway.run(plan) { house in
            try await house.submit("mia", to: ["kofi@kofimakes.example"], Mail.toKofi)
            let ben = try await house.client("ben")
            try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) Approvals/Approve")
            let record = try #require(try await house.records().first)
            #expect(record.state == .approved)
            let effective = try #require(record.effectiveAt)
            #expect(effective.duration(since: record.submittedAt) == .seconds(3600))
            #expect(try await house.house.settleDue() == 0)
            #expect(try house.sunk().isEmpty)
        }
    }
}
