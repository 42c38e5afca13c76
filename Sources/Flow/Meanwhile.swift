internal import Base
internal import Campaigns
internal import Config
internal import Ledger
internal import Outbound
internal import Policy
internal import Store

/// What becomes of mail that waits when the record moves: the creator declined, the campaign closed,
/// somebody wrote (D6).
///
/// Asked in the transaction of the change itself, by the projection, and once more in the one that
/// releases. What counts is what the ledger tells behind the event that judged the message last, so
/// that no clock decides.
struct Meanwhile {
    let rulebook: Rulebook
    let transaction: Transaction

    /// One thing that changed, for one of the creators whom a message addresses.
    struct Change: Hashable, Comparable {
        enum Kind: Int, CaseIterable {
            case declined, withdrawn, closed, paused, creatorWrote, colleagueWrote
        }

        let kind: Kind
        let creator: CreatorID
        let at: Timestamp
        /// The colleague who wrote.
        var member: MemberID?
        var campaign: CampaignID?

        static func < (left: Self, right: Self) -> Bool {
            (left.kind.rawValue, left.creator.rawValue, left.at) < (
                right.kind.rawValue, right.creator.rawValue, right.at
            )
        }
    }

    // MARK: After a change

    /// Looks after all mail that waits and that these events concern.
    func follow(_ rows: [EventRow]) throws(StoreError) {
        var creators = Set<String>()
        // Who wrote to a creator: to their own mail nothing happens by it.
        var writers: [String: Set<MemberID>] = [:]
        var isEverything = false
        // Most events concern nobody: they are not read for that.
        for row in rows where EventKind(rawValue: row.kind).map(Self.causes.contains) ?? false {
            guard let event = row.event else { continue }
            switch (event.kind, event.subject) {
            case (.heard, .conversation(let id)):
                if let row = try transaction.conversation(id) { creators.insert(row.creator) }
            case (.wrote, .conversation(let id)):
                guard let row = try transaction.conversation(id), let member = try author(of: event) else { continue }
                writers[row.creator, default: []].insert(member)
            case (.stageChanged, .conversation(let id)):
                if let row = try transaction.conversation(id), row.stage == Stage.declined.rawValue {
                    creators.insert(row.creator)
                }
            case (.configurationAccepted, _):
                if !CampaignChanges(event).isEmpty { isEverything = true }
            default:
                break
            }
        }
        var open = Set<OutboundID>()
        for creator in creators.sorted() { open.formUnion(try transaction.openOutbound(to: creator)) }
        for (creator, members) in writers where !creators.contains(creator) {
            let author = members.count == 1 ? members.first?.rawValue : nil
            open.formUnion(try transaction.openOutbound(to: creator, notBy: author))
        }
        if isEverything {
            open.formUnion(try transaction.openOutbound(after: OutboundID(rawValue: 0), limit: Self.perChange))
        }
        for id in open.sorted() {
            if let record = try transaction.outboundRecord(id) { _ = try apply(to: record) }
        }
    }

    /// The kinds of events that give cause to look at what waits.
    private static let causes: Set<EventKind> = [.heard, .wrote, .stageChanged, .configurationAccepted]

    /// Messages that one accepted configuration looks at in its own transaction; the others are looked at
    /// by the judging again that follows, and in any case before they leave.
    private static let perChange = 1000

    // MARK: One message

    /// Cancels a message or holds it again where something changed for it; gives whether it did.
    @discardableResult
    func apply(to record: OutboundRecord) throws(StoreError) -> Bool {
        guard record.state.isWaiting || record.state == .queued else { return false }
        let changes = try changes(for: record)
        switch try reaction(to: changes, record) {
        case .keep:
            return false
        case .cancel:
            return try cancel(record, changes)
        case .hold:
            guard record.state.isWaiting else { return false }
            try hold(record, changes)
            return true
        }
    }

