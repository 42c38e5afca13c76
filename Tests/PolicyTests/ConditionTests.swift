import Base
import Campaigns
import Testing
import Text
import Triage

@testable import Policy

@Suite("What each condition asks")
struct ConditionTests {
    static let now = Timestamp(seconds: 1_767_607_200)  // Monday 2026-01-05, 10:00 UTC
    static let euro = Currency("EUR") ?? .unknown

    private static func money(_ units: Int64) -> Money { Money(thousandths: units * 1000, euro) }

    private static func facts(_ change: (inout Facts) -> Void = { _ in }) -> Facts {
        var facts = Facts(
            now: now,
            sender: "mia",
            senderGroups: ["team"],
            recipients: [
                Facts.Recipient(kind: .creator, domain: "lumi.example"),
                Facts.Recipient(kind: .internal, domain: "glow.example"),
            ],
            campaign: "spring",
            collaborators: [
                Facts.Collaborator(
                    creator: "lumi",
                    campaign: "spring",
                    stage: .negotiating,
                    ceiling: money(1500),
                    agreedRate: money(1200),
                    approvedTerms: ApprovedTerms(usage: [.repost], usageLength: .days(90), exclusivity: .days(30)),
                    onFile: [.shippingAddress],
                    colleagueWroteAt: now.advanced(by: .seconds(-3600)),
                    colleague: "ben",
                    creatorWroteAt: now.advanced(by: .seconds(-60)),
                    contacts: [now.advanced(by: .seconds(-3600)), now.advanced(by: .seconds(-90_000))]
                )
            ],
            text: "Usage-rights for six months.",
            attachments: [Facts.Attachment(name: "Brief.PDF", mediaType: "application/pdf", size: 3000)],
            template: "reminder"
        )
        change(&facts)
        return facts
    }

    private static func evidence(_ condition: Condition, _ facts: Facts) -> String? {
        let rules = RuleSet(
            restrictions: [Restriction(name: "r", condition: condition, effect: .hold(approvals: [:]))],
            defaultApprovals: ["managers": 1],
            clauses: [Clause(id: "ad", kind: .disclosure, version: "7", text: "usage rights for six months")]
        )
        return rules.decide(facts).reasons.first { $0.rule == "r" }?.text
    }

    static let plain: [(Condition, String?)] = [
        (.anyRecipient([.creator]), "a recipient is creator"),
        (.everyRecipient([.creator]), nil),
        (.everyRecipient([.creator, .internal]), "every recipient is creator or internal"),
        (.recipientDomain(["lumi.example"]), "a recipient is at lumi.example"),
        (.moreRecipientsThan(1), "2 recipients"),
        (.moreRecipientsThan(2), nil),
        (.sender(["mia"]), "sent by mia"),
        (.senderGroup(["legal"]), nil),
        (.senderGroup(["team"]), "sent by one of team"),
        (.channel([.email]), "on email"),
        (.channel([.marketplace]), nil),
        (.timeOfDay(WorkCalendar.Hours(from: 540, to: 660)), "between 09:00-11:00 in UTC"),
        (.timeOfDay(WorkCalendar.Hours(from: 1080, to: 540)), nil),
        (.weekday([.mon]), "on mon in UTC"),
        (.workingTime, "in working hours of UTC"),
        (.words(["usage rights"]), "says \"usage rights\""),
        (.words(["brief"]), "says \"brief\""),
        (.words(["sage rights"]), nil),
        (.hasAttachment, "attachment \"brief.pdf\" (application/pdf)"),
        (.attachmentType(["application/*"]), "attachment \"brief.pdf\" (application/pdf)"),
        (.attachmentType([".pdf"]), "attachment \"brief.pdf\" (application/pdf)"),
        (.attachmentType(["image/*", ".zip"]), nil),
        (.attachmentLargerThan(2999), "attachments of 3000 bytes"),
        (.attachmentLargerThan(3000), nil),
        (.template([]), "the template reminder, unchanged"),
        (.template(["other"]), nil),
        (.wording([.disclosure]), "holds ad (disclosure, version 7)"),
        (.wording([.payment]), nil),
        (.clause(["ad"]), "holds ad (disclosure, version 7)"),
        (.campaign(["spring"]), "campaign spring"),
        (.stage([.negotiating]), "stage negotiating of lumi in spring"),
        (.stage([.accepted]), nil),
        (.firstContact, nil),
        (.colleagueWroteWithin(.seconds(7200)), "ben wrote to lumi a short time ago"),
        (.colleagueWroteWithin(.seconds(1800)), nil),
        (.sentMoreThan(1, within: .seconds(86_400 * 2)), "2 mails to lumi in the period already"),
        (.sentMoreThan(1, within: .seconds(86_400)), nil),
        (.creatorWroteMeanwhile, nil),
        (.asksForDataOnFile(Set(DataKind.allCases)), nil),
        (.all([.namesAmount, .words(["rights"])]), nil),
        (.any([.namesAmount, .words(["rights"])]), "says \"rights\""),
        (.not(.namesAmount), "not an amount"),
        (.not(.stage([.negotiating])), nil),
    ]

