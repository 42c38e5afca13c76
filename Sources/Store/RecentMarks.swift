package import Base
package import IMAPWire
internal import SQLite
internal import Synchronization

/// Which messages no session was told of yet: what \Recent is made of (RFC 3501 §2.3.2).
///
/// In memory alone: what was there when the store was opened counts as told, which costs nobody
/// anything and every SELECT a write less.
package final class RecentMarks: Sendable {
    /// The first UID in a mailbox that no session was told of; 1 for mailboxes made since.
    private let firsts: Mutex<[MailboxID: UID]>

    init(_ firsts: [MailboxID: UID]) { self.firsts = Mutex(firsts) }

    /// The first UID that no session was told of.
    package func first(in mailbox: MailboxID) -> UID { firsts.withLock { $0[mailbox] ?? 1 } }

    /// The same, and from now on everything below `uidNext` was told to the one who asks.
    package func claim(in mailbox: MailboxID, below uidNext: UID) -> UID {
        firsts.withLock { firsts in
            let first = firsts[mailbox] ?? 1
            firsts[mailbox] = max(first, uidNext)
            return first
        }
    }
}

extension RecentMarks {
    /// As the store is when it is opened.
    convenience init(_ connection: Connection) throws(StoreError) {
        do {
            let rows = try connection.all("SELECT id, uid_next FROM mailbox") { ($0[0] as MailboxID, $0[1] as UID) }
            self.init(Dictionary(rows) { first, _ in first })
        } catch {
            throw StoreError(error)
        }
    }
}

extension ReadTransaction {
    /// How many messages of a mailbox have this UID or a higher one.
    package func count(in mailbox: MailboxID, from uid: UID) throws(StoreError) -> UInt32 {
        try first("SELECT count(*) FROM placement WHERE mailbox = ? AND uid >= ?", mailbox, uid) { $0[0] } ?? 0
    }
}