    /// The strictest of what the changes ask for; a cause to cancel that concerns only some of the
    /// creators makes it a hold (DESIGN §3).
    private func reaction(
        to changes: [Change],
        _ record: OutboundRecord
    ) throws(StoreError) -> ApprovalSettings.Reaction {
        let settings = rulebook.configuration.gateway.approvals
        var canceled = Set<CreatorID>()
        var isHeld = false
        for change in changes {
            switch change.kind {
            case .declined, .withdrawn, .closed: canceled.insert(change.creator)
            case .paused: isHeld = true
            case .creatorWrote: take(settings.creatorWrites, change)
            case .colleagueWrote: take(settings.colleagueWrites, change)
            }
        }
        func take(_ reaction: ApprovalSettings.Reaction, _ change: Change) {
            switch reaction {
            case .keep: break
            case .hold: isHeld = true
            case .cancel: canceled.insert(change.creator)
            }
        }
        guard !canceled.isEmpty else { return isHeld ? .hold : .keep }
        // Those who declined before count with those who did now.
        for id in record.conversations {
            guard let row = try transaction.conversation(id), row.stage == Stage.declined.rawValue else { continue }
            canceled.insert(CreatorID(row.creator))
        }
        return canceled.isSuperset(of: record.creators) ? .cancel : .hold
    }

    /// What changed for a message since it was judged last, sorted; of several of a kind the last.
    func changes(for record: OutboundRecord) throws(StoreError) -> [Change] {
        guard let basis = try basis(of: record.id) else { return [] }
        var changes: [Change] = []
        for creator in record.creators {
            for row in try transaction.conversations(creator: creator.rawValue) {
                let isOwn = record.conversations.contains(row.id)
                let concerns = isOwn || row.campaign.isEmpty || record.campaign == nil
                let subject = EventSubject.conversation(row.id).text
                for event in try transaction.events(about: subject, after: basis).compactMap(\.event) {
                    switch event.kind {
                    case .stageChanged where isOwn && row.stage == Stage.declined.rawValue:
                        changes.append(Change(kind: .declined, creator: creator, at: event.at))
                    case .heard where concerns:
                        changes.append(Change(kind: .creatorWrote, creator: creator, at: event.at))
                    case .wrote:
                        guard let member = try author(of: event), member != record.author else { continue }
                        changes.append(Change(kind: .colleagueWrote, creator: creator, at: event.at, member: member))
                    default:
                        continue
                    }
                }
            }
        }
        changes += try configurationChanges(for: record, after: basis)
        var last: [Change] = []
        for change in changes.sorted() {
            if let previous = last.last, previous.kind == change.kind, previous.creator == change.creator {
                last.removeLast()
            }
            last.append(change)
        }
        return last
    }

    private func configurationChanges(
        for record: OutboundRecord,
        after basis: EventNumber
    ) throws(StoreError) -> [Change] {
        let events = try transaction.events(about: EventSubject.configuration.text, after: basis).compactMap(\.event)
        guard !events.isEmpty else { return [] }
        var result: [Change] = []
        for event in events where event.kind == .configurationAccepted {
            let accepted = CampaignChanges(event)
            for creator in record.creators where accepted.withdrawn.contains(creator) {
                guard rulebook.directory.creator(creator)?.preferences.isClosed ?? true else { continue }
                result.append(Change(kind: .withdrawn, creator: creator, at: event.at))
            }
            for (creator, campaign) in try campaigns(of: record) {
                let status = rulebook.directory.campaign(campaign)?.status
                if accepted.closed.contains(campaign), status == nil || status == .completed {
                    result.append(Change(kind: .closed, creator: creator, at: event.at, campaign: campaign))
                } else if accepted.paused.contains(campaign), status == .paused {
                    result.append(Change(kind: .paused, creator: creator, at: event.at, campaign: campaign))
                }
            }
        }
        return result
    }

    /// The campaign in which a message addresses each creator.
    private func campaigns(of record: OutboundRecord) throws(StoreError) -> [(CreatorID, CampaignID)] {
        var result: [(CreatorID, CampaignID)] = []
        for id in record.conversations {
            guard let row = try transaction.conversation(id) else { continue }
            let campaign = row.campaign.isEmpty ? record.campaign : CampaignID(row.campaign)
            if let campaign { result.append((CreatorID(row.creator), campaign)) }
        }
        return result
    }

