internal import Base
package import Campaigns
internal import Policy

/// What a reload changes, in words for the admin.
package struct ConfigurationDifference: Sendable, Hashable {
    /// One change a line, in the order of the files; empty where nothing changes.
    package var lines: [String] = []
    /// Creators that are in the files no more; their records are archived, never deleted.
    package var removedCreators: [CreatorID] = []
    /// Whether so much of the roster goes that the admin has to say so (`--accept-removals`).
    package var needsConsent: Bool = false
}

extension Configuration {
    /// What changes from an older configuration to this one.
    package func difference(from old: Configuration) -> ConfigurationDifference {
        var result = ConfigurationDifference()
        result.lines += gateway.changes(from: old.gateway)
        result.lines += Self.changes(
            "account",
            old.gateway.accounts,
            gateway.accounts,
            by: \.name,
            AccountSettings.fields
        )
        result.lines += Self.changes("group", old.team.groups, team.groups, by: \.id, [Field("name", \.name)])
        result.lines += Self.changes("member", old.team.members, team.members, by: \.id.rawValue, Member.fields)
        result.lines += Self.changes("agency", old.agencies, agencies, by: \.id.rawValue, Agency.fields)
        result.lines += Self.changes("creator", old.creators, creators, by: \.id.rawValue, Creator.fields)
        result.lines += Self.changes("campaign", old.campaigns, campaigns, by: \.id.rawValue, Campaign.fields)
        result.lines += Self.changes(
            "platform",
            old.channels.platforms,
            channels.platforms,
            by: \.id.rawValue,
            [Field("recognition", \.self)]
        )
        result.lines += Self.changes(
            "marketplace",
            old.channels.marketplaces,
            channels.marketplaces,
            by: \.id,
            [Field("recognition", \.self)]
        )
        result.lines += Self.changes(
            "permit",
            old.rules.permits,
            rules.permits,
            by: \.name,
            [Field("condition", \.self)]
        )
        result.lines += Self.changes(
            "restriction",
            old.rules.restrictions,
            rules.restrictions,
            by: \.name,
            [Field("condition", \.condition), Field("effect", \.effect)]
        )
        result.lines += Self.changes(
            "clause",
            old.rules.clauses,
            rules.clauses,
            by: \.id,
            [Field("kind", \.kind), Field("version", \.version), Field("text", \.text)]
        )
        if old.rules.defaultApprovals != rules.defaultApprovals { result.lines.append("default approvals change") }
        if old.channels.formSenders != channels.formSenders { result.lines.append("form senders change") }
        if old.team.successors != team.successors { result.lines.append("successors change") }

        let kept = Set(creators.map(\.id))
        result.removedCreators = old.creators.map(\.id).filter { !kept.contains($0) }
        result.needsConsent = result.removedCreators.count * 100 > old.creators.count * Limits.rosterRemovals
        return result
    }

    /// Additions, removals and changes of things that have an id.
    private static func changes<Value: Hashable>(
        _ kind: String,
        _ old: [Value],
        _ new: [Value],
        by id: KeyPath<Value, String>,
        _ fields: [Field<Value>]
    ) -> [String] {
        let before = Dictionary(old.map { ($0[keyPath: id], $0) }) { first, _ in first }
        let after = Set(new.map { $0[keyPath: id] })
        var lines: [String] = []
        for value in new {
            guard let previous = before[value[keyPath: id]] else {
                lines.append("\(kind) \(value[keyPath: id]) is added")
                continue
            }
            let changed = fields.filter { $0.differs(previous, value) }.map(\.name)
            if !changed.isEmpty {
                lines.append("\(kind) \(value[keyPath: id]) changes: \(changed.joined(separator: ", "))")
            }
        }
        for value in old where !after.contains(value[keyPath: id]) {
            lines.append("\(kind) \(value[keyPath: id]) is removed")
        }
        return lines
    }
}

