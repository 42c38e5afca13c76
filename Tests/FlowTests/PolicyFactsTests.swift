import Base
import Campaigns
import Config
import Ledger
import Message
import Outbound
import Policy
import Store
import TestSupport
import Testing

@testable import Flow

@Suite("What policy learns from the store")
struct PolicyFactsTests {
    private static let kofi = "kofi@kofimakes.example"

    private static func rules(_ house: FlowHouse, _ outcome: SubmissionOutcome) throws -> [String] {
        guard case .held(let token, _) = outcome else { return [] }
        let number = Int64(token.dropFirst(2).prefix { $0 != "." }) ?? 0
        return try house.record(OutboundID(rawValue: number))?.reasons.map(\.rule) ?? []
    }

    @Test("D10: a colleague's mail holds the second one, one's own does not")
    func colleague() async throws {
        let house = try FlowHouse()
        let first = try await house.submit(to: [Self.kofi], number: 1, text: "Hello", by: "ben")
        #expect(try !Self.rules(house, first).contains("a colleague just wrote"))
        let again = try await house.submit(to: [Self.kofi], number: 2, text: "And more", by: "ben")
        #expect(try !Self.rules(house, again).contains("a colleague just wrote"), "it is the author's own")
        let second = try await house.submit(to: [Self.kofi], number: 3, text: "Hi Kofi", by: "mia")
        #expect(try Self.rules(house, second).contains("a colleague just wrote"))
        let elsewhere = try await house.submit(to: ["luisa@lumi.example"], number: 4, text: "Hi", by: "mia")
        #expect(try !Self.rules(house, elsewhere).contains("a colleague just wrote"))
    }

    @Test("D10: what was withdrawn was not written")
    func withdrawnColleague() async throws {
        let house = try FlowHouse()
        _ = try await house.submit(to: [Self.kofi], number: 1, text: "Hello", by: "ben")
        let id = OutboundID(rawValue: 1)
        let ben = house.acting("ben")
        _ = try house.decide { try $0.withdraw(id, by: ben) }
        let second = try await house.submit(to: [Self.kofi], number: 2, text: "Hi Kofi", by: "mia")
        #expect(try !Self.rules(house, second).contains("a colleague just wrote"))
    }

    @Test("C84: the fourth mail in a day is held for it")
    func frequency() async throws {
        let house = try FlowHouse()
        for number in 1...4 { _ = try await house.submit(to: [Self.kofi], number: number, text: "Hello") }
        let fifth = try await house.submit(to: [Self.kofi], number: 5, text: "Hello again")
        #expect(try Self.rules(house, fifth).contains("many mails to one creator"))
        house.clock.advance(by: .seconds(2 * 86_400))
        let later = try await house.submit(to: [Self.kofi], number: 6, text: "Hello again")
        #expect(try !Self.rules(house, later).contains("many mails to one creator"))
    }

    @Test("C8, C9: terms and amounts of a mail are compared with the records of its creator")
    func terms() async throws {
        let house = try FlowHouse()
        let mail = try await house.submit(
            to: ["luisa@lumi.example"],
            number: 1,
            text: "We offer 1300 EUR, with whitelisting for 30 days."
        )
        let rules = try Self.rules(house, mail)
        #expect(rules.contains("rate other than agreed"))
        #expect(rules.contains("terms that are not approved"))
    }

