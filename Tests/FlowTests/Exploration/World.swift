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

/// What somebody or something does to the house.
enum Deed: Hashable, CustomStringConvertible {
    /// To a creator of whom managers are asked, or with words that legal is asked about too.
    case submit(withRights: Bool)
    case approve(Int64, by: String)
    case reject(Int64, by: String)
    case takeBack(Int64, by: String)
    case withdraw(Int64)
    case correct(Int64, by: String)
    /// Time passes: longer than the undo time, and than the first attempts are apart.
    case wait
    /// The timekeeper does what is due.
    case settle
    case relay(Smarthost.Mood)

    var description: String {
        switch self {
        case .submit(let withRights): withRights ? "submit with rights" : "submit"
        case .approve(let number, let name): "\(name) approves \(number)"
        case .reject(let number, let name): "\(name) rejects \(number)"
        case .takeBack(let number, let name): "\(name) takes back \(number)"
        case .withdraw(let number): "mia withdraws \(number)"
        case .correct(let number, let name): "\(name) corrects \(number)"
        case .wait: "wait"
        case .settle: "settle"
        case .relay(let mood): "relay: the smarthost \(mood)"
        }
    }
}

/// Where the power goes in a deed.
enum Cut: Hashable, CaseIterable {
    case none
    /// Halfway through what it does to the disk; what was not synced is kept, lost or torn.
    case halfway
    /// When the smarthost has said 250, with all that was not synced lost.
    case afterAnswer
}

struct Step: Hashable, CustomStringConvertible {
    let deed: Deed
    let cut: Cut
    var description: String { cut == .none ? "\(deed)" : "\(deed) [power cut \(cut)]" }
}

/// A house at one moment: its disk, its time, and what the test knows.
///
/// Every step opens the store anew, so that a restart lies between any two.
struct World {
    let disk: SimulatedDisk
    let now: Timestamp
    var model: Model
    let fingerprint: String

    static func first(_ configuration: Configuration) throws -> Self {
        let clock = ManualClock()
        let flow = try FlowHouse(on: SimulatedDisk(), clock, configuration)
        let world = Self(disk: flow.disk, now: clock.now, model: Model(), fingerprint: try flow.fingerprint(Model()))
        flow.house.store.close()
        return world
    }

    /// What can be done now.
    func steps(mails: Int) -> [Step] {
        var deeds: [Deed] = model.mails.count < mails ? [.submit(withRights: false), .submit(withRights: true)] : []
        for number in model.mails.keys.sorted() {
            deeds += ["ben", "lea", "mia"].map { .approve(number, by: $0) }
            deeds += [
                .reject(number, by: "ben"), .takeBack(number, by: "ben"), .takeBack(number, by: "lea"),
                .withdraw(number),
            ]
            // One correction each: the versions after it are like it.
            if model.mails[number]?.revision == 1 {
                deeds += [.correct(number, by: "mia"), .correct(number, by: "ben")]
            }
        }
        if !model.mails.isEmpty { deeds += [.wait, .settle, .relay(.takes), .relay(.waits), .relay(.refuses)] }
        return deeds.flatMap { deed -> [Step] in
            switch deed {
            case .wait: [Step(deed: deed, cut: .none)]
            case .relay(.takes): Cut.allCases.map { Step(deed: deed, cut: $0) }
            default: [Step(deed: deed, cut: .none), Step(deed: deed, cut: .halfway)]
            }
        }
    }