    /// The event that judged a message last, as people saw it.
    private func basis(of id: OutboundID) throws(StoreError) -> EventNumber? {
        try transaction.events(about: EventSubject.outbound(id).text)
            .last { row in EventKind(rawValue: row.kind).map(Self.judging.contains) ?? false }?.number
    }

    /// What judges a message as it stands, for people to decide on.
    static let judging: Set<EventKind> = [.submitted, .corrected, .judgedAgain, .heldAgain, .restored]

    /// Who wrote what left; nil where the event does not say.
    private func author(of event: Event) throws(StoreError) -> MemberID? {
        guard let number = event.fields[ConversationFold.Field.outbound].flatMap({ Int64($0) }) else {
            return event.actor.member
        }
        return try transaction.outbound(OutboundID(rawValue: number)).map { MemberID($0.author) }
    }

    // MARK: Outcomes

    private func cancel(_ record: OutboundRecord, _ changes: [Change]) throws(StoreError) -> Bool {
        let why = words(changes).joined(separator: "; ")
        if record.state == .queued {
            // After a committed attempt it may have left: nothing that happens here can call it back.
            guard try transaction.attempts(of: record.id).isEmpty else {
                try note(.refused, record, [OutboundFold.Field.why: "too late to cancel it: \(why)"])
                return true
            }
            try transaction.setRecipients(
                of: record.id,
                revision: record.revision,
                state: RecipientState.held.rawValue,
                nextAttempt: nil
            )
        }
        guard let state = record.state.after(.cancel) else { return false }
        let event = try note(
            .canceled,
            record,
            [OutboundFold.Field.state: state.rawValue, OutboundFold.Field.why: why]
        )
        if let canceled = OutboundFold.apply(event, to: record) {
            try Notices(rulebook: rulebook, transaction: transaction).tellCanceled(canceled, why: why)
        }
        return true
    }

    private func hold(_ record: OutboundRecord, _ changes: [Change]) throws(StoreError) {
        let rules = Set(changes.map(\.rule))
        let reasons = zip(changes, words(changes)).map { Verdict.Reason(rule: $0.rule, text: $1) }
        let verdict = Verdict(
            outcome: .hold,
            approvals: record.required.isEmpty ? rulebook.rules.defaultApprovals : record.required,
            // What was told before of the same kind is told anew.
            reasons: record.reasons.filter { !rules.contains($0.rule) } + reasons
        )
        let event = try note(
            .heldAgain,
            record,
            [
                OutboundFold.Field.state: OutboundState.held.rawValue,
                OutboundFold.Field.required: OutboundFold.text(of: verdict.approvals),
                OutboundFold.Field.reasons: OutboundFold.text(of: verdict.reasons),
                OutboundFold.Field.why: words(changes).joined(separator: "; "),
            ]
        )
        guard let held = OutboundFold.apply(event, to: record) else { return }
        try showAnew(record)
        try Notices(rulebook: rulebook, transaction: transaction).askAgain(about: held)
    }

    /// The message gets new UIDs where it is decided on: a move of the one that was seen before
    /// approves nothing.
    private func showAnew(_ record: OutboundRecord) throws(StoreError) {
        guard let message = try transaction.outbound(record.id)?.message else { return }
        for placement in try transaction.placements(of: message) {
            _ = try transaction.move(placement, to: placement.mailbox)
        }
    }

    private func words(_ changes: [Change]) -> [String] {
        changes.map { change in
            let time = CivilTime(change.at).iso8601
            let creator = rulebook.directory.creator(change.creator)?.name ?? change.creator.rawValue
            let campaign = change.campaign.map { rulebook.directory.campaign($0)?.name ?? $0.rawValue } ?? ""
            let member = change.member.map { rulebook.member($0)?.name ?? $0.rawValue } ?? "a colleague"
            return switch change.kind {
            case .declined: "\(creator) declined"
            case .withdrawn: "\(creator) asked not to be written to"
            case .closed: "the campaign \(campaign) is closed"
            case .paused: "the campaign \(campaign) is paused"
            case .creatorWrote: "\(creator) wrote at \(time), after this was handed in"
            case .colleagueWrote: "mail of \(member) to \(creator) left at \(time), after this was handed in"
            }
        }
    }

