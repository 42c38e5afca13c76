package import Base
package import IMAPWire
package import Message
package import SASL

// What the engine asks of the house. One protocol per connection state, so that a command that
// needs a mailbox cannot be written without one. All functions run on the connection's loop and
// may suspend; implementations hop to workers themselves.

/// Where clients log in.
package protocol IMAPBackend: Sendable {
    /// Checks a password. A refusal carries how long the answer is to be held back.
    func logIn(_ attempt: LogInAttempt) async -> LogInOutcome

    /// What SCRAM answers a name with; at once, and for a name that nobody has as for one that is there.
    func scramChallenge(for user: String) -> ScramChallenge
}

/// A member who is logged in on one connection.
package protocol IMAPSession: Sendable {
    /// The name for the log.
    var member: String { get }

    /// Whether what was proven at log-in still counts; asked before each command.
    ///
    /// A reload may take member or device away, or change what the device may do.
    var isCurrent: Bool { get }

    func namespaces() async throws(IMAPFailure) -> Namespaces

    /// What the house's numbers are called (RFC 8474).
    var objectIDs: ObjectIDs { get }

    /// Every mailbox the member may see and every name they are subscribed to, parents before
    /// children; the engine matches patterns.
    func mailboxes() async throws(IMAPFailure) -> [MailboxListing]
    /// The same, with the answers to LIST that were made of them.
    func mailboxNames() async throws(IMAPFailure) -> MailboxNames

    /// Makes a mailbox and the names above it that are missing.
    @discardableResult
    func create(_ name: MailboxName, use: SpecialUse?) async throws(IMAPFailure) -> MailboxID
    func delete(_ name: MailboxName) async throws(IMAPFailure)
    /// Renames a mailbox and those below it; of INBOX, moves its messages (RFC 9051 §6.3.6).
    func rename(_ name: MailboxName, to new: MailboxName) async throws(IMAPFailure)
    /// A name may be unsubscribed that does not exist.
    func subscribe(_ name: MailboxName, _ subscribed: Bool) async throws(IMAPFailure)
    /// The numbers of several mailboxes at one moment; `nil` for names that cannot be selected.
    func status(_ names: [MailboxName]) async throws(IMAPFailure) -> [MailboxStatus?]
    /// The annotations that the member may read, of several mailboxes and of the server (`nil`); `nil` for
    /// names that they may not see (RFC 5464).
    func metadata(of mailboxes: [MailboxName?]) async throws(IMAPFailure) -> [[MetadataValue]?]
    /// Sets or removes annotations: all or none.
    func setMetadata(_ values: [MetadataValue], of mailbox: MailboxName?) async throws(IMAPFailure)

    /// Calls `notify` after each change with the mailboxes that changed, and whether names,
    /// subscriptions or annotations did; from any thread, until the value is released.
    func observe(
        _ notify: @escaping @Sendable (_ mailboxes: [MailboxID], _ namesChanged: Bool) -> Void
    ) -> any AnyObject & Sendable

    /// Who may do what with a mailbox, as far as the member may know: themselves at least (RFC 4314).
    func accessList(of mailbox: MailboxName) async throws(IMAPFailure) -> [AccessEntry]

    /// The quota root of a name; `nil` where nothing is counted. It need not exist.
    func quotaRoot(of mailbox: MailboxName) async throws(IMAPFailure) -> QuotaRoot?
    func quotaRoot(named root: String) async throws(IMAPFailure) -> QuotaRoot

    func open(_ name: MailboxName, readOnly: Bool) async throws(IMAPFailure) -> any IMAPMailbox
    /// All of them or none (RFC 3502); returns only after they are durable (INV-2).
    func append(_ messages: [AppendedMessage], to name: MailboxName) async throws(IMAPFailure) -> AppendResult
    /// The client said who it is (RFC 2971); names in lower case. For the log alone.
    func identify(_ client: [(name: String, value: String?)]) async
    /// The connection ended. Called once; open mailboxes were closed before.
    func end() async
}

