internal import Base
internal import Campaigns
internal import Ledger
internal import Message
internal import Outbound
internal import Store
internal import Text

/// The messages that came before, asked of the transaction in which a new one is matched.
///
/// Threads by subject and by relay address are kept in the same index as Message-IDs, under keys
/// that no Message-ID can have: they hold no `@` behind their first blank.
struct StoredThreads: ThreadIndex {
    let transaction: ReadTransaction

    func messages(withID messageID: String) -> [KnownMessage] {
        known(under: ThreadKey.messageID(messageID))
    }

    func newestMessage(withAnyOf creators: [CreatorID], baseSubject: String) -> KnownMessage? {
        creators.lazy.compactMap { known(under: ThreadKey.subject(baseSubject, creator: $0)).last }.first
    }

    func newestMessage(withRelay address: AddressKey) -> KnownMessage? {
        known(under: ThreadKey.relay(address)).last { !$0.creators.attached.isEmpty }
    }

    /// A failed look-up finds nothing: the message is then attached on less evidence, or left open
    /// for a person (INV-5).
    private func known(under key: String) -> [KnownMessage] {
        guard let rows = try? transaction.messages(withMessageID: key) else { return [] }
        return rows.compactMap { row in
            let events = try? transaction.events(about: EventSubject.message(row.id).text)
            let attached = events?.compactMap(\.event).last { $0.kind == .attached || $0.kind == .attachedByHand }
            return attached.map { KnownMessage(messageID: row.messageID, AttachmentFacts($0).attachment) }
        }
    }
}

/// The keys under which messages are found again.
enum ThreadKey {
    /// As the header field spells it.
    static func messageID(_ id: String) -> String { "<\(id)>" }

    static func subject(_ baseSubject: String, creator: CreatorID) -> String { "subject \(creator) \(baseSubject)" }

    /// Of the messages that belong to a conversation beside the one that their row names.
    static func conversation(_ id: ConversationID) -> String { "conversation \(id)" }

    static func relay(_ address: AddressKey) -> String { "relay \(address)" }

    /// Every key of a matched message but its Message-ID, under which the store lists it anyway.
    static func others(of input: MatchInput, _ attachment: Attachment, in directory: Directory) -> [String] {
        var keys: [String] = []
        let base = SubjectLine(input.subject).key
        if !base.isEmpty { keys += attachment.creators.attached.map { subject(base, creator: $0) } }
        if !attachment.creators.attached.isEmpty { keys += directory.relayAddresses(of: input).map(relay) }
        return keys
    }
}
