import Base
import Campaigns
import TestSupport
import Text
import Triage

@testable import Policy

/// Rules and messages of every shape, made from a seed.
struct RandomPolicy {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &generator)]
    }

    private mutating func flip() -> Bool { Bool.random(using: &generator) }

    private mutating func some<Value>(_ values: [Value]) -> [Value] {
        let count = Int.random(in: 1...2, using: &generator)
        return (0..<count).map { _ in pick(values) }
    }

    static let euro = Currency("EUR") ?? .unknown
    static let words = ["usage rights", "rate", "free", "usage rights for ever", "#ad", "広告", "free product"]

    private mutating func money() -> Money {
        Money(Int64(pick([500, 900, 1500])), Self.euro) ?? Money(thousandths: 1, Self.euro)
    }

    private mutating func stages() -> [Stage] { some([.contacted, .negotiating, .accepted, .infoCollected]) }

    mutating func leaf() -> Condition {
        let kinds = Set(some(Facts.RecipientKind.allCases))
        let period = Duration.seconds(pick([3600, 86_400]))
        let all: [Condition] = [
            .always, .anyRecipient(kinds), .everyRecipient(kinds), .recipientDomain(["creator.example"]),
            .moreRecipientsThan(pick([1, 2])), .sender([pick(["mia", "ben"])]),
            .senderGroup([pick(["managers", "legal"])]),
            .channel([pick([.email, .marketplace])]), .timeOfDay(WorkCalendar.Hours(from: 600, to: 1200)),
            .weekday([pick([.mon, .sun])]), .workingTime, .form(pick(Facts.Form.allCases)), .inCreatorThread,
            .internalContent, .words(some(Self.words)), .namesAmount, .namesTerms(Set(some(TermKind.allCases))),
            .hasAttachment, .attachmentType([pick([".exe", "image/*"])]), .attachmentLargerThan(pick([10, 2000])),
            .template(pick([[], ["reminder"]])), .wording([pick(Clause.Kind.allCases)]), .clause(["ad-en"]),
            .campaign([pick(["spring", "summer"])]), .stage(Set(stages())), .firstContact,
            .colleagueWroteWithin(period), .colleagueWroteMeanwhile, .creatorWroteMeanwhile,
            .sentMoreThan(pick([0, 1]), within: period), .amountAboveCeiling, .amountNotAgreed, .termsNotApproved,
            .asksForDataOnFile(Set(DataKind.allCases)), .creatorClosed,
        ]
        return pick(all)
    }

    mutating func condition(depth: Int = 3) -> Condition {
        guard depth > 0, flip() else { return leaf() }
        switch pick([0, 1, 2]) {
        case 0: return .all((0...pick([0, 1, 2])).map { _ in condition(depth: depth - 1) })
        case 1: return .any((0...pick([0, 1, 2])).map { _ in condition(depth: depth - 1) })
        default: return .not(condition(depth: depth - 1))
        }
    }

    mutating func effect() -> Restriction.Effect {
        switch pick([0, 1, 2, 3, 4, 5, 6]) {
        case 0: .delay(.seconds(pick([60, 7200])))
        case 1: .undoTime
        case 2: .workingTime
        case 3: .hold(approvals: [pick(["managers", "legal"]): pick([1, 2])])
        case 4: .hold(approvals: [:])
        case 5: .cancel
        default: .reject(text: "no")
        }
    }

    mutating func permits(_ count: Int) -> [Permit] {
        (0..<count).map { Permit(name: "p\($0)", condition: condition()) }
    }

    mutating func restrictions(_ count: Int, named prefix: String = "r") -> [Restriction] {
        (0..<count).map { Restriction(name: "\(prefix)\($0)", condition: condition(), effect: effect()) }
    }

    static let clauses = [
        Clause(id: "ad-en", kind: .disclosure, version: "3", text: "Mark the post with #ad, please."),
        Clause(id: "pay-en", kind: .payment, version: "1", text: "We pay within 30 days."),
    ]

    mutating func rules() -> RuleSet {
        RuleSet(
            permits: permits(pick([0, 1, 3])),
            restrictions: restrictions(pick([0, 2, 5])),
            defaultApprovals: ["managers": 1],
            clauses: Self.clauses
        )
    }

    mutating func collaborator(_ number: Int, _ now: Timestamp) -> Facts.Collaborator {
        var one = Facts.Collaborator(creator: CreatorID("c\(number)"))
        one.campaign = flip() ? pick(["spring", "summer"]) : nil
        one.stage = flip() ? stages().first : nil
        one.formerStages = flip() ? [] : stages()
        one.ceiling = flip() ? money() : nil
        one.agreedRate = flip() ? money() : nil
        one.approvedTerms = ApprovedTerms(usage: Set(some(TermKind.allCases)), usageLength: flip() ? .days(30) : nil)
        one.onFile = flip() ? [.email] : []
        one.isFirstContact = flip()
        one.colleagueWroteAt = flip() ? now.advanced(by: .seconds(pick([-60, -7200]))) : nil
        one.creatorWroteAt = flip() ? now.advanced(by: .seconds(pick([-60, -7200]))) : nil
        one.contacts = flip() ? [now.advanced(by: .seconds(-60))] : []
        one.isClosed = flip()
        return one
    }

    mutating func facts() -> Facts {
        let now = Timestamp(seconds: 1_767_225_600 + Int64(pick([0, 40_000, 200_000])))
        let text = some(Self.words + ["Mark the post with #ad please", "hello"]).joined(separator: " and ")
        let kinds = some(Facts.RecipientKind.allCases)
        let collaborators = (0..<pick([0, 1, 2, 3])).map { collaborator($0, now) }
        var facts = Facts(
            now: now,
            submittedAt: flip() ? nil : now.advanced(by: .seconds(-3600)),
            sender: pick(["mia", "ben"]),
            senderGroups: flip() ? [] : ["managers"],
            recipients: kinds.map { Facts.Recipient(kind: $0, domain: "\($0.rawValue).example") },
            campaign: flip() ? nil : "spring",
            collaborators: collaborators,
            channel: pick([.email, .marketplace]),
            isInCreatorThread: flip(),
            form: pick(Facts.Form.allCases),
            text: text,
            amounts: flip() ? [] : [money()],
            terms: flip() ? [] : [ReadTerm(pick(TermKind.allCases), length: .days(90), words: "w")],
            requests: flip() ? [] : [.email],
            attachments: flip() ? [] : [Facts.Attachment(name: "a.EXE", mediaType: "image/png", size: 1000)],
            template: flip() ? nil : "reminder",
            hasInternalContent: flip(),
            undoTime: .seconds(30)
        )
        for _ in 0..<pick([0, 0, 1, 2]) { addText(to: &facts) }
        return facts
    }

    /// A text beside the first.
    mutating func said() -> Facts.Said {
        let text = some(Self.words + ["Mark the post with #ad please", "hello", "usage        rights"])
        return Facts.Said(
            place: flip() ? nil : "somewhere",
            searched: SearchedText([text.joined(separator: " and ")]),
            amounts: flip() ? [] : [money()],
            terms: flip() ? [] : [ReadTerm(pick(TermKind.allCases), length: .days(90), words: "w")],
            requests: flip() ? [] : [.email],
            template: flip() ? nil : "reminder"
        )
    }

    /// More to read, of whatever kind: what adding a part to a mail comes to.
    mutating func addText(to facts: inout Facts) {
        switch pick([0, 1, 2, 3, 4]) {
        case 0: facts.alternatives.append(said())
        case 1: facts.asides.append(said())
        case 2: facts.isShownInDoubt = true
        case 3: facts.unread.append("it is sealed")
        default: facts.forms.insert(pick(Facts.Form.allCases))
        }
    }
}

extension Verdict {
    /// Whether nothing of another verdict is lost in this one.
    func isAtLeastAsStrict(as other: Self) -> Bool {
        outcome >= other.outcome
            && other.approvals.allSatisfy { group, count in (approvals[group] ?? 0) >= count }
            && (other.notBefore.map { before in notBefore.map { $0 >= before } ?? false } ?? true)
    }
}