/// A part of a record that is compared and named.
private struct Field<Value> {
    var name: String
    var differs: (Value, Value) -> Bool

    init(_ name: String, _ path: KeyPath<Value, some Equatable>) {
        self.name = name
        differs = { $0[keyPath: path] != $1[keyPath: path] }
    }
}

extension GatewaySettings {
    fileprivate func changes(from old: Self) -> [String] {
        let fields: [Field<Self>] = [
            Field("brand", \.brand), Field("domains", \.domains), Field("command domain", \.commandDomain),
            Field("folders", \.folders), Field("limits", \.limits), Field("log", \.log),
            Field("smarthost", \.smarthost), Field("approvals", \.approvals), Field("calendar", \.calendar),
        ]
        var lines = fields.filter { $0.differs(old, self) }.map { "\($0.name) changes" }
        if old.undoTime != undoTime {
            lines.append("undo time changes from \(Durations.text(old.undoTime)) to \(Durations.text(undoTime))")
        }
        // These are looked at once, when the gateway starts.
        if old.dataDirectory != dataDirectory { lines.append("data directory changes; restart to use it") }
        if old.controlSocket != controlSocket { lines.append("control socket changes; restart to use it") }
        lines += listenerChanges(from: old)
        return lines
    }

    private func listenerChanges(from old: Self) -> [String] {
        let before = Dictionary(old.listeners.map { ($0.place, $0) }) { first, _ in first }
        let after = Set(listeners.map(\.place))
        var lines: [String] = []
        for listener in listeners {
            let name = "listener \(listener.service.rawValue) \(listener.place)"
            switch before[listener.place] {
            case nil: lines.append("\(name) is added")
            case listener?: break
            default: lines.append("\(name) changes")
            }
        }
        for listener in old.listeners where !after.contains(listener.place) {
            lines.append("listener \(listener.service.rawValue) \(listener.place) is removed")
        }
        return lines
    }
}

extension AccountSettings {
    fileprivate static var fields: [Field<Self>] {
        [
            Field("kind", \.kind), Field("ownership", \.ownership), Field("addresses", \.addresses),
            Field("authserv_id", \.authservID), Field("since", \.since), Field("seen", \.seen),
        ]
    }
}

extension Member {
    fileprivate static var fields: [Field<Self>] {
        [
            Field("name", \.name), Field("addresses", \.addresses), Field("groups", \.groups),
            Field("language", \.language), Field("accounts", \.accounts), Field("campaigns", \.campaigns),
            Field("fields", \.fields), Field("sends_as", \.sendsAs), Field("follows", \.follows),
            Field("devices", \.devices), Field("unix_user", \.unixUser), Field("away", \.absence),
        ]
    }
}

extension Agency {
    fileprivate static var fields: [Field<Self>] {
        [Field("name", \.name), Field("addresses", \.addresses), Field("domains", \.domains)]
    }
}

extension Creator {
    fileprivate static var fields: [Field<Self>] {
        [
            Field("name", \.name), Field("other names", \.otherNames), Field("addresses", \.addresses),
            Field("handles", \.handles), Field("agency", \.agency), Field("languages", \.languages),
            Field("country", \.country), Field("time zone", \.timeZone), Field("preferences", \.preferences),
        ]
    }
}

extension Campaign {
    fileprivate static var fields: [Field<Self>] {
        [
            Field("name", \.name), Field("brand", \.brand), Field("status", \.status), Field("aliases", \.aliases),
            Field("subject tags", \.subjectTags), Field("plus tokens", \.plusTokens), Field("starts", \.starts),
            Field("ends", \.ends), Field("ceiling", \.ceiling), Field("usage terms", \.usageTerms),
            Field("approved terms", \.approvedTerms), Field("templates", \.templates), Field("calendar", \.calendar),
            Field("languages", \.languages), Field("creators", \.members), Field("followers", \.followers),
            Field("guarding group", \.guardingGroup), Field("assignee", \.assignee),
        ]
    }
}