    /// The world after a step; throws what must not be.
    func after(_ step: Step, _ configuration: Configuration) async throws -> World {
        let clock = ManualClock(start: now)
        let disk = disk.copy()
        let flow = try FlowHouse(on: disk, clock, configuration)
        let opened = disk.operationCount
        let versions = try flow.versions(model)
        var model = model
        let arrivals = try await flow.perform(step.deed, &model)
        let done = disk.operationCount
        let count =
            switch step.cut {
            case .none: done
            case .halfway: opened + (done - opened) / 2
            case .afterAnswer: arrivals.first?.operations ?? done
            }
        try checkArrivals(arrivals.filter { $0.operations <= count }, &model, at: clock.now)
        if step.cut == .none {
            try flow.check(model)
            let world = Self(disk: disk.copy(), now: clock.now, model: model, fingerprint: try flow.fingerprint(model))
            flow.house.store.close()
            // INV-2: what was answered is there though the power goes at once.
            let reopened = try reopen(disk, count, losing: .all, clock, configuration, model)
            guard reopened.fingerprint == world.fingerprint else {
                throw TestFailure("lost by a power cut:\n\(world.fingerprint)\n\(reopened.fingerprint)")
            }
            return world
        }
        flow.house.store.close()
        let loss: DiskReplay.Loss = step.cut == .halfway ? .some : .all
        return try reopen(disk, count, losing: loss, clock, configuration, model) { flow, model in
            // Nobody was answered: it happened as a whole, or not at all.
            if try flow.versions(model) == versions {
                let arrived = model.mails
                model = self.model
                for number in model.mails.keys {
                    guard let mail = arrived[number] else { continue }
                    model.mails[number]?.arrivals = mail.arrivals
                    model.mails[number]?.pardons = mail.pardons
                }
            }
            for number in model.mails.keys where try flow.record(OutboundID(rawValue: number)) == nil {
                model.mails[number] = nil
            }
            // The smarthost has it, and the house may not know: at least once (INV-2).
            for arrival in arrivals where arrival.operations <= count {
                guard let number = number(of: arrival, in: model) else { continue }
                let isKnown = try flow.record(OutboundID(rawValue: number))?.state == .sent
                if !isKnown { model.mails[number]?.pardons += 1 }
            }
        }
    }

    private func reopen(
        _ disk: SimulatedDisk,
        _ count: Int,
        losing loss: DiskReplay.Loss,
        _ clock: ManualClock,
        _ configuration: Configuration,
        _ model: Model,
        reconcile: (FlowHouse, inout Model) throws -> Void = { _, _ in }
    ) throws -> World {
        var replay = DiskReplay(on: self.disk)
        for operation in disk.trace[..<count] { replay.apply(operation) }
        let flow = try FlowHouse(on: replay.disk(losing: loss, seed: UInt64(count)), clock, configuration)
        var model = model
        try reconcile(flow, &model)
        try flow.check(model)
        let world = World(
            disk: flow.disk.copy(),
            now: clock.now,
            model: model,
            fingerprint: try flow.fingerprint(model)
        )
        flow.house.store.close()
        return world
    }

    // MARK: What reached the smarthost

    /// INV-1: only what people let out, as it was judged, to whom it was judged for, and once (INV-2).
    private func checkArrivals(_ arrivals: [Smarthost.Arrival], _ model: inout Model, at now: Timestamp) throws {
        for arrival in arrivals {
            guard let number = number(of: arrival, in: model), let mail = model.mails[number] else {
                throw TestFailure("something unknown left: \(String(decoding: arrival.bytes, as: UTF8.self))")
            }
            guard model.mayLeave(number, at: now) else { throw TestFailure("\(number) left and nobody let it out") }
            guard arrival.envelope.recipients.map(\.address.text) == [mail.recipient] else {
                throw TestFailure("\(number) went to \(arrival.envelope.recipients)")
            }
            guard mail.arrivals <= mail.pardons else { throw TestFailure("\(number) left twice, without a crash") }
            model.mails[number]?.arrivals += 1
        }
    }

    private func number(of arrival: Smarthost.Arrival, in model: Model) -> Int64? {
        let text = String(decoding: arrival.bytes, as: UTF8.self)
        return model.mails.first { text.contains($0.value.text) }?.key
    }
}

