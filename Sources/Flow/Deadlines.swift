internal import Base
internal import Campaigns
internal import Config
internal import Ledger
internal import Policy
internal import Store

/// When something happens to an outbound message by itself: the row of `outbound_timer`, so that a
/// restart finds everything again.
struct Deadlines {
    let rulebook: Rulebook
    let transaction: ReadTransaction

    /// How long the author is told nothing: most mail is decided by then.
    static let authorNotice = Duration.seconds(2 * 60)

    /// The next time at which something is due; nil where nothing waits for a time.
    ///
    /// `since`: Since when it waits for this decision, where that is known.
    func next(
        of record: OutboundRecord,
        isAuthorTold: Bool,
        since: Timestamp? = nil
    ) throws(StoreError) -> Timestamp? {
        let telling = isAuthorTold ? nil : record.submittedAt.advanced(by: Self.authorNotice)
        switch record.state {
        case .held:
            return [telling, try escalation(of: record, since: since), try expiry(of: record, since: since)].compactMap
            { $0 }.min()
        // Whoever is told nothing of a delay takes the mail for sent.
        case .approved:
            return [record.effectiveAt, telling].compactMap { $0 }.min()
        case .rejected:
            return record.isSettled ? nil : record.effectiveAt
        default:
            return nil
        }
    }

    /// When others are asked as well; nil where nobody is, or they are asked already.
    func escalation(of record: OutboundRecord, since: Timestamp? = nil) throws(StoreError) -> Timestamp? {
        guard record.state == .held, record.escalatedTo.isEmpty,
            let escalation = rulebook.configuration.gateway.approvals.escalation
        else { return nil }
        return rulebook.workingTime(escalation.after, after: try waitsSince(record, since))
    }

    /// When it is given up undecided.
    func expiry(of record: OutboundRecord, since: Timestamp? = nil) throws(StoreError) -> Timestamp? {
        guard record.state == .held, let after = rulebook.configuration.gateway.approvals.expiresAfter else {
            return nil
        }
        return try waitsSince(record, since).advanced(by: after)
    }

    /// Since when it waits for this decision: it was handed in, corrected or held again.
    private func waitsSince(_ record: OutboundRecord, _ known: Timestamp?) throws(StoreError) -> Timestamp {
        if let known { return known }
        return try transaction.events(about: EventSubject.outbound(record.id).text)
            .last { row in EventKind(rawValue: row.kind).map(Meanwhile.judging.contains) ?? false }?.at
            ?? record.submittedAt
    }
}

extension ReadTransaction {
    /// Whether the author was told that their mail waits.
    func isAuthorTold(of id: OutboundID) throws(StoreError) -> Bool {
        try notices(of: id).contains { $0.kind == NoticeKind.waiting.rawValue }
    }
}
