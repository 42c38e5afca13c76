internal import Base
internal import Campaigns
internal import Flow
internal import Ledger
internal import Policy
internal import Store

/// What `greenroom show --json` prints: every key is there, null where there is nothing.
enum ShownJSON {
    static func of(_ shown: Shown) -> JSON {
        switch shown {
        case .creator(let creator): json(creator)
        case .campaign(let campaign): json(campaign)
        case .conversation(let conversation): json(conversation)
        }
    }

    // MARK: Records

    private static func json(_ shown: ShownCreator) -> JSON {
        let record = shown.record
        let listed = (record?.addresses ?? []).map { address -> JSON in
            [
                "address": .string(address.description), "source": "roster", "learntAt": .null, "learntBy": .null,
                "reason": .null,
            ]
        }
        let learnt = shown.learnt.map { address -> JSON in
            [
                "address": .string(address.address), "source": "learnt", "learntAt": time(address.at),
                "learntBy": .optional(address.by), "reason": .string(address.reason),
            ]
        }
        let handles = (record?.handles ?? []).map { handle -> JSON in
            ["platform": .string(handle.platform.rawValue), "name": .string(handle.name)]
        }
        return [
            "creator": .string(shown.id.rawValue),
            "inRoster": .bool(record != nil),
            "name": .optional(record?.name),
            "otherNames": .strings(record?.otherNames ?? []),
            "addresses": .array(listed + learnt),
            "handles": .array(handles),
            "agency": .optional(record?.agency?.rawValue),
            "languages": .strings(record?.languages ?? []),
            "country": .optional(record?.country),
            "timeZone": .optional(record?.timeZone),
            "writeIn": .optional(record?.preferences.language),
            "preferredChannel": .optional(record?.preferences.channel?.rawValue),
            "closed": .bool(record?.preferences.isClosed ?? false),
            "note": .optional(record?.preferences.note),
            "collaborations": .array(shown.collaborations.map(json)),
            "timeline": .array(shown.timeline.entries.map(json)),
            "earlier": .number(shown.timeline.earlier),
        ]
    }

    private static func json(_ shown: ShownCampaign) -> JSON {
        let record = shown.record
        let stages = Stage.allCases.map { JSON.Member($0.rawValue, .number(shown.stages[$0] ?? 0)) }
        return [
            "campaign": .string(shown.id.rawValue),
            "inFiles": .bool(record != nil),
            "name": .optional(record?.name),
            "brand": .optional(record?.brand),
            "status": .optional(record?.status.rawValue),
            "starts": .optional(record?.starts?.iso8601),
            "ends": .optional(record?.ends?.iso8601),
            "aliases": .strings(record?.aliases ?? []),
            "subjectTags": .strings(record?.subjectTags ?? []),
            "plusTokens": .strings(record?.plusTokens ?? []),
            "ceiling": .optional(record?.ceiling?.description),
            "usageTerms": .optional(record?.usageTerms),
            "followers": .strings(record?.followers.map(\.rawValue) ?? []),
            "guardedBy": .optional(record?.guardingGroup),
            "assignee": .optional(record?.assignee?.rawValue),
            "stages": .object(stages),
            "creators": .number(shown.creators),
            "collaborations": .array(shown.collaborations.map(json)),
            "timeline": .array(shown.timeline.entries.map(json)),
            "earlier": .number(shown.timeline.earlier),
        ]
    }

    private static func json(_ shown: ShownConversation) -> JSON {
        let row = shown.row
        return [
            "conversation": .number(row.id.rawValue),
            "creator": .string(row.creator),
            "creatorName": .optional(shown.creatorName),
            "campaign": .optional(row.campaign.isEmpty ? nil : row.campaign),
            "campaignName": .optional(shown.campaignName),
            "stage": .string(row.stage),
            "assignee": .optional(row.assignee),
            "openedAt": time(row.openedAt),
            "lastInbound": time(row.lastInbound),
            "lastOutbound": time(row.lastOutbound),
            "timeline": .array(shown.timeline.entries.map(json)),
            "earlier": .number(shown.timeline.earlier),
        ]
    }

    private static func json(_ one: ShownCollaboration) -> JSON {
        [
            "creator": .string(one.creator.rawValue),
            "name": .optional(one.name),
            "campaign": .string(one.campaign.rawValue),
            "stage": .optional(one.stage?.rawValue),
            "assignee": .optional(one.assignee?.rawValue),
            "agreedRate": .optional(one.agreedRate?.description),
            "conversation": one.conversation.map { .number($0.rawValue) } ?? .null,
            "lastInbound": time(one.lastInbound),
            "lastOutbound": time(one.lastOutbound),
        ]
    }

    // MARK: The timeline

    private static func json(_ entry: TimelineEntry) -> JSON {
        let place = [
            JSON.Member("conversation", entry.conversation.map { .number($0.rawValue) } ?? .null),
            JSON.Member("creator", .optional(entry.creator?.rawValue)),
            JSON.Member("campaign", .optional(entry.campaign?.rawValue)),
        ]
        let (kind, rest) = members(entry.content)
        let head = [JSON.Member("at", time(entry.at)), JSON.Member("kind", .string(kind))]
        return .object(head + place + rest.map { JSON.Member($0.0, $0.1) })
    }

    private static func members(_ content: TimelineEntry.Content) -> (String, [(String, JSON)]) {
        switch content {
        case .message(let message):
            return (
                "message",
                [
                    ("message", .number(message.id.rawValue)), ("direction", .string(message.direction)),
                    ("channel", .string(message.channel.rawValue)), ("from", .string(message.sender)),
                    ("subject", .string(message.subject)), ("confidence", .string(message.confidence.rawValue)),
                    ("reason", .string(message.reason)), ("countsAsReply", .bool(message.countsAsReply)),
                ]
            )
        case .outbound(let mail):
            let rules = mail.reasons.map { reason -> JSON in
                ["rule": .string(reason.rule), "text": .string(reason.text)]
            }
            return (
                "outbound",
                [
                    ("id", .string(mail.token)), ("state", .string(mail.state.rawValue)),
                    ("author", .string(mail.author.rawValue)), ("recipients", .strings(mail.recipients)),
                    ("subject", .string(mail.subject)), ("rules", .array(rules)),
                    ("decidedBy", .optional(mail.decidedBy)), ("why", .string(mail.why)),
                ]
            )
        case .event(let kind, let event):
            let change = event.map(ShownEvent.init)
            return (
                kind?.rawValue ?? "event",
                [
                    ("actor", .optional(event?.actor.text)), ("erased", .bool(event == nil)),
                    ("stage", .optional(change?.stage)), ("was", .optional(change?.was)),
                    ("assignee", .optional(change?.assignee)), ("address", .optional(change?.address)),
                    ("why", .optional(change?.why)),
                ]
            )
        }
    }

    private static func time(_ time: Timestamp?) -> JSON { .optional(time.map { CivilTime($0).iso8601 }) }
}
