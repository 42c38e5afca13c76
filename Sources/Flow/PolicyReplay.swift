package import Base
package import Campaigns
internal import Config
internal import Ledger
internal import Message
internal import Outbound
package import Policy
internal import SMTPWire
package import Store

/// What the present rules say of one mail that went out, or was held, before.
package struct ReplayedMail: Sendable {
    /// `A-12`, or `message:7` for mail that did not go through Greenroom.
    package let name: String
    package let at: Timestamp
    package let author: MemberID?
    package let subject: String
    package let then: Past
    package let now: Verdict

    /// What was done with it.
    package struct Past: Sendable, Hashable {
        package let outcome: Verdict.Outcome
        /// The rules that fired, sorted; empty where it was not judged.
        package let rules: [String]
        /// Whether it was found in an upstream's Sent, and never judged.
        package let wasJudged: Bool
    }

    /// Whether it would be treated otherwise now.
    package var differs: Bool { then.outcome != now.outcome }
}

/// Judges the outbound mail of a store by the rules of a configuration, and changes nothing (D15).
///
/// Each mail is judged as of the moment it was handed in: stages, threads and who wrote before are those of
/// then; amounts, terms and addresses are those of the configuration. Unattached mail of personal accounts
/// is not looked at (DESIGN §1).
package struct PolicyReplay {
    private let rulebook: Rulebook
    private let transaction: ReadTransaction

    package init(_ rulebook: Rulebook, _ transaction: ReadTransaction) {
        self.rulebook = rulebook
        self.transaction = transaction
    }

    /// Every mail since a time, oldest first; `nil` for one whose bytes are not here.
    package func mails(since: Timestamp, _ body: (ReplayedMail?) -> Void) throws(StoreError) {
        for id in try transaction.outboundIDs(since: since) {
            guard let record = try transaction.outboundRecord(id) else { continue }
            if record.creators.isEmpty, isPersonal(record.account) { continue }
            body(try replay(record))
        }
        for row in try transaction.messages(ofDirection: Direction.outbound.rawValue, since: since)
        where try transaction.outbound(withMessageID: Self.bareID(row.messageID)).isEmpty {
            let isUnattached = row.conversation == nil
            if isUnattached, isPersonal(try transaction.account(row.account)?.name ?? "") { continue }
            body(try replay(row))
        }
    }

    /// An account that the configuration does not know may have been anybody's.
    private func isPersonal(_ account: String) -> Bool {
        guard let settings = rulebook.configuration.gateway.account(account) else { return true }
        if case .personal = settings.ownership { return true }
        return false
    }

    /// Without its angle brackets, as outbound rows keep it.
    private static func bareID(_ id: String) -> String {
        id.hasPrefix("<") && id.hasSuffix(">") ? String(id.dropFirst().dropLast()) : id
    }

    // MARK: One mail

    private func replay(_ record: OutboundRecord) throws(StoreError) -> ReplayedMail? {
        let events = try transaction.events(about: EventSubject.outbound(record.id).text).compactMap(\.event)
        guard let submitted = events.first(where: { $0.kind == .submitted }),
            let revision = try transaction.revision(1, of: record.id),
            let bytes = try bytes(revision.transmit)
        else { return nil }
        let recipients = try transaction.recipients(of: record.id, revision: 1)
        let envelope = SMTPWire.Envelope(revision, recipients)
        let selectors = submitted.fields[OutboundFold.Field.campaign].map { [CampaignID($0)] } ?? []
        let verdict = try judge(
            bytes,
            envelope,
            author: record.author,
            selectors: selectors,
            earlier: Judgement.Earlier(id: record.id, submittedAt: submitted.at),
            at: submitted.at
        )
        return ReplayedMail(
            name: record.id.description,
            at: submitted.at,
            author: record.author,
            subject: record.subject,
            then: Self.past(submitted),
            now: verdict
        )
    }

    /// Mail that left around the gateway, or before it stood there.
    private func replay(_ row: MessageRow) throws(StoreError) -> ReplayedMail? {
        guard let bytes = try bytes(row.body) else { return nil }
        let input = MatchInput(ParsedMessage(bytes))
        guard let author = rulebook.author(of: input) else { return nil }
        let addresses = input.recipients.compactMap { EnvelopeAddress($0.address.description) }
        let envelope = SMTPWire.Envelope(
            sender: input.from.first.flatMap { EnvelopeAddress($0.address.description) },
            recipients: addresses.map { EnvelopeRecipient($0) }
        )
        let verdict = try judge(bytes, envelope, author: author, selectors: [], earlier: nil, at: row.internalDate)
        return ReplayedMail(
            name: EventSubject.message(row.id).text,
            at: row.internalDate,
            author: author,
            subject: row.subject,
            then: ReplayedMail.Past(outcome: .release, rules: [], wasJudged: false),
            now: verdict
        )
    }

    private func bytes(_ hash: [UInt8]) throws(StoreError) -> [UInt8]? {
        do {
            return try transaction.bytes(ofBody: hash)
        } catch {
            guard case .missing = error else { throw error }
            return nil
        }
    }

    private func judge(
        _ bytes: [UInt8],
        _ envelope: SMTPWire.Envelope,
        author: MemberID,
        selectors: [CampaignID],
        earlier: Judgement.Earlier?,
        at time: Timestamp
    ) throws(StoreError) -> Verdict {
        let parsed = ParsedMessage(bytes)
        let text = SplitText(parsed)
        var input = MatchInput(parsed, text)
        input.addBlindRecipients(envelope)
        let answered =
            AnsweredMail.isNeeded(text, subject: input.subject)
            ? try AnsweredMail(parsed.header, transaction) : .none
        let judgement = Judgement(
            rulebook: rulebook,
            author: author,
            envelope: envelope,
            selectors: selectors.filter { rulebook.directory.campaign($0) != nil },
            input: input,
            reading: OutboundReading(
                parsed,
                text,
                input: input,
                answered: answered,
                commandDomain: rulebook.commandDomain,
                hasSignedInternalFields: false
            ),
            earlier: earlier
        )
        return try judgement.verdict(PastRecords(transaction: transaction, time: time), at: time).1
    }

    private static func past(_ submitted: Event) -> ReplayedMail.Past {
        typealias Field = OutboundFold.Field
        let outcome: Verdict.Outcome =
            switch submitted.fields[Field.state].flatMap(OutboundState.init(rawValue:)) {
            case .approved, .queued: .release
            case .canceled: .cancel
            case .rejected: .reject
            default: .hold
            }
        return ReplayedMail.Past(
            outcome: outcome,
            rules: Array(Set(OutboundFold.reasons(submitted.fields[Field.reasons]).map(\.rule))).sorted(),
            wasJudged: true
        )
    }
}

