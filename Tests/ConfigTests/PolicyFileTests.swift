import Base
import Campaigns
import Policy
import Testing
import Text
import Triage

@testable import Config

@Suite struct PolicyFileTests {
    private static func rules(_ text: String) throws -> RuleSet {
        var files = MemoryFiles.minimal
        files["config/campaigns/spring.toml"] =
            "name = \"Spring\"\nstatus = \"active\"\n[templates.reminder]\ntext = \"Hi {name}\""
        files["config/wording.toml"] =
            "[clauses.ad-en]\nkind = \"disclosure\"\nversion = \"3\"\ntext = \"Mark the post with #ad.\""
        files["config/policies/rates.toml"] = text
        let reading = Configuration.load(directory: "config", from: files)
        #expect(reading.problems == [])
        return try #require(reading.configuration).rules
    }

    static let conditions: [(String, Condition)] = [
        ("{ always = true }", .always),
        ("{ any_recipient = [\"creator\", \"agency\"] }", .anyRecipient([.creator, .agency])),
        ("{ every_recipient = [\"internal\"] }", .everyRecipient([.internal])),
        ("{ recipient_domain = [\"Bank.example\"] }", .recipientDomain(["bank.example"])),
        ("{ more_recipients_than = 5 }", .moreRecipientsThan(5)),
        ("{ form = \"receipt\" }", .form(.receipt)),
        ("{ words = [\"b\", \"a\"] }", .words(["a", "b"])),
        ("{ campaign = [\"spring\"] }", .campaign(["spring"])),
        ("{ stage = [\"declined\"] }", .stage([.declined])),
        ("{ sender = [\"ben\"] }", .sender(["ben"])),
        ("{ sender_group = [\"managers\"] }", .senderGroup(["managers"])),
        ("{ colleague_wrote_within = \"4h\" }", .colleagueWroteWithin(.seconds(14_400))),
        ("{ first_contact = true }", .firstContact),
        ("{ in_creator_thread = false }", .not(.inCreatorThread)),
        ("{ names_amount = true, has_attachment = true }", .all([.namesAmount, .hasAttachment])),
        ("{ amount_above_ceiling = true }", .amountAboveCeiling),
        ("{ amount_not_agreed = true }", .amountNotAgreed),
        ("{ creator_closed = true }", .creatorClosed),
        ("{ internal_content = true }", .internalContent),
        ("{ channel = [\"email\", \"marketplace\"] }", .channel([.email, .marketplace])),
        ("{ time_of_day = \"18:00-09:00\" }", .timeOfDay(WorkCalendar.Hours(from: 1080, to: 540))),
        ("{ weekday = [\"sat\", \"sun\"] }", .weekday([.sat, .sun])),
        ("{ working_time = false }", .not(.workingTime)),
        ("{ names_terms = [\"whitelisting\", \"exclusivity\"] }", .namesTerms([.whitelisting, .exclusivity])),
        ("{ terms_not_approved = true }", .termsNotApproved),
        ("{ asks_for_data_on_file = true }", .asksForDataOnFile(Set(DataKind.allCases))),
        ("{ attachment_type = [\"image/*\", \".ZIP\"] }", .attachmentType(["image/*", ".zip"])),
        ("{ attachments_larger_than = \"1 MiB\" }", .attachmentLargerThan(1 << 20)),
        ("{ template = [\"reminder\"] }", .template(["reminder"])),
        ("{ any_template = true }", .template([])),
        ("{ has_wording = [\"disclosure\"] }", .wording([.disclosure])),
        ("{ has_clause = [\"ad-en\"] }", .clause(["ad-en"])),
        ("{ sent_more_than = { count = 3, within = \"7d\" } }", .sentMoreThan(3, within: .seconds(604_800))),
        ("{ creator_wrote_meanwhile = true }", .creatorWroteMeanwhile),
        ("{ colleague_wrote_meanwhile = true }", .colleagueWroteMeanwhile),
        ("{ any = [{ always = true }, { not = { first_contact = true } }] }", .any([.always, .not(.firstContact)])),
        ("{ all = [{ always = true }] }", .all([.always])),
    ]

    @Test(arguments: conditions)
    func readsEveryCondition(_ text: String, _ expected: Condition) throws {
        let rules = try Self.rules("[[permits]]\nname = \"p\"\nwhen = \(text)")
        #expect(rules.permits == [Permit(name: "p", condition: expected)])
    }

