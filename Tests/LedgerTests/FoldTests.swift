import Base
import Campaigns
import Policy
import Testing

@testable import Ledger

@Suite("Folds (INV-6)")
struct FoldTests {
    static let id = OutboundID(rawValue: 1042)

    static func event(_ kind: EventKind, by actor: Actor, _ fields: [String: String] = [:]) -> Event {
        Event(kind, .outbound(id), by: actor, at: Timestamp(seconds: 5), policyVersion: "v", fields: fields)
    }

    static let submitted = event(
        .submitted,
        by: .member("mia", device: "phone"),
        [
            OutboundFold.Field.author: "mia", OutboundFold.Field.state: "held",
            OutboundFold.Field.required: OutboundFold.text(of: ["managers": 1]),
            OutboundFold.Field.reasons: OutboundFold.text(
                of: [Verdict.Reason(rule: "rates", text: "900 EUR is above the ceiling")]
            ),
        ]
    )

    @Test("An approval and its taking back")
    func approval() throws {
        var record = OutboundFold.apply(Self.submitted, to: nil)
        #expect(record?.token == "A-1042.1")
        #expect(record?.required == ["managers": 1])
        #expect(record?.reasons == [Verdict.Reason(rule: "rates", text: "900 EUR is above the ceiling")])
        let approved = Self.event(
            .approved,
            by: .member("ben", device: "laptop"),
            ["state": "approved", OutboundFold.Field.groups: EventCoding.list(["managers"]), "effective-at": "35000"]
        )
        record = OutboundFold.apply(approved, to: record)
        let held = try #require(record)
        #expect(held.state == .approved)
        #expect(held.approvals.isSatisfied(by: held.decisions))
        #expect(held.effectiveAt == Timestamp(seconds: 35))
        let back = Self.event(.takenBack, by: .member("ben", device: "laptop"), ["state": "held"])
        record = OutboundFold.apply(back, to: held)
        #expect(record?.state == .held)
        #expect(record?.decisions.isEmpty == true)
        #expect(record?.version == 4)
    }

    @Test("A corrected version: another text, judged anew, and nothing that was said of the one before (D3)")
    func corrected() throws {
        var record = OutboundFold.apply(Self.submitted, to: nil)
        let ben = Actor.member("ben", device: "laptop")
        record = OutboundFold.apply(
            Self.event(.approved, by: ben, ["state": "approved", "effective-at": "1"]),
            to: record
        )
        let corrected = Self.event(
            .corrected,
            by: ben,
            [
                "author": "mia", "state": "held", "revision": "2", "subject": "New", "message-id": "n@x.example",
                "recipients": EventCoding.list(["a@x.example"]),
                "required": OutboundFold.text(of: ["legal": 1]), "release-hash": "02",
            ]
        )
        let new = try #require(OutboundFold.apply(corrected, to: record))
        #expect(new.token == "A-1042.2" && new.author == "mia" && new.editor == "ben")
        #expect(new.decisions.isEmpty && new.effectiveAt == nil && new.decidedBy == nil && new.state == .held)
        #expect(new.required == ["legal": 1] && new.reasons.isEmpty && new.recipients == ["a@x.example"])
        #expect(new.submittedAt == record?.submittedAt && new.releaseHash == "02")
        #expect(new.version == 4)
    }

    @Test("A member's last word counts alone, and tells for whom it was")
    func lastWord() throws {
        let ben = Actor.member("ben", device: "laptop")
        var record = OutboundFold.apply(Self.submitted, to: nil)
        record = OutboundFold.apply(Self.event(.approved, by: ben, ["state": "approved"]), to: record)
        let fields = ["state": "rejected", "stands-for": EventCoding.list(["eva"])]
        record = OutboundFold.apply(Self.event(.rejected, by: ben, fields), to: record)
        #expect(record?.decisions.map(\.verb) == [.reject])
        #expect(record?.decisions.first?.standsFor == ["eva"])
        record = OutboundFold.apply(Self.event(.claimed, by: ben, ["assignee": "eva"]), to: record)
        #expect(record?.assignee == "eva" && record?.state == .rejected)
    }

    @Test("A comment or a refusal changes nothing, not even the version")
    func comment() {
        let record = OutboundFold.apply(Self.submitted, to: nil)
        let comment = Self.event(.commented, by: .member("ben", device: "x"), ["text": "hm"])
        #expect(OutboundFold.apply(comment, to: record) == record)
    }

    @Test("A conversation's stage and assignee")
    func conversation() {
        let id = ConversationID(rawValue: 7)
        func event(_ kind: EventKind, _ fields: [String: String]) -> Event {
            Event(kind, .conversation(id), by: .gateway, at: Timestamp(seconds: 1), policyVersion: "", fields: fields)
        }
        var record = ConversationFold.apply(
            event(.conversationOpened, ["creator": "ana", "campaign": "spring", "stage": "contacted"]),
            to: nil
        )
        record = ConversationFold.apply(event(.stageChanged, ["stage": "replied"]), to: record)
        record = ConversationFold.apply(event(.assigned, ["assignee": "ben"]), to: record)
        #expect(record?.stage == .replied)
        #expect(record?.assignee == "ben")
        #expect(record?.version == 3)
    }
}
