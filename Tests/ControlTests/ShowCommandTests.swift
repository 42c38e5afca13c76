import Base
import Campaigns
import Config
import Flow
import Ledger
import Outbound
import SMTPWire
import Store
import TestSupport
import Testing

@testable import Control

/// `greenroom show`: one record and one timeline over all channels (C13).
@Suite struct ShowCommandTests {
    /// Luisa wrote twice, Mia's answer above the ceiling waits, and Ben moved the stage.
    private func disk() async throws -> SimulatedDisk {
        let disk = SimulatedDisk()
        let house = try house(MemoryPlace.small.configuration, on: disk)
        guard let account = house.rulebook.configuration.gateway.accounts.first,
            let sender = EnvelopeAddress("mia@glow.example"), let recipient = EnvelopeAddress("luisa@lumi.example")
        else { throw TestFailure("no account") }
        for number in 1...2 {
            let mail = [
                "From: Luisa <luisa@lumi.example>", "To: hello@glow.example", "Subject: News \(number)\u{1B}[2J",
                "Message-ID: <n\(number)@lumi.example>", "", "I have news.", "",
            ]
            _ = try await house.deliver(Array(mail.joined(separator: "\r\n").utf8), to: account, authservID: nil)
        }
        _ = try await house.submit(
            SubmittedMessage(
                envelope: Envelope(sender: sender, recipients: [EnvelopeRecipient(recipient)]),
                bytes: Array(
                    "From: mia@glow.example\r\nTo: luisa@lumi.example\r\nSubject: Offer\r\n\r\nWe offer 1800 EUR.\r\n"
                        .utf8
                ),
                author: "mia",
                device: "Laptop",
                account: account,
                received: "from test by localhost; Sun, 22 Nov 2026 09:00:00 +0000"
            )
        )
        try house.store.writeNow { transaction in
            let conversation = ConversationID(rawValue: 1)
            let fields = ["stage": "accepted", "was": "negotiating", "why": "moved by hand"]
            try transaction.record(event(.stageChanged, .conversation(conversation), fields, transaction))
            let row = LearntAddressRow(
                address: "lu@private.example",
                creator: "lumi",
                learntAt: transaction.now,
                reason: "message 9 attached by ben"
            )
            try transaction.learnAddress(row)
            try transaction.record(event(.addressLearnt, .creator("lumi"), ["address": row.address], transaction))
        }
        house.store.close()
        return disk
    }

    private func event(
        _ kind: EventKind,
        _ subject: EventSubject,
        _ fields: [String: String],
        _ transaction: Transaction
    ) -> Event {
        Event(
            kind,
            subject,
            by: .member("ben", device: "Phone"),
            at: transaction.now,
            policyVersion: "v",
            fields: fields
        )
    }

    @Test("A creator is named by id, address, learnt address") func creator() async throws {
        let disk = try await disk()
        for word in ["lumi", "Luisa@Lumi.example", "lu@private.example"] {
            let heard = try await greenroom("show", "creator", word, disk: disk)
            #expect(heard.code == .success)
            #expect(heard.out.first == "creator lumi: Luisa Meier")
            #expect(heard.out.contains("    address     luisa@lumi.example (roster)"))
            #expect(
                heard.out.contains {
                    $0.hasPrefix("    address     lu@private.example (learnt 2025-")
                        && $0.hasSuffix("by ben/Phone: message 9 attached by ben)")
                }
            )
            #expect(heard.out.contains("    spring  accepted, conversation 1"))
        }
    }

    @Test("The timeline tells mail in both directions, what waits and who moved the stage, in order")
    func timeline() async throws {
        let heard = try await greenroom("show", "conversation", "1", disk: disk())
        #expect(heard.code == .success)
        #expect(heard.out.first == "conversation 1")
        let start = try #require(heard.out.firstIndex(of: "timeline"))
        let lines = heard.out[(start + 1)...].map { String($0.dropFirst(26)) }
        #expect(lines.count == 5)
        #expect(
            lines.first == "in  email  News 1\u{FFFD}[2J  from luisa@lumi.example  "
                + "(likely: 5.4 known address luisa@lumi.example; 6.6 only open campaign)  [spring]"
        )
        let held = lines.first { $0.hasPrefix("held A-1.1") }
        #expect(held?.hasPrefix("held A-1.1  Offer  by mia to luisa@lumi.example  (") == true)
        #expect(held?.contains("rate above the ceiling: ") == true, "\(lines)")
        #expect(lines.contains("conversation opened at negotiating by outsider  [spring]"))
        #expect(lines.last == "stage negotiating to accepted by ben/Phone: moved by hand  [spring]")
    }

    @Test("A long timeline says how many came before") func limit() async throws {
        let disk = try await disk()
        let heard = try await greenroom("show", "creator", "lumi", "--limit", "2", disk: disk)
        let start = try #require(heard.out.firstIndex(of: "timeline"))
        #expect(heard.out[start + 1] == "    4 earlier; --limit 6 shows them")
        #expect(heard.out.count == start + 4)
        let all = try await greenroom("show", "creator", "lumi", "--limit", "6", disk: disk)
        #expect(all.out.suffix(2) == heard.out.suffix(2))
        #expect(!all.out.contains { $0.contains("earlier") })
        let json = try await greenroom("show", "creator", "lumi", "--limit", "1", "--json", disk: disk)
        #expect(json.out.first?.hasSuffix(#""earlier":5}"#) == true)
    }

    @Test("A campaign tells its stages and its creators") func campaign() async throws {
        let disk = try await disk()
        let heard = try await greenroom("show", "campaign", "spring", disk: disk)
        #expect(heard.out.first == "campaign spring: Spring")
        #expect(heard.out.contains("    ceiling     1500 EUR"))
        #expect(heard.out.contains("    stages      1 accepted"))
        #expect(heard.out.contains("    lumi (Luisa Meier)  accepted, conversation 1"))
        let json = try await greenroom("show", "campaign", "spring", "--json", disk: disk)
        #expect(json.out.count == 1)
        #expect(json.out.first?.contains(#""accepted":1"#) == true)
        #expect(json.out.first?.contains(#""kind":"conversation.stage-changed""#) == true)
        #expect(
            json.out.first?.contains(
                #""kind":"outbound","conversation":1,"creator":"lumi","campaign":"spring","id":"A-1.1""#
            )
                == true
        )
    }

    @Test("What is not there is told with a cure") func unknown() async throws {
        let disk = try await disk()
        let creator = try await greenroom("show", "creator", "lumy", disk: disk)
        #expect(creator.code == .failure)
        #expect(creator.err.first?.contains(#"there is no creator lumy (did you mean "lumi"?)"#) == true)
        let campaign = try await greenroom("show", "campaign", "sprint", disk: disk)
        #expect(campaign.err.first?.contains(#"(did you mean "spring"?)"#) == true)
        #expect(try await greenroom("show", "conversation", "99", disk: disk).code == .failure)
        #expect(try await greenroom("show", "conversation", "x", disk: disk).code == .usage)
        #expect(try await greenroom("show", "creatr", "lumi", disk: disk).code == .usage)
        #expect(try await greenroom("show", "creator", "lumi", "--limit", "0", disk: disk).code == .usage)
        #expect(try await greenroom("show", "creator", "lumi", "--limit", "10001", disk: disk).code == .usage)
    }
}
