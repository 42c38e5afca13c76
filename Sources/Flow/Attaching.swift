internal import Base
internal import Campaigns
internal import Ledger
internal import Outbound
internal import Policy
internal import Store

/// A person says where an open message belongs.
struct Attaching {
    let rulebook: Rulebook
    let transaction: Transaction
    let member: ActingMember

    /// Attaches an open message to a campaign, if exactly one candidate creator fits (DESIGN §4);
    /// the sender's address is then learnt for next time.
    func attach(_ message: MessageID, to campaign: CampaignID) throws(StoreError) -> DecisionOutcome {
        let events = try transaction.events(about: EventSubject.message(message).text).compactMap(\.event)
        guard let attached = events.last(where: { $0.kind == .attached || $0.kind == .attachedByHand }) else {
            return .refused("Greenroom knows nothing about this message")
        }
        var facts = AttachmentFacts(attached)
        let members = rulebook.directory.campaign(campaign)?.members.map(\.creator) ?? []
        let fitting = facts.attachment.creators.keys.filter(members.contains)
        guard fitting.count == 1, let creator = fitting.first else {
            return .refused(
                fitting.isEmpty
                    ? "no candidate creator of this message is in \(campaign); say whose it is with `creators alias`"
                    : "several creators fit: \(fitting.map(\.rawValue).joined(separator: ", "))"
            )
        }
        facts.attachment.creators = Finding(
            attached: [creator],
            confidence: .certain,
            reason: Reason("by hand", "\(member.id)")
        )
        facts.attachment.campaigns = Finding(attached: [campaign], confidence: .certain, reason: nil)
        facts.isOpen = false
        facts.conversations = [try open(ConversationKey(creator: creator, campaign: campaign))]
        try transaction.setConversation(facts.conversations.first, of: message)
        try note(.attachedByHand, .message(message), facts.fields)
        if let sender = try transaction.message(message).flatMap({ KnownAddress($0.sender) }),
            try mayLearn(sender, for: creator, facts.attachment)
        {
            try learning.learn(sender, for: creator, why: "message \(message) attached by \(member.id)")
        }
        return .done("attached to \(creator) in \(campaign)")
    }

    private var learning: Learning {
        Learning(rulebook: rulebook, transaction: transaction, actor: member.actor)
    }

    /// Whether the mail came from its author directly, and its address can be learnt.
    private func mayLearn(
        _ sender: KnownAddress,
        for creator: CreatorID,
        _ attachment: Attachment
    ) throws(StoreError) -> Bool {
        guard attachment.direction == .inbound, attachment.channel == .email else { return false }
        return try learning.obstacle(sender, for: creator) == nil
    }

    private func open(_ key: ConversationKey) throws(StoreError) -> ConversationID {
        let campaign = key.campaign?.rawValue ?? ""
        if let row = try transaction.conversation(creator: key.creator.rawValue, campaign: campaign) { return row.id }
        let stage = key.campaign.flatMap { rulebook.directory.stage(of: key.creator, in: $0) } ?? .replied
        let id = try transaction.insertConversation(
            creator: key.creator.rawValue,
            campaign: campaign,
            stage: stage.rawValue,
            openedAt: transaction.now
        )
        var fields = [
            ConversationFold.Field.creator: key.creator.rawValue, ConversationFold.Field.stage: stage.rawValue,
        ]
        fields[ConversationFold.Field.campaign] = key.campaign?.rawValue
        try note(.conversationOpened, .conversation(id), fields)
        return id
    }

    private func note(_ kind: EventKind, _ subject: EventSubject, _ fields: [String: String]) throws(StoreError) {
        try transaction.record(
            Event(kind, subject, by: member.actor, at: transaction.now, policyVersion: rulebook.version, fields: fields)
        )
    }
}
