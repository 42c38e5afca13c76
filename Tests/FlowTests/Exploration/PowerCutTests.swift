import Base
import Campaigns
import Config
import Glibc
import Ledger
import Outbound
import Policy
import SMTPWire
import Store
import TestSupport
import Testing

@testable import Flow

/// Mail goes through the house while its disk loses power again and again (INV-1, INV-2).
@Suite("Power cuts") struct PowerCutTests {
    @Test("nothing acknowledged is lost, nothing leaves unreleased, and what leaves twice is counted")
    func powerCuts() async throws {
        // GREENROOM_POWER_CUTS=200 is the long run: 10,000 messages.
        let cuts = unsafe getenv("GREENROOM_POWER_CUTS").flatMap { unsafe Int(String(cString: $0)) } ?? 8
        let run = try PowerCutRun(cuts: cuts, messages: cuts * 50 / (cuts < 50 ? 5 : 1), seed: 1)
        for _ in 0..<cuts { try await run.round() }
        try await run.end()
        print(
            "\(run.model.mails.count) messages acknowledged, \(cuts) power cuts, \(run.lost) submissions without an "
                + "answer lost, \(run.arrived) arrived, \(run.repeated) of them twice"
        )
        #expect(run.arrived > run.model.mails.count / 4)
        #expect(run.repeated <= cuts)
    }

    @Test("a disk that does not sync is found out") func mutant() async throws {
        let run = try PowerCutRun(cuts: 8, messages: 80, seed: 1, syncs: false)
        await #expect(throws: (any Error).self) {
            for _ in 0..<8 { try await run.round() }
            try await run.end()
        }
    }
}

/// What the test itself knows of the mail.
private struct Acknowledged {
    struct Mail {
        let needsApproval: Bool
        /// What it says; its transmit form holds it.
        let text: String
        let recipient: String
        /// When it may leave; nil while nobody let it out.
        var leavesAt: Timestamp?
        var arrivals = 0
    }

    /// By outbound number.
    var mails: [Int64: Mail] = [:]

    mutating func approve(_ number: Int64, at now: Timestamp, undo: Duration) {
        guard mails[number]?.needsApproval == true, mails[number]?.leavesAt == nil else { return }
        mails[number]?.leavesAt = now.advanced(by: undo)
    }

    /// Whether people let this mail out, as of now (INV-1).
    func mayLeave(_ number: Int64, at now: Timestamp) -> Bool {
        mails[number]?.leavesAt.map { $0 <= now } ?? false
    }
}

/// One long run: between two power cuts mail is submitted, approved, released and relayed.
private final class PowerCutRun {
    /// What the house answered, and what its disk had seen by then.
    private struct Answer {
        let operations: Int
        let enter: (inout Acknowledged) -> Void
    }

    private(set) var model = Acknowledged()
    private(set) var arrived = 0
    private(set) var repeated = 0
    private(set) var lost = 0

    private let perRound: Int
    private let syncs: Bool
    private let configuration: Configuration
    private var random: SeededGenerator
    private var disk = SimulatedDisk()
    private var now = ManualClock().now
    private var submitted = 0
    /// Mail that the last rounds touched: what is older was looked at often enough until the end.
    private var recent: [Int64] = []
    /// The mail of a text.
    private var numbers: [String: Int64] = [:]

    init(cuts: Int, messages: Int, seed: UInt64, syncs: Bool = true) throws {
        self.syncs = syncs
        perRound = messages / cuts
        configuration = try FlowHouse.sample()
        random = SeededGenerator(seed: seed)
    }

    /// Works for a while, then cuts the power at some moment of it.
    func round() async throws {
        let clock = ManualClock(start: now)
        let flow = try FlowHouse(on: disk.copy(), clock, configuration)
        if !syncs { flow.disk.ignoreSync() }
        let opened = flow.disk.operationCount
        var answers: [Answer] = []
        var arrivals: [Smarthost.Arrival] = []
        for _ in 0..<perRound {
            try await submit(flow, &answers)
            try approve(flow, clock, &answers)
            clock.advance(by: .milliseconds(Int64(random.next(upperBound: UInt64(3000)))))
            if random.next(upperBound: UInt64(8)) == 0 { arrivals += try await relay(flow) }
        }
        arrivals += try await relay(flow)
        flow.house.store.close()
        let cut = Int.random(in: opened...flow.disk.operationCount, using: &random)
        var replay = DiskReplay(on: disk)
        for operation in flow.disk.trace[..<cut] { replay.apply(operation) }
        let loss = DiskReplay.Loss.allCases.randomElement(using: &random) ?? .all
        disk = replay.disk(losing: loss, seed: random.next())
        // The back-off of what broke off is over by the next round.
        now = clock.now.advanced(by: .seconds(600))
        lost += answers.count { $0.operations > cut }
        for answer in answers where answer.operations <= cut { answer.enter(&model) }
        for number in recent.suffix(perRound) { numbers[model.mails[number]?.text ?? ""] = number }
        let reopened = try FlowHouse(on: disk.copy(), ManualClock(start: now), configuration)
        try adopt(reopened)
        try take(arrivals.filter { $0.operations <= cut })
        try check(reopened, recent.suffix(perRound * 2))
        reopened.house.store.close()
    }