    @Test(arguments: plain)
    func holds(_ condition: Condition, _ expected: String?) {
        #expect(Self.evidence(condition, Self.facts()) == expected)
    }

    @Test("Amounts are compared with ceiling and agreed rate (C9, D4)")
    func amounts() {
        let at = { (units: Int64) in Self.facts { $0.amounts = [Self.money(units)] } }
        #expect(Self.evidence(.amountAboveCeiling, at(1500)) == nil)
        #expect(Self.evidence(.amountAboveCeiling, at(1501)) == "1501 EUR is above the ceiling of spring")
        #expect(Self.evidence(.amountNotAgreed, at(1200)) == nil)
        #expect(Self.evidence(.amountNotAgreed, at(1300)) == "1300 EUR is not the rate agreed with lumi in spring")
        let dollars = Self.facts { $0.amounts = [Money(thousandths: 1, Currency("USD") ?? .unknown)] }
        #expect(Self.evidence(.amountAboveCeiling, dollars) != nil, "what cannot be compared is for a person")
    }

    static let termCases: [(TermKind, TermLength?, Bool)] = [
        (.repost, nil, false), (.repost, .days(90), false), (.repost, .days(91), true), (.repost, .forEver, true),
        (.whitelisting, nil, true), (.usage, .days(30), false), (.usage, .days(180), true),
        (.exclusivity, nil, false), (.exclusivity, .days(30), false), (.exclusivity, .days(60), true),
    ]

    @Test("Terms are compared with what is approved (C8)", arguments: termCases)
    func comparesTerms(_ kind: TermKind, _ length: TermLength?, _ exceeds: Bool) {
        let facts = Self.facts { $0.terms = [ReadTerm(kind, length: length, words: "w")] }
        #expect((Self.evidence(.termsNotApproved, facts) != nil) == exceeds)
        let unapproved = Self.facts {
            $0.terms = facts.terms
            $0.collaborators[0].approvedTerms = ApprovedTerms()
        }
        #expect(Self.evidence(.termsNotApproved, unapproved) != nil, "what no record approves is not approved")
    }

    @Test("Data on file need not be asked for (C10)")
    func dataOnFile() {
        let asks = Self.facts { $0.requests = [.shippingAddress, .email] }
        let text = "asks lumi for the shipping-address, which is on file"
        #expect(Self.evidence(.asksForDataOnFile(Set(DataKind.allCases)), asks) == text)
        #expect(Self.evidence(.asksForDataOnFile([.email]), asks) == nil)
    }

    @Test("What came after it was handed in came meanwhile")
    func meanwhile() {
        let later = Self.facts { $0.submittedAt = Self.now.advanced(by: .seconds(-1800)) }
        #expect(Self.evidence(.creatorWroteMeanwhile, later) == "lumi wrote meanwhile")
        #expect(Self.evidence(.colleagueWroteMeanwhile, later) == nil)
        let earlier = Self.facts { $0.submittedAt = Self.now.advanced(by: .seconds(-7200)) }
        #expect(Self.evidence(.colleagueWroteMeanwhile, earlier) == "ben wrote to lumi meanwhile")
    }

    @Test("D10: a colleague's mail that waits counts as written")
    func waitingColleague() {
        let facts = Self.facts {
            $0.collaborators[0].colleagueWroteAt = nil
            $0.collaborators[0].hasWaitingColleague = true
        }
        #expect(Self.evidence(.colleagueWroteWithin(.seconds(1)), facts) == "mail of ben to lumi waits")
    }

