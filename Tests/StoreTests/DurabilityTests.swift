import Base
import IMAPWire
import TestSupport
import Testing

@testable import Store

/// INV-2 on the disk that loses, tears and reorders what was not synced.
///
/// One scripted run is recorded; then the power is cut after each of its operations on the disk,
/// the store is opened on what the cut left, and must be exactly what it was after the last answer
/// given, or after the change that was under way: nothing is lost, and nothing is there by half.
@Suite struct DurabilityTests {
    @Test("a power cut at any operation loses nothing acknowledged (INV-2)", arguments: DiskReplay.Loss.allCases)
    func everyCut(_ loss: DiskReplay.Loss) throws {
        let run = try ScriptedRun(on: SimulatedDisk())
        #expect(run.firstFault(losing: loss) == nil)
        #expect(run.states.count > 15 && run.cuts > 150)
    }

    @Test("a disk that does not sync fails the same check")
    func mutant() throws {
        let disk = SimulatedDisk()
        disk.ignoreSync()
        let run = try ScriptedRun(on: disk)
        #expect(run.firstFault(losing: .all) != nil)
        #expect(run.firstFault(losing: .some) != nil)
    }

    @Test("a sync that fails at any point stops the store, and nothing acknowledged is lost")
    func failedSync() throws {
        let whole = try ScriptedRun(on: SimulatedDisk())
        for number in 1... {
            let run = try ScriptedRun(on: SimulatedDisk(), failing: number)
            guard run.states.count < whole.states.count else { break }
            // The kernel may drop what a failed sync left, or have written it.
            for loss in [DiskReplay.Loss.all, .nothing] {
                let found = try run.lastContent(losing: loss)
                let allowed = whole.states[(run.states.count - 1)...].prefix(2).map(\.content)
                #expect(allowed.contains(found), "sync \(number), losing \(loss)")
            }
        }
    }
}

/// The story of a house, recorded: what the store was after each answer.
private final class ScriptedRun {
    /// The store's content after an answer, and how many operations the disk had seen then.
    struct State {
        let operations: Int
        let content: String
    }

    private let trace: [DiskOperation]
    /// Where the script begins: before it, the store is being made.
    private let start: Int
    private(set) var states: [State] = []

    /// The number of operations after which the power is cut.
    var cuts: Int { trace.count - start }

    init(on disk: SimulatedDisk, failing sync: Int? = nil) throws {
        let house = try House(on: disk)
        start = disk.operationCount
        states.append(State(operations: start, content: try house.store.readNow { try $0.content() }))
        if let sync { disk.fail(.sync, after: sync) }
        for step in script {
            do {
                try step(house)
            } catch {
                // Only the injected failure may end the script.
                guard sync != nil, error is StoreError else { throw error }
                break
            }
            let content = try house.store.readNow { try $0.content() }
            states.append(State(operations: disk.operationCount, content: content))
        }
        trace = disk.trace
        withExtendedLifetime(house) {}
    }

    /// Cuts the power after every operation, until the store is not as it should be afterwards.
    func firstFault(losing loss: DiskReplay.Loss) -> String? {
        var replay = DiskReplay()
        for operation in trace[..<start] { replay.apply(operation) }
        for count in start...trace.count {
            if count > start {
                replay.apply(trace[count - 1])
                // Where everything unsynced is lost, only a sync makes a difference.
                if loss == .all, !trace[count - 1].isSync { continue }
                // Where nothing is lost, a few cuts inside each change are enough.
                if loss == .nothing, count % 4 != 0 { continue }
            }
            do {
                let found = try Self.open(replay.disk(losing: loss, seed: UInt64(count)))
                guard isAllowed(found, after: count) else { return "cut after \(count): \(found)" }
            } catch {
                return "cut after \(count): \(error)"
            }
        }
        return nil
    }

    /// What the store is after a cut at the end.
    func lastContent(losing loss: DiskReplay.Loss) throws -> String {
        var replay = DiskReplay()
        for operation in trace { replay.apply(operation) }
        return try Self.open(replay.disk(losing: loss, seed: 1))
    }

    /// Whether the content is that of the last answer before the cut, or of the change under way.
    private func isAllowed(_ content: String, after count: Int) -> Bool {
        guard let last = states.lastIndex(where: { $0.operations <= count }) else { return false }
        return states[last...].prefix(2).contains { $0.content == content }
    }

    private static func open(_ disk: SimulatedDisk) throws -> String {
        let house = try House(on: disk)
        let before = try house.store.readNow { try $0.content() }
        // It takes new changes as well.
        _ = try house.store.writeNow { try $0.mailbox("after") }
        return before
    }
}

private let large = (0...Limits.bodyInDatabase).map { UInt8(truncatingIfNeeded: $0) }

