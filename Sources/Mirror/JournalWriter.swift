package import Base
package import IMAPWire
package import Store

/// Writes members' changes into the journal, in the transaction that makes them.
///
/// It looks at the rows itself, so that its callers need not know which accounts are mirrored: only
/// an account's own folders have an upstream, and only mail that is not ours goes there (INV-8).
package struct JournalWriter {
    private let transaction: Transaction

    package init(_ transaction: Transaction) { self.transaction = transaction }

    /// A message was placed in a folder as a copy of one that has its place elsewhere.
    package func copied(_ message: MessageID, to target: MailboxRow) throws(StoreError) {
        guard try isMirrored(target), let row = try ordinary(message) else { return }
        if row.account == target.account, try isKnownUpstream(message, in: target.account) {
            try queue(.copy(to: target.id), message, target)
        } else {
            try queue(.append(to: target.id, isSentItem: false), message, target)
        }
    }

    /// A message left a folder for another one.
    package func moved(_ message: MessageID, from source: MailboxRow, to target: MailboxRow) throws(StoreError) {
        guard source.id != target.id else { return }
        if source.account == target.account, try isMirrored(source) {
            guard try ordinary(message) != nil else { return }
            try queue(.move(from: source.id, to: target.id), message, target)
            return
        }
        try copied(message, to: target)
        try expunged(message, from: source)
    }

    /// A message was removed from a folder.
    package func expunged(_ message: MessageID, from source: MailboxRow) throws(StoreError) {
        guard try isMirrored(source), try ordinary(message) != nil else { return }
        // What cancels out is dropped: a message that never got there need not be removed.
        for row in try transaction.journal(of: message) where row.state == .queued && row.account == source.account {
            guard let operation = Operation(row), operation.target == source.id else { continue }
            try transaction.finishOperation(row.id)
            if let origin = operation.source {
                try queue(.expunge(from: origin), message, source)
            }
            return
        }
        try queue(.expunge(from: source.id), message, source)
    }

    /// A message was filed that the upstream has not got; a Sent item went out through the smarthost,
    /// whose provider may file it too.
    package func appended(
        _ message: MessageID,
        to target: MailboxRow,
        isSentItem: Bool = false
    ) throws(StoreError) {
        guard try isMirrored(target), try ordinary(message) != nil else { return }
        try queue(.append(to: target.id, isSentItem: isSentItem), message, target)
    }

    /// The flags of a message, seen from any folder or view, became others.
    package func changedFlags(of message: MessageID, from old: Flags, to new: Flags) throws(StoreError) {
        let adding = new.subtracting(old).upstream
        let removing = old.subtracting(new).upstream
        guard !adding.isEmpty || !removing.isEmpty, let row = try ordinary(message),
            try transaction.account(row.account)?.kind == .mirrored,
            try isKnownUpstream(message, in: row.account)
        else { return }
        try transaction.queueOperation(
            Operation.flags(adding: adding, removing: removing).kind,
            of: message,
            account: row.account,
            arguments: Operation.flags(adding: adding, removing: removing).arguments
        )
    }

    // MARK: What concerns the upstream

    private func isMirrored(_ mailbox: MailboxRow) throws(StoreError) -> Bool {
        try transaction.account(mailbox.account)?.kind == .mirrored
    }

    /// The message, unless it is a card, a notice or one that waits in the green room.
    private func ordinary(_ message: MessageID) throws(StoreError) -> MessageRow? {
        guard let row = try transaction.message(message), row.direction != Self.held,
            let kind = try transaction.account(row.account)?.kind, kind == .mirrored || kind == .local
        else { return nil }
        return row
    }

    /// Whether the message lies in the account upstream, or is about to.
    private func isKnownUpstream(_ message: MessageID, in account: AccountID) throws(StoreError) -> Bool {
        for place in try transaction.upstreamPlaces(of: message)
        where try transaction.mailbox(place.mailbox)?.account == account { return true }
        return try transaction.journal(of: message).contains { $0.account == account }
    }

    private func queue(_ operation: Operation, _ message: MessageID, _ mailbox: MailboxRow) throws(StoreError) {
        try transaction.queueOperation(
            operation.kind,
            of: message,
            account: mailbox.account,
            arguments: operation.arguments,
            notBefore: mailbox.role == SpecialUse.drafts.rawValue && operation.source == nil
                ? transaction.now.advanced(by: Self.draftQuiet) : nil
        )
    }

    /// The direction of a message that waits for a decision.
    private static let held = "held"
    /// Clients save a draft again and again: it goes upstream when they have stopped.
    private static let draftQuiet = Duration.seconds(60)
}

extension Flags {
    /// What the upstream has of these flags: \Deleted is each member's own, and acts when they expunge.
    var upstream: Self { Self(system.subtracting([.recent, .deleted]), keywords: keywords) }
}
