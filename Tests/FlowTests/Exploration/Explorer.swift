import Base
import Glibc
import TestSupport

/// Goes through the worlds breadth first, so that each is gone on from once, with as many steps left as it can have.
final class Explorer {
    private let scene: Scene
    private let mails: Int
    private let tampering: Tampering?

    /// What was found out of each world, by number.
    private var numbers: [String: Int] = [:]
    private var ways: [(from: Int, step: Step)?] = []
    private var edges: [[Int: Int]] = []
    private(set) var transitions = 0
    private(set) var idle = 0
    private(set) var cuts = 0
    private(set) var depth = 0

    var states: Int { ways.count }

    /// GREENROOM_EXPLORE=7 goes deeper than the ordinary run.
    static var depth: Int? { unsafe getenv("GREENROOM_EXPLORE").flatMap { unsafe Int(String(cString: $0)) } }

    init(mails: Int, scene: Scene, tampering: Tampering? = nil) {
        self.mails = mails
        self.scene = scene
        self.tampering = tampering
    }

    func explore(depth: Int) async throws {
        let first = try await scene.first()
        var frontier: [(number: Int, world: World)] = [(add(first, by: nil).number, first)]
        for level in 1...depth {
            self.depth = level
            var next: [(number: Int, world: World)] = []
            for (number, world) in frontier {
                for (step, successor) in try await expand(world, number) {
                    let (other, isNew) = add(successor, by: (number, step))
                    edges[number][other, default: 0] += 1
                    // Nobody goes on from the last ones.
                    if isNew, level < depth { next.append((other, successor)) }
                }
            }
            frontier = next
        }
    }

    private func expand(_ world: World, _ number: Int) async throws -> [(step: Step, world: World)] {
        var expansion: Expansion?
        do {
            let begun = try await Expansion(of: world, in: scene)
            expansion = begun
            for deed in world.deeds(mails: mails, tampering: tampering) {
                transitions += 1
                try await begun.run(deed)
            }
            idle += begun.idle
            cuts += begun.cuts
            edges[number][number, default: 0] += begun.idle
            return begun.successors
        } catch {
            let last = expansion.map { [$0.step.description] } ?? []
            throw TestFailure("\((path(to: number) + last).joined(separator: ", then ")): \(error)")
        }
    }

    private func add(_ world: World, by way: (from: Int, step: Step)?) -> (number: Int, isNew: Bool) {
        if let known = numbers[world.key] { return (known, false) }
        numbers[world.key] = ways.count
        ways.append(way)
        edges.append([:])
        return (ways.count - 1, true)
    }

    private func path(to number: Int) -> [String] {
        var path: [String] = []
        var number = number
        while let way = ways[number] {
            path.append(way.step.description)
            number = way.from
        }
        return path.reversed()
    }

    /// How many different sequences of as many steps as the depth were gone through.
    var interleavings: Double {
        var ends = [0: 1.0]
        for _ in 0..<depth {
            var next: [Int: Double] = [:]
            for (number, count) in ends {
                for (other, multiple) in edges[number] { next[other, default: 0] += count * Double(multiple) }
            }
            ends = next
        }
        return ends.values.reduce(0, +)
    }

    var report: String {
        "explored to depth \(depth) with \(mails) mail\(mails == 1 ? "" : "s"): \(states) states, \(transitions) "
            + "transitions (\(idle) that change nothing), \(cuts) power cuts within deeds, "
            + "\(UInt64(min(interleavings, 1e18))) interleavings"
    }
}