/// What the house does, each step answered before the next.
private let script: [@Sendable (House) throws -> Void] = [
    { house in _ = try house.mailbox("inbox") },
    { house in _ = try house.mailbox("campaign:spring") },
    { house in _ = try house.deliver("Hello", to: house.mailbox("inbox"), block: "Greenroom-Stage: replied\r\n") },
    { house in try house.event("message.attached", "message:1") },
    { house in try house.flag(1, [.seen, .flagged]) },
    { house in
        let body = try house.store.prepareNow(large)
        let inbox = try house.mailbox("inbox")
        _ = try house.store.writeNow { try $0.deliver(body, to: inbox) }
    },
    { house in try house.flag(2, .deleted) },
    { house in
        let (inbox, spring) = (try house.mailbox("inbox"), try house.mailbox("campaign:spring"))
        try house.store.writeNow { transaction in
            let row = try #require(try transaction.placement(1, in: inbox))
            _ = try transaction.move(row, to: spring)
            try transaction.note("message.dismissed", "message:1")
        }
    },
    { house in _ = try house.mailbox("approvals/waiting") },
    { house in
        // Submission: both forms, envelope, event and the message in Waiting in one change.
        let submitted = try house.store.prepareNow(Array("submitted".utf8))
        let transmit = try house.store.prepareNow(large.reversed())
        let waiting = try house.mailbox("approvals/waiting")
        try house.store.writeNow { transaction in
            let id = try transaction.insertOutbound(.sample(at: transaction.now))
            try transaction.insertRevision(
                1,
                of: id,
                submitted: submitted,
                transmit: transmit,
                mailFrom: "ann@team.example",
                mailParameters: "",
                releaseHash: [1],
                recipients: [NewRecipient(address: "mia@mail.example", parameters: "", isBcc: false)],
                state: "waiting"
            )
            try transaction.setMessage(try transaction.deliver(submitted, to: waiting).message, of: id)
            try transaction.note("outbound.submitted", "outbound:\(id.rawValue)")
        }
    },
    { house in try house.group(of: 5) },
    { house in house.store.writer.moveLog(longerThan: 0) },
    { house in
        let waiting = try house.mailbox("approvals/waiting")
        try house.store.writeNow { transaction in
            var row = try #require(try transaction.outbound(OutboundID(rawValue: 1)))
            row.state = "approved"
            _ = try transaction.updateOutbound(row, expectedVersion: row.version)
            try transaction.expunge([1], from: waiting)
            try transaction.note("outbound.approved", "outbound:1")
        }
    },
    { house in try house.flag(2, .answered) },
    { house in
        let inbox = try house.mailbox("inbox")
        _ = try house.store.writeNow { try $0.expunge([2], from: inbox) }
    },
    { house in try house.store.writeNow { try $0.erasePayload(of: EventNumber(rawValue: 1)) } },
    { house in house.store.writer.moveLog(longerThan: 0) },
    { house in _ = try house.deliver("Again", to: house.mailbox("inbox")) },
    { house in try house.event("conversation.stage-changed", "conversation:1") },
]

extension House {
    fileprivate func event(_ kind: String, _ subject: String) throws {
        try store.writeNow { try $0.note(kind, subject) }
    }

    fileprivate func flag(_ uid: UID, _ flags: SystemFlags) throws {
        let inbox = try mailbox("inbox")
        _ = try store.writeNow { try $0.changeFlags(.add(Flags(flags)), of: [uid], in: inbox, member: "ann") }
    }

    /// Several changes in one commit.
    fileprivate func group(of count: Int) throws {
        let inbox = try mailbox("inbox")
        let body = try store.prepareNow(Array("grouped".utf8))
        let errors = Noted<any Error>()
        let changes = (0..<count).map { _ in
            Change {
                try $0.deliver(body, to: inbox)
            } answer: {
                if case .failure(let error) = $0 { errors.note(error) }
            }
        }
        store.writer.performNow(changes)
        if let error = errors.all.first { throw error }
    }
}

extension DiskOperation {
    fileprivate var isSync: Bool {
        switch self {
        case .sync, .syncDirectory, .makeDirectory: true
        default: false
        }
    }
}

extension ReadTransaction {
    /// Everything that a member or an admin could see, as text.
    fileprivate func content() throws -> String {
        var lines: [String] = []
        for mailbox in try mailboxes() {
            lines.append("\(mailbox)")
            for row in try placements(in: mailbox.id) {
                lines.append("\(row) \(try privateFlags(of: row.uid, in: mailbox.id))")
                // Throws where a byte is not what it was (INV-3).
                lines.append("\(try bytes(of: row.edition).count) \(try message(row.message).map { "\($0)" } ?? "")")
            }
            lines.append("\(try tombstones(in: mailbox.id, after: 0))")
        }
        try scanEvents { event in
            lines.append("\(event)")
            return true
        }
        lines.append("\(try ledgerHead().map { "\($0)" } ?? "")")
        for number in 1...2 {
            let id = OutboundID(rawValue: Int64(number))
            guard let row = try outbound(id), let revision = try revision(1, of: id) else { continue }
            lines.append("\(row) \(revision) \(try recipients(of: id, revision: 1))")
            lines.append("\(try bytes(ofBody: revision.submitted).count) \(try bytes(ofBody: revision.transmit).count)")
        }
        return lines.joined(separator: "\n")
    }
}
