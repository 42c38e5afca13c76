import Base
import Campaigns
import Config
import Flow
import SMTPWire
import Store
import TestSupport
import Testing

@testable import Control

@Suite("greenroom policy")
struct PolicyCommandTests {
    private static func place(_ expect: String) -> MemoryPlace {
        var place = MemoryPlace.small
        place.texts["config/policies/tests/cases.toml"] = """
            [[cases]]
            name = "too much"
            expect = "\(expect)"
            message = { from = "mia", to = ["creator"], creator = "lumi", campaign = "spring", text = "We offer 1800 EUR." }
            """
        return place
    }

    @Test func goodCasesAreShown() async throws {
        let heard = try await greenroom("policy", "test", on: Self.place("hold"))
        #expect(heard.code == .success)
        #expect(heard.out == ["ok    too much: hold, needs 1 of managers", "1 case, 0 failed"])
    }

    @Test func aFailedCaseIsShownWithItsPlaceAndEndsWithOne() async throws {
        let heard = try await greenroom("policy", "test", on: Self.place("release"))
        #expect(heard.code == .failure)
        #expect(heard.out.first?.hasPrefix("FAIL  too much: expected release, got hold, because of") == true)
        #expect(heard.out.contains("      config/policies/tests/cases.toml:2:8"))
        #expect(heard.out.last == "1 case, 1 failed")
        let json = try await greenroom("policy", "test", "--json", on: Self.place("release"))
        #expect(json.code == .failure)
        #expect(json.out.first?.contains(#""good":false"#) == true)
        #expect(json.out.first?.contains(#""rule":"rate above the ceiling""#) == true)
    }

    @Test("Rules are tried on a fresh copy of the files, where no certificate was made yet")
    func certificatesNeedNotBeThere() async throws {
        var place = Self.place("hold")
        place.texts["config/greenroom.toml", default: ""] +=
            "\n[tls]\ncertificate = \"certs/none.pem\"\nkey = \"certs/none-key.pem\"\n"
        let checked = try await greenroom("check", on: place)
        #expect(checked.code == .failure)
        let heard = try await greenroom("policy", "test", on: place)
        #expect(heard.code == .success)
        #expect(heard.out.last == "1 case, 0 failed")
    }

    @Test func faultyFilesAreToldInPlaceOfCases() async throws {
        var place = Self.place("hold")
        place.texts["config/policies/start.toml", default: ""] += "\nnonsense = 1\n"
        let heard = try await greenroom("policy", "test", on: place)
        #expect(heard.code == .failure)
        #expect(heard.out.isEmpty)
        #expect(heard.err.contains { $0.contains("nonsense") })
    }

    @Test(arguments: [
        ["policy"], ["policy", "tst"], ["policy", "test", "--since", "30d"], ["policy", "replay", "--since", "soon"],
        ["policy", "replay", "--since", "2026-13-01"],
    ])
    func wordsThatAreNoCommand(_ words: [String]) async throws {
        #expect(try await greenroom(words).code == .usage)
    }

    private static func submit(_ house: House, to recipient: String, _ text: String) async throws {
        let account = try #require(house.rulebook.configuration.gateway.accounts.first)
        let lines = ["From: mia@glow.example", "To: \(recipient)", "Subject: One", "", text, ""]
        _ = try await house.submit(
            SubmittedMessage(
                envelope: SMTPWire.Envelope(
                    sender: EnvelopeAddress("mia@glow.example"),
                    recipients: [EnvelopeRecipient(try #require(EnvelopeAddress(recipient)))]
                ),
                bytes: Array(lines.joined(separator: "\r\n").utf8),
                author: "mia",
                device: "Laptop",
                account: account,
                received: "from test by localhost; Sun, 22 Nov 2026 09:00:00 +0000"
            )
        )
    }

    @Test func replayTellsByRuleWhatWouldHaveBeenDone() async throws {
        let disk = SimulatedDisk()
        let opened = try house(try MemoryPlace.small.configuration, on: disk)
        try await Self.submit(opened, to: "luisa@lumi.example", "We offer 1800 EUR.")
        try await Self.submit(opened, to: "ben@glow.example", "Lunch?")
        opened.store.close()
        let same = try await greenroom("policy", "replay", on: .small, disk: disk)
        #expect(same.code == .success)
        #expect(same.out.first?.hasPrefix("2 mails since ") == true)
        #expect(same.out.contains { $0.hasPrefix("stages, threads and who wrote are those of then; agreed rates") })
        #expect(same.out.contains("release: 1, hold: 1"))
        #expect(same.out.contains("rule rate above the ceiling: 1 mail, 0 of which left without waiting then"))
        #expect(same.out.contains("permit internal mail: 1 mail"))
        #expect(same.out.contains("stricter now than then: 0"))
        var place = MemoryPlace.small
        place.texts["config/policies/lunch.toml"] =
            "[[restrictions]]\nname = \"lunch\"\nwhen = { words = [\"lunch\"] }\nhold = { managers = 1 }\n"
        let other = try await greenroom("policy", "replay", on: place, disk: disk)
        #expect(other.out.contains("rule lunch: 1 mail, 1 of which left without waiting then"))
        #expect(other.out.contains("stricter now than then: 1"))
        let json = try await greenroom("policy", "replay", "--json", "--since", "2d", on: place, disk: disk)
        #expect(json.out.count == 3)
        #expect(json.out.last?.contains(#""stricter":1,"milder":0"#) == true)
    }
}