extension FlowHouse {
    /// Does it, and enters into the model what the house acknowledged.
    func perform(_ deed: Deed, _ model: inout Model) async throws -> [Smarthost.Arrival] {
        let undo = house.rulebook.undoTime
        switch deed {
        case .submit(let withRights):
            let place = model.mails.count + 1
            let text = "This is mail \(place)." + (withRights ? " With usage rights." : "")
            let recipient = withRights ? "luisa@lumi.example" : "kofi@kofimakes.example"
            let outcome = try await submit(to: [recipient], number: place, text: text)
            guard case .held = outcome, let id = try house.store.readNow({ try $0.outboundIDs() }).last else {
                throw TestFailure("not held: \(outcome)")
            }
            model.mails[id.rawValue] = Model.Mail(
                needs: withRights ? ["managers", "legal"] : ["managers"],
                text: text,
                recipient: recipient
            )
        case .approve(let number, let name):
            let (member, revision) = (acting(name), model.mails[number]?.revision ?? 1)
            let outcome = try decide { try $0.approve(OutboundID(rawValue: number), revision: revision, by: member) }
            if case .done = outcome { model.approve(number, by: name, at: clock.now, undo: undo) }
        case .reject(let number, let name):
            let (member, revision) = (acting(name), model.mails[number]?.revision ?? 1)
            let outcome = try decide {
                try $0.reject(OutboundID(rawValue: number), revision: revision, by: member, why: "no")
            }
            if case .done = outcome { model.end(number, rejectedBy: name) }
        case .takeBack(let number, let name):
            let member = acting(name)
            let outcome = try decide { try $0.takeBack(OutboundID(rawValue: number), by: member) }
            if case .done = outcome { model.takeBack(number, by: name) }
        case .withdraw(let number):
            let member = acting(Model.author)
            let outcome = try decide { try $0.withdraw(OutboundID(rawValue: number), by: member) }
            if case .done = outcome { model.end(number) }
        case .correct(let number, let name):
            guard let mail = model.mails[number] else { break }
            let rights = mail.needs.contains("legal") ? " With usage rights." : ""
            let text = "This is version \(mail.revision + 1) of mail \(number)." + rights
            let lines = [
                "From: x <hello@glow.example>", "To: \(mail.recipient)", "Subject: [A-\(number).\(mail.revision)] Mail",
                "Message-ID: <v\(number)@glow.example>", "", text, "",
            ]
            // What may not be corrected is refused, and waits or ends as it was.
            guard case .commanded? = try? await hand(in: lines, as: name, to: [mail.recipient]) else { break }
            model.correct(number, by: name, text: text, at: clock.now, undo: undo)
        case .wait: clock.advance(by: .seconds(600))
        case .settle: try await house.settleDue()
        case .relay(let mood):
            let smarthost = Smarthost(mood, watching: disk)
            try await smarthost.relay(self)
            return smarthost.arrivals
        }
        return []
    }

    /// INV-2 and INV-6: every mail that was acknowledged is there, and the rows are what the events say.
    func check(_ model: Model) throws {
        for (number, mail) in model.mails {
            guard let record = try record(OutboundID(rawValue: number)) else { throw TestFailure("\(number) is lost") }
            // What was bounced reached nobody; all else that left, or ended, did so by somebody's word.
            let isOut = record.state == .queued || record.state == .sent || record.state == .bounced
            if isOut, !model.mayLeave(number, at: clock.now) { throw TestFailure("\(number) is \(record.state)") }
            if !isOut, mail.arrivals > 0, mail.pardons == 0 { throw TestFailure("\(number) left as \(record.state)") }
            let isEnded = record.state == .rejected || record.state == .withdrawn || record.state == .canceled
            guard isEnded == mail.isOver else {
                throw TestFailure("\(number) is \(record.state), over: \(mail.isOver)")
            }
        }
        let replay = try house.store.readNow { try LedgerReplay($0) }
        guard replay.differences.isEmpty else { throw TestFailure("\(replay.differences)") }
    }

    /// The versions of the mails' rows; an event about one raises its own.
    func versions(_ model: Model) throws -> [Int64: Int] {
        var versions: [Int64: Int] = [:]
        for id in try house.store.readNow({ try $0.outboundIDs() }) {
            versions[id.rawValue] = try record(id)?.version
        }
        return versions
    }

    /// Everything that what may happen next depends on; times only by whether they have come.
    func fingerprint(_ model: Model) throws -> String {
        let now = clock.now
        @Sendable func when(_ time: Timestamp?) -> String { time.map { $0 <= now ? "come" : "ahead" } ?? "none" }
        return try house.store.readNow { transaction in
            var lines: [String] = []
            for id in try transaction.outboundIDs() {
                guard let record = try transaction.outboundRecord(id) else { continue }
                let mail = model.mails[id.rawValue]
                let decisions = record.decisions.map { "\($0.member):\($0.verb)" }.sorted()
                let recipients = try transaction.recipients(of: id, revision: record.revision).map {
                    "\($0.address) \($0.state) \(min($0.attempts, 3)) \(when($0.nextAttempt))"
                }
                lines.append(
                    "\(id) \(record.state) \(record.revision) \(decisions) \(when(record.effectiveAt)) "
                        + "\(record.isSettled) \(recipients) \(mail?.needs.sorted() ?? []) "
                        + "\(mail?.approvedBy.sorted() ?? []) \(when(mail?.leavesAt)) \(mail?.isOver ?? false) \(mail?.rejectedBy ?? "") "
                        + "\(mail?.arrivals ?? 0) \(mail?.pardons ?? 0)"
                )
            }
            return lines.joined(separator: "\n")
        }
    }
}
