import Base
import Campaigns
import Testing
import Views

@testable import Config

@Suite struct GatewayFileTests {
    private static let file = "config/greenroom.toml"

    @Test func theMinimalConfigurationLoads() throws {
        let reading = Configuration.load(directory: "config", from: MemoryFiles.minimal)
        #expect(reading.problems == [])
        let settings = try #require(reading.configuration).gateway
        #expect(settings.dataDirectory == "data")
        #expect(settings.controlSocket == "data/control/socket")
        #expect(settings.undoTime == .seconds(30))
        #expect(settings.commandDomain.name == "greenroom.invalid")
        #expect(settings.folders.names.waiting == "Waiting")
        #expect(
            settings.listeners.first?.tls == CertificateFiles(certificate: "certs/server.pem", key: "certs/key.pem")
        )
    }

    @Test func languagesWithoutVerbsAreAProblem() {
        let problems = MemoryFiles.problems { files in
            files.replace("[smarthost]", by: "[folders]\nlanguages = [\"en\", \"tlh\"]\n[smarthost]", in: Self.file)
        }
        #expect(
            problems == [
                "config/greenroom.toml:15:20: there are no verbs of \"tlh\"; there are those of de, en, es, fr, it, nl, pl, pt"
            ]
        )
    }

    /// A line that is replaced, by what, and what is said of it.
    static let faults: [(String, String, [String])] = [
        (
            "brand = \"Glow\"", "brnd = \"Glow\"",
            [
                "config/greenroom.toml:1:1: missing key \"brand\"; add brand = \"…\"",
                "config/greenroom.toml:1:1: unknown key \"brnd\" (did you mean \"brand\"?)",
            ]
        ),
        ("brand = \"Glow\"", "brand = 3", ["config/greenroom.toml:1:9: \"brand\" must be a text of one line, not 3"]),
        (
            "sink = true", "sink = true\nzzz = 1",
            [
                "config/greenroom.toml:16:1: unknown key \"zzz\"; known here: sink"
            ]
        ),
        (
            "sink = true", "sink = false",
            [
                "config/greenroom.toml:15:8: \"sink\" must be true (leave the key out otherwise), not false"
            ]
        ),
        (
            "\"127.0.0.1:1993\"", "\"localhost:1993\"",
            [
                "config/greenroom.toml:9:11: \"address\" must be \"address:port\" as in \"127.0.0.1:1143\" or"
                    + " \"[::1]:1143\", or \"unix:PATH\", not \"localhost:1993\""
            ]
        ),
        (
            "\"imaps\"", "\"imap4\"",
            [
                "config/greenroom.toml:8:11: \"service\" must be \"imap\", \"imaps\", \"submission\", \"submissions\" or"
                    + " \"lmtp\", not \"imap4\" (did you mean \"imap\"?)"
            ]
        ),
        (
            "service = \"imaps\"", "service = \"imaps\"\nallow_plaintext = true",
            [
                "config/greenroom.toml:9:19: \"allow_plaintext\" is for imap and submission; nobody logs in to imaps without TLS"
            ]
        ),
        (
            "service = \"imaps\"\naddress = \"127.0.0.1:1993\"",
            "service = \"imap\"\naddress = \"0.0.0.0:143\"\nallow_plaintext = true",
            [
                "config/greenroom.toml:10:19: passwords without TLS are allowed on loopback and Unix sockets only;"
                    + " remove \"allow_plaintext\""
            ]
        ),
        (
            "service = \"imaps\"", "service = \"lmtp\"",
            [
                "config/greenroom.toml:9:11: an lmtp listener must name who may deliver; add"
                    + " networks = [\"127.0.0.1/32\"] or use \"unix:PATH\""
            ]
        ),
        (
            "[accounts.team]", "[[listeners]]\nservice = \"imap\"\naddress = \"127.0.0.1:1993\"\n[accounts.team]",
            [
                "config/greenroom.toml:12:11: 127.0.0.1:1993 is already used at 9:11; take another port"
            ]
        ),
        (
            "[tls]\ncertificate = \"../certs/server.pem\"\nkey = \"../certs/key.pem\"", "",
            [
                "config/greenroom.toml:6:11: imaps needs a certificate; add [tls] with certificate and key"
            ]
        ),
        (
            "../certs/server.pem", "../certs/none.pem",
            [
                "config/greenroom.toml:5:15: certs/none.pem cannot be read: there is no such file"
            ]
        ),
        (
            "kind = \"local\"", "kind = \"mirrored\"",
            [
                "config/greenroom.toml:10:11: missing table \"upstream\"; add host, user and secret of the IMAP server"
            ]
        ),
        (
            "shared = true", "owner = \"mia\"",
            [
                "config/greenroom.toml:12:9: there is no member \"mia\"; add it to team.toml"
            ]
        ),
        (
            "shared = true", "owner = \"bn\"",
            [
                "config/greenroom.toml:12:9: there is no member \"bn\" (did you mean \"ben\"?)"
            ]
        ),
        (
            "shared = true", "shared = true\nowner = \"ben\"",
            [
                "config/greenroom.toml:13:9: an account is shared or has an owner; remove one of the two keys"
            ]
        ),
        (
            "shared = true", "",
            [
                "config/greenroom.toml:10:11: say whose account it is; add shared = true or owner = \"MEMBER\""
            ]
        ),
        (
            "hello@glow.example", "hello@other.example",
            [
                "config/greenroom.toml:13:14: hello@other.example is at none of the brand's domains; add other.example to"
                    + " \"domains\" in greenroom.toml"
            ]
        ),
        (
            "hello@glow.example", "hello",
            [
                "config/greenroom.toml:13:14: an element of \"addresses\" must be a mail address such as"
                    + " \"mia@brand.example\", not \"hello\""
            ]
        ),
        (
            "data = \"../data\"", "data = \"../data\"\nundo_time = \"2 hours\"",
            [
                "config/greenroom.toml:4:13: \"undo_time\" must be a duration such as \"30s\", \"5m\", \"12h\" or \"2d\""
                    + " from 0s to 1h, not \"2 hours\""
            ]
        ),
        (
            "[accounts.team]", "[accounts.Team]",
            [
                "config/greenroom.toml:10:11: \"Team\" must be an id of small letters, digits, \"-\", \"_\" and \".\"",
                "config/team.toml:7:13: there is no account \"team\"; add it to greenroom.toml",
            ]
        ),
        (
            "sink = true", "host = \"smtp.x.example\"\nconnections = 50\nmesages_per_minute = 30",
            [
                "config/greenroom.toml:16:15: \"connections\" must be an integer from 1 to 20, not 50",
                "config/greenroom.toml:17:1: unknown key \"mesages_per_minute\" (did you mean \"messages_per_minute\"?)",
            ]
        ),
        (
            "[smarthost]", "[limits]\nmessage = \"1 TiB\"\n[smarthost]",
            [
                "config/greenroom.toml:15:11: \"message\" must be a size such as \"50 MiB\" from 64 KiB to 50 MiB,"
                    + " not \"1 TiB\""
            ]
        ),
        (
            "[smarthost]", "[approvals]\ncreator_writes = \"wait\"\nexpire_after = \"5m\"\n[smarthost]",
            [
                "config/greenroom.toml:15:18: \"creator_writes\" must be \"keep\", \"hold\" or \"cancel\","
                    + " not \"wait\"",
                "config/greenroom.toml:16:16: \"expire_after\" must be a duration such as \"30s\", \"5m\", \"12h\" or"
                    + " \"2d\" from 1h to 365d, not \"5m\"",
            ]
        ),
        (
            "[smarthost]", "[approvals]\nescalate_after = \"8h\"\n[smarthost]",
            [
                "config/greenroom.toml:15:18: nobody is named to escalate to; add escalate_to = [\"managers\"]"
            ]
        ),
        (
            "[smarthost]", "[approvals]\nescalate_to = [\"managers\"]\n[smarthost]",
            [
                "config/greenroom.toml:15:15: it is not said when to escalate; add escalate_after = \"8h\""
            ]
        ),
        (
            "[smarthost]", "[approvals]\nescalate_after = \"8h\"\nescalate_to = [\"manager\"]\n[smarthost]",
            [
                "config/greenroom.toml:16:16: there is no group \"manager\" (did you mean \"managers\"?)"
            ]
        ),
        (
            "[smarthost]",
            "[folders]\nwaiting = \"Open\"\napprove = \"open\"\n[folders.stages]\nrepled = \"r\"\n[smarthost]",
            [
                "config/greenroom.toml:16:11: \"approve\" has the same name as \"waiting\"; rename one",
                "config/greenroom.toml:18:1: unknown key \"repled\" (did you mean \"replied\"?)",
            ]
        ),
    ]

    @Test(arguments: faults)
    func tells(_ old: String, _ new: String, _ problems: [String]) {
        #expect(MemoryFiles.problems { $0.replace(old, by: new, in: Self.file) } == problems)
    }

    static let secrets: [(String, [String])] = [
        ("secret = { env = \"UP\" }", []),
        ("secret = { command = [\"pass\", \"show\", \"show\"] }", []),
        (
            "secret = \"hunter2\"",
            [
                "config/greenroom.toml:23:10: a secret never stands in the files; write { env = \"NAME\" },"
                    + " { file = \"PATH\" } or { command = [\"PROGRAM\"] }"
            ]
        ),
        (
            "secret = { env = \"UP\", file = \"x\" }",
            [
                "config/greenroom.toml:23:10: a secret has one source; write { env = \"NAME\" }, { file = \"PATH\" }"
                    + " or { command = [\"PROGRAM\"] }"
            ]
        ),
        (
            "secret = { file = \"../certs/server.pem\" }",
            [
                "config/greenroom.toml:23:19: others may read or write certs/server.pem; run chmod 600 certs/server.pem"
            ]
        ),
        (
            "",
            [
                "config/greenroom.toml:20:14: missing key \"secret\"; write secret = { env = \"NAME\" },"
                    + " { file = \"PATH\" } or { command = [\"PROGRAM\"] }"
            ]
        ),
        (
            "secret = { env = \"UP\" }\ntls = \"none\"\nport = 143",
            [
                "config/greenroom.toml:24:7: a connection without TLS is allowed to loopback only; use \"tls\" or \"starttls\""
            ]
        ),
        (
            "secret = { env = \"UP\" }\ntls = \"starttls\"",
            [
                "config/greenroom.toml:20:14: missing key \"port\"; add port = 1"
            ]
        ),
    ]

    @Test(arguments: secrets)
    func readsServersAndNeverASecret(_ line: String, _ problems: [String]) {
        let found = MemoryFiles.problems { files in
            files.append(
                """
                [accounts.up]
                kind = "mirrored"
                shared = true
                addresses = ["up@glow.example"]
                [accounts.up.upstream]
                host = "imap.example"
                user = "u"
                \(line)
                """,
                to: Self.file
            )
        }
        #expect(found == problems)
    }

    @Test func whatOthersMayChangeIsRefused() {
        let problems = MemoryFiles.problems { files in
            files.files["config/greenroom.toml"]?.permissions = 0o646
            files.files["certs/key.pem"]?.permissions = 0o644
        }
        #expect(problems == ["config/greenroom.toml: others may write the file; run chmod o-w config/greenroom.toml"])
        let key = MemoryFiles.problems { $0.files["certs/key.pem"]?.permissions = 0o644 }
        #expect(
            key == ["config/greenroom.toml:6:7: others may read or write certs/key.pem; run chmod 600 certs/key.pem"]
        )
        let group = MemoryFiles.problems { $0.files["certs/key.pem"]?.permissions = 0o640 }
        #expect(group == [])
    }

    @Test func missingFilesAreToldAndExcuseWhatTheyDefine() {
        let problems = MemoryFiles.problems { $0["config/team.toml"] = nil }
        #expect(problems == ["config/team.toml: the file cannot be read: there is no such file"])
    }

    @Test func problemsOfSeveralFilesComeAtOnce() {
        let problems = MemoryFiles.problems { files in
            files.replace("brand = \"Glow\"", by: "brand = Glow", in: Self.file)
            files.replace("name = \"Ben\"", by: "nam = \"Ben\"", in: "config/team.toml")
            files.append("x", to: "config/creators.csv")
        }
        #expect(
            problems == [
                "config/creators.csv:4:1: the row has 1 fields, the header 3; quote fields that contain the delimiter",
                "config/greenroom.toml:1:9: \"Glow\" is no value; text needs quotes",
                "config/team.toml:3:10: missing key \"name\"; add name = \"…\"",
                "config/team.toml:4:1: unknown key \"nam\" (did you mean \"name\"?)",
            ]
        )
    }
}
