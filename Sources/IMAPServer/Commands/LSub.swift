internal import IMAPWire

// LSUB (RFC 3501 §6.3.9), with special uses: clients look for them here too.
extension CommandRun {
    func lsub(
        _ request: ListRequest,
        _ session: any IMAPSession,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        let listings = try await session.mailboxes()
        let parents = Set(listings.filter(\.exists).compactMap { $0.name.parent })
        let patterns = request.patterns.map { ListPattern(request.reference + $0) }
        var shown: Set<MailboxName> = []
        for listing in listings where listing.isSubscribed {
            if patterns.contains(where: { $0.matches(listing.name) }) {
                guard shown.insert(listing.name).inserted else { continue }
                var attributes = MailboxAttributes(listing)
                attributes.insert(parents.contains(listing.name) ? .hasChildren : .hasNoChildren)
                // RFC 3501 §6.3.9: \Noselect of LSUB means another thing, and \NonExistent is not known.
                attributes.subtract([.noSelect, .nonExistent])
                let names = attributes.listed(with: listing.use)
                out.response(.lsub(ListEntry(attributes: names, name: wireName(listing.name))))
            } else if let above = ancestor(of: listing.name, matching: patterns, in: listings),
                shown.insert(above).inserted
            {
                // RFC 3501 §6.3.9: `%` shows an unsubscribed name for what is subscribed below it.
                let entry = ListEntry(attributes: ["\\Noselect"], name: wireName(above))
                out.response(.lsub(entry))
            }
            try await out.drain()
        }
        return .ok("LSUB done")
    }

    /// The nearest name above that matches, unless it is subscribed and shows by itself.
    private func ancestor(
        of name: MailboxName,
        matching patterns: [ListPattern],
        in listings: [MailboxListing]
    ) -> MailboxName? {
        var above = name.parent
        while let candidate = above {
            if patterns.contains(where: { $0.matches(candidate) }) {
                let isSubscribed = listings.contains { $0.name == candidate && $0.isSubscribed }
                return isSubscribed ? nil : candidate
            }
            above = candidate.parent
        }
        return nil
    }
}
