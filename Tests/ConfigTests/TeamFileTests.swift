import Base
import Campaigns
import Testing

@testable import Config

@Suite struct TeamFileTests {
    private static let file = "config/team.toml"

    @Test func rightsAreReadFromListsAndTables() throws {
        var files = MemoryFiles.minimal
        files["config/campaigns/spring.toml"] = "name = \"Spring\"\nstatus = \"active\"\n"
        files.append(
            """
            [members.mia]
            name = "Mia"
            addresses = ["mia@glow.example"]
            accounts = { team = "read" }
            campaigns = { "*" = "read", spring = "write" }
            fields = ["money"]
            sends_as = ["hello@glow.example"]
            follows = ["spring"]
            unix_user = 1001
            [successors]
            tom = "ben"
            """,
            to: Self.file
        )
        let reading = Configuration.load(directory: "config", from: files)
        #expect(reading.problems == [])
        let team = try #require(reading.configuration).team
        let mia = try #require(team.member("mia"))
        #expect(mia.access(toAccount: "team") == .read)
        #expect(mia.access(toAccount: "other") == nil)
        #expect(mia.access(toCampaign: "spring") == .write)
        #expect(mia.access(toCampaign: "summer") == .read)
        #expect(mia.fields == [.money])
        #expect(mia.sendsAs.map(\.description) == ["mia@glow.example", "hello@glow.example"])
        #expect(team.member(unixUser: 1001)?.id == "mia")
        #expect(team.successors == ["tom": "ben"])
        #expect(team.member("ben")?.access(toAccount: "team") == .write)
        #expect(team.member("ben")?.devices.first?.scopes == [.read, .send, .approve])
    }

    private static let lea =
        "[members.lea]\nname = \"Lea\"\naddresses = [\"lea@glow.example\"]\ngroups = [\"managers\"]\n"
        + "[[members.lea.devices]]\nlabel = \"Laptop\"\nscopes = [\"approve\"]\npassword = \"\(MemoryFiles.scram)\""

    private static func away(_ text: String, _ lea: String) -> MemoryFiles {
        var files = MemoryFiles.minimal
        files.replace("name = \"Ben\"", by: "name = \"Ben\"\naway = \(text)", in: file)
        files.append(lea, to: file)
        return files
    }

    @Test func whoIsAwayNamesADelegate() throws {
        let files = Self.away("{ until = 2026-12-01, delegate = \"lea\" }", Self.lea)
        let reading = Configuration.load(directory: "config", from: files)
        #expect(reading.problems == [])
        let ben = try #require(reading.configuration?.team.member("ben"))
        #expect(ben.absence == Member.Absence(until: Timestamp(seconds: 1_796_083_200), delegate: "lea"))
    }

    @Test(
        arguments: [
            (
                "{ until = 2026-12-01, delegate = \"ben\" }", "",
                "\"ben\" cannot be their own delegate; name a colleague"
            ),
            (
                "{ until = 2026-12-01, delegate = \"leo\" }", "",
                "there is no member \"leo\" (did you mean \"lea\"?)"
            ),
            (
                "{ until = 2026-12-01, delegate = \"lea\" }", "[\"read\"]",
                "the delegate \"lea\" cannot decide; give them a device with the scope \"approve\" or name somebody else"
            ),
            (
                "{ until = 2026-12-01, delegate = \"lea\" }", "away",
                "the delegate \"lea\" is away as well; name somebody who is there"
            ),
        ]
    )
    func aDelegateWhoCannotDecideIsAProblem(_ away: String, _ lea: String, _ problem: String) {
        var other = Self.lea
        if lea == "away" {
            other = other.replacing(
                "name = \"Lea\"",
                with: "name = \"Lea\"\naway = { until = 2026-12-01, delegate = \"ben\" }"
            )
        } else if !lea.isEmpty {
            other = other.replacing("[\"approve\"]", with: lea)
        }
        let files = Self.away(away, other)
        let problems = Configuration.load(directory: "config", from: files).problems.map(\.description)
        #expect(problems.contains { $0.hasPrefix("config/team.toml:5:") && $0.hasSuffix(problem) }, "\(problems)")
    }

