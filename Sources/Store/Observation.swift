package import Base
internal import Synchronization

/// What somebody wants to be told about.
package enum ObservationScope: Hashable, Sendable {
    /// One mailbox; once loaded, its snapshot stays in memory as long as somebody observes it.
    case mailbox(MailboxID)
    /// Every mailbox, and the list of mailboxes.
    case everything
}

/// What one commit changed.
package struct StoreChange: Hashable, Sendable {
    /// In order; for an observer of one mailbox, that one.
    package let mailboxes: [MailboxID]
    /// Whether mailboxes were made, renamed or removed, or subscriptions changed.
    package let listChanged: Bool
}

/// Being told of changes, until it is canceled or released.
package final class Observation: Sendable {
    private let end: Mutex<(@Sendable () -> Void)?>

    init(_ end: @escaping @Sendable () -> Void) {
        self.end = Mutex(end)
    }

    deinit { cancel() }

    /// Ends it; a call that has begun on another thread may still arrive.
    package func cancel() {
        let end = end.withLock { end in
            defer { end = nil }
            return end
        }
        end?()
    }
}
