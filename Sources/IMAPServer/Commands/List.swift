internal import IMAPWire
internal import Text

// LIST (RFC 9051 §6.3.9; RFC 5258, RFC 5819, RFC 6154).
extension CommandRun {
    func list(
        _ request: ListRequest,
        _ session: any IMAPSession,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        // An empty pattern asks for the separator alone (RFC 5258 §3: not in an extended LIST).
        if !request.isExtended, request.patterns == [""] {
            out.response(.list(ListEntry(attributes: ["\\Noselect"], name: [])))
            return .ok("LIST done")
        }
        let names = try await session.mailboxNames()
        guard request.returns.status != nil || request.returns.metadata != nil else {
            let answer = names.answer(to: request, inUTF8: enabled.namesAreUTF8) {
                lines(of: ListSelector(request, names.listings).selected(), request)
            }
            try await out.send(answer)
            return .ok("LIST done")
        }
        var rest = ListSelector(request, names.listings).selected()[...]
        repeat {
            // The numbers of a slice are read at once, and each goes out behind its name.
            let slice = rest.prefix(Self.statusSlice)
            rest = rest.dropFirst(slice.count)
            let statuses = try await statuses(of: slice, request, session)
            let annotations = try await annotations(of: slice, request, session)
            for item in slice {
                out.compose { write(item, annotations[item.listing.name], request, into: &$0) }
                if let items = request.returns.status, let status = statuses[item.listing.name] {
                    write(status, items, of: item.listing.name, session, out)
                }
                try await out.drain()
            }
        } while !rest.isEmpty
        return .ok("LIST done")
    }

    /// The line of LIST that names one mailbox, for SELECT (RFC 9051 §6.3.2).
    func listEntry(of name: MailboxName, _ session: any IMAPSession) async throws(IMAPFailure) -> ListEntry {
        let request = ListRequest(reference: "", patterns: [name.text])
        let item = ListSelector(request, try await session.mailboxes()).selected().first
        return item.map { entry(for: $0, request) } ?? ListEntry(attributes: [], name: wireName(name))
    }

    /// Mailboxes whose numbers are read at a time.
    private static let statusSlice = 64

    private func statuses(
        of items: ArraySlice<ListSelector.Item>,
        _ request: ListRequest,
        _ session: any IMAPSession
    ) async throws(IMAPFailure) -> [MailboxName: MailboxStatus] {
        guard request.returns.status != nil else { return [:] }
        let names = items.filter { $0.listing.isSelectable && $0.listing.exists }.map(\.listing.name)
        var statuses: [MailboxName: MailboxStatus] = [:]
        for (name, status) in zip(names, try await session.status(names)) { statuses[name] = status }
        return statuses
    }

    /// The annotations asked for (RFC 9590); a name without a mailbox has none.
    private func annotations(
        of items: ArraySlice<ListSelector.Item>,
        _ request: ListRequest,
        _ session: any IMAPSession
    ) async throws(IMAPFailure) -> [MailboxName: [MetadataValue]] {
        guard let entries = request.returns.metadata else { return [:] }
        let names = items.filter { $0.listing.isSelectable && $0.listing.exists }.map(\.listing.name)
        var annotations: [MailboxName: [MetadataValue]] = [:]
        for (name, values) in zip(names, try await session.metadata(of: names)) {
            annotations[name] = values.map { MetadataRequest(mailbox: name, entries: entries).chosen(from: $0) }
        }
        return annotations
    }

    /// The lines that tell of names.
    private func lines(of items: [ListSelector.Item], _ request: ListRequest) -> [UInt8] {
        var writer = WireWriter()
        writer.quotesUTF8 = enabled.namesAreUTF8
        for item in items { write(item, nil, request, into: &writer) }
        return writer.takeBytes()
    }

    /// The line of a name, and what LIST tells of it in lines of their own (RFC 8440, RFC 9590).
    private func write(
        _ item: ListSelector.Item,
        _ annotations: [MetadataValue]?,
        _ request: ListRequest,
        into writer: inout WireWriter
    ) {
        let listing = item.listing
        writer.response(.list(entry(for: item, request)))
        if request.returns.myRights, listing.isSelectable, listing.exists {
            writer.response(.myRights(name: wireName(listing.name), listing.rights))
        }
        if let annotations, !annotations.isEmpty {
            writer.response(.metadata(name: wireName(listing.name), annotations))
        }
    }

    private func entry(for item: ListSelector.Item, _ request: ListRequest) -> ListEntry {
        var attributes = MailboxAttributes(item.listing)
        // A plain LIST says what RFC 3348 knows; an extended one what it was asked for (RFC 5258 §3.2).
        if !request.isExtended || request.returns.children {
            attributes.insert(item.hasChildren ? .hasChildren : .hasNoChildren)
        }
        let tellsSubscribed = request.returns.subscribed || request.selection.contains(.subscribed)
        if tellsSubscribed, item.listing.isSubscribed { attributes.insert(.subscribed) }
        // RFC 3501 §7.2.2: \Noinferiors says that there are none and never will be.
        if !item.listing.allowsChildren, !item.hasChildren { attributes.insert(.noInferiors) }
        return ListEntry(
            attributes: attributes.listed(with: item.listing.use),
            name: wireName(item.listing.name),
            childInfo: item.childInfo
        )
    }
}

extension MailboxAttributes {
    /// What the name is by itself.
    init(_ listing: MailboxListing) {
        self = []
        // RFC 5258 §3: \NonExistent stands for \Noselect too.
        if !listing.exists {
            insert(.nonExistent)
        } else if !listing.isSelectable {
            insert(.noSelect)
        }
    }

    /// The names on the wire, with the special use: clients look for it in every LIST and LSUB.
    func listed(with use: SpecialUse?) -> [String] {
        Self.names.filter { contains($0.attribute) }.map(\.name) + (use.map { [$0.rawValue] } ?? [])
    }
}
