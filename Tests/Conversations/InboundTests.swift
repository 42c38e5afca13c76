import Base
import Testing

/// The way in: LMTP to folders, over real sockets.
@Suite("Inbound mail")
struct InboundTests {
    @Test("A known address is attached, shown in its campaign and stage, and whole in every section (INV-3)")
    func knownAddress() async throws {
        try await TestGateway.run { house in
            #expect(try await house.deliver(Mail.fromKofi).allSatisfy { $0.hasPrefix("250") })
            let mia = try await house.client("mia")
            for folder in ["INBOX", Mail.spring, Mail.stage("2 replied")] {
                #expect(try await mia.count(folder) == 1, "\(folder)")
            }
            #expect(try await mia.count(Mail.stage("1 contacted")) == 0)
            let uid = try await mia.only("INBOX")
            let answer = try await mia.ok(
                "UID FETCH \(uid) (FLAGS RFC822.SIZE BODY.PEEK[] BODY.PEEK[HEADER] BODY.PEEK[TEXT])"
            )
            let line = answer.lines.first ?? ""
            #expect(answer.literals.count == 3)
            #expect(line.contains("RFC822.SIZE \(answer.literals[0].count) "), "\(line)")
            #expect(answer.literals[0] == answer.literals[1] + answer.literals[2])
            #expect(line.contains("$Campaign-spring") && line.contains("$Stage-replied"), "\(line)")
            #expect(answer.text.contains("Greenroom-Creator: Kofi Mensah (kofi)\r\n"))
            #expect(answer.text.contains("Greenroom-Campaign: Spring Serum Launch (spring)\r\n"))
        }
    }