    static let faults: [(String, String, [String])] = [
        (
            "groups = [\"managers\"]", "groups = [\"managrs\"]",
            [
                "config/team.toml:6:11: there is no group \"managrs\" (did you mean \"managers\"?)"
            ]
        ),
        (
            "accounts = [\"team\"]", "accounts = { team = \"rite\" }",
            [
                "config/team.toml:7:21: \"team\" must be \"read\" or \"write\", not \"rite\" (did you mean \"write\"?)"
            ]
        ),
        (
            "accounts = [\"team\"]", "accounts = [\"team\", \"team\"]",
            [
                "config/team.toml:7:21: \"team\" stands twice in \"accounts\"; remove one"
            ]
        ),
        (
            "accounts = [\"team\"]", "follows = [\"spring\"]",
            [
                "config/team.toml:7:12: there is no campaign \"spring\"; add it to campaigns/"
            ]
        ),
        (
            "addresses = [\"ben@glow.example\"]", "addresses = []",
            [
                "config/team.toml:5:13: \"addresses\" is empty; write addresses = [\"mia@brand.example\"]"
            ]
        ),
        (
            "accounts = [\"team\"]", "sends_as = [\"ben@other.example\"]",
            [
                "config/team.toml:7:13: ben@other.example is at none of the brand's domains; add other.example to"
                    + " \"domains\" in greenroom.toml"
            ]
        ),
        (
            "\"approve\"]", "\"aprove\"]",
            [
                "config/team.toml:10:27: an element of \"scopes\" must be \"read\", \"send\" or \"approve\", not \"aprove\""
                    + " (did you mean \"approve\"?)"
            ]
        ),
        (
            MemoryFiles.scram, "hunter2",
            [
                "config/team.toml:11:12: \"password\" must be what \"greenroom password\" prints (SCRAM-SHA-256$…), never the"
                    + " password itself"
            ]
        ),
        (
            "name = \"Ben\"", "name = \"Ben\"\nunix_user = -1",
            [
                "config/team.toml:5:13: \"unix_user\" must be an integer from 0 to 4294967294, not -1"
            ]
        ),
    ]

    @Test(arguments: faults)
    func tells(_ old: String, _ new: String, _ problems: [String]) {
        #expect(MemoryFiles.problems { $0.replace(old, by: new, in: Self.file) } == problems)
    }

    @Test func aMemberHasOneSaltForAllDevices() {
        let other = MemoryFiles.scram.replacing("uE0JioaTWuLgFzmp3jPmgg==", with: "RbQ6ucwDh5cosuHdZXYQkA==")
        let problems = MemoryFiles.problems { files in
            files.append(
                "[[members.ben.devices]]\nlabel = \"Laptop\"\nscopes = [\"read\"]\npassword = \"\(other)\"",
                to: Self.file
            )
        }
        #expect(
            problems == [
                "config/team.toml:13:9: there is another device \"Laptop\"; labels tell devices apart",
                "config/team.toml:15:12: salt and count differ from those at 11:12; a member has one for all devices"
                    + " (make the password with \"greenroom password\")",
            ]
        )
    }

    @Test func samplePasswordsOpenLoopbackOnly() {
        let sample: (inout MemoryFiles) -> Void = { files in
            files.replace("label = \"Laptop\"", by: "label = \"Laptop\"\nsample = true", in: Self.file)
        }
        #expect(MemoryFiles.problems(sample) == [])
        for place in ["0.0.0.0:1993", "[::]:1993", "192.0.2.1:993"] {
            let problems = MemoryFiles.problems { files in
                sample(&files)
                files.replace("127.0.0.1:1993", by: place, in: "config/greenroom.toml")
            }
            #expect(
                problems == [
                    "config/team.toml:10:10: a sample password works on loopback only, but imaps listens on \(place);"
                        + " make a new one with \"greenroom password\""
                ]
            )
        }
    }

    @Test func nobodySharesAnAddressOrAnId() {
        let problems = MemoryFiles.problems { files in
            files.append("[members.eva]\nname = \"Eva\"\naddresses = [\"BEN@glow.example\"]", to: Self.file)
        }
        #expect(problems == ["config/team.toml:12:10: BEN@glow.example is the address of \"ben\" as well; remove one"])
    }

    @Test func aMemberNeedsNoSuccessor() {
        let problems = MemoryFiles.problems { $0.append("[successors]\nben = \"bem\"", to: Self.file) }
        #expect(
            problems == [
                "config/team.toml:13:1: \"ben\" is a member and needs no successor; remove one",
                "config/team.toml:13:7: there is no member \"bem\" (did you mean \"ben\"?)",
            ]
        )
    }
}
