internal import Base
internal import Campaigns
internal import Flow
internal import Ledger
internal import Policy
internal import Store

/// What `greenroom show` prints for people.
enum ShownText {
    static func of(_ shown: Shown) -> [String] {
        switch shown {
        case .creator(let creator): lines(creator)
        case .campaign(let campaign): lines(campaign)
        case .conversation(let conversation): lines(conversation)
        }
    }

    // MARK: Records

    private static func lines(_ shown: ShownCreator) -> [String] {
        var block = Block("creator \(shown.id)" + (shown.record.map { ": \($0.name)" } ?? ""))
        if let record = shown.record {
            block.add("also", record.otherNames.joined(separator: ", "))
            for address in record.addresses { block.add("address", "\(address) (roster)") }
            for learnt in shown.learnt {
                let by = learnt.by.map { " by \($0)" } ?? ""
                block.add("address", "\(learnt.address) (learnt \(time(learnt.at))\(by): \(learnt.reason))")
            }
            for handle in record.handles { block.add("handle", handle.description) }
            block.add("agency", shown.agency.map { "\($0.name) (\($0.id))" } ?? record.agency?.rawValue ?? "")
            block.add("languages", record.languages.joined(separator: ", "))
            block.add("country", record.country ?? "")
            block.add("time zone", record.timeZone ?? "")
            block.add("writes in", record.preferences.language ?? "")
            block.add("prefers", record.preferences.channel?.rawValue ?? "")
            if record.preferences.isClosed { block.add("closed", "asked not to be written to") }
            block.add("note", record.preferences.note)
        } else {
            block.add("roster", "not in it any more")
        }
        block.lines.append("collaborations")
        for one in shown.collaborations { block.lines.append("    \(one.campaign)  \(standing(one))") }
        if shown.collaborations.isEmpty { block.lines.append("    none") }
        return block.lines + lines(shown.timeline)
    }

    private static func lines(_ shown: ShownCampaign) -> [String] {
        var block = Block("campaign \(shown.id)" + (shown.record.map { ": \($0.name)" } ?? ""))
        if let record = shown.record {
            block.add("status", record.status.rawValue)
            block.add("brand", record.brand)
            block.add("starts", record.starts?.iso8601 ?? "")
            block.add("ends", record.ends?.iso8601 ?? "")
            block.add("aliases", record.aliases.joined(separator: ", "))
            block.add("tags", record.subjectTags.joined(separator: ", "))
            block.add("tokens", record.plusTokens.joined(separator: ", "))
            block.add("ceiling", record.ceiling?.description ?? "")
            block.add("terms", record.usageTerms)
            block.add("followers", record.followers.map(\.rawValue).joined(separator: ", "))
            block.add("guarded by", record.guardingGroup ?? "")
            block.add("assignee", record.assignee?.rawValue ?? "")
        } else {
            block.add("file", "there is none any more")
        }
        let stages = Stage.allCases.compactMap { stage in shown.stages[stage].map { "\($0) \(stage)" } }
        block.add("stages", stages.joined(separator: ", "))
        block.lines.append("creators")
        for one in shown.collaborations {
            let name = one.name.map { " (\($0))" } ?? ""
            block.lines.append("    \(one.creator)\(name)  \(standing(one))")
        }
        let more = shown.creators - shown.collaborations.count
        if shown.collaborations.isEmpty { block.lines.append("    none") }
        if more > 0 { block.lines.append("    \(more) more; --limit \(shown.creators) shows them") }
        return block.lines + lines(shown.timeline)
    }

    private static func lines(_ shown: ShownConversation) -> [String] {
        let row = shown.row
        var block = Block("conversation \(row.id)")
        block.add("creator", row.creator + (shown.creatorName.map { ": \($0)" } ?? ""))
        block.add(
            "campaign",
            row.campaign.isEmpty ? "none" : row.campaign + (shown.campaignName.map { ": \($0)" } ?? "")
        )
        block.add("stage", row.stage)
        block.add("assignee", row.assignee ?? "")
        block.add("opened", time(row.openedAt))
        block.add("heard", row.lastInbound.map(time) ?? "")
        block.add("wrote", row.lastOutbound.map(time) ?? "")
        return block.lines + lines(shown.timeline)
    }

