internal import IMAPWire

/// Which names a LIST shows (RFC 5258 §3.3).
struct ListSelector {
    struct Item {
        var listing: MailboxListing
        var hasChildren: Bool
        /// The criteria that names below meet, for RECURSIVEMATCH (RFC 5258 §3.5).
        var childInfo: [String]
    }

    private let request: ListRequest
    private let listings: [MailboxListing]
    private let patterns: [ListPattern]
    private let criteria: ListSelection

    init(_ request: ListRequest, _ listings: [MailboxListing]) {
        self.request = request
        self.listings = listings
        // RFC 5258 §3: an empty pattern of an extended LIST matches nothing.
        patterns = request.patterns.filter { !$0.isEmpty }.map { ListPattern(request.reference + $0) }
        criteria = request.selection.intersection(.criteria)
    }

    /// The names to show, in the order of the listings.
    func selected() -> [Item] {
        // A name that is only subscribed to makes no children (RFC 5258 §4).
        let parents = Set(listings.filter(\.exists).flatMap { Self.ancestors(of: $0.name) })
        let below = request.selection.contains(.recursiveMatch) ? descendants() : Descendants()
        return candidates(below).compactMap { listing in
            guard matches(listing.name) else { return nil }
            let isMeant = meets(listing) && (listing.exists || criteria.contains(.subscribed))
            // RFC 5258 §3.3: a name that is not meant shows for names below it that do not show themselves.
            guard isMeant || below.unseen.contains(listing.name) else { return nil }
            return Item(
                listing: listing,
                hasChildren: parents.contains(listing.name),
                childInfo: below.all.contains(listing.name) ? criteriaNames : []
            )
        }
    }

    /// The names above those that are meant.
    private struct Descendants {
        var all: Set<MailboxName> = []
        /// Above one that no pattern matches.
        var unseen: Set<MailboxName> = []
    }

    private func descendants() -> Descendants {
        var below = Descendants()
        for listing in listings where meets(listing) && (listing.exists || criteria.contains(.subscribed)) {
            let ancestors = Self.ancestors(of: listing.name)
            below.all.formUnion(ancestors)
            if !matches(listing.name) { below.unseen.formUnion(ancestors) }
        }
        return below
    }

    /// The listings, with the names above a subscribed one that are not there themselves.
    private func candidates(_ below: Descendants) -> [MailboxListing] {
        let known = Set(listings.map(\.name))
        let missing = below.unseen.subtracting(known).sorted()
        return missing.isEmpty ? listings : listings + missing.map { MailboxListing(name: $0, exists: false) }
    }

    private func matches(_ name: MailboxName) -> Bool { patterns.contains { $0.matches(name) } }

    /// Whether a name meets every criterion.
    private func meets(_ listing: MailboxListing) -> Bool {
        (!criteria.contains(.subscribed) || listing.isSubscribed)
            && (!criteria.contains(.specialUse) || listing.use != nil)
    }

    private var criteriaNames: [String] {
        ListSelection.names.filter { criteria.contains($0.option) }.map(\.name)
    }

    private static func ancestors(of name: MailboxName) -> [MailboxName] {
        var ancestors: [MailboxName] = []
        var next = name.parent
        while let parent = next {
            ancestors.append(parent)
            next = parent.parent
        }
        return ancestors
    }
}
