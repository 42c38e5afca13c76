import Base
import Campaigns
import Config
import Ledger
import Outbound
import Policy
import Store
import TestSupport
import Testing
import Views

@testable import Flow

/// What waits is canceled or held again in the change that gives cause for it, and looked at once more
/// before it leaves (D6, C44, C62, C76).
@Suite("Meanwhile")
struct MeanwhileTests {
    @Test("The creator declines: approved mail is canceled at once, and its author told why")
    func declined() async throws {
        let flow = try FlowHouse()
        let id = try await flow.write()
        try flow.approve(id)
        #expect(try flow.state(id) == .approved)
        try flow.setStage(.declined, of: "lumi")
        #expect(try flow.state(id) == .canceled)
        let told = try flow.letters(.decided, of: "mia")
        #expect(told.map(\.subject) == ["[\(id).1] Canceled: Mail"])
        #expect(told.first?.text.contains("Luisa Meier declined") == true)
        #expect(try flow.letters(of: "ben").isEmpty)
        try await flow.pass(.seconds(3600))
        #expect(try flow.leaving().isEmpty)
        #expect(try await flow.house.nextDue() == nil)
    }

    @Test("What is written after the creator declined waits and leaves like any other mail")
    func afterwards() async throws {
        let flow = try FlowHouse()
        try await flow.hear()
        try flow.setStage(.declined, of: "lumi")
        let id = try await flow.write("All the best!")
        try flow.approve(id)
        try await flow.pass(flow.undoTime)
        #expect(try flow.leaving() == [id])
    }

    @Test("One of two creators declines: it is held again; the other one too: it is canceled")
    func oneOfTwo() async throws {
        let flow = try FlowHouse()
        let id = try await flow.write(to: [FlowHouse.lumi, FlowHouse.kofi])
        try flow.approve(id)
        try flow.setStage(.declined, of: "kofi")
        let record = try #require(try flow.record(id))
        #expect(record.state == .held && record.decisions.isEmpty)
        #expect(record.reasons.contains { $0.text == "Kofi Mensah declined" })
        // Whoever approves knows it now.
        try flow.approve(id)
        #expect(try flow.state(id) == .approved)
        try flow.setStage(.declined, of: "lumi")
        #expect(try flow.state(id) == .canceled)
        try await flow.pass(.seconds(3600))
        #expect(try flow.leaving().isEmpty)
    }

    @Test("The creator writes: approvals lapse, and the new notice in place of the old shows what was written")
    func creatorWrites() async throws {
        let flow = try FlowHouse()
        let id = try await flow.write()
        let before = try #require(try flow.letters(of: "ben").first)
        try flow.approve(id)
        try await flow.hear("I take it back, do not send me anything.")
        let record = try #require(try flow.record(id))
        #expect(record.state == .held && record.decisions.isEmpty && record.effectiveAt == nil)
        let letters = try flow.letters(of: "ben")
        #expect(letters.count == 1 && letters.first?.messageID != before.messageID)
        #expect(letters.first?.text.contains("I take it back") == true)
        try await flow.pass(.seconds(3600))
        #expect(try flow.leaving().isEmpty)
        try flow.approve(id)
        try await flow.pass(flow.undoTime)
        #expect(try flow.leaving() == [id])
    }

    @Test("Mail that a permit lets out after a while is held when the creator writes before")
    func delayed() async throws {
        let flow = try FlowHouse()
        try await flow.permitAfter(.seconds(3600))
        let id = try await flow.write()
        #expect(try flow.state(id) == .approved)
        try await flow.pass(.seconds(600))
        try await flow.hear()
        #expect(try flow.state(id) == .held)
        #expect(try flow.record(id)?.required == ["managers": 1])
        try await flow.pass(.seconds(7200))
        #expect(try flow.leaving().isEmpty)
        #expect(try flow.letters(of: "ben").count == 1)
    }

    @Test(
        "The house says what becomes of mail when the creator writes",
        arguments: [(.keep, .approved), (.hold, .held), (.cancel, .canceled)]
            as [(ApprovalSettings.Reaction, OutboundState)]
    )
    func settings(_ reaction: ApprovalSettings.Reaction, _ expected: OutboundState) async throws {
        let flow = try FlowHouse()
        try await flow.reload { $0.gateway.approvals.creatorWrites = reaction }
        let id = try await flow.write()
        try flow.approve(id)
        try await flow.hear()
        #expect(try flow.state(id) == expected)
        try await flow.pass(flow.undoTime)
        #expect(try flow.leaving() == (reaction == .keep ? [id] : []))
    }

