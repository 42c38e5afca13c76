import Base
import Campaigns
import TestSupport
import Testing

@testable import Config

@Suite struct ConfigurationTests {
    private func load(_ change: (inout MemoryFiles) -> Void = { _ in }) throws -> Configuration {
        var files = MemoryFiles.minimal
        change(&files)
        return try #require(Configuration.load(directory: "config", from: files).configuration)
    }

    @Test func theFingerprintStandsForTheFiles() throws {
        let first = try load()
        #expect(first.fingerprint == (try load()).fingerprint)
        #expect(first.files.map(\.path) == ["creators.csv", "greenroom.toml", "policies/start.toml", "team.toml"])
        let other = try load { $0.append("# a comment", to: "config/team.toml") }
        #expect(first.fingerprint != other.fingerprint)
        #expect(other.difference(from: first).lines == [])
    }

    @Test func changesAreToldInWords() throws {
        let old = try load()
        let new = try load { files in
            files.replace("\"Glow\"", by: "\"Glow Labs\"", in: "config/greenroom.toml")
            files.replace("data = ", by: "undo_time = \"2m\"\ndata = ", in: "config/greenroom.toml")
            files.replace("127.0.0.1:1993", by: "127.0.0.1:2993", in: "config/greenroom.toml")
            files.replace("[\"hello@", by: "[\"hi@", in: "config/greenroom.toml")
            files.append("[members.eva]\nname = \"Eva\"\naddresses = [\"eva@glow.example\"]", to: "config/team.toml")
            files.replace("\"Ben\"", by: "\"Ben O.\"", in: "config/team.toml")
            files["config/creators.csv"] = "id,name\nkofi,Kofi\n"
            files.append(
                "[[permits]]\nname = \"all\"\nwhen = { always = true }",
                to: "config/policies/start.toml"
            )
        }
        let difference = new.difference(from: old)
        #expect(
            difference.lines == [
                "brand changes",
                "undo time changes from 30s to 2m",
                "listener imaps 127.0.0.1:2993 is added",
                "listener imaps 127.0.0.1:1993 is removed",
                "account team changes: addresses",
                "member ben changes: name",
                "member eva is added",
                "creator kofi is added",
                "creator mia is removed",
                "permit all is added",
            ]
        )
        #expect(difference.removedCreators == ["mia"])
        #expect(difference.needsConsent)
    }

    @Test func aTwentiethOfTheRosterMayGoUnasked() throws {
        let roster = { (count: Int) in
            "id,name\n" + (1...count).map { "c\($0),C \($0)\n" }.joined()
        }
        let old = try load { $0["config/creators.csv"] = roster(20) }
        #expect(try !load { $0["config/creators.csv"] = roster(19) }.difference(from: old).needsConsent)
        #expect(try load { $0["config/creators.csv"] = roster(18) }.difference(from: old).needsConsent)
    }

    @Test(
        arguments: [
            ("data", "config", "config/data"), ("../data", "config", "data"), ("/var/x/../y", "config", "/var/y"),
            ("../../x", "config", "../x"), ("./a//b", "/etc/greenroom", "/etc/greenroom/a/b"), ("..", "config", "."),
            ("../..", "/etc/greenroom", "/"), ("x", ".", "x"), ("x", "../config", "../config/x"),
        ])
    func pathsStartAtTheDirectory(_ path: String, _ directory: String, _ expected: String) {
        #expect(Paths.resolve(path, in: directory) == expected)
    }

    @Test(arguments: [("30s", 30), ("5m", 300), ("12h", 43_200), ("2d", 172_800), ("0s", 0)])
    func durations(_ text: String, _ seconds: Int) {
        #expect(Durations.parse(text) == .seconds(seconds))
        #expect(Durations.text(.seconds(seconds)) == text)
    }

    @Test(arguments: ["", "s", "5", "5 m", "-5m", "1.5h", "5w", "99999999999d", "9999999999d"])
    func noDurations(_ text: String) { #expect(Durations.parse(text) == nil) }

    @Test(arguments: [("50 MiB", 52_428_800), ("2kB", 2000), ("7 B", 7), ("1 GiB", 1 << 30)])
    func sizes(_ text: String, _ bytes: Int) { #expect(Sizes.bytes(text) == bytes) }

    @Test(arguments: ["", "MiB", "5", "5 mib", "-1 B", "999999999999 GiB"])
    func noSizes(_ text: String) { #expect(Sizes.bytes(text) == nil) }

    @Test(arguments: [("00:00", 0), ("09:30", 570), ("23:59", 1439)])
    func timesOfDay(_ text: String, _ minutes: Int) {
        #expect(TimeOfDay(text)?.minutes == minutes)
        #expect(TimeOfDay(minutes: minutes).description == text)
    }

    @Test(arguments: ["24:00", "9:30", "09:60", "09-30", "0a:00"])
    func noTimesOfDay(_ text: String) { #expect(TimeOfDay(text) == nil) }

    @Test(
        arguments: [
            ("aprovers", "approvers"), ("hots", "host"), ("servce", "service"), ("x", nil), ("brand", "brand"),
            ("completely", nil),
        ])
    func suggestions(_ word: String, _ expected: String?) {
        #expect(Suggestion.nearest(to: word, among: ["approvers", "host", "service", "brand"]) == expected)
    }

    /// Any damage to any file gives a configuration or problems with places, never a trap.
    @Test func mutatedFilesNeverTrap() {
        var random = SeededGenerator(seed: 42)
        let paths = MemoryFiles.minimal.files.keys.filter { $0.hasPrefix("config/") }.sorted()
        let alphabet = Array("[]{}=.,#\"'\n 01ax:@-".utf8)
        for _ in 0..<400 {
            var files = MemoryFiles.minimal
            let path = paths[Int.random(in: 0..<paths.count, using: &random)]
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let count = files.files[path]?.bytes.count ?? 0
                let position = Int.random(in: 0..<count, using: &random)
                files.files[path]?.bytes[position] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let reading = Configuration.load(directory: "config", from: files)
            #expect((reading.configuration == nil) == !reading.problems.isEmpty)
        }
    }
}
