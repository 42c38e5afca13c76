internal import Base
internal import IMAPWire
internal import Synchronization

/// What a client asked to be told of (RFC 5465), and what it knows already.
///
/// Belongs to the connection's task, as its view does; news come to it from any thread.
package final class NotifyWatch {
    /// What is told of the selected mailbox; `nil` for nothing.
    let selected: NotifyGroup?
    private let others: [NotifyGroup]
    private let isPersonal: @Sendable (MailboxName) -> Bool
    private let news = NewsBox()
    private var observation: (any AnyObject & Sendable)?

    /// The names as the client knows them.
    var listings: [MailboxName: MailboxListing] = [:]
    /// The numbers of the mailboxes whose messages are watched.
    var statuses: [MailboxID: MailboxStatus] = [:]
    /// The annotations that are watched; those of the server under no name.
    var annotations: [MailboxName?: [MetadataValue]] = [:]
    /// Names that this client changed itself: it need not be told (RFC 5465 §5).
    var own: Set<MailboxName> = []
    /// The last message of the selected mailbox that the client heard of.
    var lastUID: UID = 0

    init(_ groups: [NotifyGroup], _ session: any IMAPSession, _ namespaces: Namespaces) {
        selected = groups.first { $0.filter.isSelected }
        others = groups.filter { !$0.filter.isSelected && !$0.events.isEmpty }
        let shared = namespaces.others + namespaces.shared
        isPersonal = { name in !shared.contains { name.text.hasPrefix($0) } }
        guard !others.isEmpty else { return }
        let news = news
        observation = session.observe { mailboxes, namesChanged in news.add(mailboxes, namesChanged) }
    }

    /// What is told of a name.
    func events(of listing: MailboxListing) -> NotifyEvents {
        others.reduce(into: []) { events, group in
            if matches(group.filter, listing) { events.formUnion(group.events) }
        }
    }

    /// What is told whatever the name.
    var allEvents: NotifyEvents { others.reduce(into: []) { $0.formUnion($1.events) } }

    /// The mailboxes whose messages are watched.
    var watched: [MailboxListing] {
        listings.values.filter { $0.isSelectable && $0.exists && !events(of: $0).isDisjoint(with: .messages) }
            .sorted { $0.name < $1.name }
    }

    private func matches(_ filter: NotifyGroup.Filter, _ listing: MailboxListing) -> Bool {
        switch filter {
        case .selected, .selectedDelayed: false
        // What arrives is delivered into INBOX.
        case .inboxes: listing.name.isInbox
        case .personal: isPersonal(listing.name)
        case .subscribed: listing.isSubscribed
        case .subtree(let roots): roots.contains { $0 == listing.name || listing.name.isBelow($0) }
        case .mailboxes(let names): names.contains(listing.name)
        }
    }

    /// Calls `wake` when there is news.
    package func observe(_ wake: @escaping @Sendable () -> Void) { news.observe(wake) }

    /// From here on only news of these mailboxes and of names wake anybody.
    func attend(to mailboxes: Set<MailboxID>) { news.attend(to: mailboxes) }

    /// What happened since this was last asked.
    func takeNews() -> (mailboxes: Set<MailboxID>, namesChanged: Bool) { news.take() }

    /// News that no task has looked at: the writer's thread puts them in, the connection's takes them.
    private final class NewsBox: Sendable {
        private struct State {
            var mailboxes: Set<MailboxID> = []
            var namesChanged = false
            /// `nil` until it is known which matter.
            var attended: Set<MailboxID>?
            var wake: (@Sendable () -> Void)?
        }

        private let state = Mutex(State())

        func observe(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

        func add(_ mailboxes: [MailboxID], _ namesChanged: Bool) {
            let wake = state.withLock { state -> (@Sendable () -> Void)? in
                let news = state.attended.map { attended in mailboxes.filter { attended.contains($0) } } ?? mailboxes
                guard !news.isEmpty || namesChanged else { return nil }
                state.mailboxes.formUnion(news)
                state.namesChanged = state.namesChanged || namesChanged
                return state.wake
            }
            wake?()
        }

        func attend(to mailboxes: Set<MailboxID>) { state.withLock { $0.attended = mailboxes } }

        func take() -> (Set<MailboxID>, Bool) {
            state.withLock { state in
                defer { (state.mailboxes, state.namesChanged) = ([], false) }
                return (state.mailboxes, state.namesChanged)
            }
        }
    }
}