    @Test("A colleague's mail leaves: what another member wrote is held again with that text beside it")
    func colleagueWrites() async throws {
        let flow = try FlowHouse()
        let mine = try await flow.write()
        try flow.approve(mine)
        try await flow.reload { configuration in
            configuration.rules = RuleSet(
                permits: [Permit(name: "everything", condition: .always)],
                defaultApprovals: ["managers": 1]
            )
        }
        let theirs = try await flow.write("We offer you 900 EUR.", from: "lea")
        #expect(try flow.leaving().contains(theirs))
        try await flow.send(theirs)
        #expect(try flow.state(mine) == .held)
        let text = try #require(try flow.letters(of: "ben").last?.text)
        #expect(text.contains("Lea Novak") && text.contains("We offer you 900 EUR."), "\(text)")
        // The author's own mail is no colleague's.
        #expect(try flow.state(theirs) == .sent)
    }

    @Test(
        "A campaign that a reload completes or removes cancels what waits in it; a paused one holds it",
        arguments: [.completed, .paused, nil] as [CampaignStatus?]
    )
    func campaign(_ status: CampaignStatus?) async throws {
        let flow = try FlowHouse()
        try await flow.reload { _ in }
        let id = try await flow.write()
        let other = try await flow.write(to: ["ben@glow.example"])
        try flow.approve(id)
        try await flow.reload { configuration in
            for index in configuration.campaigns.indices.reversed() where configuration.campaigns[index].id == "spring"
            {
                if let status {
                    configuration.campaigns[index].status = status
                } else {
                    configuration.campaigns.remove(at: index)
                }
            }
        }
        #expect(try flow.state(id) == (status == .paused ? .held : .canceled))
        #expect(try flow.state(other) == .queued)
        try await flow.pass(.seconds(3600))
        #expect(try flow.leaving() == [other])
    }

    @Test("A creator who asks not to be written to any more: outreach that is released already is canceled (C76)")
    func withdrawn() async throws {
        let flow = try FlowHouse()
        try await flow.reload { _ in }
        let ids = [try await flow.write(), try await flow.write("And one thing more.")]
        for id in ids { try flow.approve(id) }
        try await flow.pass(flow.undoTime)
        #expect(try flow.leaving() == Set(ids))
        // The relay has begun with the first one.
        let attempt = try flow.house.store.writeNow { try $0.beginAttempt(of: ids[0], revision: 1, host: "test") }
        try await flow.reload { configuration in
            for index in configuration.creators.indices where configuration.creators[index].id == "lumi" {
                configuration.creators[index].preferences.isClosed = true
            }
        }
        #expect(try flow.state(ids[0]) == .queued)
        #expect(try flow.state(ids[1]) == .canceled)
        // The smarthost had no time: the first one is tried again, and the other one is not.
        try flow.house.store.writeNow { try $0.endAttempt(attempt, outcome: "451 later") }
        #expect(try flow.leaving() == [ids[0]])
        let refused = try flow.events().filter { $0.kind == .refused }
        #expect(refused.count == 1)
        #expect(refused.first?.fields[OutboundFold.Field.why]?.hasPrefix("too late") == true)
    }

    // MARK: Races

    private enum Step: CaseIterable {
        case approve, settle, creatorWrites, declines, withdraw, pause
    }

    /// Every order of some steps.
    private static func orders(_ steps: [Step]) -> [[Step]] {
        guard steps.count > 1 else { return [steps] }
        return steps.indices.flatMap { index -> [[Step]] in
            var rest = steps
            let first = rest.remove(at: index)
            return orders(rest).map { [first] + $0 }
        }
    }

    @Test("Whatever comes in whatever order, it leaves only if nothing came between approval and release")
    func races() async throws {
        for order in Self.orders([.approve, .settle, .creatorWrites, .declines, .withdraw]) {
            try await race(order)
        }
        for order in Self.orders([.approve, .settle, .pause, .creatorWrites]) { try await race(order) }
    }

    private func race(_ order: [Step]) async throws {
        let flow = try FlowHouse()
        try await flow.reload { _ in }
        let id = try await flow.write()
        var isApproved = false
        var isReleased = false
        var isOver = false
        for step in order {
            switch step {
            case .approve:
                try flow.approve(id)
                isApproved = !isOver
            case .settle:
                try await flow.pass(flow.undoTime)
                isReleased = isApproved && !isOver
            case .creatorWrites:
                try await flow.hear()
                if !isReleased { isApproved = false }
            case .pause:
                try await flow.reload { configuration in
                    for index in configuration.campaigns.indices { configuration.campaigns[index].status = .paused }
                }
                if !isReleased { isApproved = false }
            case .declines:
                try flow.setStage(.declined, of: "lumi")
                isOver = true
            case .withdraw:
                let mia = flow.acting("mia")
                _ = try flow.decide { try $0.withdraw(id, by: mia) }
                if !isReleased { isOver = true }
            }
            #expect(try flow.leaving() == (isReleased && !isOver ? [id] : []), "\(order) at \(step)")
        }
        // What is approved by then leaves by itself.
        try await flow.pass(.seconds(3600))
        let hasLeft = (isReleased || isApproved) && !isOver
        #expect(try flow.leaving() == (hasLeft ? [id] : []), "\(order)")
    }
}
