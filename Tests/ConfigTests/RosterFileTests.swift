import Base
import Campaigns
import Testing

@testable import Config

@Suite struct RosterFileTests {
    private static let roster = "config/creators.csv"

    private static let channels = """
        [platforms.instagram]
        name = "Instagram"
        sender_domains = ["mail.instagram.example"]
        [[platforms.instagram.recognisers]]
        kind = "direct-message"
        subject = "{handle} sent you a message"
        """

    @Test func readsCreatorsWithHandlesAndAgencies() throws {
        var files = MemoryFiles.minimal
        files["config/channels.toml"] = Self.channels
        files["config/agencies.toml"] = "[agencies.bright]\nname = \"Bright\"\ndomains = [\"bright.example\"]"
        files[Self.roster] = """
            \u{FEFF}id;Name;other_names;addresses;instagram;agency;languages;country;time_zone;do_not_contact
            aiko;Aiko Tanaka;田中愛子|Aiko T.;;@Aiko_Glow;bright;ja en;jp;Asia/Tokyo;yes

            kofi;Kofi;;"k@kofi.example; k2@kofi.example";;;;;;
            """.replacing("\n", with: "\r\n")
        let reading = Configuration.load(directory: "config", from: files)
        #expect(reading.problems == [])
        let creators = try #require(reading.configuration).creators
        let aiko = try #require(creators.first)
        #expect(aiko.otherNames == ["田中愛子", "Aiko T."])
        #expect(aiko.handles == [Handle("aiko_glow", on: "instagram")])
        #expect(aiko.agency == "bright" && aiko.country == "JP" && aiko.timeZone == "Asia/Tokyo")
        #expect(aiko.languages == ["ja", "en"] && aiko.preferences.isClosed)
        #expect(creators.last?.addresses.map(\.description) == ["k@kofi.example", "k2@kofi.example"])
    }

    static let rosters: [(String, [String])] = [
        (
            "id,nam\n",
            [
                "1:1: the column \"name\" is missing; add it", "1:4: unknown column \"nam\" (did you mean \"name\"?)",
            ]
        ),
        ("id,name,instagrm\n", ["1:9: unknown column \"instagrm\" (did you mean \"instagram\"?)"]),
        ("id,name,name\n", ["1:9: the column \"name\" is there twice; remove one"]),
        (
            "id,name\nmia,Mia\nmia,Other\n",
            [
                "3:1: the creator \"mia\" is already defined at config/creators.csv:2:1; rename one"
            ]
        ),
        (
            "id,name\n,Mia\nOh No,x\nx,\n",
            [
                "2:1: the creator has no id; give every row one that never changes",
                "3:1: \"id\" must be an id of small letters, digits, \"-\", \"_\" and \".\", not \"Oh No\"",
                "4:3: the creator has no name",
            ]
        ),
        (
            "id,name,addresses,agency,country\na,A,x@y.example z,brght,Germany\nb,B,X@Y.example,,\n",
            [
                "2:5: \"addresses\" must hold a mail address such as \"mia@brand.example\", not \"z\"",
                "2:19: there is no agency \"brght\" (did you mean \"bright\"?)",
                "2:25: \"country\" must be two letters such as \"DE\", not \"Germany\"",
                "3:5: X@Y.example is an address of \"a\" as well; an agency's belongs into agencies.toml",
            ]
        ),
        (
            "id,name,instagram,do_not_contact\na,A,@x/y,maybe\nb,B,@Z,\nc,C,z,\n",
            [
                "2:5: \"instagram\" must hold handles such as \"@lumi.skin\", not \"@x/y\"",
                "2:10: \"do_not_contact\" must be yes or no",
                "4:5: @z on instagram is a handle of \"b\" as well; remove one",
            ]
        ),
    ]

    @Test(arguments: rosters)
    func tells(_ text: String, _ problems: [String]) {
        let found = MemoryFiles.problems { files in
            files["config/channels.toml"] = Self.channels
            files["config/agencies.toml"] = "[agencies.bright]\nname = \"Bright\"\ndomains = [\"bright.example\"]"
            files[Self.roster] = text
        }
        #expect(found == problems.map { "config/creators.csv:\($0)" })
    }

