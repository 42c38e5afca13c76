package import Base
package import Campaigns
internal import Config
internal import Ledger
internal import Outbound
internal import Policy
package import Store

/// Who acts: a member with one of their devices.
package struct ActingMember: Hashable, Sendable {
    package let id: MemberID
    package let device: String
    /// Whether the device's password may decide.
    package let mayApprove: Bool

    package init(id: MemberID, device: String, mayApprove: Bool) {
        self.id = id
        self.device = device
        self.mayApprove = mayApprove
    }

    var actor: Actor { .member(id, device: device) }
}

/// What came of an attempt to decide.
package enum DecisionOutcome: Hashable, Sendable {
    /// It counts; the text says what happens next.
    case done(String)
    /// Nothing changed; the text says why.
    case refused(String)

    package var text: String {
        switch self {
        case .done(let text), .refused(let text): text
        }
    }
}

/// Why nothing came of it, where only that is to be told.
struct DecisionRefusal: Error {
    let why: String

    var outcome: DecisionOutcome { .refused(why) }
}

/// Decisions on held mail, each compare-and-set on the row it read (DESIGN §3).
///
/// What may not be done is answered and recorded, and changes nothing.
package struct Decisions {
    let rulebook: Rulebook
    let transaction: Transaction

    package init(rulebook: Rulebook, transaction: Transaction) {
        self.rulebook = rulebook
        self.transaction = transaction
    }

    /// Approves one version; it leaves when every group that is asked has approved and the undo
    /// time is over.
    package func approve(
        _ id: OutboundID,
        revision: Int,
        by member: ActingMember,
        why: String = ""
    ) throws(StoreError) -> DecisionOutcome {
        guard let record = try transaction.currentRecord(id) else { return .refused("there is no \(id)") }
        if isRepeated(.approve, record, by: member) { return .done("\(record.token): your approval counts") }
        if let refusal = refusal(record, revision: revision, by: member, verb: .approve) {
            return try refuse(record, refusal, by: member)
        }
        let approvals = rulebook.approvals(of: record)
        let standing = rulebook.standing(of: member.id, for: approvals, at: transaction.now)
        let decision = Decision(
            member: member.id,
            groups: standing.groups,
            verb: .approve,
            at: transaction.now,
            standsFor: standing.standsFor
        )
        let all = record.decisions + [decision]
        let isSatisfied = approvals.isSatisfied(by: all)
        let effective = effectiveAt(record)
        var fields = [
            OutboundFold.Field.effectiveAt: String(effective.milliseconds),
            OutboundFold.Field.why: why,
            OutboundFold.Field.revision: String(revision),
        ]
        fields.merge(standing.fields) { $1 }
        if isSatisfied { fields[OutboundFold.Field.state] = OutboundState.approved.rawValue }
        try note(.approved, record, by: member.actor, fields)
        let missing = approvals.missing(after: all)
        return isSatisfied
            ? .done("\(record.token) is approved and leaves at \(CivilTime(effective).iso8601)")
            : .done("\(record.token): your approval counts; still missing: \(Self.list(missing))")
    }

    /// Rejects one version, with a reason for its author.
    package func reject(
        _ id: OutboundID,
        revision: Int,
        by member: ActingMember,
        why: String
    ) throws(StoreError) -> DecisionOutcome {
        guard let record = try transaction.currentRecord(id) else { return .refused("there is no \(id)") }
        if isRepeated(.reject, record, by: member) { return .done("\(record.token) is rejected") }
        if let refusal = refusal(record, revision: revision, by: member, verb: .reject) {
            return try refuse(record, refusal, by: member)
        }
        let standing = rulebook.standing(of: member.id, for: rulebook.approvals(of: record), at: transaction.now)
        return try reject(record, by: member.actor, as: standing, why: why)
    }

    /// Rejects one version for somebody at the machine who is no member: that only tightens, so it
    /// needs no right (DESIGN §7).
    package func reject(
        _ id: OutboundID,
        revision: Int,
        byOperator name: String,
        why: String
    ) throws(StoreError) -> DecisionOutcome {
        guard let record = try transaction.outboundRecord(id) else { return .refused("there is no \(id)") }
        let actor = Actor.machine(name)
        if let refusal = staleness(record, revision: revision) { return try refuse(record, refusal, by: actor) }
        return try reject(record, by: actor, as: Standing(groups: [], standsFor: []), why: why)
    }

    private func reject(
        _ record: OutboundRecord,
        by actor: Actor,
        as standing: Standing,
        why: String
    ) throws(StoreError) -> DecisionOutcome {
        var fields = [
            OutboundFold.Field.state: OutboundState.rejected.rawValue,
            OutboundFold.Field.effectiveAt: String(transaction.now.advanced(by: rulebook.undoTime).milliseconds),
            OutboundFold.Field.why: why,
            OutboundFold.Field.revision: String(record.revision),
        ]
        fields.merge(standing.fields) { $1 }
        try note(.rejected, record, by: actor, fields)
        return .done("\(record.token) is rejected")
    }

    /// Takes a member's decision back as long as it has not taken effect.
    package func takeBack(_ id: OutboundID, by member: ActingMember) throws(StoreError) -> DecisionOutcome {
        guard let record = try transaction.currentRecord(id) else { return .refused("there is no \(id)") }
        guard record.decisions.contains(where: { $0.member == member.id }) else {
            return try refuse(record, "you have not decided on \(record.token)", by: member)
        }
        let isUndoable = record.state.isWaiting || (record.state == .rejected && !record.isSettled)
        guard isUndoable else {
            return try refuse(record, "\(record.token) is \(record.state.rawValue) already", by: member)
        }
        let rest = record.decisions.filter { $0.member != member.id }
        if rest.contains(where: { $0.verb == .reject }) {
            // Another's rejection stays, with its time.
            var fields = [OutboundFold.Field.state: record.state.rawValue]
            fields[OutboundFold.Field.effectiveAt] = record.effectiveAt.map { String($0.milliseconds) }
            try note(.takenBack, record, by: member.actor, fields)
            return .done("your word on \(record.token) is taken back; it stays rejected")
        }
        // Without the rejection what others approved holds again, after an undo time of its own.
        guard rulebook.approvals(of: record).isSatisfied(by: rest) else {
            try note(.takenBack, record, by: member.actor, [OutboundFold.Field.state: OutboundState.held.rawValue])
            return .done("\(record.token) waits again")
        }
        let effective = effectiveAt(record)
        let fields = [
            OutboundFold.Field.state: OutboundState.approved.rawValue,
            OutboundFold.Field.effectiveAt: String(effective.milliseconds),
        ]
        try note(.takenBack, record, by: member.actor, fields)
        return .done("\(record.token) stays approved by others and leaves at \(CivilTime(effective).iso8601)")
    }

    /// The author takes the message back before it left; with `revision` the version that they saw.
    package func withdraw(
        _ id: OutboundID,
        revision: Int? = nil,
        by member: ActingMember
    ) throws(StoreError) -> DecisionOutcome {
        guard let record = try transaction.currentRecord(id) else { return .refused("there is no \(id)") }
        guard record.author == member.id else {
            return try refuse(record, "only its author can withdraw \(record.token)", by: member)
        }
        if let revision, let replacement = replacement(record, of: revision) {
            return try refuse(record, replacement, by: member)
        }
        guard let state = record.state.after(.withdraw) else {
            return try refuse(record, "too late: \(record.token) is \(record.state.rawValue) already", by: member)
        }
        try note(.withdrawn, record, by: member.actor, [OutboundFold.Field.state: state.rawValue])
        return .done("\(record.token) is withdrawn; nothing was sent")
    }

    /// Keeps what author or approver say about it; nothing changes.
    package func comment(_ id: OutboundID, _ text: String, by member: ActingMember) throws(StoreError)
        -> DecisionOutcome
    {
        guard let record = try transaction.currentRecord(id) else { return .refused("there is no \(id)") }
        guard isConcerned(member.id, record) else {
            return try refuse(record, Self.notConcerned(record), by: member)
        }
        guard text.utf8.count <= Limits.comment else {
            return try refuse(record, "the comment is over \(Limits.comment) octets; say it shorter", by: member)
        }
        try note(.commented, record, by: member.actor, [OutboundFold.Field.text: text])
        guard !text.isEmpty else {
            return .done("there was no comment in your answer; nothing was decided and nothing was sent")
        }
        try Discussion(rulebook: rulebook, transaction: transaction).tell(about: record, except: member.id)
        return .done(
            "your words on \(record.token) were kept as a comment and told to its author and to who may decide;"
                + " nothing was decided and nothing was sent"
        )
    }

    /// Why a member cannot put another version in the place of this one; the ledger keeps that they tried.
    func refuseCorrection(_ id: OutboundID, revision: Int, by member: ActingMember) throws(StoreError)
        -> DecisionOutcome?
    {
        guard let record = try transaction.currentRecord(id) else { return .refused("there is no \(id)") }
        guard rulebook.mayCorrect(record, member, at: transaction.now) else {
            return try refuse(record, Self.notConcerned(record), by: member)
        }
        if let staleness = staleness(record, revision: revision) { return try refuse(record, staleness, by: member) }
        guard record.revision < Limits.outboundVersions else {
            return try refuse(record, "\(record.token) has too many versions; reject it and begin anew", by: member)
        }
        return nil
    }

    /// Says who looks at it; that changes nobody's right.
    package func claim(_ id: OutboundID, for assignee: MemberID, by member: ActingMember) throws(StoreError)
        -> DecisionOutcome
    {
        guard let record = try transaction.currentRecord(id) else { return .refused("there is no \(id)") }
        guard let colleague = rulebook.member(assignee) else { return .refused("there is no member \(assignee)") }
        guard isConcerned(member.id, record) else { return try refuse(record, Self.notConcerned(record), by: member) }
        guard record.state.isWaiting else {
            return try refuse(record, "\(record.token) is \(record.state.rawValue) already", by: member)
        }
        guard isConcerned(assignee, record) else {
            let why = "\(colleague.name) may not decide on \(record.token); it needs \(Self.list(record.required))"
            return try refuse(record, why, by: member)
        }
        guard record.assignee != assignee else { return .done("\(record.token) is with \(colleague.name) already") }
        try note(.claimed, record, by: member.actor, [OutboundFold.Field.assignee: assignee.rawValue])
        return .done("\(record.token) is with \(colleague.name); whoever could decide still can")
    }

    // MARK: -

    /// Whether it is a member's own mail, or they may decide on it.
    func isConcerned(_ member: MemberID, _ record: OutboundRecord) -> Bool {
        record.author == member || rulebook.mayDecide(member, on: rulebook.approvals(of: record), at: transaction.now)
    }

    private static func notConcerned(_ record: OutboundRecord) -> String {
        "you can neither decide on \(record.token) nor did you write it"
    }

    /// Why a member's word on this version does not count.
    private func refusal(
        _ record: OutboundRecord,
        revision: Int,
        by member: ActingMember,
        verb: Decision.Verb
    ) -> String? {
        guard member.mayApprove else { return "this device's password may not decide; use one with the scope approve" }
        let approvals = rulebook.approvals(of: record)
        guard rulebook.mayDecide(member.id, on: approvals, at: transaction.now) else {
            return record.author == member.id
                ? "nobody decides on their own mail"
                : "you are not asked about \(record.token); it needs \(Self.list(record.required))"
        }
        if let staleness = staleness(record, revision: revision) { return staleness }
        let before = record.decisions.last { $0.member == member.id }?.verb
        guard verb == .reject || before != .approve else { return "you have approved \(record.token) already" }
        return nil
    }

    /// Why this version is not the one to decide on any more.
    private func staleness(_ record: OutboundRecord, revision: Int) -> String? {
        if let replacement = replacement(record, of: revision) { return replacement }
        return record.state.isWaiting ? nil : "\(record.token) is \(record.state.rawValue) already"
    }

    private func replacement(_ record: OutboundRecord, of revision: Int) -> String? {
        record.revision == revision
            ? nil : "\(record.id).\(revision) was replaced by \(record.token); decide on that one"
    }

    /// Whether this very change said it already: message and notice moved by one command are one word.
    private func isRepeated(_ verb: Decision.Verb, _ record: OutboundRecord, by member: ActingMember) -> Bool {
        let subject = EventSubject.outbound(record.id).text
        guard transaction.events.contains(where: { $0.subject == subject }) else { return false }
        return record.decisions.contains { $0.member == member.id && $0.verb == verb && $0.at == transaction.now }
    }

    func refuse(
        _ record: OutboundRecord,
        _ why: String,
        by member: ActingMember
    ) throws(StoreError) -> DecisionOutcome {
        try refuse(record, why, by: member.actor)
    }

    private func refuse(_ record: OutboundRecord, _ why: String, by actor: Actor) throws(StoreError) -> DecisionOutcome
    {
        try note(.refused, record, by: actor, [OutboundFold.Field.why: why])
        return .refused(why)
    }

    /// When a decision made now takes effect: after the undo time, and not before policy says.
    private func effectiveAt(_ record: OutboundRecord) -> Timestamp {
        let undone = transaction.now.advanced(by: rulebook.undoTime)
        return record.notBefore.map { max($0, undone) } ?? undone
    }

    private func note(
        _ kind: EventKind,
        _ record: OutboundRecord,
        by actor: Actor,
        _ fields: [String: String]
    ) throws(StoreError) {
        try transaction.record(
            Event(
                kind,
                .outbound(record.id),
                by: actor,
                at: transaction.now,
                policyVersion: rulebook.version,
                fields: fields
            )
        )
    }

    /// `1 of legal, 2 of managers`.
    static func list(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }.joined(separator: ", ")
    }
}

extension Standing {
    /// As a decision's event tells it.
    fileprivate var fields: [String: String] {
        var fields = [OutboundFold.Field.groups: EventCoding.list(groups.sorted())]
        if !standsFor.isEmpty {
            fields[OutboundFold.Field.standsFor] = EventCoding.list(standsFor.map(\.rawValue))
        }
        return fields
    }
}