    @discardableResult
    private func note(
        _ kind: EventKind,
        _ record: OutboundRecord,
        _ fields: [String: String]
    ) throws(StoreError) -> Event {
        let event = Event(
            kind,
            .outbound(record.id),
            by: .gateway,
            at: transaction.now,
            policyVersion: rulebook.version,
            fields: fields
        )
        try transaction.record(event)
        return event
    }
}

/// Rules that no policy file holds: what they say stays when policy is asked anew.
///
/// Their names begin with a capital letter.
enum LastingRule {
    static let restored = "Restored from a backup"
    static let escalated = "Escalated"

    static func holds(_ rule: String) -> Bool {
        rule == restored || rule == escalated || Meanwhile.Change.Kind.allCases.contains { $0.rule == rule }
    }
}

extension Meanwhile.Change {
    var rule: String { kind.rule }
}

extension Meanwhile.Change.Kind {
    /// What reasons and the ledger name it by.
    var rule: String {
        switch self {
        case .declined: "Creator declined"
        case .withdrawn: "Creator closed"
        case .closed: "Campaign closed"
        case .paused: "Campaign paused"
        case .creatorWrote: "Creator wrote meanwhile"
        case .colleagueWrote: "Colleague wrote meanwhile"
        }
    }
}

/// Which campaigns and creators an accepted configuration closed, as its event tells.
struct CampaignChanges {
    /// Those that were active before and are completed or missing now.
    let closed: Set<CampaignID>
    let paused: Set<CampaignID>
    /// Creators who ask not to be written to and did not before.
    let withdrawn: Set<CreatorID>

    var isEmpty: Bool { closed.isEmpty && paused.isEmpty && withdrawn.isEmpty }

    private enum Field {
        static let active = "active"
        static let silent = "silent"
        static let closed = "closed"
        static let paused = "paused"
        static let withdrawn = "withdrawn"
    }

    init(_ event: Event) {
        func list(_ name: String) -> [String] { EventCoding.list(from: event.fields[name] ?? "") }
        closed = Set(list(Field.closed).map(CampaignID.init(rawValue:)))
        paused = Set(list(Field.paused).map(CampaignID.init(rawValue:)))
        withdrawn = Set(list(Field.withdrawn).map(CreatorID.init(rawValue:)))
    }

    /// The fields of the event that accepts a configuration: what is active in it, and what it closed
    /// against the one that was accepted before.
    static func fields(of rulebook: Rulebook, after previous: Event?) -> [String: String] {
        let configuration = rulebook.configuration
        let active = configuration.campaigns.filter { $0.status == .active }.map(\.id)
        let silent = configuration.creators.filter(\.preferences.isClosed).map(\.id)
        var fields = [
            Field.active: EventCoding.list(active.map(\.rawValue)),
            Field.silent: EventCoding.list(silent.map(\.rawValue)),
        ]
        guard let previous, let before = previous.fields[Field.active] else { return fields }
        let gone = EventCoding.list(from: before).map(CampaignID.init(rawValue:)).filter { !active.contains($0) }
        let paused = gone.filter { rulebook.directory.campaign($0)?.status == .paused }
        let known = Set(EventCoding.list(from: previous.fields[Field.silent] ?? ""))
        fields[Field.closed] = EventCoding.list(gone.filter { !paused.contains($0) }.map(\.rawValue))
        fields[Field.paused] = EventCoding.list(paused.map(\.rawValue))
        fields[Field.withdrawn] = EventCoding.list(silent.map(\.rawValue).filter { !known.contains($0) })
        return fields
    }
}
