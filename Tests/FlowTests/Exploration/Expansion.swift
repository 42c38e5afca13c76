import Base
import Campaigns
import Config
import Ledger
import Outbound
import Policy
import SMTPWire
import Store
import TestSupport

@testable import Flow

/// A deed, and where the power went in it; nil where it did not.
struct Step: CustomStringConvertible {
    let deed: Deed
    /// After how many of its commits.
    var commits: Int?

    var description: String {
        commits.map { "\(deed) [power cut behind commit \($0)]" } ?? "\(deed)"
    }
}

/// Everything that can happen next to one world.
///
/// Each deed runs once. What a power cut leaves of it is made from what the disk was told: a change is durable
/// with its commit or not at all, so that a cut between two commits is the same wherever it falls; some are cut
/// anywhere, with writes kept, lost and torn, to see that this is so.
final class Expansion {
    private let scene: Scene
    private let world: World
    private(set) var successors: [(step: Step, world: World)] = []
    /// Deeds after which everything was as before: who may not do a thing changes nothing.
    private(set) var idle = 0
    /// Disks that were cut.
    private(set) var cuts = 0

    private var base: SimulatedDisk
    private var flow: FlowHouse
    /// What somebody did last, for the report of a failure.
    private(set) var step: Step

    init(of world: World, in scene: Scene) async throws {
        self.scene = scene
        self.world = world
        step = Step(deed: .wait)
        // The world is what a power cut left: what was acknowledged is there (INV-2).
        let recovered = try await scene.open(world.disk, at: world.now, world.model.rules)
        guard try recovered.contents() == world.contents else {
            throw TestFailure("lost by a power cut:\n\(world.contents)\n\(try recovered.contents())")
        }
        try recovered.check(world.model)
        try recovered.checkLedger()
        recovered.house.store.close()
        base = recovered.disk.copy()
        flow = try await scene.open(base.copy(), at: world.now, world.model.rules)
    }

    /// A house in which something was done is opened anew for the next deed, so that a restart lies between any
    /// two; one in which nothing came of it goes on as it is.
    func run(_ deed: Deed) async throws {
        step = Step(deed: deed)
        let began = flow.disk.operationCount
        let versions = try flow.versions()
        var model = world.model
        let arrivals = try await flow.perform(deed, &model, scene)
        let done = flow.disk.operationCount
        let before = model
        try take(arrivals, &model)
        try flow.check(model)
        let now = flow.clock.now
        let contents = try flow.contents()
        let next = World(disk: base, now: now, model: model, contents: contents)
        if next.key == world.key {
            idle += 1
            return
        }
        try await follow(next, before, arrivals, versions, began..<done)
        flow = try await scene.open(base.copy(), at: world.now, world.model.rules)
    }

    /// The deed as it was done, and as a power cut leaves it.
    private func follow(
        _ next: World,
        _ before: Model,
        _ arrivals: [Smarthost.Arrival],
        _ versions: [Int64: Int],
        _ operations: Range<Int>
    ) async throws {
        let trace = flow.disk.trace
        var replay = DiskReplay(on: base)
        for operation in trace[..<operations.lowerBound] { replay.apply(operation) }
        var durable: [(count: Int, disk: SimulatedDisk)] = []
        for count in operations {
            let wasSynced = replay.isSynced(but: "/data/lock")
            replay.apply(trace[count])
            if !wasSynced, replay.isSynced(but: "/data/lock") {
                durable.append((count + 1, replay.disk(losing: .all, seed: 0)))
            }
        }
        let disk = replay.disk(losing: .all, seed: 0)
        let world = World(disk: disk, now: next.now, model: next.model, contents: next.contents)
        if !replay.isSynced(but: "/data/lock") {
            // Something is not on the platter; what was answered must be.
            let reopened = try await scene.open(disk.copy(), at: next.now, next.model.rules)
            guard try reopened.contents() == next.contents else {
                throw TestFailure("lost by a power cut:\n\(next.contents)\n\(try reopened.contents())")
            }
        }
        successors.append((step, world))
        var possible = [self.world.contents, next.contents]
        for (index, point) in durable.dropLast().enumerated() {
            step = Step(deed: step.deed, commits: index + 1)
            // Until the next commit the smarthost may have taken more.
            let taken = arrivals.filter { $0.operations < point.count }
            let more = arrivals.filter { $0.operations < durable[index + 1].count }
            for arrivals in taken.count == more.count ? [taken] : [taken, more] {
                let cut = try await recover(point.disk, next, before, arrivals, versions)
                possible.append(cut.contents)
                successors.append((step, cut))
            }
        }
        step = Step(deed: step.deed)
        try await tear(trace, operations, next, possible)
    }

