import Base
import Ledger
import Outbound
import Policy
import Store
import TestSupport
import Testing

@testable import Flow

@Suite("What a mail quotes is not its author's word, if it is quoted (LABELS §0, INV-7)")
struct AnsweredMailTests {
    private static let asked = "We would want usage rights for 9000 EUR.\r\nAnd a\r\ncontract."

    /// Kofi writes, and somebody answers with these lines.
    private static func reasons(
        _ lines: [String],
        subject: String = "Re: News",
        answering: Bool = true
    ) async throws -> [Verdict.Reason] {
        let house = try FlowHouse()
        try await house.hear(from: FlowHouse.kofi, asked)
        let events = try house.events().count
        let header = [
            "From: Mia <hello@glow.example>", "To: \(FlowHouse.kofi)", "Subject: \(subject)",
            "Message-ID: <a\(events)@glow.example>",
        ]
        let parent = answering ? ["In-Reply-To: <n0@away.example>"] : []
        _ = try await house.hand(in: header + parent + lines, as: "mia", to: [FlowHouse.kofi])
        let last = try house.house.store.readNow { try $0.outboundRecord(OutboundID(rawValue: 1)) }
        return try #require(last).reasons
    }

    private static let fired = ["usage rights", "rate above the ceiling"]

    @Test("Quoted lines of the mail that is answered, wrapped anew, count for nothing")
    func quoted() async throws {
        let rules = try await Self.reasons([
            "", "Thanks!", "", "On Sun, 22 Nov 2026 at 10:00, Kofi <kofi@kofimakes.example> wrote:", "",
            "> We would want usage", "> rights for 9000 EUR. And a", "> contract.",
        ]).map(\.rule)
        #expect(Set(rules).isDisjoint(with: Self.fired))
    }

    @Test("What looks quoted and is not counts as written")
    func invented() async throws {
        for lines in [
            ["", "Thanks!", "", "> We take usage rights and pay 9500 EUR.", ""],
            [
                "", "On Sun, 22 Nov 2026 at 10:00, Kofi <kofi@kofimakes.example> wrote:", "", "We take usage rights.",
                "9500 EUR",
            ],
            [
                "", "---------- Forwarded message ---------", "From: Kofi <kofi@kofimakes.example>", "Date: today",
                "Subject: x", "To: us", "", "We take usage rights and pay 9500 EUR.",
            ],
        ] {
            let reasons = try await Self.reasons(lines)
            #expect(Set(reasons.map(\.rule)).isSuperset(of: Self.fired), "\(lines)")
            #expect(reasons.contains { $0.text.hasSuffix("in what it quotes of mail that is not known here") })
        }
    }

    @Test("A quotation of mail that it does not answer counts as written")
    func unanswered() async throws {
        let lines = ["", "Thanks!", "", "> We would want usage rights for 9000 EUR.", ""]
        #expect(Set(try await Self.reasons(lines, answering: false).map(\.rule)).isSuperset(of: Self.fired))
    }

    @Test("A subject that only looks like an answer counts as text")
    func subjects() async throws {
        let invented = try await Self.reasons(["", "Hello"], subject: "Re: we pay 9000 EUR")
        #expect(invented.contains { $0.rule == "rate above the ceiling" })
        let kept = try await Self.reasons(["", "Hello"])
        #expect(!kept.contains { $0.rule == "rate above the ceiling" })
    }
}
