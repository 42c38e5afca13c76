import Campaigns
import Config
import Flow
import Testing

/// What a reload takes away is gone for those who are logged in as well (DESIGN §7).
@Suite("Access that ends")
struct AccessTests {
    @Test("A device whose right to decide was taken away, or that is gone, is logged out before it does anything more")
    func taken() async throws {
        try await TestGateway.run { house in
            let (ben, lea) = (try await house.client("ben"), try await house.client("lea"))
            try await ben.ok("NOOP")
            var configuration = house.configuration
            let index = try #require(configuration.team.members.firstIndex { $0.id == "ben" })
            configuration.team.members[index].devices[0].scopes.remove(.approve)
            configuration.files[0].hash = [1]
            try await house.house.accept(configuration)
            try await lea.ok("NOOP")
            await #expect(throws: (any Error).self) { try await ben.ok("NOOP") }
            // Logged in again, with the rights of now.
            let again = try await house.client("ben")
            try await again.ok("NOOP")
            configuration.team.members[index].devices = []
            configuration.files[0].hash = [2]
            try await house.house.accept(configuration)
            await #expect(throws: (any Error).self) { try await again.ok("NOOP") }
            await #expect(throws: (any Error).self) { _ = try await house.client("ben") }
            try await lea.ok("NOOP")
        }
    }
}
