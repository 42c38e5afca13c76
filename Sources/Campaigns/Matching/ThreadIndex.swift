internal import Text

/// A message that was matched before, as far as matching another one asks.
package struct KnownMessage: Hashable, Sendable {
    package var messageID: String
    package var creators: Finding<CreatorID>
    package var campaigns: Finding<CampaignID>
    package var signals: [Signal]

    package init(
        messageID: String,
        creators: Finding<CreatorID>,
        campaigns: Finding<CampaignID>,
        signals: [Signal] = []
    ) {
        self.messageID = messageID
        self.creators = creators
        self.campaigns = campaigns
        self.signals = signals
    }

    package init(messageID: String, _ attachment: Attachment) {
        self.init(
            messageID: messageID,
            creators: attachment.creators,
            campaigns: attachment.campaigns,
            signals: attachment.signals
        )
    }
}

/// Where matching asks for the messages that came before.
///
/// Asked synchronously, so that matching stays pure: whoever matches has the answers at hand,
/// from a transaction or from memory.
package protocol ThreadIndex {
    /// The known messages with this id, in the order in which they came: usually one, for an id is
    /// not always unique (MATCHING §0).
    func messages(withID messageID: String) -> [KnownMessage]
    /// The newest message exchanged with one of the creators whose base subject is this, as
    /// `SubjectLine.key` gives it (MATCHING §6.4).
    func newestMessage(withAnyOf creators: [CreatorID], baseSubject: String) -> KnownMessage?
    /// The newest message from or to a marketplace's relay address that has a creator (§5.2).
    func newestMessage(withRelay address: AddressKey) -> KnownMessage?
}

/// A thread index in memory: one history, message after message.
package struct ThreadHistory: ThreadIndex, Sendable {
    private struct Topic: Hashable {
        let creator: CreatorID
        let baseSubject: String
    }

    private var byID: [String: [KnownMessage]] = [:]
    private var byTopic: [Topic: KnownMessage] = [:]
    private var byRelay: [AddressKey: KnownMessage] = [:]

    package init() {}

    package func messages(withID messageID: String) -> [KnownMessage] { byID[messageID] ?? [] }

    package func newestMessage(withAnyOf creators: [CreatorID], baseSubject: String) -> KnownMessage? {
        for creator in creators {
            if let message = byTopic[Topic(creator: creator, baseSubject: baseSubject)] { return message }
        }
        return nil
    }

    package func newestMessage(withRelay address: AddressKey) -> KnownMessage? { byRelay[address] }

    /// Adds a matched message, newer than all before it.
    package mutating func record(_ input: MatchInput, _ attachment: Attachment, in directory: Directory) {
        let message = KnownMessage(messageID: input.messageID ?? "", attachment)
        if let id = input.messageID { byID[id, default: []].append(message) }
        let key = SubjectLine(input.subject).key
        if !key.isEmpty {
            for creator in attachment.creators.attached { byTopic[Topic(creator: creator, baseSubject: key)] = message }
        }
        if !attachment.creators.attached.isEmpty {
            for address in directory.relayAddresses(of: input) { byRelay[address] = message }
        }
    }
}
