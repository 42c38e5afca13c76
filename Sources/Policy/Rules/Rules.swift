internal import Base
internal import Campaigns

/// Says that a class of mail may leave; without a permit it is held (INV-7).
package struct Permit: Hashable, Sendable {
    package let name: String
    package let condition: Condition

    package init(name: String, condition: Condition) {
        self.name = name
        self.condition = condition
    }
}

/// Delays, holds, cancels or rejects a class of mail.
package struct Restriction: Hashable, Sendable {
    /// What the restriction does.
    package enum Effect: Hashable, Sendable {
        /// Not earlier than this long after the submission.
        case delay(Duration)
        /// Not before its author could have taken it back.
        case undoTime
        /// Not outside of working hours.
        case workingTime
        /// So many members of each group must approve.
        case hold(approvals: [String: Int])
        /// Where it concerns only some of the creators addressed: hold (DESIGN §3).
        case cancel
        case reject(text: String)
    }

    package let name: String
    package let condition: Condition
    package let effect: Effect

    package init(name: String, condition: Condition, effect: Effect) {
        self.name = name
        self.condition = condition
        self.effect = effect
    }
}

/// All the rules in force, in no order: neither files nor lines matter (INV-7).
package struct RuleSet: Sendable {
    package let permits: [Permit]
    package let restrictions: [Restriction]
    /// Who approves what is held only because no permit lets it out.
    package let defaultApprovals: [String: Int]
    package let ownMail: OwnMail
    package let clauses: [Clause]
    /// The same rules, made ready once for all messages.
    private let program: RuleProgram

    package init(
        permits: [Permit] = [],
        restrictions: [Restriction] = [],
        defaultApprovals: [String: Int],
        ownMail: OwnMail = OwnMail(),
        clauses: [Clause] = []
    ) {
        self.permits = permits
        self.restrictions = restrictions
        self.defaultApprovals = defaultApprovals
        self.ownMail = ownMail
        self.clauses = clauses
        program = RuleProgram(permits: permits, restrictions: restrictions, clauses: clauses)
    }

    /// Whether some rule looks for words or wording, so that the text had better be made ready beforehand.
    package var readsText: Bool { !program.book.isEmpty }

    /// Whether some rule asks for the stage, so that the stages of the last 24 hours count (INV-10).
    package var readsStages: Bool { program.readsStages }

    /// Whether some rule asks for templates.
    package var readsTemplates: Bool { program.readsTemplates }

    /// How far back rules ask who wrote to a creator; `nil` where none asks.
    package var lookBack: Duration? { program.lookBack }

    /// The verdict on one message: every restriction is evaluated and joined.
    package func decide(_ facts: Facts) -> Verdict {
        var work = PolicyWork()
        return decide(facts, &work)
    }

    /// The same, with what was done for it.
    package func decide(_ facts: Facts, _ work: inout PolicyWork) -> Verdict {
        var verdict = judge(facts, &work)
        guard program.readsStages else { return verdict }
        for former in facts.withFormerStages { verdict = verdict.joined(judge(former, &work)) }
        return verdict
    }

    private func judge(_ facts: Facts, _ work: inout PolicyWork) -> Verdict {
        var evaluation = Evaluation(program, facts)
        defer { work.add(evaluation.work) }
        var verdict = Verdict.unrestricted
        for firing in evaluation.firings() { verdict = verdict.joined(self.verdict(of: firing, facts)) }
        verdict = verdict.joined(internalContent(facts))
        let grounds = evaluation.grounds().map { ground in
            Verdict.Reason(rule: permits[ground.permit].name, text: ground.evidence)
        }
        let wording = facts.leavesTheHouse ? evaluation.clauses() : []
        verdict = verdict.joined(
            Verdict(
                outcome: .release,
                permits: grounds.map(\.rule),
                grounds: grounds + wording.map { Verdict.Reason(rule: "Approved wording", text: $0.name) }
            )
        )
        return grounds.isEmpty ? verdict.joined(unpermitted) : verdict
    }

    private var unpermitted: Verdict {
        Verdict(
            outcome: .hold,
            approvals: defaultApprovals,
            reasons: [Verdict.Reason(rule: "No permit", text: "no permit lets this mail out by itself")]
        )
    }

    /// Cards, notices and header blocks stay inside, whatever a permit says (INV-4).
    private func internalContent(_ facts: Facts) -> Verdict {
        guard facts.leavesTheHouse, facts.hasInternalContent else { return .unrestricted }
        return Verdict(
            outcome: .hold,
            approvals: defaultApprovals,
            reasons: [Verdict.Reason(rule: "Internal content", text: "it quotes or attaches a card or a notice")]
        )
    }

    private func verdict(of firing: Evaluation.Firing, _ facts: Facts) -> Verdict {
        let restriction = restrictions[firing.restriction]
        let reason = Verdict.Reason(rule: restriction.name, text: firing.evidence)
        switch restriction.effect {
        case .cancel where firing.isGuess, .reject where firing.isGuess:
            // A person can read it.
            return Verdict(outcome: .hold, approvals: defaultApprovals, reasons: [reason])
        case .delay(let duration):
            return Verdict(
                outcome: .release,
                notBefore: facts.submittedAt.advanced(by: duration),
                reasons: [reason]
            )
        case .undoTime:
            return Verdict(
                outcome: .release,
                notBefore: facts.submittedAt.advanced(by: facts.undoTime),
                reasons: [reason]
            )
        case .workingTime:
            guard let start = facts.calendar.nextWorkingTime(from: facts.now) else {
                return Verdict(outcome: .hold, approvals: defaultApprovals, reasons: [reason])
            }
            return Verdict(outcome: .release, notBefore: start, reasons: [reason])
        case .hold(let approvals):
            // A hold that names nobody would wait for ever.
            let approvals = approvals.isEmpty ? defaultApprovals : approvals
            return Verdict(outcome: .hold, approvals: approvals, reasons: [reason])
        case .cancel:
            guard firing.isForAll else {
                return Verdict(outcome: .hold, approvals: defaultApprovals, reasons: [reason])
            }
            return Verdict(outcome: .cancel, reasons: [reason])
        case .reject(let text):
            return Verdict(outcome: .reject, reasons: [Verdict.Reason(rule: restriction.name, text: text)])
        }
    }
}

extension RuleSet: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        left.permits == right.permits && left.restrictions == right.restrictions
            && left.defaultApprovals == right.defaultApprovals && left.ownMail == right.ownMail
            && left.clauses == right.clauses
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(permits)
        hasher.combine(restrictions)
        hasher.combine(defaultApprovals)
        hasher.combine(ownMail)
        hasher.combine(clauses)
    }
}

extension Facts {
    /// The same message as it would be judged by the stages of the last 24 hours: each of them alone, and
    /// all together (INV-10).
    fileprivate var withFormerStages: [Self] {
        var variants: [Self] = []
        var all = self
        for (index, collaborator) in collaborators.enumerated() {
            for stage in collaborator.formerStages where stage != collaborator.stage {
                var one = self
                one.collaborators[index].stage = stage
                variants.append(one)
                all.collaborators[index].stage = stage
            }
        }
        if variants.count > 1 { variants.append(all) }
        return variants
    }
}

extension PolicyWork {
    fileprivate mutating func add(_ other: Self) {
        looks += other.looks
        questions += other.questions
        passes += other.passes
    }
}
