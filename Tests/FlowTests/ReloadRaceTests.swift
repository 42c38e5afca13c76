import Base
import Campaigns
import Config
import Ledger
import Outbound
import Policy
import Store
import Synchronization
import TestSupport
import Testing

@testable import Flow

private let first = OutboundID(rawValue: 1)

@Suite("Rules that are replaced while a mail is on its way in (DESIGN §3)")
struct ReloadRaceTests {
    /// Random bytes, with something that happens when they are asked for: behind the reading of the rules, before
    /// the change.
    private final class Midway: Entropy {
        private let bytes = SeededEntropy()
        private let deed = Mutex<(@Sendable () -> Void)?>(nil)

        func next(_ body: @escaping @Sendable () -> Void) { deed.withLock { $0 = body } }

        func bytes(count: Int) -> [UInt8] {
            let body = deed.withLock { deed in
                defer { deed = nil }
                return deed
            }
            body?()
            return bytes.bytes(count: count)
        }
    }

    private static func house(_ midway: Midway) throws -> (FlowHouse, legal: Configuration) {
        let configuration = try FlowHouse.sample()
        var legal = configuration
        legal.rules = RuleSet(
            permits: configuration.rules.permits,
            restrictions: [
                Restriction(name: "all of it", condition: .always, effect: .hold(approvals: ["legal": 1]))
            ],
            defaultApprovals: ["managers": 1]
        )
        legal.files[0].hash = [42]
        return (try FlowHouse(on: SimulatedDisk(), ManualClock(), configuration, entropy: midway), legal)
    }

    @Test("A submission that the old rules would let out is judged anew by the new ones")
    func submission() async throws {
        let midway = Midway()
        let (house, legal) = try Self.house(midway)
        midway.next { house.replaceRules(legal) }
        let outcome = try await house.submit(to: ["supplier@paper.example"], number: 1, text: "An order")
        guard case .held = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let record = try #require(try house.record(first))
        #expect(record.required == ["legal": 1])
        #expect(try house.due().isEmpty)
        let events = try house.events().filter { $0.kind == .submitted }
        #expect(events.map(\.policyVersion) == [house.house.rulebook.version], "once, and by the rules in force")
    }

    @Test("One that the new rules let out is not held by the old ones")
    func loosened() async throws {
        let midway = Midway()
        let (house, legal) = try Self.house(midway)
        let sample = house.house.rulebook.configuration
        house.replaceRules(legal)
        midway.next { house.replaceRules(sample) }
        let outcome = try await house.submit(to: ["supplier@paper.example"], number: 1, text: "An order")
        guard case .released = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test("A corrected version as well")
    func correction() async throws {
        let midway = Midway()
        let (house, legal) = try Self.house(midway)
        _ = try await house.submit(to: [FlowHouse.kofi], number: 1, text: "Hello")
        midway.next { house.replaceRules(legal) }
        let lines = [
            "From: Mia <hello@glow.example>", "To: \(FlowHouse.kofi)", "Subject: [A-1.1] Mail 1", "",
            "Hello again",
        ]
        _ = try await house.hand(in: lines, as: "mia", to: [FlowHouse.kofi])
        let record = try #require(try house.record(first))
        #expect(record.revision == 2)
        #expect(record.required["legal"] == 1)
    }

    @Test("Who has lost the right to decide decides nothing")
    func decision() async throws {
        let house = try FlowHouse()
        _ = try await house.submit(to: [FlowHouse.kofi], number: 1, text: "Hello")
        let notice = try #require(try house.notice(first, of: "ben"))
        var configuration = house.house.rulebook.configuration
        for index in configuration.team.members.indices { configuration.team.members[index].groups = [] }
        configuration.files[0].hash = [43]
        house.replaceRules(configuration)
        _ = try await house.answer(notice, "approve", as: "ben")
        #expect(try house.record(first)?.decisions.isEmpty == true)
    }
}

@Suite("A mail whose campaign is open (DESIGN §1)")
struct OpenCampaignTests {
    /// Kofi is in both campaigns, and mail of the summer needs legal.
    private static func house(_ isStrict: Bool = true) throws -> FlowHouse {
        try FlowHouse { configuration in
            if let kofi = configuration.campaigns.first(where: { $0.id == "spring" })?.members.first(where: {
                $0.creator == "kofi"
            }), let summer = configuration.campaigns.firstIndex(where: { $0.id == "summer" }) {
                configuration.campaigns[summer].members.append(kofi)
            }
            guard isStrict else { return }
            let rules = configuration.rules
            configuration.rules = RuleSet(
                permits: rules.permits,
                restrictions: rules.restrictions + [
                    Restriction(
                        name: "summer",
                        condition: .campaign(["summer"]),
                        effect: .hold(approvals: ["legal": 1])
                    )
                ],
                defaultApprovals: rules.defaultApprovals,
                clauses: rules.clauses
            )
        }
    }

    @Test("Where the verdicts differ the strictest counts, and the author is asked once")
    func asks() async throws {
        let house = try Self.house()
        let outcome = try await house.submit(to: [FlowHouse.kofi], number: 1, text: "Hello")
        guard case .held(_, let why) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(why.contains("it may belong to spring or summer"))
        let record = try #require(try house.record(first))
        #expect(record.required == ["legal": 1, "managers": 1])
        #expect(record.reasons.contains { $0.rule == "Campaign open" })
        #expect(try house.notice(first, of: "mia", .waiting) == nil, "no letter where it is decided at once")
        try await house.pass(.seconds(121))
        let notice = try #require(try house.notice(first, of: "mia", .waiting))
        let text = try house.text(notice)
        #expect(text.contains("  campaign: spring") && text.contains("  campaign: summer"))
        try await house.pass(.seconds(600))
        #expect(try house.letters(of: "mia").count == 1)

        let answer = try await house.answer(notice, "campaign: spring", as: "mia")
        #expect(answer.contains("A-1.2 replaces A-1.1"))
        let answered = try #require(try house.record(first))
        #expect(answered.campaign == "spring")
        #expect(answered.required == ["managers": 1])
        #expect(!answered.reasons.contains { $0.rule == "Campaign open" })
    }

    @Test("Where they come to the same, nobody is asked")
    func same() async throws {
        let house = try Self.house(false)
        _ = try await house.submit(to: [FlowHouse.kofi], number: 1, text: "Hello")
        let record = try #require(try house.record(first))
        #expect(record.campaign == nil)
        #expect(!record.reasons.contains { $0.rule == "Campaign open" })
        try await house.pass(.seconds(121))
        let notice = try #require(try house.notice(first, of: "mia", .waiting))
        #expect(try house.text(notice).contains("There is nothing for you to do."))
    }

    @Test("A selector says it beforehand")
    func selector() async throws {
        let house = try Self.house()
        let lines = ["From: Mia <hello@glow.example>", "To: \(FlowHouse.kofi)", "Subject: x", "", "Hello"]
        let selector = "spring@campaigns.\(house.house.rulebook.commandDomain)"
        _ = try await house.hand(in: lines, as: "mia", to: [FlowHouse.kofi, selector])
        let record = try #require(try house.record(first))
        #expect(record.required == ["managers": 1])
        #expect(record.campaign == "spring")
    }
}