    @Test("D14: clause and version stand in the ledger")
    func wording() async throws {
        let house = try FlowHouse()
        let text = "We pay within 30 days of your\r\ninvoice, after the post is live."
        _ = try await house.submit(to: [Self.kofi], number: 1, text: text)
        let submitted = try #require(try house.events().first { $0.kind == .submitted })
        let grounds = OutboundFold.reasons(submitted.fields[OutboundFold.Field.grounds])
        #expect(
            grounds.contains(
                Verdict.Reason(rule: "Approved wording", text: "payment-en (payment, version 2026-01)")
            )
        )
    }

    @Test("C45, C63: a template leaves as it is, and waits with one word more")
    func templates() async throws {
        let house = try FlowHouse()
        _ = try await house.submit(to: [Self.kofi], number: 1, text: "Hello")
        try Self.move(house, from: .contacted, to: .accepted, by: .member("ben", device: "Laptop"))
        let text =
            "Hi Kofi,\r\n\r\na short reminder: we have a package for you and need your shipping address for it.\r\n\r\nBest, Mia"
        let subject = "Spring Serum Launch: where may we send your package?"
        let plain = try await house.submit(to: [Self.kofi], number: 2, text: text, subject: subject)
        guard case .released = plain else {
            Issue.record("\(plain)")
            return
        }
        let more = try await house.submit(to: [Self.kofi], number: 3, text: text + " PS: all yours", subject: subject)
        guard case .held = more else {
            Issue.record("\(more)")
            return
        }
    }

    @Test("A template in plain text beside other words in HTML is no template")
    func alternatives() {
        func reading(_ html: String) -> OutboundReading {
            let lines = [
                "From: mia@glow.example", "Content-Type: multipart/alternative; boundary=b", "", "--b",
                "Content-Type: text/plain", "", "Hi Kofi, a reminder.", "--b", "Content-Type: text/html", "", html,
                "--b--", "",
            ]
            let parsed = ParsedMessage(Array(lines.joined(separator: "\r\n").utf8))
            let text = SplitText(parsed)
            return OutboundReading(
                parsed,
                text,
                input: MatchInput(parsed, text),
                answered: .none,
                commandDomain: "greenroom.invalid",
                hasSignedInternalFields: false
            )
        }
        #expect(reading("<p>Hi&nbsp;Kofi,<br>a <b>reminder</b>.</p>").alternatives.isEmpty)
        #expect(reading("<p>Hi Kofi, a reminder. We pay 5000 EUR.</p>").alternatives.count == 1)
        #expect(
            reading("<p>Hi Kofi, a reminder.<img src=x></p>").alternatives.map(\.fresh) == [nil],
            "a picture says anything"
        )
    }

    private static func move(_ house: FlowHouse, from: Stage, to stage: Stage, by actor: Actor) throws {
        try house.house.store.writeNow { transaction in
            let row = try #require(try transaction.conversation(creator: "kofi", campaign: "spring"))
            try transaction.record(
                Event(
                    .stageChanged,
                    .conversation(row.id),
                    by: actor,
                    at: transaction.now,
                    policyVersion: "",
                    fields: [ConversationFold.Field.stage: stage.rawValue, ConversationFold.Field.was: from.rawValue]
                )
            )
        }
    }

    private static func stages(_ house: FlowHouse) throws -> RecordedStages? {
        let now = house.clock.now
        return try house.house.store.readNow { transaction in
            try StoredRecords(transaction: transaction).stages(of: "kofi", in: "spring", at: now, guards: ["ben"])
        }
    }

    @Test("INV-10: a stage counts on for 24 hours unless a guard moved it")
    func formerStages() async throws {
        let house = try FlowHouse()
        _ = try await house.submit(to: [Self.kofi], number: 1, text: "Hello")
        #expect(try Self.stages(house) == RecordedStages(current: .contacted))
        try Self.move(house, from: .contacted, to: .accepted, by: .member("mia", device: "Laptop"))
        #expect(try Self.stages(house) == RecordedStages(current: .accepted, former: [.contacted]))
        try Self.move(house, from: .accepted, to: .posted, by: .gateway)
        #expect(try Self.stages(house) == RecordedStages(current: .posted, former: [.contacted, .accepted]))
        try Self.move(house, from: .posted, to: .negotiating, by: .member("ben", device: "Laptop"))
        #expect(try Self.stages(house) == RecordedStages(current: .negotiating))
        try Self.move(house, from: .negotiating, to: .accepted, by: .member("mia", device: "Laptop"))
        house.clock.advance(by: .seconds(86_400 + 1))
        #expect(try Self.stages(house) == RecordedStages(current: .accepted))
    }

    @Test("INV-10: moving a stage back does not make what was given unknown")
    func dataOfFormerStages() async throws {
        let house = try FlowHouse()
        let question = "Could you send us your shipping address?"
        _ = try await house.submit(to: [Self.kofi], number: 1, text: question)
        #expect(try !house.reasons(1).contains("asks for what is on file"))
        try Self.move(house, from: .contacted, to: .infoCollected, by: .gateway)
        _ = try await house.submit(to: [Self.kofi], number: 2, text: question)
        #expect(try house.reasons(2).contains("asks for what is on file"))
        try Self.move(house, from: .infoCollected, to: .contacted, by: .member("mia", device: "Laptop"))
        _ = try await house.submit(to: [Self.kofi], number: 3, text: question)
        #expect(try house.reasons(3).contains("asks for what is on file"))
        try Self.move(house, from: .contacted, to: .contacted, by: .member("ben", device: "Laptop"))
        _ = try await house.submit(to: [Self.kofi], number: 4, text: question)
        #expect(try !house.reasons(4).contains("asks for what is on file"), "a guard moved it")
    }

    @Test("INV-10: nothing that mail and mail clients do changes what policy judges by, but the stage")
    func guardedFields() async throws {
        let house = try FlowHouse()
        let before = house.house.rulebook
        _ = try await house.submit(to: [Self.kofi], number: 1, text: "Hello")
        let id = OutboundID(rawValue: 1)
        for text in ["rate: 9000 EUR", "ceiling: 9000 EUR", "terms: paid ads", "stage: accepted", "campaign: spring"] {
            let notice = try #require(try house.notice(id, of: "ben"))
            _ = try? await house.answer(notice, text, as: "mia")
        }
        try await house.hear(from: Self.kofi, "We agreed on 9000 EUR and paid ads for ever.")
        try house.setStage(.negotiating, of: "kofi")
        _ = try house.approve(id)
        try await house.house.refreshRecords()
        let after = house.house.rulebook
        #expect(after.configuration.campaigns == before.configuration.campaigns)
        #expect(after.configuration.creators == before.configuration.creators)
        #expect(after.directory.campaign("spring") == before.directory.campaign("spring"))
        #expect(after.rules == before.rules)
        // What the ledger can tell of records: none of its events holds a rate, a ceiling, terms or consent.
        let kinds = Set(EventKind.allCases.map(\.rawValue).filter { !$0.hasPrefix("outbound.") })
        #expect(
            kinds == [
                "message.attached", "message.attached-by-hand", "message.dismissed", "creator.address-learnt",
                "creator.address-forgotten",
                "conversation.opened", "conversation.stage-changed", "conversation.assigned",
                "conversation.note-kept", "conversation.heard", "conversation.wrote", "configuration.accepted",
                "store.restored",
            ]
        )
    }
}