    /// What no spreadsheet should have let through, and places where other files break.
    static let badBytes: [(String, [String])] = [
        ("id,name\na,A\u{0}\nb,B\n", ["2:4: control character \\x00 in a field; remove it"]),
        ("id,name\na,\"A\u{7}\"\nb,B\n", ["2:5: control character \\x07 in a field; remove it"]),
        ("id,name\na,\"A\nb,B\nc,C\n", ["2:3: the quoted field is not closed; add \" at its end"]),
        (
            "id,name\na,\"A\nb,\"B\"\nc,C\n",
            ["3:4: text behind the closing quote; write \"\" for a quote inside a field"]
        ),
        (
            "id,name\na,\"Ana\r\nBcc: x@else.test\"\nb,B\u{202E}o\n",
            [
                "2:3: \"name\" holds a line break; write it on one line",
                "4:3: \"name\" holds the mark U+202E, which changes the order of letters; remove it",
            ]
        ),
        (
            "id,name,note\na,A,\(String(repeating: "x", count: 70_000))\n",
            ["2:5: the field has 70000 bytes, more than 64 KiB; shorten it, or close a quote before it"]
        ),
    ]

    @Test(arguments: badBytes)
    func tellsOfBadBytes(_ text: String, _ problems: [String]) {
        #expect(MemoryFiles.problems { $0[Self.roster] = text } == problems.map { "config/creators.csv:\($0)" })
    }

    @Test func anAddressIsOneCreatorsInAnySpelling() {
        let problems = MemoryFiles.problems { files in
            files[Self.roster] = """
                id;name;addresses\r
                a;A;ana.torres@gmail.com\r
                b;B;AnaTorres+work@googlemail.com\r
                c;C;cleo@m\u{FC}nchen.example\r
                d;D;cleo@xn--mnchen-3ya.example\r
                e;E;e@post.example E@post.example\r
                f;F;.f@post.example\r
                """
        }
        let expected = [
            "3:5: AnaTorres+work@googlemail.com is an address of \"a\" as well",
            "5:5: cleo@xn--mnchen-3ya.example is an address of \"c\" as well",
            "6:5: E@post.example stands twice in the record",
            "7:5: \"addresses\" must hold a mail address",
        ]
        #expect(problems.count == expected.count)
        for (problem, start) in zip(problems, expected) {
            #expect(problem.hasPrefix("config/creators.csv:" + start))
        }
    }

    @Test("MATCHING §5.7: handles that differ only in dots are two, those that differ in case are one")
    func dotsOfHandlesCount() throws {
        var files = MemoryFiles.minimal
        files["config/channels.toml"] = Self.channels
        files[Self.roster] = "id,name,instagram\na,A,ana.b\nb,B,anab\nc,C,ana_b\n"
        let reading = Configuration.load(directory: "config", from: files)
        #expect(reading.problems == [])
        let directory = Directory(creators: try #require(reading.configuration).creators)
        #expect(directory.creator("b")?.handles == [Handle("ANAB", on: "instagram")])
        files[Self.roster] = "id,name,instagram\na,A,ana.b\nb,B,@Ana.B\n"
        #expect(
            Configuration.load(directory: "config", from: files).problems.map(\.description) == [
                "config/creators.csv:3:5: @ana.b on instagram is a handle of \"a\" as well; remove one"
            ]
        )
    }

