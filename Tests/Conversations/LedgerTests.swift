import Base
import Campaigns
import Config
import Flow
import Gateway
import Ledger
import Outbound
import Policy
import Store
import TestSupport
import Testing

/// The ledger explains everything (INV-6).
@Suite("Ledger")
struct LedgerTests {
    @Test("After the story the chain verifies, and the fold of the events is the rows (INV-6)")
    func replay() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            try await house.deliver(Mail.fromInstagram("aiko_glow", id: "notice-1@mail.instagram.com"))
            try await house.deliver(Mail.from("Sam <sam@elsewhere.example>", id: "pitch-1@elsewhere.example"))
            let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
            try await house.submit("mia", to: ["kofi@kofimakes.example"], Mail.toKofi)
            try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) Approvals/Approve")
            #expect(try await house.eventually { try await mia.count("Sent") == 1 })
            for (number, verb) in ["reject Not now.", "wait a moment"].enumerated() {
                try await house.submit(
                    "mia",
                    to: ["luisa@lumi.example"],
                    Mail.toLumi("Idea \(number)", id: "idea-\(number)@glow.example")
                )
                let notice = try await ben.notice()
                try await house.submit("ben", to: [Mail.commands], Mail.answer(notice, verb))
                if number == 0 { #expect(try await house.eventually { try await house.kinds().contains(.settled) }) }
            }
            let uid = try await mia.only("Approvals/Waiting")
            try await mia.ok("UID MOVE \(uid) Drafts")
            try await house.submit(
                "mia",
                to: ["ben@glow.example"],
                Mail.from("Mia <mia@glow.example>", to: "ben@glow.example", id: "l@glow.example")
            )
            #expect(try await house.eventually { try await mia.count("Sent") == 2 })

            let rows = try await house.rows()
            let head = try await house.house.store.read { try $0.ledgerHead() }
            var verifier = ChainVerifier(recorded: head.map { [ChainHead(number: $0.number, link: $0.link)] } ?? [])
            for row in rows {
                verifier.take(
                    number: row.number,
                    at: row.at,
                    kind: row.kind,
                    commitment: row.commitment,
                    link: row.link,
                    salt: row.salt,
                    payload: row.payload
                )
            }
            #expect(verifier.finish().number == head?.number)
            #expect(verifier.faults.isEmpty)

            var folded: [OutboundID: OutboundRecord] = [:]
            var conversations: [ConversationID: ConversationRecord] = [:]
            for event in rows.compactMap(\.event) {
                switch event.subject {
                case .outbound(let id): folded[id] = OutboundFold.apply(event, to: folded[id])
                case .conversation(let id): conversations[id] = ConversationFold.apply(event, to: conversations[id])
                default: break
                }
            }
            let records = try await house.records()
            #expect(records.count == 4)
            for record in records { #expect(folded[record.id] == record) }
            let stored = try await house.house.store.read { try $0.conversations() }
            #expect(stored.count == conversations.count)
            for row in stored {
                let record = try #require(conversations[row.id])
                #expect(record.stage.rawValue == row.stage && record.key.creator.rawValue == row.creator)
                #expect(record.lastInbound == row.lastInbound && record.lastOutbound == row.lastOutbound)
            }
        }
    }

    @Test("A rule that came between approval and release counts: the stricter wins (INV-7)")
    func stricterRules() async throws {
        let plan = TestGateway.Plan(undoTime: .seconds(3600))
        try await TestGateway.run(plan) { house in
            try await house.submit("mia", to: ["kofi@kofimakes.example"], Mail.toKofi)
            let ben = try await house.client("ben")
            try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) Approvals/Approve")
            #expect(try await house.records().first?.state == .approved)
            let rule =
                "[[restrictions]]\nname = \"legal sees all\"\nwhen = { recipient_domain = [\"kofimakes.example\"] }\nhold = { legal = 1 }\n"
            try house.machine.files.writeDurably(Array(rule.utf8), to: house.directory + "/config/policies/test.toml")
            let configuration = try TestGateway.load(house.directory, TestGateway.Plan())
            try await house.house.accept(configuration)
            // Its time has come.
            try await house.house.store.write { transaction in
                guard var row = try transaction.outbound(OutboundID(rawValue: 1)) else { return }
                row.releaseAt = transaction.now
                _ = try transaction.updateOutbound(row, expectedVersion: row.version)
            }
            try await house.house.settleDue()
            let record = try #require(try await house.records().first)
            #expect(record.state == .held)
            #expect(record.required == ["legal": 1, "managers": 1])
            #expect(try house.sunk().isEmpty)
            let lea = try await house.client("lea")
            #expect(try await lea.count("Approvals/Waiting") == 2)
            try await lea.ok("UID MOVE \(try await lea.only("Approvals/Waiting")) Approvals/Approve")
            #expect(try await house.eventually { try house.sunk().count == 1 })
        }
    }

    @Test("A stage that a member moved is known to matching after a restart")
    func rulesKnowTheStore() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            let mia = try await house.client("mia")
            try await mia.ok("UID MOVE \(try await mia.only("INBOX")) \(Mail.stage("9 completed"))")
            try await house.afterCrash { house in
                #expect(house.house.rulebook.directory.stage(of: "kofi", in: "spring") == .completed)
            }
        }
    }
}
