package import Base

// The numbers of mailboxes that are not in memory: mail programs ask for the same ones again and again.
extension Store {
    /// What each mailbox holds, as a member sees it, with what is recent there; `nil` for one that is gone.
    ///
    /// One visit to a worker thread for those that changed since somebody last asked.
    package func counts(of mailboxes: [MailboxID], member: String) async throws -> [MailboxCounts?] {
        let snapshots = context.snapshots
        let firsts = mailboxes.map { recent.first(in: $0) }
        var counts = zip(mailboxes, firsts).map { mailbox, first in
            snapshots.counts(of: mailbox, member: member).flatMap { $0.firstRecent == first ? $0 : nil }
        }
        let missing = counts.indices.filter { counts[$0] == nil }
        guard !missing.isEmpty else { return counts }
        let mark = snapshots.mark()
        let read = try await read { transaction in
            try missing.map { place -> MailboxCounts? in
                guard var found = try transaction.status(of: mailboxes[place], member: member) else { return nil }
                found.firstRecent = firsts[place]
                if firsts[place] < found.uidNext {
                    found.recent = try transaction.count(in: mailboxes[place], from: firsts[place])
                }
                return found
            }
        }
        for (place, found) in zip(missing, read) {
            counts[place] = found
            if let found { snapshots.keep(found, of: mailboxes[place], member: member, readAfter: mark) }
        }
        return counts
    }
}
