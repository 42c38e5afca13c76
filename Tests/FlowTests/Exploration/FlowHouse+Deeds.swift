import Base
import Campaigns
import Ledger
import Outbound
import Policy
import SMTPWire
import Store
import TestSupport

@testable import Flow

extension FlowHouse {
    /// Does it, and enters into the model what the house acknowledged; whose word counts is the model's to say.
    func perform(_ deed: Deed, _ model: inout Model, _ scene: Scene) async throws -> [Smarthost.Arrival] {
        let (now, undo) = (clock.now, house.rulebook.undoTime)
        switch deed {
        case .submit(let kind): try await submit(kind, by: Model.author, &model)
        case .approve(let number, let name):
            let (member, revision) = (acting(name), model.mails[number]?.revision ?? 1)
            let outcome = try decide { try $0.approve(OutboundID(rawValue: number), revision: revision, by: member) }
            try expect(outcome, model.approve(number, by: name, at: now, undo: undo))
        case .reject(let number, let name):
            let (member, revision) = (acting(name), model.mails[number]?.revision ?? 1)
            let outcome = try decide {
                try $0.reject(OutboundID(rawValue: number), revision: revision, by: member, why: "no")
            }
            try expect(outcome, model.reject(number, by: name, at: now, undo: undo))
        case .takeBack(let number, let name):
            let member = acting(name)
            let outcome = try decide { try $0.takeBack(OutboundID(rawValue: number), by: member) }
            try expect(outcome, model.takeBack(number, by: name, at: now, undo: undo))
        case .withdraw(let number):
            let member = acting(Model.author)
            let outcome = try decide { try $0.withdraw(OutboundID(rawValue: number), by: member) }
            try expect(outcome, model.withdraw(number))
        case .correct(let number, let name): try await correct(number, by: name, &model)
        case .drop(let number):
            let outcome = try await house.queue {
                try $0.drop(OutboundID(rawValue: number), by: .machine("root"), named: "root", why: "no")
            }
            // Whether the smarthost has refused it before, the relay knows alone.
            if case .done = outcome, !model.drop(number) { throw TestFailure("\(number) is dropped and left before") }
        case .hear:
            try await hear()
            model.happens(.heard, at: now)
        case .decline:
            try setStage(.declined, of: Model.creator.rawValue)
            model.isDeclined = true
            model.happens(.declined, at: now)
        case .winBack:
            try setStage(.negotiating, of: Model.creator.rawValue)
            model.isDeclined = false
        case .colleague:
            let id = try await submit(.greeting, by: "ben", &model)
            try await send(id)
            model.mails[id.rawValue]?.hasAttempt = true
            model.happens(.wrote, by: "ben", at: now)
        case .reload(let rules): try await load(rules, &model, scene)
        case .wait: clock.advance(by: Deed.wait10)
        case .waitLong: clock.advance(by: Deed.wait15Days)
        case .settle:
            try await pass(.zero)
            model.settle(at: now)
        case .relay(let mood):
            let smarthost = Smarthost(mood, watching: disk)
            try await smarthost.relay(self)
            for (number, mail) in model.mails where mail.status == .out { model.mails[number]?.hasAttempt = true }
            for arrival in smarthost.arrivals {
                guard let number = model.number(of: arrival) else { continue }
                model.happens(.wrote, by: model.mails[number]?.author, at: now)
            }
            return smarthost.arrivals
        case .tamper(let tampering): try tamper(tampering)
        }
        return []
    }

    private func expect(_ outcome: DecisionOutcome, _ counts: Bool) throws {
        guard case .done(let text) = outcome else {
            if counts { throw TestFailure("refused: \(outcome.text)") }
            return
        }
        if !counts { throw TestFailure("it should be refused: \(text)") }
    }

    @discardableResult
    private func submit(_ kind: MailKind, by author: String, _ model: inout Model) async throws -> OutboundID {
        let text = "This is mail \(model.mails.count + 1)." + kind.words
        let id = try await write(text, from: author, to: [Self.lumi])
        let mail = Model.Mail(
            kind,
            by: author,
            text: text,
            rules: model.rules,
            isInCampaign: try record(id)?.campaign == Model.campaign,
            at: clock.now
        )
        model.mails[id.rawValue] = mail
        return id
    }

    private func correct(_ number: Int64, by name: String, _ model: inout Model) async throws {
        guard let mail = model.mails[number] else { return }
        let text = "This is version \(mail.revision + 1) of mail \(number)." + mail.kind.words
        let lines = [
            "From: x <hello@glow.example>", "To: \(Self.lumi)", "Subject: [A-\(number).\(mail.revision)] Mail",
            "Message-ID: <v\(number)@glow.example>", "", text, "",
        ]
        let undo = house.rulebook.undoTime
        let isTaken: Bool
        do {
            guard case .commanded = try await hand(in: lines, as: name, to: [Self.lumi]) else {
                throw TestFailure("the correction became a mail of its own")
            }
            isTaken = true
        } catch HouseError.refused {
            isTaken = false
        }
        guard model.correct(number, by: name, text: text, at: clock.now, undo: undo) == isTaken else {
            throw TestFailure("the correction was \(isTaken ? "taken" : "refused")")
        }
        let campaign = try record(OutboundID(rawValue: number))?.campaign
        model.mails[number]?.isInCampaign = campaign == Model.campaign
    }

