internal import Base

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
        /// So many members of each group must approve.
        case hold(approvals: [String: Int])
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

/// What policy says of approving what one has written oneself.
package struct OwnMail: Hashable, Sendable {
    /// The groups whose members may approve their own mail as one of the group; none as a rule.
    package var authorsApprove: Set<String>
    /// Whether a corrected version has its editor's approval, where they may approve it.
    package var editorsApprove: Bool

    package init(authorsApprove: Set<String> = [], editorsApprove: Bool = true) {
        self.authorsApprove = authorsApprove
        self.editorsApprove = editorsApprove
    }
}

/// All the rules in force, in no order: neither files nor lines matter (INV-7).
package struct RuleSet: Hashable, Sendable {
    package let permits: [Permit]
    package let restrictions: [Restriction]
    /// Who approves what is held only because no permit lets it out.
    package let defaultApprovals: [String: Int]
    package let ownMail: OwnMail

    package init(
        permits: [Permit] = [],
        restrictions: [Restriction] = [],
        defaultApprovals: [String: Int],
        ownMail: OwnMail = OwnMail()
    ) {
        self.permits = permits
        self.restrictions = restrictions
        self.defaultApprovals = defaultApprovals
        self.ownMail = ownMail
    }

    /// The verdict on one message: every restriction is evaluated and joined.
    package func decide(_ facts: Facts) -> Verdict {
        var verdict = Verdict.unrestricted
        for restriction in restrictions {
            guard let evidence = restriction.condition.evidence(in: facts) else { continue }
            verdict = verdict.joined(Self.verdict(of: restriction, evidence: evidence, facts: facts))
        }
        verdict = verdict.joined(internalContent(facts))
        if verdict.outcome == .hold, verdict.approvals.isEmpty {
            verdict = verdict.joined(Verdict(outcome: .hold, approvals: defaultApprovals))
        }
        let permitting = permits.filter { $0.condition.evidence(in: facts) != nil }.map(\.name)
        guard !permitting.isEmpty else { return verdict.joined(unpermitted) }
        return verdict.joined(Verdict(outcome: .release, permits: permitting))
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
        let leavesTheHouse = facts.recipients.contains { $0.kind != .internal }
        guard leavesTheHouse, facts.hasInternalContent else { return .unrestricted }
        return Verdict(
            outcome: .hold,
            approvals: defaultApprovals,
            reasons: [Verdict.Reason(rule: "Internal content", text: "it quotes or attaches a card or a notice")]
        )
    }

    private static func verdict(of restriction: Restriction, evidence: String, facts: Facts) -> Verdict {
        let reason = Verdict.Reason(rule: restriction.name, text: evidence)
        return switch restriction.effect {
        case .delay(let duration):
            Verdict(outcome: .release, notBefore: facts.now.advanced(by: duration), reasons: [reason])
        case .hold(let approvals):
            Verdict(outcome: .hold, approvals: approvals, reasons: [reason])
        case .cancel:
            Verdict(outcome: .cancel, reasons: [reason])
        case .reject(let text):
            Verdict(outcome: .reject, reasons: [Verdict.Reason(rule: restriction.name, text: text)])
        }
    }
}