    /// `negotiating, with ben, agreed 800 EUR, conversation 12`.
    private static func standing(_ one: ShownCollaboration) -> String {
        var words = [one.stage?.rawValue ?? "no stage"]
        if let assignee = one.assignee { words.append("with \(assignee)") }
        if let rate = one.agreedRate { words.append("agreed \(rate)") }
        if let conversation = one.conversation { words.append("conversation \(conversation)") }
        return words.joined(separator: ", ")
    }

    // MARK: The timeline

    private static func lines(_ timeline: Timeline) -> [String] {
        var lines = ["timeline"]
        if timeline.entries.isEmpty { lines.append("    nothing yet") }
        if timeline.earlier > 0 {
            lines.append("    \(timeline.earlier) earlier; --limit \(timeline.total) shows them")
        }
        for entry in timeline.entries {
            let place = entry.campaign.map { "  [\($0)]" } ?? ""
            lines.append("    \(time(entry.at))  \(words(entry.content))\(place)")
        }
        return lines
    }

    private static func words(_ content: TimelineEntry.Content) -> String {
        switch content {
        case .message(let message):
            let mark = message.direction == Direction.outbound.rawValue ? "out" : "in "
            let reason = message.reason.isEmpty ? "" : ": \(message.reason)"
            return "\(mark) \(message.channel)  \(subject(message.subject))  from \(message.sender)"
                + "  (\(message.confidence.rawValue)\(reason))"
        case .outbound(let mail):
            let rules = mail.reasons.map { "\($0.rule): \($0.text)" }.joined(separator: "; ")
            let decided = mail.decidedBy.map { " by \($0)" + (mail.why.isEmpty ? "" : ": \(mail.why)") }
            return "\(mail.state.rawValue) \(mail.token)  \(subject(mail.subject))  by \(mail.author) to "
                + mail.recipients.joined(separator: ", ") + "  (\(decided.map { mail.state.rawValue + $0 } ?? rules))"
        case .event(let kind, let event?):
            let change = ShownEvent(event)
            let why = change.why.map { ": \($0)" } ?? ""
            return "\(change.words(kind)) by \(event.actor.text)\(why)"
        case .event(let kind, nil):
            return "\(kind?.rawValue ?? "event") (erased)"
        }
    }

    private static func subject(_ text: String) -> String { text.isEmpty ? "(no subject)" : text }

    private static func time(_ time: Timestamp) -> String { CivilTime(time).iso8601 }

    /// A heading with named values below it; those without text are left out.
    private struct Block {
        var lines: [String]

        init(_ heading: String) { lines = [heading] }

        mutating func add(_ name: String, _ value: String) {
            guard !value.isEmpty else { return }
            lines.append("    \(name)\(String(repeating: " ", count: max(1, 12 - name.count)))\(value)")
        }
    }
}

/// The outcome of an event about a conversation or a creator, by the names of its fields.
struct ShownEvent {
    let stage: String?
    let was: String?
    let assignee: String?
    let address: String?
    let why: String?

    init(_ event: Event) {
        func field(_ name: String) -> String? { event.fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        stage = field(ConversationFold.Field.stage)
        was = field(ConversationFold.Field.was)
        assignee = field(ConversationFold.Field.assignee)
        address = field("address")
        why = field(ConversationFold.Field.why) ?? field(ConversationFold.Field.text)
    }

    func words(_ kind: EventKind?) -> String {
        switch kind {
        case .conversationOpened: "conversation opened at \(stage ?? "no stage")"
        case .stageChanged: "stage \(was.map { "\($0) to " } ?? "")\(stage ?? "none")"
        case .assigned: "assigned to \(assignee ?? "nobody")"
        case .noteKept: "note"
        case .addressLearnt: "address \(address ?? "") learnt"
        case .addressForgotten: "address \(address ?? "") forgotten"
        default: kind?.rawValue ?? "event"
        }
    }
}