    private func load(_ rules: Rules, _ model: inout Model, _ scene: Scene) async throws {
        // No two reloads within one millisecond: the last one is the one of the latest time.
        clock.advance(by: .seconds(1))
        try await house.accept(scene.configuration(rules))
        model.rules = rules
        model.isJudgingDue = true
        switch rules {
        case .completed: model.happens(.closed, at: clock.now)
        case .silent: model.happens(.silenced, at: clock.now)
        case .base, .strict, .loose: break
        }
    }

    private func tamper(_ tampering: Tampering) throws {
        try house.store.writeNow { transaction in
            for id in try transaction.outboundIDs() {
                guard let record = try transaction.outboundRecord(id) else { continue }
                switch (tampering, record.state) {
                case (.release, .held):
                    let fields = [OutboundFold.Field.state: OutboundState.queued.rawValue]
                    try transaction.record(
                        Event(
                            .released,
                            .outbound(id),
                            by: .gateway,
                            at: transaction.now,
                            policyVersion: "",
                            fields: fields
                        )
                    )
                case (.repeatDelivery, .sent): break
                default: continue
                }
                try transaction.setRecipients(
                    of: id,
                    revision: record.revision,
                    state: RecipientState.waiting.rawValue,
                    nextAttempt: transaction.now
                )
            }
        }
    }

    // MARK: What must hold

    /// Every mail that was acknowledged is there as it was decided, and nothing else is let out (INV-1, INV-2).
    func check(_ model: Model) throws {
        for (number, mail) in model.mails {
            guard let record = try record(OutboundID(rawValue: number)) else { throw TestFailure("\(number) is lost") }
            let states: Set<OutboundState> =
                switch mail.status {
                case .waiting: [mail.leavesAt == nil ? .held : .approved]
                case .rejected: [.rejected]
                case .out: [.queued, .sent, .bounced]
                case .over: [.rejected, .withdrawn, .canceled, .expired]
                }
            guard states.contains(record.state) else {
                throw TestFailure("\(number) is \(record.state), it should be \(mail.status)")
            }
            if mail.arrivals > mail.pardons, record.state != .sent {
                throw TestFailure("\(number) left as \(record.state)")
            }
            guard mail.status == .waiting else { continue }
            let approvedBy = Set(record.decisions.filter { $0.verb == .approve }.map(\.member.rawValue))
            guard Set(record.required.keys) == mail.asked, approvedBy == mail.approvedBy else {
                throw TestFailure(
                    "\(number) asks \(record.required) and has \(approvedBy); \(mail.asked) and \(mail.approvedBy) it should"
                )
            }
        }
    }

    /// The rows are what the events say (INV-6).
    func checkLedger() throws {
        let replay = try house.store.readNow { try LedgerReplay($0) }
        guard replay.differences.isEmpty else { throw TestFailure("\(replay.differences)") }
    }

    /// The versions of the mails' rows; an event about one raises its own.
    func versions() throws -> [Int64: Int] {
        try house.store.readNow { transaction in
            var versions: [Int64: Int] = [:]
            for id in try transaction.outboundIDs() { versions[id.rawValue] = try transaction.outbound(id)?.version }
            return versions
        }
    }

    /// What the store holds, as far as what may happen next depends on it, in one form.
    ///
    /// Letters and who was told are left out: they let nothing out and hold nothing back.
    func contents() throws -> String {
        let now = clock.now
        @Sendable func when(_ time: Timestamp?) -> String { time.map { Model.waits(until: $0, from: now) } ?? "-" }
        let rulebook = house.rulebook
        return try house.store.readNow { transaction in
            var lines = ["rules \(try transaction.latestConfiguration()?.hash ?? "")"]
            for id in try transaction.outboundIDs() {
                guard let record = try transaction.outboundRecord(id) else { continue }
                let decisions = record.decisions.map { "\($0.member):\($0.verb):\($0.groups.sorted())" }.sorted()
                let recipients = try transaction.recipients(of: id, revision: record.revision).map {
                    "\($0.state) \(min($0.attempts, 7)) \(when($0.nextAttempt))"
                }
                let deadlines = Deadlines(rulebook: rulebook, transaction: transaction)
                lines.append(
                    "\(id) \(record.author) \(record.state) \(record.revision) \(record.required.keys.sorted()) "
                        + "\(record.reasons.map(\.rule).sorted()) \(record.permits) \(decisions) "
                        + "\(when(record.effectiveAt)) \(when(record.notBefore)) \(record.isSettled) \(recipients) "
                        + "\(when(try transaction.timer(of: id))) \(when(try deadlines.expiry(of: record))) "
                        + "\(try transaction.isAuthorTold(of: id)) \(try transaction.hasAttempt(of: id)) "
                        + "\(try transaction.isBeingSent(id)) \(record.campaign?.rawValue ?? "")"
                )
            }
            for row in try transaction.conversations() {
                lines.append("\(row.creator) \(row.campaign) \(row.stage)")
            }
            if try transaction.dueWork(kind: House.judgingWork, at: now) != nil { lines.append("judging") }
            return lines.joined(separator: "\n")
        }
    }
}
