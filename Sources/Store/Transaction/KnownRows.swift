internal import Base
internal import IMAPWire

/// What the writer knows of rows without reading them, from one change to the next.
///
/// Only of what nobody else writes and what seldom or never changes. A change works on a copy, which becomes the
/// writer's when its savepoint is released; nothing of a change that was undone stays.
struct KnownRows {
    /// The accounts that were asked for.
    var accounts: [EnsuredAccount: AccountID] = [:]
    /// The mailboxes that were asked for, with the name and role that they have.
    var mailboxes: [NewMailbox: MailboxID] = [:]
    /// Whether \Seen is each member's own, of the mailboxes that were asked about: fixed when they were made.
    var ownsSeen: [MailboxID: Bool] = [:]
    /// The end of the chain.
    var head: LedgerHead?

    /// Forgets all mailboxes: one was renamed or removed, and its number may be given again.
    mutating func forgetMailboxes() {
        mailboxes = [:]
        ownsSeen = [:]
    }
}

/// What one change has inserted itself, as long as it has done nothing else to it.
struct MadeRows {
    struct Message {
        let size: Int
        var flags: SharedFlags
        var conversation: ConversationID?
        /// Whether placements repeat its flags.
        var isPlaced = false
    }

    struct Edition {
        let message: MessageID
        let size: Int
    }

    var bodies: Set<[UInt8]> = []
    var messages: [MessageID: Message] = [:]
    var editions: [EditionID: Edition] = [:]
}