/// A mailbox that a session has selected.
///
/// Changes return only after they are durable (INV-2) and show in `latestSnapshot`.
package protocol IMAPMailbox: Sendable {
    var info: MailboxInfo { get }
    /// What the house's numbers are called (RFC 8474).
    var objectIDs: ObjectIDs { get }

    /// The newest state as this member sees it. Cheap: a value out of a lock. `highestModSeq` rises
    /// with every change that shows in it, expunges too; UIDs of new messages are above all that were
    /// there; \Recent is never set.
    var latestSnapshot: MailboxSnapshot { get }

    /// The first UID that no session was told of before (RFC 3501 §2.3.2 \Recent); from then on all
    /// below `uidNext` counts as told, where it is not nil.
    func firstRecent(claimingBelow uidNext: UID?) -> UID

    /// Makes sure that `latestSnapshot` holds everything that was committed before the call.
    func refresh() async throws(IMAPFailure)

    /// Calls `wake` after each change of `latestSnapshot`, from any thread, until `close`.
    func observe(_ wake: @escaping @Sendable () -> Void)

    /// The bytes of editions that stand in a snapshot the session was given, in the order asked;
    /// `nil` for one whose bytes are gone. The engine asks for a bounded amount at a time.
    func contents(of editions: [EditionID], part: EditionPart) async throws(IMAPFailure) -> [EditionContent?]

    /// What was parsed of the messages of editions when they came in, in the order asked; `nil` for
    /// one that is gone. `value` takes what is wanted out of each, on a worker thread or, where it is in
    /// memory, at once, with its place in the list. The engine asks for a few hundred at a time.
    func structures<Value: Sendable>(
        of editions: [EditionID],
        as value: @escaping @Sendable (Int, MessageStructure) -> Value
    ) async throws(IMAPFailure) -> [Value?]

    /// When messages were saved in this mailbox (RFC 8514), UIDs ascending; `nil` for one that is gone.
    func saveDates(of uids: [UID]) async throws(IMAPFailure) -> [Timestamp?]

    /// Runs work that would hold up the loop on a worker thread.
    func compute<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws(IMAPFailure) -> Value

    /// A range of block and body as one sequence; `nil` where its bytes are gone.
    func read(_ edition: EditionID, _ range: Range<Int>) async throws(IMAPFailure) -> [UInt8]?

    /// The conversations that editions were in when they were made, in the order asked; `nil` for none.
    func threads(of editions: [EditionID]) async throws(IMAPFailure) -> [ConversationID?]

    /// The UIDs that went after a MODSEQ, those told since among them; `nil` where not all of them are
    /// known any more (RFC 7162 §3.2.5.1).
    func vanished(since modSeq: ModSeq) async throws(IMAPFailure) -> NumberSet?

    /// The positions of those editions whose bytes pass a test, ascending; an edition whose bytes are gone does not.
    ///
    /// The test may take long: it runs on a worker thread, and with every bounded amount asked for.
    func positions(
        of editions: [EditionID],
        part: EditionPart,
        passing test: @escaping @Sendable (_ position: Int, _ bytes: [UInt8]) -> Bool
    ) async throws(IMAPFailure) -> [Int]

    /// What an index knows of the questions for a range of editions: one answer each, in order, or none.
    func answers(to questions: [SearchQuestion], from: EditionID, through: EditionID) async -> [IndexAnswer]

    /// The time that OLDER and YOUNGER count from (RFC 5032).
    var now: Timestamp { get }

    /// Changes flags. The answer holds one result per message that is still there.
    /// With `unchangedSince` a message changed after it is left alone and reported so; no change comes
    /// between the comparison and the change (RFC 7162 §3.1.3).
    ///
    /// Long changes tell `progress` between their slices, here and below.
    func store(
        _ change: FlagChange,
        uids: [UID],
        unchangedSince: ModSeq?,
        progress: Progress?
    ) async throws(IMAPFailure) -> [StoreResult]

    /// All or none.
    func copy(_ uids: [UID], to target: MailboxName, progress: Progress) async throws(IMAPFailure) -> CopyResult
    /// What the target means by it; the messages leave this mailbox (RFC 6851).
    func move(_ uids: [UID], to target: MailboxName, progress: Progress) async throws(IMAPFailure) -> CopyResult

    /// Keeps a message and removes another one in one change (RFC 8508); where the other one is gone
    /// already, nothing is kept.
    func replace(
        _ uid: UID,
        with message: AppendedMessage,
        in target: MailboxName
    ) async throws(IMAPFailure) -> AppendResult

    /// Removes what this member marked \Deleted: all of it, or of `uids` alone (RFC 4315).
    func expunge(_ uids: NumberSet?, progress: Progress) async throws(IMAPFailure)

    /// No more calls follow; the observer is dropped.
    func close() async
}

extension IMAPSession {
    /// Of a house that keeps no answers.
    package func mailboxNames() async throws(IMAPFailure) -> MailboxNames { MailboxNames(try await mailboxes()) }
}

extension IMAPMailbox {
    /// On the connection's loop, which others wait for: for tests.
    package func positions(
        of editions: [EditionID],
        part: EditionPart,
        passing test: @escaping @Sendable (_ position: Int, _ bytes: [UInt8]) -> Bool
    ) async throws(IMAPFailure) -> [Int] {
        let contents = try await contents(of: editions, part: part)
        return contents.indices.filter { position in contents[position].map { test(position, $0.bytes) } ?? false }
    }

    /// Of a house without an index.
    package func answers(
        to questions: [SearchQuestion],
        from: EditionID,
        through: EditionID
    ) async -> [IndexAnswer] { [] }
}
