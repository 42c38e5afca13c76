import Base
import Config
import Policy
import TestSupport
import Testing

@testable import Flow

/// Every interleaving of what people, records, time, the relay and power cuts do, up to a depth, against the real
/// code (DESIGN §5): INV-1 and INV-2 are checked after each step.
@Suite("Exploration", .serialized) struct ExplorationTests {
    @Test("one mail, every interleaving (INV-1, INV-2)") func oneMail() async throws {
        let explorer = Explorer(mails: 1, scene: try Scene())
        try await explorer.explore(depth: Explorer.depth ?? 3)
        print(explorer.report)
        #expect(explorer.states > 200)
    }

    @Test("two mails, every interleaving (INV-1, INV-2)") func twoMails() async throws {
        let explorer = Explorer(mails: 2, scene: try Scene())
        try await explorer.explore(depth: Explorer.depth.map { $0 - 1 } ?? 2)
        print(explorer.report)
        #expect(explorer.states > 50)
    }

    // MARK: A checker that cannot fail is worthless

    private func violation(_ scene: Scene, tampering: Tampering? = nil, depth: Int) async throws -> String {
        let explorer = Explorer(mails: 1, scene: scene, tampering: tampering)
        let failure = await #expect(throws: TestFailure.self) { try await explorer.explore(depth: depth) }
        return try #require(failure).description
    }

    @Test("What is let out and nobody decided on is found out (INV-1)") func releases() async throws {
        let found = try await violation(Scene(), tampering: .release, depth: 2)
        #expect(found.hasPrefix("mia submits plain, then somebody tampers: release: 1 is queued"), "\(found)")
    }

    @Test("A house that lets mail out though the creator wrote is found out (INV-1)") func keeps() async throws {
        let scene = try Scene { $0.gateway.approvals.creatorWrites = .keep }
        let found = try await violation(scene, depth: 3)
        #expect(found.contains("then the creator writes: 1 is approved, it should be waiting"), "\(found)")
    }

    @Test("A house that asks fewer than it should is found out (INV-7)") func permits() async throws {
        let scene = try Scene { configuration in
            configuration.rules = RuleSet(
                permits: configuration.rules.permits,
                restrictions: [],
                defaultApprovals: ["managers": 1]
            )
        }
        let found = try await violation(scene, depth: 1)
        #expect(found.hasPrefix("mia submits rights: 1 asks"), "\(found)")
    }

    @Test("A disk that does not sync is found out (INV-2)") func forgets() async throws {
        let found = try await violation(Scene(syncs: false), depth: 1)
        #expect(found.contains("lost by a power cut"), "\(found)")
    }

    @Test("What leaves twice without a crash is found out (INV-2)") func repeats() async throws {
        let scene = try Scene()
        var world = try await scene.first()
        let way: [Deed] = [
            .submit(.plain), .approve(1, by: "ben"), .wait, .settle, .relay(.takes), .tamper(.repeatDelivery),
        ]
        for deed in way { world = try await Expansion.after(deed, world, scene) }
        await #expect(throws: TestFailure("1 left twice, without a crash")) {
            _ = try await Expansion.after(.relay(.takes), world, scene)
        }
    }
}

extension Expansion {
    /// The world after one deed.
    static func after(_ deed: Deed, _ world: World, _ scene: Scene) async throws -> World {
        let expansion = try await Expansion(of: world, in: scene)
        try await expansion.run(deed)
        return expansion.successors.first?.world ?? world
    }
}
