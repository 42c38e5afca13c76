import Base
import Campaigns
import Policy
import Testing

@testable import Config

@Suite struct PolicyFileTests {
    private static func rules(_ text: String) throws -> RuleSet {
        var files = MemoryFiles.minimal
        files["config/campaigns/spring.toml"] = "name = \"Spring\"\nstatus = \"active\""
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
            """
        )
        #expect(
            rules.restrictions.map(\.effect) == [
                .delay(.seconds(7200)), .hold(approvals: ["managers": 1]), .cancel, .reject(text: "not like this"),
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