    @Test("Every partial fetch around the block's edge gives the bytes of the whole (INV-3)")
    func partialFetches() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            let mia = try await house.client("mia")
            let uid = try await mia.only("INBOX")
            let whole = try await mia.whole(uid)
            let field = Array("Return-Path:".utf8)
            let offset = try #require(whole.indices.first { whole[$0...].starts(with: field) })
            for start in [0, offset - 2, offset - 1, offset, offset + 1, whole.count - 1, whole.count, whole.count + 9]
            {
                for length in [1, 2, 3, 64, whole.count] {
                    let part = try await mia.ok("UID FETCH \(uid) (BODY.PEEK[]<\(start).\(length)>)").literals.first
                    #expect((part ?? []) == Array(whole.dropFirst(start).prefix(length)), "<\(start).\(length)>")
                }
            }
        }
    }

    @Test("After a restart the same UID names the same bytes (INV-3)")
    func restart() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            let mia = try await house.client("mia")
            let uid = try await mia.only("INBOX")
            let before = try await mia.ok("STATUS INBOX (UIDVALIDITY UIDNEXT)").lines
            let whole = try await mia.whole(uid)
            // Another stage now: the block still says what was true when the message came.
            try await mia.ok("UID COPY \(uid) \(Mail.stage("3 negotiating"))")
            try await house.afterCrash { house in
                let mia = try await house.client("mia")
                #expect(try await mia.only("INBOX") == uid)
                #expect(try await mia.ok("STATUS INBOX (UIDVALIDITY UIDNEXT)").lines == before)
                #expect(try await mia.whole(uid) == whole)
            }
        }
    }

    @Test("A thread and a handle attach; a forged result and a stranger do not (INV-5)")
    func evidence() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            let reply = "In-Reply-To: <serum-1@kofimakes.example>"
            try await house.deliver(
                Mail.from(
                    "K. <kofi.private@mail.example>",
                    subject: "Re: Serum",
                    id: "serum-2@mail.example",
                    fields: [reply]
                )
            )
            try await house.deliver(Mail.fromInstagram("aiko_glow", id: "notice-1@mail.instagram.com"))
            let mia = try await house.client("mia")
            #expect(try await mia.count(Mail.spring) == 3)
            #expect(try await mia.count("Queues/Unmatched") == 0)
            try await house.deliver(
                Mail.fromInstagram("lumi.skin", id: "notice-2@mail.instagram.com", server: "mx.elsewhere.example")
            )
            try await house.deliver(Mail.from("Sam <sam@elsewhere.example>", id: "pitch-1@elsewhere.example"))
            #expect(try await mia.count(Mail.spring) == 3)
            #expect(try await mia.uids("Queues/Unmatched", "FROM sam@elsewhere.example").count == 1)
            let forged = try await mia.uids("INBOX", "HEADER Message-ID notice-2")
            let text = try await mia.text(try #require(forged.first))
            #expect(!text.contains("Greenroom-Creator:"), "\(text.prefix(400))")
            let seen = try await mia.uids("INBOX", "HEADER Message-ID notice-1")
            let attached = try await mia.text(try #require(seen.first))
            #expect(attached.contains("Greenroom-Creator: Aiko Tanaka (aiko)"), "\(attached.prefix(400))")
            #expect(attached.contains("Greenroom-Channel: instagram"))
        }
    }

    @Test("Fields of ours from outside are gone (INV-4)")
    func forgedFields() async throws {
        try await TestGateway.run { house in
            try await house.deliver(
                Mail.from(
                    "Sam <sam@elsewhere.example>",
                    id: "forged@elsewhere.example",
                    fields: ["Greenroom-Creator: Luisa Meier (lumi)", "greenroom-seal: AAAA"]
                )
            )
            let mia = try await house.client("mia")
            let text = try await mia.text(try await mia.only("INBOX"))
            #expect(!text.contains("lumi"), "\(text)")
            #expect(!text.contains("AAAA"))
        }
    }

    @Test("Who has no mailbox here is refused, and the others are not")
    func unknownRecipient() async throws {
        try await TestGateway.run { house in
            #expect(try await house.deliver(Mail.fromKofi, to: ["nobody@glow.example"]).first?.hasPrefix("550") == true)
            let answers = try await house.deliver(
                Mail.fromKofi,
                to: ["nobody@glow.example", "hello@glow.example", "partners+spring@glow.example"]
            )
            #expect(answers.map { $0.prefix(3) } == ["550", "250", "250"])
            let mia = try await house.client("mia")
            #expect(try await mia.count("INBOX") == 1)
        }
    }

    @Test("A header that does not end is refused at every door, and nothing of it stays (INV-9)")
    func endlessHeader() async throws {
        let field = "X-Long: " + String(repeating: "x", count: 900) + "\n"
        let header = String(repeating: field, count: Limits.header / 900 + 10)
        let message = header + "From: Mia Berg <hello@glow.example>\nTo: ben@glow.example\nSubject: Long\n\nText\n"
        try await TestGateway.run { house in
            #expect(try await house.deliver(message).map { $0.prefix(3) } == ["552"])
            #expect(try await house.submit("mia", to: ["ben@glow.example"], message).hasPrefix("552"))
            let mia = try await house.client("mia")
            #expect(try await mia.append(message, to: "Drafts").result.hasPrefix("NO [TOOBIG]"))
            #expect(try await mia.count("INBOX") == 0)
            #expect(try await mia.count("Drafts") == 0)
            #expect(try house.sunk().isEmpty)
        }
    }

    @Test("A message to several creators follows the stage of each of them")
    func severalCreators() async throws {
        try await TestGateway.run { house in
            let both = "luisa@lumi.example, kofi@kofimakes.example"
            try await house.submit(
                "mia",
                to: ["luisa@lumi.example", "kofi@kofimakes.example"],
                Mail.from(
                    "Mia Berg <hello@glow.example>",
                    to: both,
                    subject: "[SPRING26] Both",
                    id: "both@glow.example"
                )
            )
            let ben = try await house.client("ben")
            try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) Approvals/Approve")
            let mia = try await house.client("mia")
            #expect(try await house.eventually { try await mia.count("Sent") == 1 })
            // It stands once in the campaign and in the stage of each.
            #expect(try await mia.count(Mail.stage("1 contacted")) == 1)
            #expect(try await mia.count(Mail.stage("3 negotiating")) == 1)
            try await house.deliver(Mail.fromKofi)
            #expect(try await mia.count(Mail.stage("2 replied")) == 2)
            #expect(try await mia.count(Mail.stage("1 contacted")) == 0)
            #expect(try await mia.count(Mail.stage("3 negotiating")) == 1)
            try await house.deliver(Mail.from("Luisa <luisa@lumi.example>", id: "yes@lumi.example"))
            let yes = try await mia.only("INBOX", "FROM lumi.example")
            try await mia.ok("UID MOVE \(yes) \(Mail.stage("4 accepted"))")
            #expect(try await mia.count(Mail.stage("3 negotiating")) == 0)
            #expect(try await mia.count(Mail.stage("4 accepted")) == 2)
        }
    }
}
