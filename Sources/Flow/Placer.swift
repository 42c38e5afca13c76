internal import Base
internal import Campaigns
internal import IMAPWire
internal import Ledger
internal import Outbound
internal import Policy
internal import Store
internal import Views

/// Brings the stored placements of a message in line with what `Views` says: the difference is
/// applied, nothing else is touched.
struct Placer {
    let rulebook: Rulebook
    let transaction: Transaction

    /// Places a message that came in or went out; gives whether it stands elsewhere now.
    @discardableResult
    func place(message id: MessageID) throws(StoreError) -> Bool {
        guard let row = try transaction.message(id) else { return false }
        let events = try transaction.events(about: EventSubject.message(id).text).compactMap(\.event)
        guard let attached = events.last(where: { $0.kind == .attached || $0.kind == .attachedByHand }) else {
            return false
        }
        let facts = AttachmentFacts(attached)
        var wanted: [Placement] = []
        var keywords: [Keyword] = []
        for conversation in facts.conversations {
            guard let record = try transaction.conversation(conversation) else { continue }
            let campaign = record.campaign.isEmpty ? nil : CampaignID(record.campaign)
            let stage = Stage(rawValue: record.stage) ?? .contacted
            wanted += Placements.of(
                Placements.Conversation(
                    campaign: campaign,
                    isPast: campaign.map(rulebook.isPast) ?? false,
                    stage: stage,
                    assignee: record.assignee.map(MemberID.init(rawValue:))
                )
            )
            keywords.append(StateKeyword.stage(stage))
            if let campaign { keywords.append(StateKeyword.campaign(campaign)) }
        }
        if facts.isOpen, let account = try transaction.account(row.account) {
            wanted += Placements.ofUnmatched(members: rulebook.members(ofAccount: account.name))
            keywords.append(StateKeyword.unmatched)
        }
        wanted.removeAll { Self.isDismissed($0, events) }
        try transaction.setStateKeywords(keywords, of: id)
        return try apply(wanted, to: id, isSeen: row.direction == "outbound")
    }

    /// Whether somebody put the message away from this view.
    private static func isDismissed(_ placement: Placement, _ events: [Event]) -> Bool {
        events.contains { event in
            event.kind == .dismissed && event.fields["view"] == placement.view.key
                && event.fields["member"] == placement.member?.rawValue ?? ""
        }
    }

    /// Places a message that waits in the green room, or was decided.
    func place(outbound id: OutboundID) throws(StoreError) {
        guard let row = try transaction.outbound(id), let message = row.message else { return }
        let record = try transaction.outboundRecord(row)
        let wanted = placements(of: record)
        let dismissed = try transaction.events(about: EventSubject.message(message).text).compactMap(\.event)
        try transaction.setStateKeywords(stateKeywords(of: record), of: message)
        let editions = try transaction.editions(of: message)
        try apply(wanted.filter { !Self.isDismissed($0, dismissed) }, to: message, isSeen: false) {
            view throws(StoreError) in
            try view == .decided
                ? DecidedEdition(record, rulebook).edition(of: message, transaction) : editions.first?.id
        }
        try placeNotices(of: record)
    }

    /// Places a message that was handed in by this change: it stands nowhere yet, nobody has put it away, and who
    /// is asked about it was told by whoever handed it in.
    func place(_ new: NewOutbound) throws(StoreError) {
        guard let edition = try transaction.newestEdition(of: new.message) else { return }
        // First, so that the placements have them from the start.
        try transaction.setStateKeywords(stateKeywords(of: new.record), of: new.message)
        for placement in Set(placements(of: new.record)).sorted() {
            let mailbox = try transaction.ensureViewID(placement.view, member: placement.member, rulebook)
            _ = try transaction.place(edition, in: mailbox, received: new.submittedAt)
        }
    }

    private func placements(of record: OutboundRecord) -> [Placement] {
        let approvals = record.decisions.filter { $0.verb == .approve }
        let rejection = record.decisions.last { $0.verb == .reject }
        return Placements.of(
            Placements.Outbound(
                state: record.state,
                author: record.author,
                deciders: rulebook.deciders(of: rulebook.approvals(of: record), at: transaction.now),
                approvedBy: Set(approvals.map(\.member)),
                rejectedBy: rejection?.member,
                isSettled: record.isSettled,
                editor: record.editor,
                assignee: record.assignee
            )
        )
    }

    private func stateKeywords(of record: OutboundRecord) -> [Keyword] {
        var keywords = record.state.isWaiting ? [StateKeyword.held] : []
        if record.state != .held { keywords.append(StateKeyword.state(record.state)) }
        if let campaign = record.campaign { keywords.append(StateKeyword.campaign(campaign)) }
        keywords += record.decisions.map { StateKeyword.decision($0.verb, by: $0.member) }
        if let assignee = record.assignee { keywords.append(StateKeyword.assigned(to: assignee)) }
        return keywords
    }

