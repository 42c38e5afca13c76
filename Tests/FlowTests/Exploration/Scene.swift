import Base
import Config
import Policy
import Store
import TestSupport

@testable import Flow

/// What all worlds of an exploration have in common: the files as they can be, and how disk and house are broken.
final class Scene {
    private var configurations: [Rules: Configuration] = [:]
    private var rulebooks: [Rules: Rulebook] = [:]
    /// The mutant of INV-2: a disk that says that it synced.
    private let syncs: Bool

    /// `change` makes other rules than those that the model knows.
    init(syncs: Bool = true, change: (inout Configuration) -> Void = { _ in }) throws {
        self.syncs = syncs
        let sample = try FlowHouse.sample()
        for rules in Rules.allCases {
            var configuration = rules.changed(sample)
            change(&configuration)
            configurations[rules] = configuration
            rulebooks[rules] = Rulebook(configuration)
        }
    }

    func configuration(_ rules: Rules) throws -> Configuration {
        guard let configuration = configurations[rules] else { throw TestFailure("no rules") }
        return configuration
    }

    /// Starts the house on a disk, as the gateway does: with the files as they are by then.
    func open(_ disk: SimulatedDisk, at now: Timestamp, _ rules: Rules) async throws -> FlowHouse {
        guard let rulebook = rulebooks[rules] else { throw TestFailure("no rules") }
        if !syncs { disk.ignoreSync() }
        let flow = try FlowHouse(on: disk, ManualClock(start: now), rulebook)
        let known = try flow.house.store.readNow { try $0.latestConfiguration()?.hash }
        if known != rulebook.version { try await flow.house.accept(configuration(rules)) }
        return flow
    }

    /// An empty house in which nobody has done anything.
    func first() async throws -> World {
        let now = ManualClock().now
        let flow = try await open(SimulatedDisk(), at: now, .base)
        let contents = try flow.contents()
        flow.house.store.close()
        return World(disk: flow.disk.copy(), now: now, model: Model(), contents: contents)
    }
}