    /// Lets everything leave that may, and looks at all of it.
    func end() async throws {
        let clock = ManualClock(start: now)
        let flow = try FlowHouse(on: disk, clock, configuration)
        for _ in 0..<3 {
            clock.advance(by: .seconds(600))
            try take(try await relay(flow))
        }
        now = clock.now
        try check(flow, Array(model.mails.keys))
        for (number, mail) in model.mails where model.mayLeave(number, at: now) && mail.arrivals == 0 {
            throw TestFailure("\(number) was let out and never arrived")
        }
        #expect(try flow.house.store.readNow { try LedgerReplay($0) }.differences.isEmpty)
    }

    // MARK: What is done

    private func submit(_ flow: FlowHouse, _ answers: inout [Answer]) async throws {
        submitted += 1
        let text = "This is mail \(submitted)."
        let isHeld = random.next(upperBound: UInt64(3)) > 0
        let recipient = isHeld ? "kofi@kofimakes.example" : "ben@glow.example"
        let id = try await flow.write(text, to: [recipient])
        let leavesAt = isHeld ? nil : flow.clock.now
        recent.append(id.rawValue)
        answers.append(
            Answer(operations: flow.disk.operationCount) { model in
                model.mails[id.rawValue] = Acknowledged.Mail(
                    needsApproval: isHeld,
                    text: text,
                    recipient: recipient,
                    leavesAt: leavesAt
                )
            }
        )
    }

    private func approve(_ flow: FlowHouse, _ clock: ManualClock, _ answers: inout [Answer]) throws {
        guard let number = recent.suffix(20).randomElement(using: &random) else { return }
        let ben = flow.acting("ben")
        let undo = flow.house.rulebook.undoTime
        let outcome = try flow.decide { try $0.approve(OutboundID(rawValue: number), revision: 1, by: ben) }
        guard case .done = outcome else { return }
        let at = clock.now
        answers.append(
            Answer(operations: flow.disk.operationCount) { $0.approve(number, at: at, undo: undo) }
        )
    }

    private func relay(_ flow: FlowHouse) async throws -> [Smarthost.Arrival] {
        try await flow.house.settleDue()
        let smarthost = Smarthost(.takes, watching: flow.disk)
        try await smarthost.relay(flow)
        return smarthost.arrivals
    }

    // MARK: What must hold

    /// What was asked for and not answered may have happened.
    private func adopt(_ flow: FlowHouse) throws {
        for number in recent.suffix(perRound * 2) {
            guard let mail = model.mails[number], let record = try flow.record(OutboundID(rawValue: number)) else {
                continue
            }
            guard mail.leavesAt == nil, let decision = record.decisions.first, decision.member == "ben" else {
                continue
            }
            model.approve(number, at: decision.at, undo: flow.house.rulebook.undoTime)
        }
    }

    private func take(_ arrivals: [Smarthost.Arrival]) throws {
        for arrival in arrivals {
            let text = String(decoding: arrival.bytes, as: UTF8.self)
            guard let line = text.split(whereSeparator: \.isNewline).first(where: { $0.hasPrefix("This is mail ") }),
                let number = numbers[String(line)], let mail = model.mails[number]
            else { continue }
            guard model.mayLeave(number, at: now) else { throw TestFailure("\(number) left and nobody let it out") }
            guard arrival.envelope.recipients.map(\.address.text) == [mail.recipient] else {
                throw TestFailure("\(number) went elsewhere")
            }
            model.mails[number]?.arrivals += 1
            if mail.arrivals > 0 { repeated += 1 } else { arrived += 1 }
        }
    }

    private func check(_ flow: FlowHouse, _ numbers: some Sequence<Int64>) throws {
        for number in numbers {
            guard let mail = model.mails[number] else { continue }
            guard let record = try flow.record(OutboundID(rawValue: number)) else {
                throw TestFailure("\(number) is lost")
            }
            guard record.recipients == [mail.recipient] else { throw TestFailure("\(number) is another one") }
            let isOut = record.state == .queued || record.state == .sent
            if isOut, !model.mayLeave(number, at: now) { throw TestFailure("\(number) is \(record.state)") }
            let body = try flow.house.store.readNow { transaction in
                try transaction.revision(1, of: record.id).map { try transaction.bytes(ofBody: $0.transmit) }
            }
            guard let body, String(decoding: body, as: UTF8.self).contains(mail.text) else {
                throw TestFailure("the text of \(number) is lost")
            }
        }
    }
}