/// The records as they were at a moment.
private struct PastRecords: JudgedRecords {
    let transaction: ReadTransaction
    let time: Timestamp

    private var present: StoredRecords { StoredRecords(transaction: transaction) }

    var threads: StoredThreads { present.threads }

    func isThreadOfCreator(_ messageIDs: [String]) throws(StoreError) -> Bool {
        try present.isThreadOfCreator(messageIDs)
    }

    func stages(
        of creator: CreatorID,
        in campaign: CampaignID,
        at now: Timestamp,
        guards: Set<MemberID>?
    ) throws(StoreError) -> RecordedStages? {
        guard let row = try transaction.conversation(creator: creator.rawValue, campaign: campaign.rawValue) else {
            return nil
        }
        let events = try transaction.events(about: EventSubject.conversation(row.id).text).compactMap(\.event)
        let past = events.filter { $0.at < time || ($0.at == time && $0.kind == .conversationOpened) }
        let stage = past.compactMap { $0.fields[ConversationFold.Field.stage].flatMap(Stage.init(rawValue:)) }.last
        guard let stage else { return nil }
        let start = time.advanced(by: .zero - RecordedStages.memory)
        let moves = past.filter { $0.kind == .stageChanged && $0.at >= start }
        return RecordedStages(current: stage, former: guards.map { StoredRecords.former(moves, $0) } ?? [])
    }

    func contact(
        with creator: CreatorID,
        author: MemberID,
        message: Judgement.Earlier?,
        at now: Timestamp,
        lookBack: Duration?
    ) throws(StoreError) -> Contact {
        var contact = try present.contact(with: creator, author: author, message: message, at: now, lookBack: nil)
        var heard: Timestamp?
        var wrote = false
        for conversation in try transaction.conversations(creator: creator.rawValue) {
            for row in try transaction.messages(in: conversation.id) where row.internalDate < time {
                switch Direction(rawValue: row.direction) {
                case .inbound: heard = max(heard ?? row.internalDate, row.internalDate)
                case .outbound: wrote = true
                default: break
                }
            }
        }
        contact.lastInbound = heard
        contact.isFirst = heard == nil && !wrote
        guard let lookBack else { return contact }
        let start = time.advanced(by: .zero - lookBack - StoredRecords.longestWait)
        for row in try transaction.contacts(creator: creator.rawValue, since: start, limit: Limits.countedContacts)
        where message.map({ row.outbound < $0.id }) ?? (row.submittedAt < time) {
            let hasLeft = row.finishedAt.map { $0 < time } ?? false
            switch (OutboundState(rawValue: row.state), hasLeft) {
            case (.queued, true), (.sent, true):
                contact.add(Contact.Mail(row, leftAt: row.finishedAt ?? row.submittedAt), author: author)
            // What has ended since then, one way or the other, waited at that time.
            case (_, false):
                contact.add(Contact.Mail(row, leftAt: nil), author: author)
            default: break
            }
        }
        return contact
    }
}

extension Contact.Mail {
    fileprivate init(_ row: ContactRow, leftAt: Timestamp?) {
        self.init(author: MemberID(row.author), submittedAt: row.submittedAt, leftAt: leftAt)
    }
}
