internal import Base
internal import Ledger
internal import Outbound
internal import Policy
internal import Store

extension House {
    /// Tells the ledger that the store was restored from a backup, once: every unfinished outbound
    /// message waits again, as one that may have left already, and earlier approvals lapse (DESIGN §5).
    package func tellRestore() async throws(HouseError) {
        let rulebook = self.rulebook
        try await change { transaction in
            guard try transaction.takeRestoreMark() else { return }
            func note(_ subject: EventSubject, _ fields: [String: String]) throws(StoreError) {
                try transaction.record(
                    Event(
                        .restored,
                        subject,
                        by: .gateway,
                        at: transaction.now,
                        policyVersion: rulebook.version,
                        fields: fields
                    )
                )
            }
            try note(.store, [:])
            for row in try transaction.outbound(inState: OutboundState.held.rawValue) where row.mayHaveLeft {
                let record = try transaction.outboundRecord(row)
                // What a permit let out before has no approvers of its own: somebody must look.
                let required = record.required.isEmpty ? rulebook.rules.defaultApprovals : record.required
                let reason = Verdict.Reason(
                    rule: LastingRule.restored,
                    text: "it may have left already; ask the recipient before you send it again"
                )
                let fields = [
                    OutboundFold.Field.state: OutboundState.held.rawValue,
                    OutboundFold.Field.required: OutboundFold.text(of: required),
                    OutboundFold.Field.reasons: OutboundFold.text(of: record.reasons + [reason]),
                ]
                try note(.outbound(row.id), fields)
            }
            // What some recipients had already waits for the others, on hold in the queue (D25).
            let parked = try transaction.recipients(inState: RecipientState.parked.rawValue)
            for id in Set(parked.map(\.outbound)).sorted() {
                let rows = parked.filter { $0.outbound == id }
                try transaction.record(
                    Event(
                        .queueHeld,
                        .outbound(id),
                        by: .gateway,
                        at: transaction.now,
                        policyVersion: rulebook.version,
                        fields: [
                            OutboundFold.Field.recipients: EventCoding.list(rows.map(\.address)),
                            OutboundFold.Field.reply: EventCoding.list(rows.map(\.lastReply)),
                        ]
                    )
                )
            }
        }
    }
}