    @Test func ofManyBadRowsTheFirstAreToldAndTheRestIsCounted() {
        let rows = (0..<1000).map { "c\($0),C,not an address\n" }.joined()
        let problems = MemoryFiles.problems { $0[Self.roster] = "id,name,addresses\nmia,Mia,\n" + rows }
        #expect(problems.count == 51)
        #expect(
            problems.first
                == "config/creators.csv: the file has 2950 problems more than the 50 that are told; mend these first"
        )
        #expect(problems.last?.hasPrefix("config/creators.csv:19:") == true)
    }

    @Test("A campaign that names thousands who are not there is told of as quickly as one")
    func danglingMembers() {
        let problems = MemoryFiles.problems { files in
            files["config/campaigns/a.toml"] =
                "name = \"A\"\nstatus = \"active\"\n[creators]\n" + (0..<3000).map { "n\($0) = {}\n" }.joined()
            files[Self.roster] = "id,name\n" + (0..<3000).map { "creator\($0),C\n" }.joined()
        }
        #expect(problems.count == 51)
        #expect(
            problems.first
                == "config/campaigns/a.toml: the file has 2950 problems more than the 50 that are told; mend these first"
        )
    }

    @Test func campaignsAreReadFromTheirFiles() throws {
        var files = MemoryFiles.minimal
        files["config/campaigns/spring.toml"] = """
            name = "Spring Launch"
            status = "active"
            plus_tokens = ["spring"]
            starts = 2026-03-01
            ceiling = "1500.50 eur"
            guarded_by = "managers"
            assignee = "ben"
            [creators]
            mia = { stage = "info-collected", agreed_rate = "800 EUR" }
            """
        let reading = Configuration.load(directory: "config", from: files)
        #expect(reading.problems == [])
        let spring = try #require(reading.configuration?.campaigns.first)
        #expect(spring.id == "spring" && spring.status == .active && spring.guardingGroup == "managers")
        #expect(spring.ceiling?.description == "1500.5 EUR")
        #expect(spring.starts == CivilTime(year: 2026, month: 3, day: 1))
        #expect(spring.members.map(\.creator) == ["mia"])
        #expect(spring.members.first?.startingStage == .infoCollected)
    }

    @Test func campaignsMayNotShareTheirSignals() {
        let problems = MemoryFiles.problems { files in
            files["config/campaigns/a.toml"] = "name = \"A\"\nstatus = \"active\"\nplus_tokens = [\"x\"]\n"
            files["config/campaigns/b.toml"] = """
                name = "a"
                status = "runing"
                plus_tokens = ["X", "no space"]
                starts = 2026-05-01
                ends = 2026-04-01
                [creators]
                mya = { stage = "begun" }
                """
        }
        #expect(
            problems == [
                "config/campaigns/b.toml:1:8: the campaign name \"a\" is already defined at config/campaigns/a.toml:1:8;"
                    + " rename one",
                "config/campaigns/b.toml:2:10: \"status\" must be \"active\", \"paused\" or \"completed\", not \"runing\"",
                "config/campaigns/b.toml:3:16: the plus token \"x\" is already defined at config/campaigns/a.toml:3:16;"
                    + " rename one",
                "config/campaigns/b.toml:3:21: an element of \"plus_tokens\" must be one word of letters, digits, \"-\","
                    + " \"_\" and \".\", not \"no space\"",
                "config/campaigns/b.toml:5:8: \"ends\" is before \"starts\"",
                "config/campaigns/b.toml:7:1: there is no creator \"mya\" (did you mean \"mia\"?)",
                "config/campaigns/b.toml:7:17: \"stage\" must be \"contacted\", \"replied\", \"negotiating\", \"accepted\","
                    + " \"info-collected\", \"product-shipped\", \"content-delivered\", \"posted\", \"completed\" or"
                    + " \"declined\", not \"begun\"",
            ]
        )
    }

    @Test func recognisersNeedAHandle() {
        let problems = MemoryFiles.problems { files in
            files["config/channels.toml"] = """
                [platforms.instagram]
                name = "Instagram"
                sender_domains = ["mail.instagram.example"]
                [[platforms.instagram.recognisers]]
                kind = "direct-message"
                subject = "{name} sent you a message"
                [[platforms.instagram.recognisers]]
                kind = "comment"
                body = "{handle"
                [marketplaces.fair]
                name = "Fair"
                sender_domains = ["Mail.Instagram.example"]
                """
        }
        #expect(
            problems == [
                "config/channels.toml:4:23: \"direct-message\" needs a place {handle} in subject or body; without it nobody"
                    + " is recognised",
                "config/channels.toml:9:8: \"body\": a brace without its other half; places are written {handle}",
                "config/channels.toml:12:19: mail from mail.instagram.example is that of \"instagram\" as well; remove one",
            ]
        )
    }
}
