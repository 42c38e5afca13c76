import Base
import Campaigns
import Ledger
import Outbound
import Policy
import Store
import TestSupport
import Testing

@testable import Flow

/// Comments and claims: shown to those concerned, changing nothing (D1, C40, C78).
@Suite("Comments and claims")
struct DiscussionTests {
    private static let id = OutboundID(rawValue: 1)

    private static func hold(_ flow: FlowHouse) async throws -> NoticeRow {
        _ = try await flow.submit(to: ["kofi@kofimakes.example"], number: 1, text: "With usage rights.")
        return try #require(try flow.notice(id, of: "ben"))
    }

    @Test("A comment reaches author and approvers beside the message, and changes nothing")
    func comment() async throws {
        let flow = try FlowHouse()
        let notice = try await Self.hold(flow)
        let before = try flow.record(Self.id)
        let answer = try await flow.answer(notice, "Is 1,800 right?\nI doubt it.", as: "ben")
        #expect(answer.contains("comment") && answer.contains("nothing was decided"), "\(answer)")
        #expect(try flow.record(Self.id) == before)
        for member in ["mia", "lea"] {
            let letter = try #require(try flow.notice(Self.id, of: member, .remarks))
            #expect(try flow.places(letter) == ["approvals/waiting"])
            let text = try flow.text(letter)
            #expect(text.contains("Ben Okafor, ") && text.contains("Is 1,800 right?\r\n  I doubt it."), "\(text)")
            #expect(text.contains("References: <m1@glow.example>"))
        }
        #expect(try flow.notice(Self.id, of: "ben", .remarks) == nil)
    }

    @Test("However many comments, one letter each: the newest with all that was said")
    func noFlood() async throws {
        let flow = try FlowHouse()
        let notice = try await Self.hold(flow)
        for number in 1...5 { _ = try await flow.answer(notice, "Remark \(number)", as: "ben") }
        let letters = try flow.house.store.readNow { try $0.notices(of: Self.id) }
            .filter { $0.kind == NoticeKind.remarks.rawValue && $0.member == "mia" }
        #expect(letters.count == 5)
        #expect(try letters.filter { try !flow.places($0).isEmpty }.map(\.id) == [letters.last?.id])
        let text = try flow.text(try #require(letters.last))
        for number in 1...5 { #expect(text.contains("Remark \(number)")) }
        let mia = try #require(letters.last)
        #expect(try await flow.answer(mia, "It is.", as: "mia").contains("comment"))
        #expect(try flow.text(try #require(try flow.notice(Self.id, of: "ben", .remarks))).contains("It is."))
    }

    @Test("When it is decided the comments go with it to Decided")
    func decided() async throws {
        let flow = try FlowHouse()
        let notice = try await Self.hold(flow)
        _ = try await flow.answer(notice, "Hm.", as: "ben")
        _ = try await flow.answer(notice, "reject too much", as: "ben")
        flow.clock.advance(by: .seconds(31))
        try await flow.house.settleDue()
        #expect(try flow.places(try #require(try flow.notice(Self.id, of: "mia", .remarks))) == ["approvals/decided"])
    }

    @Test("A comment of somebody who is not concerned is refused, and so is one that is too long")
    func notConcerned() async throws {
        let flow = try FlowHouse()
        _ = try await flow.submit(to: ["kofi@kofimakes.example"], number: 1, text: "Hello.")
        let notice = try #require(try flow.notice(Self.id, of: "ben"))
        #expect(try await flow.answer(notice, "I want to know", as: "lea").contains("neither decide"))
        let long = String(repeating: "word ", count: Limits.comment)
        #expect(try await flow.answer(notice, long, as: "ben").contains("shorter"))
        #expect(try flow.notice(Self.id, of: "mia", .remarks) == nil)
        #expect(try !flow.events().contains { $0.kind == .commented })
    }

    @Test("A correction is told to its author, who has the words of both")
    func correction() async throws {
        let flow = try FlowHouse()
        let notice = try await Self.hold(flow)
        _ = try await flow.answer(notice, "replace: Hello Kofi.", as: "ben")
        let text = try flow.text(try #require(try flow.notice(Self.id, of: "mia", .remarks)))
        #expect(text.contains("Ben Okafor") && text.contains("made version A-1.2"), "\(text)")
    }

    @Test("Taken on by a move to Team: all see it, and nobody's right changes (C40)")
    func claim() async throws {
        let flow = try FlowHouse()
        _ = try await Self.hold(flow)
        let before = try #require(try flow.record(Self.id))
        let (mia, ben, lea) = (flow.acting("mia"), flow.acting("ben"), flow.acting("lea"))
        guard case .done = try flow.decide({ try $0.claim(Self.id, for: "lea", by: ben) }) else {
            throw TestFailure("refused")
        }
        var record = try #require(try flow.record(Self.id))
        #expect(record.assignee == "lea" && record.state == before.state && record.required == before.required)
        #expect(try flow.places(Self.id, of: "lea") == ["approvals/waiting", "team/lea"])
        #expect(try flow.places(Self.id, of: "ben") == ["approvals/waiting"])
        #expect(try flow.keywords(Self.id).contains("$Assigned-lea"))
        let event = try #require(try flow.events().last { $0.kind == .claimed })
        #expect(event.actor.member == "ben")
        guard case .done = try flow.decide({ try $0.approve(Self.id, revision: 1, by: ben) }) else {
            throw TestFailure("a claim took Ben's right")
        }
        guard case .done = try flow.decide({ try $0.claim(Self.id, for: "mia", by: mia) }) else {
            throw TestFailure("refused")
        }
        #expect(try flow.places(Self.id, of: "lea") == ["approvals/waiting"])
        _ = try flow.decide { try $0.approve(Self.id, revision: 1, by: lea) }
        record = try #require(try flow.record(Self.id))
        #expect(record.state == .approved)
        #expect(try flow.places(Self.id, of: "mia") == ["approvals/waiting"])
    }

    @Test("Who may not see it cannot be given it, and nobody outside gives it away")
    func claimRefused() async throws {
        let flow = try FlowHouse()
        _ = try await flow.submit(to: ["kofi@kofimakes.example"], number: 1, text: "Hello.")
        let (ben, lea) = (flow.acting("ben"), flow.acting("lea"))
        for (assignee, member) in [("lea", ben), ("ben", lea), ("nobody", ben)] {
            guard case .refused = try flow.decide({ try $0.claim(Self.id, for: MemberID(assignee), by: member) }) else {
                throw TestFailure("\(assignee) by \(member.id)")
            }
        }
        #expect(try flow.record(Self.id)?.assignee == nil)
    }
}