extension FlowHouse {
    /// The rules that hold a message.
    fileprivate func reasons(_ number: Int64) throws -> [String] {
        try record(OutboundID(rawValue: number))?.reasons.map(\.rule) ?? []
    }
}

@Suite("Past mail before present rules (D15)")
struct PolicyReplayTests {
    private static func replay(_ house: FlowHouse, _ configuration: Configuration) throws -> [ReplayedMail] {
        try house.house.store.readNow { transaction in
            var mails: [ReplayedMail] = []
            let replay = PolicyReplay(try Rulebook(configuration, transaction), transaction)
            try replay.mails(since: Timestamp(seconds: 0)) { if let mail = $0 { mails.append(mail) } }
            return mails
        }
    }

    @Test("By the same rules it comes out as it did, and nothing is written")
    func sameRules() async throws {
        let house = try FlowHouse()
        _ = try await house.submit(to: ["kofi@kofimakes.example"], number: 1, text: "Hello", by: "ben")
        _ = try await house.submit(to: ["kofi@kofimakes.example"], number: 2, text: "Hello too", by: "mia")
        _ = try await house.submit(to: ["supplier@paper.example"], number: 3, text: "An order")
        let before = try house.events().count
        let mails = try Self.replay(house, FlowHouse.sample())
        #expect(mails.map(\.name) == ["A-1", "A-2", "A-3"])
        #expect(mails.map(\.then.outcome) == [.hold, .hold, .release])
        for mail in mails {
            #expect(!mail.differs)
            #expect(mail.now.reasons.map(\.rule) == mail.then.rules)
        }
        #expect(try house.events().count == before)
    }

    @Test("By other rules it says what they would have done")
    func otherRules() async throws {
        let house = try FlowHouse()
        _ = try await house.submit(to: ["supplier@paper.example"], number: 1, text: "An order of crayons")
        var configuration = try FlowHouse.sample()
        configuration.rules = RuleSet(
            permits: configuration.rules.permits,
            restrictions: [
                Restriction(name: "crayons", condition: .words(["crayons"]), effect: .hold(approvals: ["legal": 1]))
            ],
            defaultApprovals: ["managers": 1]
        )
        let mail = try #require(try Self.replay(house, configuration).first)
        #expect(mail.differs)
        #expect(mail.then.outcome == .release)
        #expect(mail.now.approvals == ["legal": 1])
    }

    @Test("Unattached mail of a personal account is not in it (DESIGN §1)")
    func personalMail() async throws {
        let house = try FlowHouse()
        _ = try await house.submit(to: ["mother@family.example"], number: 1, text: "Sunday at four?")
        _ = try await house.submit(to: ["kofi@kofimakes.example"], number: 2, text: "Hello")
        var configuration = try FlowHouse.sample()
        configuration.gateway.accounts[0].ownership = .personal(owner: "mia")
        #expect(try Self.replay(house, configuration).map(\.name) == ["A-2"])
    }
}
