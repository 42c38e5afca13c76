package import Base
internal import Campaigns
package import Config
internal import IMAPWire
internal import Ledger
internal import Message
internal import Outbound
internal import Policy
internal import Store

// The way in (DESIGN §3): bytes → parse → match → header block → one transaction with message,
// block, events and placements → watching sessions are told by the store.

extension House {
    /// Takes in a message, lines ending in CRLF, for an account's INBOX; durable when this returns (INV-2).
    ///
    /// `authservID` says whose Authentication-Results are believed (RFC 8601 §5); `nil`: the account's.
    package func deliver(
        _ bytes: [UInt8],
        to account: AccountSettings,
        authservID: String?
    ) async throws(HouseError) -> MessageID {
        let cleaned = ParsedMessage(bytes).removingFields(.internal, fromAttachedMessages: FieldSelection()).bytes
        let parsed = ParsedMessage(cleaned)
        let input = MatchInput(parsed)
        let body = try await keep(cleaned)
        let rulebook = self.rulebook
        // What the creator wrote may hold or cancel what waits for them.
        defer { outboundChanged() }
        return try await change { transaction in
            let arrival = Arrival(
                rulebook: rulebook,
                account: account,
                authservID: authservID ?? account.authservID,
                sealKey: self.sealKey,
                transaction: transaction
            )
            let inbox = try transaction.ensureFolder(.inbox, of: account)
            return try arrival.file(
                parsed,
                input,
                body: body,
                as: Reception(mailbox: inbox.id, received: transaction.now)
            )
        }
    }

    /// A message without the fields that only Greenroom may write (INV-4).
    package static func withoutInternalFields(_ bytes: [UInt8]) -> [UInt8] {
        ParsedMessage(bytes).removingFields(.internal, fromAttachedMessages: .internal).bytes
    }

    /// Runs a change of the store, with errors in the house's own terms.
    func change<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws(HouseError) -> Value {
        do {
            return try await store.write(body)
        } catch {
            throw HouseError(error)
        }
    }

    /// Takes bytes into the store, to be named by a change.
    func keep(_ bytes: [UInt8], isShown: Bool = true) async throws(HouseError) -> StoredBody {
        do {
            return try await store.prepare(bytes, isShown: isShown)
        } catch {
            throw HouseError(error)
        }
    }
}

/// Where and how a message arrives.
struct Reception {
    let mailbox: MailboxID
    /// INTERNALDATE.
    let received: Timestamp
    var flags = Flags.none
    /// Whether it is seen for everybody from the start.
    var isSeen = false
    /// Older than the account's `since`: attached, but without effect on stages and queues (INV-3).
    var isHistory = false
}

/// One message arriving, inside its transaction.
struct Arrival {
    let rulebook: Rulebook
    let account: AccountSettings
    let authservID: String?
    let sealKey: Secret
    let transaction: Transaction
    /// Whose mail it is: somebody outside, or a member who writes.
    var actor = Actor.outsider

    func file(
        _ parsed: ParsedMessage,
        _ input: MatchInput,
        body: StoredBody,
        as reception: Reception
    ) throws(StoreError) -> MessageID {
        let attachment = Matcher(directory: rulebook.directory, authservID: authservID)
            .match(input, in: StoredThreads(transaction: transaction))
        let accountID = try transaction.ensureAccount(account)
        let conversations = try openConversations(attachment)
        let stages = try moveStages(conversations, attachment, isHistory: reception.isHistory)

        var new = NewMessage(
            account: accountID,
            messageID: input.messageID.map(ThreadKey.messageID) ?? "",
            body: body,
            internalDate: reception.received,
            direction: attachment.direction.rawValue
        )
        new.flags = reception.flags
        new.conversation = conversations.first
        new.sender = input.from.first?.address.description ?? ""
        new.subject = input.subject
        let message = try transaction.insertMessage(new)
        let threads = ThreadKey.others(of: input, attachment, in: rulebook.directory)
        for key in threads + conversations.dropFirst().map(ThreadKey.conversation) {
            try transaction.listMessage(message, underMessageID: key)
        }
        let block = ContextBlock(
            attachment,
            conversations: conversations,
            stages: stages,
            directory: rulebook.directory
        ).bytes(bodyHash: body.hash, key: sealKey)
        let edition = try transaction.insertEdition(of: message, block: block)
        _ = try transaction.place(
            edition,
            in: reception.mailbox,
            received: reception.received,
            isSeen: reception.isSeen
        )
        let facts = AttachmentFacts(
            attachment,
            conversations: conversations,
            isOpen: !reception.isHistory && isOpen(attachment)
        )
        try transaction.record(event(.attached, .message(message), facts.fields))
        return message
    }

    /// Whether a person has to say whose message it is: unknown mail only from shared accounts,
    /// and only when it is not noise (DESIGN §1).
    func isOpen(_ attachment: Attachment) -> Bool {
        guard attachment.direction == .inbound, !attachment.isNoise else { return false }
        switch attachment.confidence {
        case .ambiguous: return true
        case .none: return account.ownership == .shared
        case .certain, .likely: return false
        }
    }

    /// The conversations of the attached creators, opened where they are new.
    func openConversations(_ attachment: Attachment) throws(StoreError) -> [ConversationID] {
        var result: [ConversationID] = []
        for key in attachment.conversations { result.append(try openConversation(key)) }
        return result
    }

    private func openConversation(_ key: ConversationKey) throws(StoreError) -> ConversationID {
        let campaign = key.campaign?.rawValue ?? ""
        if let row = try transaction.conversation(creator: key.creator.rawValue, campaign: campaign) { return row.id }
        let stage = key.campaign.flatMap { rulebook.directory.stage(of: key.creator, in: $0) } ?? .contacted
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
        try transaction.record(event(.conversationOpened, .conversation(id), fields))
        return id
    }

    /// Notes what was heard; an answer to our first mail moves the stage on.
    private func moveStages(
        _ conversations: [ConversationID],
        _ attachment: Attachment,
        isHistory: Bool
    ) throws(StoreError) -> [Stage] {
        var stages: [Stage] = []
        for id in conversations {
            guard let row = try transaction.conversation(id) else { continue }
            var stage = Stage(rawValue: row.stage) ?? .contacted
            if attachment.countsAsReply, !isHistory {
                try transaction.record(event(.heard, .conversation(id), [:]))
                if stage == .contacted {
                    stage = .replied
                    let fields = [
                        ConversationFold.Field.stage: stage.rawValue,
                        ConversationFold.Field.was: row.stage,
                        ConversationFold.Field.why: "the creator answered",
                    ]
                    try transaction.record(event(.stageChanged, .conversation(id), fields))
                }
            }
            stages.append(stage)
        }
        return stages
    }

    private func event(_ kind: EventKind, _ subject: EventSubject, _ fields: [String: String]) -> Event {
        Event(
            kind,
            subject,
            by: actor,
            at: transaction.now,
            policyVersion: rulebook.version,
            fields: fields
        )
    }
}