    /// Whoever is asked has a letter beside the message, or the message in their digest.
    ///
    /// Both go when they have decided or nobody has to, and a decision taken back brings them again. Of the letters
    /// with comments the newest stands beside the message; what tells of a refused act goes when nothing
    /// waits any more.
    private func placeNotices(of record: OutboundRecord) throws(StoreError) {
        let open = try Notices(rulebook: rulebook, transaction: transaction).openNotices(of: record)
        let notices = try transaction.notices(of: record.id)
        for (index, notice) in notices.enumerated() {
            let member = MemberID(notice.member)
            let view: View?
            switch NoticeKind(rawValue: notice.kind) {
            case .hold:
                let isAsked = open.contains { $0.member == notice.member && $0.letter == notice.message }
                view = isAsked ? .waiting : nil
            case .remarks:
                let isNewest = !notices[(index + 1)...].contains {
                    $0.kind == notice.kind && $0.member == notice.member
                }
                view = isNewest ? (record.state.isWaiting ? .waiting : .decided) : nil
            case .waiting, .refusal:
                view = record.state.isWaiting ? .waiting : nil
            case .answer, .digest, nil:
                continue
            }
            let wanted = view.map { [Placement($0, member: member)] } ?? []
            // What asks comes back; what tells may be put away.
            if notice.kind == NoticeKind.hold.rawValue || wanted.isEmpty {
                try apply(wanted, to: notice.message, isSeen: false)
                continue
            }
            let events = try transaction.events(about: EventSubject.message(notice.message).text).compactMap(\.event)
            try apply(wanted.filter { !Self.isDismissed($0, events) }, to: notice.message, isSeen: false)
        }
    }

    /// Makes the views of a message exactly these, in its newest edition; gives whether they were others.
    @discardableResult
    private func apply(_ wanted: [Placement], to message: MessageID, isSeen: Bool) throws(StoreError) -> Bool {
        guard let edition = try transaction.newestEdition(of: message) else { return false }
        return try apply(wanted, to: message, isSeen: isSeen) { _ in edition }
    }

    /// Makes the views of a message exactly these, each in its edition; gives whether they were others.
    @discardableResult
    private func apply(
        _ wanted: [Placement],
        to message: MessageID,
        isSeen: Bool,
        edition: (View) throws(StoreError) -> EditionID?
    ) throws(StoreError) -> Bool {
        let received = try transaction.message(message)?.internalDate ?? transaction.now
        var missing = Set(wanted)
        var hasChanged = false
        for placement in try transaction.placements(of: message) {
            guard let mailbox = try transaction.mailbox(placement.mailbox), let view = View(key: mailbox.key) else {
                continue
            }
            let shown = Placement(view, member: mailbox.member.isEmpty ? nil : MemberID(mailbox.member))
            guard missing.remove(shown) == nil else { continue }
            _ = try transaction.expunge([placement.uid], from: placement.mailbox)
            hasChanged = true
        }
        for placement in missing.sorted() {
            guard let edition = try edition(placement.view) else { continue }
            let mailbox = try transaction.ensureViewID(placement.view, member: placement.member, rulebook)
            _ = try transaction.place(edition, in: mailbox, received: received, isSeen: isSeen)
            hasChanged = true
        }
        return hasChanged
    }
}

/// A message that was just handed in, as the fold of its event has it.
struct NewOutbound {
    let record: OutboundRecord
    /// What it is shown as.
    let message: MessageID
    let submittedAt: Timestamp
}

/// What a letter of the house is for.
package enum NoticeKind: String, Sendable {
    /// Asks an approver to decide.
    case hold
    /// Tells somebody what came of something.
    case answer
    /// Tells somebody what others said.
    case remarks
    /// Tells somebody why what they did with a message came to nothing.
    case refusal
    /// Tells the author that their mail waits.
    case waiting
    /// Lists what an approver is asked about beyond the first few.
    case digest
}

/// The keywords of state: shown to clients, never stored by them (DESIGN §4).
enum StateKeyword {
    static let held = Keyword("$Held")
    static let unmatched = Keyword("$Unmatched")

    /// Whether only Greenroom may set a keyword.
    static func isOwn(_ keyword: Keyword) -> Bool {
        let name = ASCII.lowercased(keyword.name)
        return keyword == held || keyword == unmatched
            || ["$stage-", "$outbound-", "$campaign-", "$approved-", "$rejected-", "$assigned-"].contains {
                name.hasPrefix($0)
            }
    }

    static func stage(_ stage: Stage) -> Keyword { Keyword("$Stage-\(stage.rawValue)") }

    static func state(_ state: OutboundState) -> Keyword { Keyword("$Outbound-\(state.rawValue)") }

    static func campaign(_ id: CampaignID) -> Keyword { keyword("$Campaign-", id.rawValue) }

    /// Who has decided, shown to everybody at once (D12).
    static func decision(_ verb: Decision.Verb, by member: MemberID) -> Keyword {
        keyword(verb == .approve ? "$Approved-" : "$Rejected-", member.rawValue)
    }

    static func assigned(to member: MemberID) -> Keyword { keyword("$Assigned-", member.rawValue) }

    /// A key with everything that an atom may not hold left out (RFC 9051 §9).
    private static func keyword(_ prefix: String, _ key: String) -> Keyword {
        let atom = key.utf8.filter { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == 0x2D || $0 == 0x5F }
        return Keyword(prefix + String(decoding: atom, as: UTF8.self))
    }
}