    @Test("A phrase inside a longer one of another rule is found as well (INV-7)")
    func nestedPhrases() {
        let rules = RuleSet(
            restrictions: [
                Restriction(name: "short", condition: .words(["usage rights"]), effect: .hold(approvals: ["legal": 1])),
                Restriction(name: "long", condition: .words(["usage rights for six months"]), effect: .undoTime),
            ],
            defaultApprovals: [:]
        )
        let reasons = rules.decide(Self.facts()).reasons.map(\.rule)
        #expect(reasons.contains("short") && reasons.contains("long"))
    }

    @Test("D14: approved wording in the text is named with its version, whatever the rules ask")
    func wordingIsRecorded() {
        let rules = RuleSet(
            permits: [Permit(name: "all", condition: .always)],
            defaultApprovals: [:],
            clauses: [Clause(id: "ad", kind: .disclosure, version: "7", text: "usage rights, for SIX\nmonths")]
        )
        let expected = Verdict.Reason(rule: "Approved wording", text: "ad (disclosure, version 7)")
        #expect(rules.decide(Self.facts()).grounds.contains(expected))
        let inside = Self.facts { $0.recipients = [Facts.Recipient(kind: .internal, domain: "glow.example")] }
        #expect(!rules.decide(inside).grounds.contains(expected))
    }
}

@Suite("Several creators in one message (DESIGN §3)")
struct SeveralCreatorsTests {
    private static func facts(_ stages: [Stage]) -> Facts {
        Facts(
            now: Timestamp(seconds: 1000),
            sender: "mia",
            recipients: [Facts.Recipient(kind: .creator, domain: "a.example")],
            collaborators: stages.enumerated().map { number, stage in
                Facts.Collaborator(creator: CreatorID("c\(number)"), campaign: "spring", stage: stage)
            }
        )
    }

    private static func rules(_ effect: Restriction.Effect) -> RuleSet {
        RuleSet(
            permits: [Permit(name: "accepted", condition: .stage([.accepted]))],
            restrictions: [Restriction(name: "declined", condition: .stage([.declined]), effect: effect)],
            defaultApprovals: ["managers": 1]
        )
    }

    @Test("A restriction applies if it does for any of them")
    func any() {
        let verdict = Self.rules(.hold(approvals: ["legal": 1])).decide(Self.facts([.accepted, .declined]))
        #expect(verdict.approvals["legal"] == 1)
    }

    @Test("A permit covers a message if it covers each of them")
    func every() {
        #expect(Self.rules(.undoTime).decide(Self.facts([.accepted, .accepted])).outcome == .release)
        #expect(Self.rules(.undoTime).decide(Self.facts([.accepted, .negotiating])).outcome == .hold)
    }

    @Test("A cause to cancel that concerns only some of them makes it a hold")
    func cancelForSome() {
        #expect(Self.rules(.cancel).decide(Self.facts([.declined, .declined])).outcome == .cancel)
        let some = Self.rules(.cancel).decide(Self.facts([.declined, .accepted]))
        #expect(some.outcome == .hold)
        #expect(some.approvals == ["managers": 1])
    }
}

@Suite("Nobody moves their own goal (INV-10)")
struct FormerStageTests {
    private static func verdict(_ stage: Stage, former: [Stage]) -> Verdict {
        RuleSet(
            permits: [Permit(name: "accepted", condition: .stage([.accepted]))],
            restrictions: [
                Restriction(name: "talks", condition: .stage([.negotiating]), effect: .hold(approvals: ["legal": 1]))
            ],
            defaultApprovals: ["managers": 1]
        ).decide(
            Facts(
                now: Timestamp(seconds: 1000),
                sender: "mia",
                recipients: [Facts.Recipient(kind: .creator, domain: "a.example")],
                collaborators: [
                    Facts.Collaborator(creator: "ana", campaign: "spring", stage: stage, formerStages: former)
                ]
            )
        )
    }

    @Test("The stricter of two stages counts, in either direction")
    func stricter() {
        #expect(Self.verdict(.accepted, former: []).outcome == .release)
        let moved = Self.verdict(.accepted, former: [.negotiating])
        #expect(moved.outcome == .hold)
        #expect(moved.approvals == ["legal": 1, "managers": 1])
        #expect(Self.verdict(.negotiating, former: [.accepted]).approvals == ["legal": 1, "managers": 1])
        #expect(Self.verdict(.accepted, former: [.accepted]).outcome == .release)
    }
}