    @Test func readsEveryEffectAndJoinsDefaults() throws {
        let rules = try Self.rules(
            """
            [default]
            approvals = { managers = 1 }
            [[restrictions]]
            name = "a"
            when = { always = true }
            delay = "2h"
            [[restrictions]]
            name = "b"
            when = { always = true }
            hold = { managers = 1 }
            [[restrictions]]
            name = "c"
            when = { always = true }
            cancel = true
            [[restrictions]]
            name = "d"
            when = { always = true }
            reject = "not like this"
            [[restrictions]]
            name = "e"
            when = { always = true }
            delay = "undo time"
            [[restrictions]]
            name = "f"
            when = { always = true }
            delay = "working hours"
            """
        )
        #expect(
            rules.restrictions.map(\.effect) == [
                .delay(.seconds(7200)), .hold(approvals: ["managers": 1]), .cancel, .reject(text: "not like this"),
                .undoTime, .workingTime,
            ]
        )
        #expect(rules.defaultApprovals == ["managers": 1])
    }

    @Test func saysWhoApprovesTheirOwnMailTheStrictestFileCounting() throws {
        #expect(try Self.rules("[default]\napprovals = { managers = 1 }").ownMail == OwnMail())
        let own = "[default]\nauthors_approve = [\"managers\"]\neditors_approve = false"
        #expect(try Self.rules(own).ownMail == OwnMail(authorsApprove: ["managers"], editorsApprove: false))
        var files = MemoryFiles.minimal
        files["config/policies/a.toml"] = own
        files["config/policies/b.toml"] = "[default]\nauthors_approve = []\neditors_approve = true"
        let rules = try #require(Configuration.load(directory: "config", from: files).configuration).rules
        #expect(rules.ownMail == OwnMail(authorsApprove: [], editorsApprove: false))
        let problems = MemoryFiles.problems {
            $0["config/policies/a.toml"] = "[default]\nauthors_approve = [\"managrs\"]"
        }
        #expect(problems == ["config/policies/a.toml:2:20: there is no group \"managrs\" (did you mean \"managers\"?)"])
    }

    static let faults: [(String, [String])] = [
        (
            "[[permits]]\nname = \"p\"\nwhn = { always = true }",
            [
                "1:3: missing key \"when\"; write when = { always = true } for every message",
                "3:1: unknown key \"whn\" (did you mean \"when\"?)",
            ]
        ),
        (
            "[[permits]]\nname = \"p\"\nwhen = {}",
            [
                "3:8: the condition is empty; write { always = true } for every message"
            ]
        ),
        (
            "[[permits]]\nname = \"p\"\nwhen = { stge = [\"posted\"], stage = [] }",
            [
                "3:10: unknown key \"stge\"; known here:",
                "3:37: \"stage\" is empty; write stage = [\"contacted\"]",
            ]
        ),
        (
            "[[permits]]\nname = \"Top\"\nwhen = { always = false }",
            [
                "2:8: \"name\" must be a name that begins with a small letter or a digit, not \"Top\"",
                "3:19: \"always\" must be true (leave the key out otherwise), not false",
            ]
        ),
        (
            "[[restrictions]]\nname = \"r\"\nwhen = { always = true }",
            [
                "1:3: the restriction does nothing; write delay = \"2h\", hold = { managers = 1 }, cancel = true or"
                    + " reject = \"why\""
            ]
        ),
        (
            "[[restrictions]]\nname = \"r\"\nwhen = { sender_group = [\"legal\"] }\nhold = { managrs = 1 }\ndelay = \"1s\"",
            [
                "1:3: a restriction does one thing; write delay = \"2h\", hold = { managers = 1 }, cancel = true or"
                    + " reject = \"why\"",
                "3:26: there is no group \"legal\"; add it to team.toml",
                "4:10: there is no group \"managrs\" (did you mean \"managers\"?)",
            ]
        ),
        (
            "[[restrictions]]\nname = \"r\"\nwhen = { always = true }\nhold = { managers = 2 }",
            [
                "4:10: 2 of \"managers\" must approve, but 1 can; give a member of it a device with the scope \"approve\""
            ]
        ),
        (
            "[[permits]]\nname = \"p\"\nwhen = { always = true }\n[[permits]]\nname = \"p\"\nwhen = { always = true }",
            [
                "5:8: the rule \"p\" is already defined at config/policies/rates.toml:2:8; rename one"
            ]
        ),
    ]

    static let conditionFaults: [(String, String)] = [
        (
            "{ topics = [\"rate\"] }",
            "3:19: topics are not read from mails yet; write words = [\"…\"] or names_terms = [\"…\"]"
        ),
        (
            "{ words = [\"!\"] }",
            "3:19: an element of \"words\" must be a word or phrase with a letter or digit in it, not \"!\""
        ),
        ("{ template = [\"remindr\"] }", "3:22: there is no template \"remindr\"; add it to [templates] of a campaign"),
        ("{ has_clause = [\"x\"] }", "3:24: there is no clause \"x\"; add it to wording.toml"),
        (
            "{ channel = [\"emial\"] }", "3:21: there is no channel \"emial\" (did you mean \"email\"?)"
        ),
        (
            "{ time_of_day = \"9-18\" }",
            "3:24: \"time_of_day\" must be a span of time such as \"09:00-18:00\", not \"9-18\""
        ),
        (
            "{ sent_more_than = { count = 3 } }",
            "3:27: missing key \"within\"; add within = \"30s\""
        ),
        (
            "{ weekday = [\"saturday\"] }",
            "3:21: an element of \"weekday\" must be \"sun\", \"mon\", \"tue\", \"wed\", \"thu\", \"fri\" or \"sat\", not \"saturday\""
        ),
    ]

    @Test(arguments: conditionFaults)
    func tellsWhereAConditionIsWrong(_ condition: String, _ problem: String) {
        let found = MemoryFiles.problems {
            $0["config/policies/rates.toml"] = "[[permits]]\nname = \"p\"\nwhen = \(condition)"
        }
        #expect(found == ["config/policies/rates.toml:\(problem)"])
    }

    @Test("C8, D4: terms of a campaign, and of one creator in it")
    func readsTerms() throws {
        var files = MemoryFiles.minimal
        files["config/campaigns/spring.toml"] = """
            name = "Spring"
            status = "active"
            [terms]
            usage = ["repost", "paid-ads"]
            usage_for = "6 months"
            [creators]
            mia = { terms = { exclusivity = "for ever" } }
            """
        let campaign = try #require(Configuration.load(directory: "config", from: files).configuration?.campaigns.first)
        #expect(campaign.approvedTerms == ApprovedTerms(usage: [.repost, .paidAds], usageLength: .days(180)))
        #expect(campaign.members.first?.approvedTerms == ApprovedTerms(exclusivity: .forEver))
        files.replace("6 months", by: "a while", in: "config/campaigns/spring.toml")
        #expect(
            Configuration.load(directory: "config", from: files).problems.map(\.description) == [
                "config/campaigns/spring.toml:5:13: \"usage_for\" must be a time such as \"30 days\", \"6 months\", \"1 year\""
                    + " or \"for ever\", not \"a while\""
            ]
        )
    }

    @Test("The calendar of the house, and of a campaign that has another")
    func readsCalendars() throws {
        var files = MemoryFiles.minimal
        files.append(
            "[calendar]\ntime_zone = \"+01:00\"\nworking_days = [\"mon\"]\nworking_hours = \"10:00-16:00\"\nholidays = [2026-12-25]",
            to: "config/greenroom.toml"
        )
        files["config/campaigns/spring.toml"] =
            "name = \"Spring\"\nstatus = \"active\"\n[calendar]\ntime_zone = \"Asia/Tokyo\""
        #expect(
            Configuration.load(directory: "config", from: files).problems.map(\.description) == [
                "config/campaigns/spring.toml:4:13: the time zone \"Asia/Tokyo\" is not known to this machine; write a name such"
                    + " as \"Europe/Berlin\" (package tzdata), or an offset such as \"+01:00\""
            ]
        )
        files.replace("Asia/Tokyo", by: "+09:00", in: "config/campaigns/spring.toml")
        let configuration = try #require(Configuration.load(directory: "config", from: files).configuration)
        let house = configuration.gateway.calendar
        #expect(house.zone == TimeZone(fixed: "+01:00"))
        #expect(house.workingDays == [.mon])
        #expect(house.workingHours == WorkCalendar.Hours(from: 600, to: 960))
        #expect(house.holidays == [CivilTime(year: 2026, month: 12, day: 25)])
        let campaign = try #require(configuration.campaigns.first?.calendar)
        #expect(campaign.zone == TimeZone(fixed: "+09:00"))
        #expect(campaign.workingDays == [.mon], "what it does not say is the house's")
    }

    @Test(
        "D16: rules that cannot be read are no configuration",
        arguments: ["[[permits]", "\u{0}", "[[permits]]\nname = 3"]
    )
    func damagedRulesAreRefused(_ text: String) {
        var files = MemoryFiles.minimal
        files["config/policies/start.toml"] = text
        let reading = Configuration.load(directory: "config", from: files)
        #expect(reading.configuration == nil)
        #expect(!reading.problems.isEmpty)
    }

    @Test("D16: without any policy there is no configuration")
    func missingRulesAreRefused() {
        var files = MemoryFiles.minimal
        files["config/policies/start.toml"] = nil
        #expect(Configuration.load(directory: "config", from: files).configuration == nil)
    }

    @Test("Cases say everything that a verdict depends on, and what it must be")
    func casesAreRead() throws {
        var files = MemoryFiles.minimal
        files["config/policies/rates.toml"] = """
            [[restrictions]]
            name = "night"
            when = { working_time = false }
            delay = "working hours"
            [[restrictions]]
            name = "terms"
            when = { terms_not_approved = true }
            hold = { managers = 1 }
            [[restrictions]]
            name = "files"
            when = { attachment_type = [".zip"], sent_more_than = { count = 0, within = "1d" } }
            hold = { managers = 1 }
            """
        files["config/policies/tests/all.toml"] = """
            [[cases]]
            name = "everything"
            expect = "hold"
            rules = ["night", "terms", "files"]
            not_before = 2026-01-05T09:00:00Z
            [cases.message]
            from = "ben"
            to = ["creator"]
            creator = "mia"
            now = 2026-01-03T12:00:00Z
            text = "We would like whitelisting for 3 months."
            sent = ["2h"]
            attachments = [{ name = "a.zip", type = "application/zip", size = "1 MiB" }]
            """
        let reading = Configuration.load(directory: "config", from: files)
        #expect(reading.problems == [])
        #expect(reading.cases.map(\.name) == ["everything"])
        #expect(reading.cases.first?.place == "config/policies/tests/all.toml:2:8")
        files.replace("2026-01-05T09", by: "2026-01-05T10", in: "config/policies/tests/all.toml")
        let failed = Configuration.load(directory: "config", from: files)
        #expect(failed.configuration == nil)
        #expect(failed.cases.first?.difference == "expected not before 2026-01-05T10:00:00Z, got 2026-01-05T09:00:00Z")
    }

    @Test(arguments: faults)
    func tells(_ text: String, _ problems: [String]) {
        let found = MemoryFiles.problems { $0["config/policies/rates.toml"] = text }
        #expect(found.count == problems.count)
        for (one, expected) in zip(found, problems) {
            // A list of all keys would repeat the table of the source.
            let isList = expected.hasSuffix("known here:")
            let whole = "config/policies/rates.toml:\(expected)"
            #expect(isList ? one.hasPrefix(whole) : one == whole)
        }
    }

    @Test func somebodyHasToApprove() {
        let problems = MemoryFiles.problems { $0["config/policies/start.toml"] = "" }
        #expect(
            problems == [
                "config/policies: nobody is named to approve what no permit lets out; add [default] with"
                    + " approvals = { managers = 1 }"
            ]
        )
    }

    @Test func aFailedCaseRefusesTheConfiguration() {
        let tests = """
            [[cases]]
            name = "creators wait"
            expect = "release"
            message = { from = "ben", to = ["creator"], creator = "mia" }
            [[cases]]
            name = "colleagues write freely"
            expect = "hold"
            approvals = { managers = 2 }
            message = { from = "ben", to = ["internal"] }
            [[cases]]
            name = "fires"
            expect = "hold"
            rules = ["No permit", "Internal content"]
            message = { from = "ben", to = ["unknown"] }
            [[cases]]
            name = "right"
            expect = "hold"
            permits = []
            message = { from = "ben", to = ["unknown"] }
            """
        let path = "config/policies/tests/start.toml"
        #expect(
            MemoryFiles.problems { $0[path] = tests } == [
                "\(path):2:8: the case \"creators wait\" fails: expected release, got hold, because of No permit (no permit"
                    + " lets this mail out by itself)",
                "\(path):6:8: the case \"colleagues write freely\" fails: expected approvals managers = 2, got managers = 1",
                "\(path):11:8: the case \"fires\" fails: expected the rule \"Internal content\" to fire; what fired:"
                    + " No permit (no permit lets this mail out by itself)",
            ]
        )
    }
}
