internal import Base
internal import Campaigns
internal import Config
internal import Ledger
internal import Outbound
internal import Policy
internal import Store

/// The work of members who left goes to their successors: mail that waits, what they looked at, and the
/// conversations that were theirs (DESIGN §7).
struct HandingOver {
    let rulebook: Rulebook
    let transaction: Transaction
    let actor: Actor

    func handOver() throws(StoreError) {
        let successors = rulebook.configuration.team.successors.sorted { $0.key < $1.key }
        for (former, successor) in successors where rulebook.member(former) == nil {
            guard rulebook.member(successor) != nil else { continue }
            let why = "\(former) left"
            for id in try transaction.waitingOutbound(by: former.rawValue) {
                guard let record = try transaction.outboundRecord(id), !record.isSettled else { continue }
                let fields = [OutboundFold.Field.author: successor.rawValue, OutboundFold.Field.why: why]
                try note(.handedOver, .outbound(id), fields)
            }
            for id in try transaction.waitingOutbound(claimedBy: former.rawValue) {
                let fields = [OutboundFold.Field.assignee: successor.rawValue, OutboundFold.Field.why: why]
                try note(.claimed, .outbound(id), fields)
            }
            for id in try transaction.conversations(assignedTo: former.rawValue) {
                let fields = [ConversationFold.Field.assignee: successor.rawValue, ConversationFold.Field.why: why]
                try note(.assigned, .conversation(id), fields)
            }
        }
    }

    private func note(_ kind: EventKind, _ subject: EventSubject, _ fields: [String: String]) throws(StoreError) {
        try transaction.record(
            Event(kind, subject, by: actor, at: transaction.now, policyVersion: rulebook.version, fields: fields)
        )
    }
}

extension House {
    /// Mail that waits for members who left and whom nobody succeeds, in words for the admin.
    package func orphans() async throws(HouseError) -> [String] {
        let rulebook = self.rulebook
        do {
            return try await store.read { transaction in
                var counts: [String: Int] = [:]
                for author in try transaction.waitingAuthors() where rulebook.member(MemberID(author.name)) == nil {
                    counts[author.name] = author.messages
                }
                return counts.sorted { $0.key < $1.key }.map { name, count in
                    "\(name) left \(count == 1 ? "1 message that waits" : "\(count) messages that wait");"
                        + " name a successor: [successors] \(name) = \"MEMBER\" in team.toml"
                }
            }
        } catch {
            throw HouseError(error)
        }
    }
}