@Suite("When a message may leave")
struct NotBeforeTests {
    private static func verdict(_ effect: Restriction.Effect, at now: Timestamp, _ calendar: WorkCalendar) -> Verdict {
        RuleSet(
            permits: [Permit(name: "all", condition: .always)],
            restrictions: [Restriction(name: "later", condition: .not(.workingTime), effect: effect)],
            defaultApprovals: ["managers": 1]
        ).decide(
            Facts(now: now, sender: "mia", recipients: [], calendar: calendar, undoTime: .seconds(30))
        )
    }

    private static let friday = CivilTime(year: 2026, month: 1, day: 2, hour: 20).timestamp

    @Test func waitsForWorkingHours() {
        let monday = CivilTime(year: 2026, month: 1, day: 5, hour: 9).timestamp
        #expect(Self.verdict(.workingTime, at: Self.friday, WorkCalendar()).notBefore == monday)
        let holiday = WorkCalendar(holidays: [CivilTime(year: 2026, month: 1, day: 5)])
        #expect(Self.verdict(.workingTime, at: Self.friday, holiday).notBefore == monday.advanced(by: .seconds(86_400)))
        #expect(Self.verdict(.workingTime, at: monday, WorkCalendar()).notBefore == nil)
    }

    @Test("D16: where no working hour ever comes, it is held")
    func never() {
        #expect(Self.verdict(.workingTime, at: Self.friday, WorkCalendar(workingDays: [])).outcome == .hold)
    }

    @Test func waitsForTheUndoTime() {
        let verdict = Self.verdict(.undoTime, at: Self.friday, WorkCalendar())
        #expect(verdict.notBefore == Self.friday.advanced(by: .seconds(30)))
        #expect(verdict.outcome == .release)
    }
}

@Suite("What policy costs")
struct PolicyWorkTests {
    /// A thousand rules as a large team has them: one phrase, one campaign and one condition of its own each.
    private static func rules(_ count: Int) -> RuleSet {
        RuleSet(
            permits: [Permit(name: "internal", condition: .everyRecipient([.internal]))],
            restrictions: (0..<count).map { number in
                Restriction(
                    name: "r\(number)",
                    condition: .all([
                        .words(["phrase number \(number)", "other words \(number)"]),
                        .anyRecipient([.creator, .agency]),
                        .campaign([CampaignID("campaign-\(number % 20)")]),
                    ]),
                    effect: .hold(approvals: ["legal": 1])
                )
            },
            defaultApprovals: ["managers": 1]
        )
    }

    private static func facts(_ kind: Facts.RecipientKind) -> Facts {
        Facts(
            now: Timestamp(seconds: 1000),
            sender: "mia",
            recipients: [Facts.Recipient(kind: kind, domain: "a.example")],
            campaign: "campaign-7",
            collaborators: [Facts.Collaborator(creator: "ana", campaign: "campaign-7")],
            text: String(repeating: "Some text that says phrase number 27 and more. ", count: 40)
        )
    }

    @Test("The text is read once for all rules, and equal conditions are asked once")
    func once() {
        var work = PolicyWork()
        let verdict = Self.rules(1000).decide(Self.facts(.creator), &work)
        #expect(verdict.reasons.map(\.rule) == ["No permit", "r27"])
        #expect(work.passes == 1)
        // One kind of recipient, the campaign of the one rule whose words stand there, one permit.
        #expect(work.looks == 1 + 1 + 1)
        #expect(work.questions <= 10)
    }

    @Test("Cheap conditions first: mail that they rule out is not read")
    func cheapFirst() {
        var work = PolicyWork()
        #expect(Self.rules(1000).decide(Self.facts(.internal), &work).outcome == .release)
        #expect(work.passes == 0)
        #expect(work.looks <= 1 + 20 + 1)
    }

    @Test("Twice the rules are at most twice the questions")
    func linear() {
        var (one, two) = (PolicyWork(), PolicyWork())
        _ = Self.rules(1000).decide(Self.facts(.creator), &one)
        _ = Self.rules(2000).decide(Self.facts(.creator), &two)
        #expect(two.questions <= 2 * one.questions)
        #expect(two.looks == one.looks)
    }
}
