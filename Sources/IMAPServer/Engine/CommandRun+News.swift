internal import Base
internal import IMAPWire

// What a client is told by itself that asked with NOTIFY (RFC 5465 §5).
extension CommandRun {
    /// Writes what happened; a watch that cannot be kept up ends, and the client is told so (§5.8).
    func tellNews(
        _ watch: NotifyWatch,
        _ session: any IMAPSession,
        _ view: MailboxView?,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        do throws(IMAPFailure) {
            if let view, let group = watch.selected { try await tellSelected(group, watch, view, out) }
            let news = watch.takeNews()
            var changed = news.mailboxes.intersection(watch.statuses.keys)
            if news.namesChanged { changed.formUnion(try await tellNames(watch, session, out)) }
            try await tellMessages(of: changed, watch, session, view, out)
            return Completion(answer: nil, telling: nil)
        } catch {
            guard error.blame != .transport else { throw error }
            let text = "Nothing is told by itself any more; send NOTIFY again"
            out.response(.status(StatusResponse(tag: nil, .ok, .notificationOverflow, text)))
            return Completion(answer: nil, telling: nil, transition: .notifying(nil))
        }
    }

    // MARK: The selected mailbox

    private func tellSelected(
        _ group: NotifyGroup,
        _ watch: NotifyWatch,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) {
        guard group.events.contains(.messageNew) else { return }
        // RFC 5465 §6.1.2: with SELECTED-DELAYED message numbers stay until a command allows more.
        let telling: MailboxView.Telling = group.filter == .selected ? .everything : .withoutExpunges
        let withoutFlags = !group.events.contains(.flagChange)
        view.tell(telling, enabled, withoutFlags: withoutFlags, into: &out.writer)
        let first = view.entries.firstIndex(atOrAfter: watch.lastUID == .max ? .max : watch.lastUID + 1)
        watch.lastUID = max(watch.lastUID, view.entries.last?.uid ?? 0)
        guard !group.fetchItems.isEmpty, first < view.entries.count else { return }
        var fetch = FetchRun(plan: FetchPlan(group.fetchItems, byUID: true), view: view, out: out, enabled: enabled)
        try await fetch.run([first..<view.entries.count])
    }

    // MARK: Messages elsewhere

    private func tellMessages(
        of mailboxes: Set<MailboxID>,
        _ watch: NotifyWatch,
        _ session: any IMAPSession,
        _ view: MailboxView?,
        _ out: Responder
    ) async throws(IMAPFailure) {
        guard !mailboxes.isEmpty else { return }
        let changed = watch.watched.filter { $0.id.map { mailboxes.contains($0) } ?? false }
        for (listing, status) in try await statuses(of: changed, session) {
            let old = watch.statuses.updateValue(status, forKey: status.mailbox)
            // What is told of the selected mailbox SELECTED alone decides (§3.1).
            guard listing.name != view?.info.name else { continue }
            let items = status.changes(since: old, watch.events(of: listing), enabled)
            guard !items.isEmpty else { continue }
            write(status, items, of: listing.name, session, out)
            try await out.drain()
        }
    }

    // MARK: Names

    /// Tells of names, subscriptions and annotations; gives the mailboxes that are watched from now on.
    private func tellNames(
        _ watch: NotifyWatch,
        _ session: any IMAPSession,
        _ out: Responder
    ) async throws(IMAPFailure) -> Set<MailboxID> {
        var now: [MailboxName: MailboxListing] = [:]
        for listing in try await session.mailboxes() { now[listing.name] = listing }
        let before = watch.listings
        watch.listings = now
        for change in NameChanges(before, now).lines where !watch.own.contains(change.listing.name) {
            let events = watch.events(of: change.listing).union(
                before[change.listing.name].map { watch.events(of: $0) } ?? []
            )
            guard events.contains(change.event) else { continue }
            out.response(.list(entry(for: change)))
            try await out.drain()
        }
        try await tellAnnotations(watch, session, out)
        watch.own = []
        let watched = Set(watch.watched.compactMap(\.id))
        guard watched.count <= Limits.notifiedMailboxes else { throw .unavailable }
        watch.attend(to: watched)
        let added = watched.subtracting(watch.statuses.keys)
        // A mailbox that is seen again is told anew.
        for gone in watch.statuses.keys where !watched.contains(gone) { watch.statuses[gone] = nil }
        return added
    }

    private func entry(for change: NameChanges.Line) -> ListEntry {
        var attributes = MailboxAttributes(change.listing)
        if change.listing.exists { attributes.insert(change.hasChildren ? .hasChildren : .hasNoChildren) }
        if change.listing.isSubscribed { attributes.insert(.subscribed) }
        return ListEntry(
            attributes: attributes.listed(with: change.listing.use),
            name: wireName(change.listing.name),
            oldName: change.oldName.map { wireName($0) }
        )
    }

    private func tellAnnotations(
        _ watch: NotifyWatch,
        _ session: any IMAPSession,
        _ out: Responder
    ) async throws(IMAPFailure) {
        let before = watch.annotations
        let now = try await watchedAnnotations(watch, session)
        watch.annotations = now
        for (name, values) in now.sorted(by: { ($0.key?.text ?? "") < ($1.key?.text ?? "") }) {
            guard let old = before[name] else { continue }
            if let name, watch.own.contains(name) { continue }
            let changed = Set(old).symmetricDifference(values).map(\.entry)
            guard !changed.isEmpty else { continue }
            out.response(.metadataChanged(name: name.map { wireName($0) } ?? [], Set(changed).sorted()))
        }
    }
}

extension MailboxStatus {
    /// What STATUS says of a change in a mailbox that is not selected (RFC 5465 §5.1 to §5.3).
    fileprivate func changes(since old: MailboxStatus?, _ events: NotifyEvents, _ enabled: Enabled) -> [StatusItem] {
        var items: [StatusItem] = []
        let tellsModSeq = enabled.contains(.condStore) || enabled.contains(.qresync)
        let hasNewMessages = old.map { $0.messages != messages || $0.uidNext != uidNext } ?? (messages > 0)
        if events.contains(.messageNew), hasNewMessages { items += [.uidNext, .messages] }
        if events.contains(.flagChange) {
            if let old, old.unseen != unseen { items.append(.unseen) }
            let hasNewFlags = old.map { $0.highestModSeq != highestModSeq } ?? false
            if !items.isEmpty || tellsModSeq && hasNewFlags || old.map({ $0.uidValidity != uidValidity }) ?? false {
                items.append(.uidValidity)
            }
        }
        if tellsModSeq, !items.isEmpty { items.append(.highestModSeq) }
        return items
    }
}
