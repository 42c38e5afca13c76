/// Whose an address is: a creator's, an agency's, ours.
struct AddressBook: Sendable {
    private let creators: [Creator]
    /// Creators' numbers by listed address.
    private let listed: PackedIndex
    private let agencyAddresses: [AddressKey: Int]
    private let agencyDomains: [DomainName: Int]
    private let ownDomains: Set<DomainName>
    private let ownAddresses: Set<AddressKey>
    private let formSenders: Set<AddressKey>

    init(creators: [Creator], agencies: [Agency], own: OwnIdentity) {
        var entries: [(hash: UInt64, number: Int)] = []
        entries.reserveCapacity(creators.count * 2)
        for (number, creator) in creators.enumerated() {
            for address in creator.addresses { entries.append((address.key.packedHash, number)) }
        }
        self.creators = creators
        self.listed = PackedIndex(entries)
        var agencyAddresses: [AddressKey: Int] = [:]
        var agencyDomains: [DomainName: Int] = [:]
        for (number, agency) in agencies.enumerated() {
            for address in agency.addresses { agencyAddresses[address.key] = number }
            for domain in agency.domains { agencyDomains[domain] = number }
        }
        self.agencyAddresses = agencyAddresses
        self.agencyDomains = agencyDomains
        self.ownDomains = Set(own.domains)
        self.ownAddresses = Set((own.mailboxes + own.team).map(\.key))
        self.formSenders = Set(own.formSenders.map(\.key))
    }

    /// At one of our domains, or listed as ours; a plus token does not make it another's.
    func isOwn(_ key: AddressKey) -> Bool {
        if ownDomains.contains(key.domain) || ownAddresses.contains(key) { return true }
        return key.withoutSuffix.map { ownAddresses.contains($0) } ?? false
    }

    func isFormSender(_ key: AddressKey) -> Bool { formSenders.contains(key) }

    func agency(_ key: AddressKey) -> Int? { agencyAddresses[key] ?? agencyDomains[key.domain] }

    /// The creators that list the address, ascending; usually one or none.
    func creators(listing key: AddressKey) -> [Int] {
        listed.numbers(key.packedHash).filter { number in
            creators[number].addresses.contains { $0.key == key }
        }
    }

    /// Whether an address is in a record of any kind.
    func isKnown(_ key: AddressKey) -> Bool {
        !creators(listing: key).isEmpty || isOwn(key) || agency(key) != nil || formSenders.contains(key)
    }

    /// The creators of an address, and how surely: by its listed form certain (MATCHING §1.4), by
    /// the form without `+suffix` likely (§1.5).
    func owners(of key: AddressKey) -> (creators: [Int], confidence: Confidence)? {
        let exact = creators(listing: key)
        if !exact.isEmpty { return (exact, .certain) }
        guard let bare = key.withoutSuffix else { return nil }
        let owners = creators(listing: bare)
        return owners.isEmpty ? nil : (owners, .likely)
    }
}
