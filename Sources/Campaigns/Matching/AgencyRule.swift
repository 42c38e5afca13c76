internal import Text

// MATCHING §5.5: an agency speaks for several creators.

extension Inquiry {
    /// §5.5 for the first agency address among those given; `nil` where there is none.
    func agencyCreators(_ addresses: [Address]) -> Finding<CreatorID>? {
        guard let number = addresses.lazy.compactMap({ directory.addresses.agency($0.key) }).first else { return nil }
        let roster = directory.rosters[number]
        let agency = directory.agencies[number]
        let name = agency.name
        let naming = RosterNaming(in: input, roster, directory)
        let threadCreators = thread.isDivided ? [] : thread.parent?.creators.keys ?? []

        // a. named
        if !naming.named.isEmpty {
            let named = ids(naming.named)
            let reason = Reason("5.5a", "\(name) names " + named.map(\.rawValue).sorted().joined(separator: ", "))
            let inThread = named.allSatisfy { threadCreators.contains($0) }
            return inThread ? .certain(named, reason) : .likely(named, reason)
        }
        let field = naming.field ?? Set(roster.creators)
        // b. one of them in To or Cc
        let copied = numbers(listing: (input.to + input.cc).map(\.address)).intersection(field)
        if copied.count == 1 { return .likely(ids(copied), Reason("5.5b", "\(name), creator in To or Cc")) }
        // c. the thread of one of them
        if threadCreators.count == 1, let creator = threadCreators.first,
            (directory.number(of: creator).map { field.contains($0) } ?? false)
        {
            return .certain([creator], Reason("5.5c", "\(name) in the thread of \(creator)"))
        }
        // d. the only one of them in the campaign signalled
        let signalled = Set(
            freshSignals(for: threadCreators.filter { directory.creator($0)?.agency == agency.id }).map(\.campaign)
        )
        let members: Set<Int> =
            signalled.isEmpty
            ? []
            : field.filter { number in
                signalled.contains { campaign in
                    directory.stage(of: directory.creators[number].id, in: campaign).map { $0 != .declined } ?? false
                }
            }
        if signalled.count == 1, members.count == 1 {
            return .likely(
                ids(members),
                Reason("5.5d", "\(name), its only creator in \(signalled.first?.rawValue ?? "")")
            )
        }
        // e. a person decides
        let candidates = naming.field ?? (members.isEmpty ? Set(roster.creators) : Set(members))
        return .ambiguous(ids(candidates), Reason("5.5e", "\(name) speaks for several creators"))
    }
}

/// Which of an agency's creators a message names.
struct RosterNaming {
    /// Named by handle, or by a full name that is nobody else's in the agency.
    private(set) var named: Set<Int> = []
    /// Those whom a name given fits that tells too little; `nil` where no name was given.
    private(set) var field: Set<Int>?

    init(in input: MatchInput, _ roster: Roster, _ directory: Directory) {
        let members = Set(roster.creators)
        for mention in SocialHandles.mentions(in: input.subject, hosts: directory.handles.profileHosts)
            + SocialHandles.mentions(in: input.freshText, hosts: directory.handles.profileHosts)
        {
            let platform = mention.platform.map { PlatformID(rawValue: $0) }
            named.formUnion(members.intersection(directory.handles.creators(of: mention.name, on: platform)))
        }
        // The sender's own name, in From and under the mail, is no creator's.
        let senders = Set(
            input.from.flatMap { $0.name.split(whereSeparator: { !$0.isLetter }) }
                .map { CaseFolding.searchable(String($0)) }
        )
        var full: Set<[Int]> = []
        var parts: Set<Int> = []
        for text in [input.subject, input.freshText] {
            let folded = FoldedText(text)
            // Several creators with one name are hits at one place.
            var places: [Range<Int>: (full: Set<Int>, part: Set<Int>)] = [:]
            for hit in roster.names.hits(in: folded) {
                switch hit.payload {
                case .full(let number): places[hit.range, default: ([], [])].full.insert(number)
                case .part(let number):
                    guard !senders.contains(folded.text(hit.range)) else { continue }
                    places[hit.range, default: ([], [])].part.insert(number)
                }
            }
            for place in places.values {
                if place.full.isEmpty { parts.formUnion(place.part) } else { full.insert(place.full.sorted()) }
            }
        }
        for one in full where one.count == 1 { named.formUnion(one) }
        guard named.isEmpty else { return }
        let shared = Set(full.flatMap { $0 })
        if !shared.isEmpty { field = shared } else if !parts.isEmpty { field = parts }
    }
}
