import Base
import Campaigns
import Config
import Flow
import Store
import TestSupport
import Testing

@testable import Control

/// `greenroom creators`: whose an address is, said on the command line.
@Suite struct CreatorsCommandTests {
    /// A store that a gateway has made and left.
    private func disk() async throws -> SimulatedDisk {
        let disk = SimulatedDisk()
        let house = try house(MemoryPlace.small.configuration, on: disk)
        try await house.accept(MemoryPlace.small.configuration)
        house.store.close()
        return disk
    }

    @Test("An alias is shown with who said it and why, and taken back") func alias() async throws {
        let disk = try await disk()
        let said = try await greenroom(
            "creators",
            "alias",
            "lumi",
            "lu@private.example",
            "--why",
            "by phone",
            disk: disk
        )
        #expect(said.code == .success)
        #expect(said.out.first?.hasPrefix("lu@private.example is lumi's from now on") == true)
        let shown = try await greenroom("show", "creator", "lu@private.example", disk: disk)
        #expect(shown.out.contains { $0.contains("lu@private.example (learnt ") && $0.hasSuffix(": by phone)") })
        let twice = try await greenroom("creators", "alias", "lumi", "LU@private.example", disk: disk)
        #expect(twice.code == .failure)
        #expect(twice.err == ["LU@private.example belongs to lumi already"])
        let back = try await greenroom("creators", "unalias", "lumi", "lu@private.example", disk: disk)
        #expect(back.code == .success)
        #expect(try await greenroom("show", "creator", "lu@private.example", disk: disk).code == .failure)
        let whole = try await greenroom("ledger", "replay", disk: disk)
        #expect(whole.code == .success)
    }

    @Test("What the files say is changed there") func roster() async throws {
        let heard = try await greenroom("creators", "unalias", "lumi", "luisa@lumi.example", disk: disk())
        #expect(heard.code == .failure)
        #expect(heard.err == ["luisa@lumi.example stands in creators.csv; take it out there"])
    }

    @Test("Words that are no command end with 2") func words() async throws {
        #expect(try await greenroom("creators", "alias", "lumi").code == .usage)
        #expect(try await greenroom("creators", "alas", "lumi", "a@b.example").code == .usage)
        #expect(try await greenroom("creators", "alias", "lumi", "nobody").code == .usage)
    }
}
