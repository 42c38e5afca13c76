internal import Base
internal import IMAPWire

// NOTIFY (RFC 5465).
extension CommandRun {
    func notify(
        _ request: NotifyRequest,
        _ session: any IMAPSession,
        _ view: MailboxView?,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        guard case .set(let tellsStatus, let groups) = request else { return .ok("NOTIFY done", then: .notifying(nil)) }
        guard groups.allSatisfy(\.unknown.isEmpty) else {
            return .no(.badEvent(NotifyEvents.names.map(\.name)), "Only these events can be told")
        }
        let watch = NotifyWatch(groups, session, try await session.namespaces())
        for listing in try await session.mailboxes() { watch.listings[listing.name] = listing }
        let watched = watch.watched
        guard watched.count <= Limits.notifiedMailboxes else {
            return .no(.notificationOverflow, "Those are too many mailboxes to watch")
        }
        for (listing, status) in try await statuses(of: watched, session) {
            watch.statuses[status.mailbox] = status
            // Of the selected mailbox the client knows how it stands.
            guard tellsStatus, listing.name != view?.info.name else { continue }
            write(status, watch.events(of: listing).firstStatus, of: listing.name, session, out)
            try await out.drain()
        }
        watch.attend(to: Set(watch.statuses.keys))
        watch.annotations = try await watchedAnnotations(watch, session)
        // RFC 5465 §3.1: as NOOP does, before anything is told by itself.
        view?.tell(.everything, enabled, into: &out.writer)
        watch.lastUID = view?.entries.last?.uid ?? 0
        return .ok("NOTIFY done", then: .notifying(watch))
    }

    /// The numbers of mailboxes, those left out that are gone meanwhile.
    func statuses(
        of listings: [MailboxListing],
        _ session: any IMAPSession
    ) async throws(IMAPFailure) -> [(MailboxListing, MailboxStatus)] {
        guard !listings.isEmpty else { return [] }
        let statuses = try await session.status(listings.map(\.name))
        return zip(listings, statuses).compactMap { listing, status in status.map { (listing, $0) } }
    }

    /// The annotations that a watch compares with.
    func watchedAnnotations(
        _ watch: NotifyWatch,
        _ session: any IMAPSession
    ) async throws(IMAPFailure) -> [MailboxName?: [MetadataValue]] {
        var names: [MailboxName?] = watch.listings.values
            .filter { $0.isSelectable && $0.exists && watch.events(of: $0).contains(.mailboxMetadata) }
            .map(\.name).sorted()
        if watch.allEvents.contains(.serverMetadata) { names.append(nil) }
        guard !names.isEmpty else { return [:] }
        var annotations: [MailboxName?: [MetadataValue]] = [:]
        for (name, values) in zip(names, try await session.metadata(of: names)) { annotations[name] = values ?? [] }
        return annotations
    }
}

extension NotifyEvents {
    /// What STATUS says first of a mailbox (RFC 5465 §3.1).
    fileprivate var firstStatus: [StatusItem] {
        [.messages, .uidNext, .uidValidity] + (contains(.flagChange) ? [.highestModSeq] : [])
    }
}