    /// The world after a cut between two commits: each mail is as it was, or as the deed made it.
    private func recover(
        _ disk: SimulatedDisk,
        _ next: World,
        _ after: Model,
        _ arrivals: [Smarthost.Arrival],
        _ versions: [Int64: Int]
    ) async throws -> World {
        cuts += 1
        let flow = try await scene.open(disk.copy(), at: next.now, after.rules)
        var model = after
        // The files are new by now, whatever the house had done about them: its start goes on with that.
        let isReload = if case .reload = step.deed { true } else { false }
        for (number, version) in try flow.versions() where versions[number] == version && !isReload {
            model.mails[number] = world.model.mails[number]
        }
        for number in model.mails.keys {
            let id = OutboundID(rawValue: number)
            guard try flow.record(id) != nil else {
                model.mails[number] = nil
                continue
            }
            model.mails[number]?.hasAttempt = try flow.house.store.readNow { try $0.hasAttempt(of: id) }
        }
        if case .settle = step.deed {
            model.isJudgingDue = try flow.contents().hasSuffix("judging")
        }
        try take(arrivals, &model)
        // The smarthost has it, and the house may not know: at least once (INV-2).
        for arrival in arrivals {
            guard let number = model.number(of: arrival) else { continue }
            if try flow.record(OutboundID(rawValue: number))?.state != .sent { model.mails[number]?.pardons += 1 }
        }
        try flow.check(model)
        let contents = try flow.contents()
        flow.house.store.close()
        return World(disk: flow.disk.copy(), now: next.now, model: model, contents: contents)
    }

    /// Cuts anywhere: what is found is what some commit left, whatever became of unsynced writes.
    private func tear(
        _ trace: [DiskOperation],
        _ operations: Range<Int>,
        _ next: World,
        _ possible: [String]
    ) async throws {
        guard !operations.isEmpty else { return }
        var random = SeededGenerator(seed: UInt64(truncatingIfNeeded: next.contents.utf8.count &+ operations.count))
        guard random.next() % 6 == 0 else { return }
        cuts += 1
        let cut = Int.random(in: operations, using: &random)
        var replay = DiskReplay(on: base)
        for operation in trace[..<cut] { replay.apply(operation) }
        let loss = random.next() % 2 == 0 ? DiskReplay.Loss.some : .nothing
        let flow = try await scene.open(replay.disk(losing: loss, seed: random.next()), at: next.now, next.model.rules)
        let found = try flow.contents()
        guard possible.contains(found) else {
            throw TestFailure("neither before nor after, cut at \(cut), losing \(loss):\n\(found)")
        }
    }

    // MARK: What reached the smarthost

    /// INV-1: only what people let out, as it was judged, to whom it was judged for, and once (INV-2).
    private func take(_ arrivals: [Smarthost.Arrival], _ model: inout Model) throws {
        for arrival in arrivals {
            guard let number = model.number(of: arrival), let mail = model.mails[number] else {
                throw TestFailure("something unknown left: \(String(decoding: arrival.bytes, as: UTF8.self))")
            }
            guard model.mayLeave(number) else { throw TestFailure("\(number) left and nobody let it out") }
            guard arrival.envelope.recipients.map(\.address.text) == [FlowHouse.lumi] else {
                throw TestFailure("\(number) went to \(arrival.envelope.recipients)")
            }
            guard mail.arrivals <= mail.pardons else { throw TestFailure("\(number) left twice, without a crash") }
            model.mails[number]?.arrivals += 1
        }
    }
}
