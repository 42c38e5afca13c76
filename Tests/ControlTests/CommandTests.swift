import Base
import SASL
import Testing

@testable import Control

@Suite struct CheckTests {
    @Test func aGoodConfigurationIsCounted() async throws {
        let heard = try await greenroom("check")
        #expect(heard.code == .success)
        #expect(heard.out.first?.hasPrefix("configuration is good: ") == true)
        #expect(heard.out.first?.contains("2 members") == true)
    }

    @Test func everyProblemIsToldWithItsPlace() async throws {
        var place = MemoryPlace.small
        place.texts["config/team.toml", default: ""] += "\nnmae = 1\n"
        place.texts["config/creators.csv"] = "id,nmae\n"
        let heard = try await greenroom("check", on: place)
        #expect(heard.code == .failure)
        #expect(heard.out.contains { $0.hasPrefix("config/team.toml:") && $0.contains("nmae") })
        #expect(heard.out.contains { $0.hasPrefix("config/creators.csv:") })
        let json = try await greenroom("check", "--json", on: place)
        #expect(json.code == .failure)
        #expect(json.out.count == 1)
        #expect(json.out.first?.hasPrefix(#"{"good":false,"problems":[{"file":"config/"#) == true)
    }
}

@Suite struct PasswordTests {
    @Test func thePasswordFitsWhatIsStoredUnderTheMembersSalt() async throws {
        let heard = try await greenroom("password", "--member", "mia", "--label", "Mia's \"Phone\"")
        #expect(heard.code == .success)
        let text = heard.out.map { ASCII.trimmed($0) }
        let password = try #require(text.first { $0.split(separator: "-").count == 5 && $0.count == 24 })
        let line = try #require(text.first { $0.hasPrefix("password = ") })
        let credential = try #require(ScramCredential(line.split(separator: "\"")[1]))
        #expect(credential.verify(Secret(password)))
        #expect(credential.parameters == ScramCredential(MemoryPlace.scram)?.parameters)
        #expect(text.contains(#"label = "Mia's \"Phone\"""#))
        #expect(text.contains(#"scopes = ["read", "send"]"#))
    }

    @Test(
        arguments: [
            ("mai", "Phone", #"team.toml has no member "mai" (did you mean "mia"?)"#),
            ("mia", "Laptop", #"Mia has a device "Laptop" already; remove it first or choose another"#),
        ])
    func refuses(_ member: String, label: String, why: String) async throws {
        let heard = try await greenroom("password", "--member", member, "--label", label)
        #expect(heard.code == .failure)
        #expect(heard.err == ["greenroom password: " + why])
        #expect(heard.out.isEmpty)
    }
}

@Suite struct ExplainTests {
    private static let place: MemoryPlace = {
        var place = MemoryPlace.small
        place.texts["1.eml"] = """
            From: mia@glow.example
            To: luisa@lumi.example
            Subject: Rates
            Message-ID: <one@glow.example>

            We could offer 1800 EUR.
            """
        place.texts["2.eml"] = """
            From: Luisa <private@elsewhere.example>
            To: hello@glow.example
            Subject: Re: Rates
            Message-ID: <two@elsewhere.example>
            In-Reply-To: <one@glow.example>

            Yes.
            """
        place.texts["3.eml"] = "From: mia@glow.example\nTo: ben@glow.example\nSubject: Lunch\n\nNow?\n"
        return place
    }()

    @Test func outboundMailHasItsVerdictWithTheRulesThatFired() async throws {
        let heard = try await greenroom("explain", "--json", "1.eml", on: Self.place)
        #expect(heard.code == .success)
        let line = try #require(heard.out.first)
        #expect(
            line.hasPrefix(
                #"{"file":"1.eml","direction":"outbound","creator":"lumi","campaign":"spring","channel":"email","#
            )
        )
        #expect(line.contains(#""verdict":"hold""#))
        #expect(line.contains(#""rule":"rate above the ceiling""#))
        #expect(line.contains(#""author":"mia""#))
        #expect(line.contains(#""approvals":{"managers":1}"#))
    }

    @Test func filesOfOneCallAreOneHistory() async throws {
        let alone = try await greenroom("explain", "--json", "2.eml", on: Self.place)
        #expect(alone.out.first?.contains(#""creator":null"#) == true)
        let together = try await greenroom("explain", "--json", "1.eml", "2.eml", on: Self.place)
        #expect(together.out.count == 2)
        #expect(together.out.last?.contains(#""creator":"lumi","campaign":"spring""#) == true)
        #expect(together.out.last?.contains(#""verdict":null"#) == true)
    }

    @Test func internalMailIsReleasedByItsPermit() async throws {
        let heard = try await greenroom("explain", "3.eml", on: Self.place)
        #expect(heard.out.contains("    verdict     release"))
        #expect(heard.out.contains("    permit      internal mail"))
    }

    @Test func aFileThatIsNotThereIsNamed() async throws {
        let heard = try await greenroom("explain", "none.eml", on: Self.place)
        #expect(heard.code == .failure)
        #expect(heard.err.first?.contains("none.eml cannot be read") == true)
    }
}
