import Base
import Config
import Glibc
import TestSupport
import Testing

/// Every interleaving of what people, time, the relay and power cuts do, up to a depth, against the real
/// code (DESIGN §5): INV-1 and INV-2 are checked after each step.
@Suite("Exploration") struct ExplorationTests {
    @Test("one mail, every interleaving (INV-1, INV-2)") func oneMail() async throws {
        let explorer = Explorer(mails: 1, configuration: try FlowHouse.sample())
        try await explorer.explore(depth: Explorer.depth ?? 4)
        print("explored \(explorer.steps) steps to \(explorer.states) states with one mail")
        #expect(explorer.states > 30)
    }

    @Test("two mails, every interleaving (INV-1, INV-2)") func twoMails() async throws {
        let explorer = Explorer(mails: 2, configuration: try FlowHouse.sample())
        try await explorer.explore(depth: Explorer.depth ?? 3)
        print("explored \(explorer.steps) steps to \(explorer.states) states with two mails")
        #expect(explorer.states > 50)
    }

    /// A house that lets everything out, and one that forgets, are found out.
    @Test("a mutant is caught") func mutant() async throws {
        let configuration = try FlowHouse.sample()
        var world = try World.first(configuration)
        world = try await world.after(Step(deed: .submit(withRights: false), cut: .none), configuration)
        world = try await world.after(Step(deed: .approve(1, by: "ben"), cut: .none), configuration)
        world = try await world.after(Step(deed: .wait, cut: .none), configuration)
        world = try await world.after(Step(deed: .settle, cut: .none), configuration)
        // The model is told that ben never approved it.
        world.model.mails[1]?.leavesAt = nil
        let step = Step(deed: .relay(.takes), cut: .none)
        await #expect(throws: TestFailure.self) { try await world.after(step, configuration) }
    }
}

/// Goes through the worlds depth first; one that was seen with as many steps left is not entered again.
final class Explorer {
    private let mails: Int
    private let configuration: Configuration
    private var seen: [String: Int] = [:]
    private(set) var steps = 0
    var states: Int { seen.count }

    /// GREENROOM_EXPLORE=7 goes deeper than the ordinary run.
    static var depth: Int? { unsafe getenv("GREENROOM_EXPLORE").flatMap { unsafe Int(String(cString: $0)) } }

    init(mails: Int, configuration: Configuration) {
        self.mails = mails
        self.configuration = configuration
    }

    func explore(depth: Int) async throws {
        try await explore(World.first(configuration), depth: depth, path: [])
    }

    private func explore(_ world: World, depth: Int, path: [Step]) async throws {
        if let known = seen[world.fingerprint], known >= depth { return }
        seen[world.fingerprint] = depth
        guard depth > 0 else { return }
        for step in world.steps(mails: mails) {
            steps += 1
            let next: World
            do {
                next = try await world.after(step, configuration)
            } catch {
                throw TestFailure("\((path + [step]).map(\.description).joined(separator: ", then ")): \(error)")
            }
            try await explore(next, depth: depth - 1, path: path + [step])
        }
    }
}
