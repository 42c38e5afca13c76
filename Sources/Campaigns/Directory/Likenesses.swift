/// What strangers may imitate: addresses and domains by what they look like (MATCHING §3.3).
struct Likenesses: Sendable {
    /// Skeletons of listed addresses.
    private let addresses: SortedHashes
    /// Skeletons of domains where every address is ours or an agency's, and of platforms' domains.
    private var guarded: Set<UInt64> = []
    private var guardedDomains: Set<DomainName> = []
    private let neighbours: ListedNeighbours
    /// Hashes of all domains that are listed or at which an address is.
    private let domains: SortedHashes
    private let platformDomains: [DomainName]

    init(
        creators: [Creator],
        agencies: [Agency],
        own: OwnIdentity,
        platforms: [Platform],
        marketplaces: [Marketplace]
    ) {
        let listed = ListedAddresses(
            creators: creators,
            others: agencies.flatMap(\.addresses) + own.mailboxes + own.team + own.formSenders
        )
        neighbours = ListedNeighbours(listed)
        var addresses: [UInt64] = []
        var domains: [UInt64] = []
        addresses.reserveCapacity(listed.count)
        domains.reserveCapacity(listed.count)
        listed.forEach { _, address in
            addresses.append(Skeleton.of(address.key.text))
            domains.append(address.key.domain.packedHash)
        }
        self.addresses = SortedHashes(addresses)
        platformDomains = platforms.flatMap(\.senderDomains) + marketplaces.flatMap(\.senderDomains)
        for domain in own.domains + agencies.flatMap(\.domains) + platformDomains {
            guarded.insert(Skeleton.of(domain.name))
            guardedDomains.insert(domain)
            domains.append(domain.packedHash)
        }
        self.domains = SortedHashes(domains)
    }

    /// What an address that is in no record imitates, in words; `nil` where it is just unknown.
    ///
    /// The cost is that of the address.
    func imitation(by address: Address) -> String? {
        let key = address.key
        let domain = key.domain
        let parents = domain.andParents
        if parents.contains(where: { guardedDomains.contains($0) }) { return nil }
        if spellings(address).contains(where: { addresses.contains($0) }) {
            return "looks like a listed address"
        }
        let looks = parents + DomainName(Self.readingCapitals(address.domain)).andParents
        for look in looks where look.name.contains(".") && guarded.contains(Skeleton.of(look.name)) {
            return "domain \(domain) looks like a guarded one"
        }
        if let known = neighbours.domain(besides: domain, local: key.local) {
            return "same local part one edit from \(known)"
        }
        if let known = beginning(of: domain, local: key.local) { return "domain begins with \(known)" }
        for parent in parents where parent.name.utf8.count >= Self.shortestEdited {
            for platform in platformDomains where platform.name.utf8.count >= Self.shortestEdited {
                if Edit.isOne(platform.name, parent.name) { return "domain one edit from \(platform)" }
            }
        }
        return nil
    }

    private func spellings(_ address: Address) -> [UInt64] {
        var result = [Skeleton.of(address.key.text)]
        // With capitals read as they look; A-labels have none.
        let spelled = Address(
            local: Self.readingCapitals(address.local),
            domain: Self.readingCapitals(address.domain)
        )
        if spelled.key != address.key { result.append(Skeleton.of(spelled.key.text)) }
        return result
    }

    /// Each capital `I` as the `l` it looks like, where small letters stand around it.
    private static func readingCapitals(_ text: String) -> String {
        guard text.utf8.contains(0x49), text.utf8.contains(where: { (0x61...0x7A).contains($0) }) else {
            return text
        }
        return String(text.map { $0 == "I" ? "l" : $0 })
    }

    /// A known domain that stands at the beginning of a longer one: `brand.example.mail.test`.
    private func beginning(of domain: DomainName, local: String) -> DomainName? {
        let name = domain.name
        if domains.contains(domain.packedHash) { return nil }
        for index in name.indices where name[index] == "." || name[index] == "-" {
            let known = DomainName(folded: String(name[..<index]))
            guard known.name.contains("."), domains.contains(known.packedHash) else { continue }
            // `post.example` and `post.example.br` may both be a provider's; then only the same
            // name at both is an imitation.
            let rest = name[name.index(after: index)...]
            let isCountry = name[index] == "." && rest.utf8.count == 2 && !guardedDomains.contains(known)
            if isCountry, !neighbours.contains(known, local: local) { continue }
            return known
        }
        return nil
    }

    /// Shorter domains have too many honest neighbours.
    private static let shortestEdited = 8
}
