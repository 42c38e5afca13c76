package import Base
internal import IMAPWire
internal import SQLite

/// One change of the store: all of it becomes durable, or nothing.
///
/// Lent to the closure given to `Store.write`. What it collects, events and touched mailboxes, is
/// told to others only after the commit.
package final class Transaction: ReadTransaction {
    /// The time of the change: one reading of the clock for all of it.
    package let now: Timestamp
    /// Makes the salts and keys of the change.
    package let entropy: any Entropy
    /// The events appended by this change, in order.
    package internal(set) var events: [EventRow] = []
    /// What changed in which mailbox.
    var touched = ChangeSet()
    /// The MODSEQ that this change has taken in each mailbox: one for all that it does there.
    var modSeqs: [MailboxID: ModSeq] = [:]
    /// What need not be read again: what the writer knows already, and what this change adds to it.
    var known: KnownRows
    /// What this change has inserted.
    var made = MadeRows()

    init(_ connection: Connection, context: StoreContext, knowing known: KnownRows = KnownRows()) {
        self.known = known
        now = context.environment.time.now
        entropy = context.environment.entropy
        super.init(connection, bodies: context.bodies)
    }

    /// Whether \Seen is each member's own in a mailbox: fixed when it was made.
    func hasPrivateSeen(_ mailbox: MailboxID) throws(StoreError) -> Bool {
        if let known = known.ownsSeen[mailbox] { return known }
        let found = try first("SELECT private_seen FROM mailbox WHERE id = ?", mailbox) { $0[0] as Bool }
        guard let found else { throw .missing("mailbox \(mailbox)") }
        known.ownsSeen[mailbox] = found
        return found
    }

    /// Runs a statement without a result; gives the number of rows that it changed.
    @discardableResult
    func run<each Value: SQLValue>(_ sql: StaticString, _ values: repeat each Value) throws(StoreError) -> Int {
        do {
            return try connection.run(sql, repeat each values)
        } catch {
            throw StoreError(error)
        }
    }

    /// Inserts one row and gives its number.
    func insert<ID: RowIdentifier, each Value: SQLValue>(
        _ sql: StaticString,
        _ values: repeat each Value
    ) throws(StoreError) -> ID {
        try run(sql, repeat each values)
        return ID(rawValue: connection.lastInsertedRow)
    }

    /// Raises a counter that never goes back, to at least `minimum`, and gives its new value.
    func raiseCounter(_ name: String, toAtLeast minimum: Int64 = 0) throws(StoreError) -> Int64 {
        let current = try first("SELECT value FROM counter WHERE name = ?", name) { $0[0] as Int64 } ?? 0
        let raised = max(current + 1, minimum)
        try run(
            "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            raised
        )
        return raised
    }
}

/// What changed, by mailbox: what snapshots are brought up to date from and observers are told.
struct ChangeSet {
    /// The UIDs whose rows are to be read again; empty where only the mailbox's own row changed.
    private(set) var mailboxes: [MailboxID: Set<UID>] = [:]
    /// Whether a mailbox was made, renamed or removed, or a subscription changed.
    var listChanged = false

    var isEmpty: Bool { mailboxes.isEmpty && !listChanged }

    mutating func insert(_ uid: UID, in mailbox: MailboxID) {
        mailboxes[mailbox, default: []].insert(uid)
    }

    mutating func insert(_ mailbox: MailboxID) {
        mailboxes[mailbox, default: []].formUnion([])
    }

    mutating func formUnion(_ other: Self) {
        mailboxes.merge(other.mailboxes) { $0.union($1) }
        listChanged = listChanged || other.listChanged
    }
}
