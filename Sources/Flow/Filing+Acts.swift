internal import Campaigns
internal import Ledger
internal import Outbound
internal import Policy
internal import Store
internal import Views

// What moving a message into a folder that acts does to its record (DESIGN §4).
extension Filing {
    func perform(_ act: Act, on subject: Subject) throws(StoreError) -> DecisionOutcome {
        let decisions = Decisions(rulebook: rulebook, transaction: transaction)
        switch (act, subject.outbound) {
        case (.approve, let outbound?):
            return try decisions.approve(outbound.id, revision: outbound.revision, by: member)
        case (.reject, let outbound?):
            return try decisions.reject(outbound.id, revision: outbound.revision, by: member, why: "")
        case (.takeBack, let outbound?):
            return try decisions.takeBack(outbound.id, by: member)
        case (.withdraw, let outbound?):
            return try decisions.withdraw(outbound.id, revision: outbound.revision, by: member)
        case (.claim(let assignee), let outbound?):
            return try decisions.claim(outbound.id, for: assignee, by: member)
        case (.setStage(_, let stage), _):
            return try setStage(stage, of: subject)
        case (.assign(let assignee), _):
            return try assign(assignee, subject)
        case (.attach(let campaign), _):
            return try Attaching(rulebook: rulebook, transaction: transaction, member: member)
                .attach(subject.message, to: campaign)
        default:
            return .refused("that does nothing with this message")
        }
    }

    private func setStage(_ stage: Stage, of subject: Subject) throws(StoreError) -> DecisionOutcome {
        for id in subject.facts?.conversations ?? [] {
            var fields = [
                ConversationFold.Field.stage: stage.rawValue, ConversationFold.Field.why: "moved by hand",
            ]
            fields[ConversationFold.Field.was] = try transaction.conversation(id)?.stage
            try note(.stageChanged, .conversation(id), fields)
        }
        return .done("the stage is now \(stage)")
    }

    private func assign(_ assignee: MemberID, _ subject: Subject) throws(StoreError) -> DecisionOutcome {
        guard rulebook.member(assignee) != nil else { return .refused("there is no member \(assignee)") }
        guard let conversations = subject.facts?.conversations, !conversations.isEmpty else {
            return .refused("it belongs to no conversation yet")
        }
        for id in conversations {
            try note(.assigned, .conversation(id), [ConversationFold.Field.assignee: assignee.rawValue])
        }
        return .done("assigned to \(assignee)")
    }

    func note(_ kind: EventKind, _ subject: EventSubject, _ fields: [String: String]) throws(StoreError) {
        try transaction.record(
            Event(
                kind,
                subject,
                by: member.actor,
                at: transaction.now,
                policyVersion: rulebook.version,
                fields: fields
            )
        )
    }
}
