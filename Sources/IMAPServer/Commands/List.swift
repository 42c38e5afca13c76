internal import IMAPWire
internal import Text

// LIST (RFC 9051 §6.3.9 without RFC 5258; RFC 3348, RFC 6154).
extension CommandRun {
    func list(
        _ request: ListRequest,
        _ session: any IMAPSession,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        // An empty pattern asks for the separator alone.
        if request.patterns == [""] {
            out.response(.list(ListEntry(attributes: ["\\Noselect"], name: [])))
            return .ok("LIST done")
        }
        let listings = try await session.mailboxes()
        let parents = Set(listings.compactMap { $0.name.parent })
        let patterns = request.patterns.map { ListPattern(request.reference + $0) }
        for listing in listings where patterns.contains(where: { $0.matches(listing.name) }) {
            guard !request.onlySpecialUse || listing.use != nil else { continue }
            let attributes = attributes(of: listing, hasChildren: parents.contains(listing.name))
            out.response(.list(ListEntry(attributes: attributes, name: ModifiedUTF7.encode(listing.name.text))))
            try await out.drain()
        }
        return .ok("LIST done")
    }

    func attributes(of listing: MailboxListing, hasChildren: Bool) -> [String] {
        var attributes: MailboxAttributes = hasChildren ? .hasChildren : .hasNoChildren
        if !listing.isSelectable { attributes.insert(.noSelect) }
        // RFC 3501 §7.2.2: \Noinferiors says that there are none and never will be.
        if !listing.allowsChildren, !hasChildren { attributes = attributes.union(.noInferiors) }
        var names = MailboxAttributes.names.filter { attributes.contains($0.attribute) }.map(\.name)
        if let use = listing.use { names.append(use.rawValue) }
        return names
    }
}
