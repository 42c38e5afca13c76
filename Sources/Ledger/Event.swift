package import Base
package import Campaigns

/// One change of a record, stage, verdict, release or configuration: who, when, why, and what came
/// of it (INV-6).
///
/// An event states the outcome, never an input to be judged again: folding the events gives the
/// tables without asking policy or matching anything.
package struct Event: Hashable, Sendable {
    package let kind: EventKind
    /// What it is about; the store finds events by it.
    package let subject: EventSubject
    package let actor: Actor
    package let at: Timestamp
    /// The content hash of the configuration in force; empty before the first one.
    package let policyVersion: String
    /// The outcome, by field name.
    package let fields: [String: String]

    package init(
        _ kind: EventKind,
        _ subject: EventSubject,
        by actor: Actor,
        at: Timestamp,
        policyVersion: String,
        fields: [String: String] = [:]
    ) {
        self.kind = kind
        self.subject = subject
        self.actor = actor
        self.at = at
        self.policyVersion = policyVersion
        self.fields = fields
    }
}

/// Who caused an event.
package enum Actor: Hashable, Sendable {
    /// A member, with the label of the device password that they used.
    case member(MemberID, device: String)
    /// Someone at the machine, by the control socket.
    case machine(String)
    /// Greenroom itself: a timer, the relay, a rule.
    case gateway
    /// Someone outside, whose mail caused it.
    case outsider

    /// As it stands in the ledger: `mia/laptop`, `operator/root`, `gateway`, `outsider`.
    package var text: String {
        switch self {
        case .member(let member, let device): "\(member)/\(device)"
        case .machine(let name): "operator/\(name)"
        case .gateway: "gateway"
        case .outsider: "outsider"
        }
    }

    package init(text: String) {
        switch text {
        case "gateway":
            self = .gateway
        case "outsider":
            self = .outsider
        default:
            let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
            let first = parts.first ?? ""
            let second = parts.count > 1 ? parts[1] : ""
            self = first == "operator" ? .machine(second) : .member(MemberID(first), device: second)
        }
    }

    /// The member's id, where a member it was.
    package var member: MemberID? {
        guard case .member(let member, _) = self else { return nil }
        return member
    }
}

/// What an event is about.
package enum EventSubject: Hashable, Sendable {
    case message(MessageID)
    case conversation(ConversationID)
    case outbound(OutboundID)
    case creator(CreatorID)
    case campaign(CampaignID)
    case configuration
    case store

    /// As the store indexes it.
    package var text: String {
        switch self {
        case .message(let id): "message:\(id.rawValue)"
        case .conversation(let id): "conversation:\(id.rawValue)"
        case .outbound(let id): "outbound:\(id.rawValue)"
        case .creator(let key): "creator:\(key)"
        case .campaign(let key): "campaign:\(key)"
        case .configuration: "configuration"
        case .store: "store"
        }
    }

    package init?(text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let rest = parts.count > 1 ? parts[1] : ""
        switch (parts.first ?? "", Int64(rest)) {
        case ("message", let id?): self = .message(MessageID(rawValue: id))
        case ("conversation", let id?): self = .conversation(ConversationID(rawValue: id))
        case ("outbound", let id?): self = .outbound(OutboundID(rawValue: id))
        case ("creator", _): self = .creator(CreatorID(rest))
        case ("campaign", _): self = .campaign(CampaignID(rest))
        case ("configuration", _): self = .configuration
        case ("store", _): self = .store
        default: return nil
        }
    }
}
