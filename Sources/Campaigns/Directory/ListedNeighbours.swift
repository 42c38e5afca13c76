/// Listed addresses by their local part and half of their domain, for domains one edit away
/// (MATCHING §3.3).
///
/// An edit changes the beginning of a domain or its end, never both: what was not changed is
/// looked up, for each length the listed domain may have had. So a local part that thousands
/// have, such as `hello`, costs no more than a rare one.
struct ListedNeighbours: Sendable {
    private let addresses: ListedAddresses
    private let halves: PackedIndex

    init(_ addresses: ListedAddresses) {
        self.addresses = addresses
        var entries: [(hash: UInt64, number: Int)] = []
        entries.reserveCapacity(addresses.count * 2)
        addresses.forEach { number, address in
            let local = address.key.local
            let domain = Array(address.key.domain.name.unicodeScalars)
            for half in Half.of(domain, as: domain.count) { entries.append((half.hash(local), number)) }
        }
        halves = PackedIndex(entries)
    }

    /// A listed domain with the same local part, one edit away.
    func domain(besides domain: DomainName, local: String) -> DomainName? {
        candidates(besides: domain, local: local).first { Edit.isOne($0.name, domain.name) }
    }

    /// The listed domains with the same local part and one half of the domain.
    func candidates(besides domain: DomainName, local: String) -> [DomainName] {
        let letters = Array(domain.name.unicodeScalars)
        return (max(1, letters.count - 1)...letters.count + 1).flatMap { length in
            Half.of(letters, as: length).flatMap { domains($0.hash(local), local) }
        }
    }

    func contains(_ domain: DomainName, local: String) -> Bool {
        let letters = Array(domain.name.unicodeScalars)
        return Half.of(letters, as: letters.count).prefix(1).contains { half in
            domains(half.hash(local), local).contains(domain)
        }
    }

    private func domains(_ hash: UInt64, _ local: String) -> [DomainName] {
        halves.numbers(hash).flatMap { addresses[$0] }.filter { $0.key.local == local }.map(
            \.key.domain
        )
    }

    /// One side of a domain that leaves out the letter in the middle: two letters changed with each
    /// other around it touch one side only.
    private struct Half: Hashable {
        let isEnd: Bool
        let letters: ArraySlice<Unicode.Scalar>

        /// Both sides, cut as a domain of `length` letters is.
        static func of(_ domain: [Unicode.Scalar], as length: Int) -> [Half] {
            // The end is rarely special, so that it gets more.
            let cut = max(1, (length - 4) / 2)
            return [
                Half(isEnd: false, letters: domain.prefix(cut)),
                Half(isEnd: true, letters: domain.suffix(max(0, length - cut - 1))),
            ]
        }

        func hash(_ local: String) -> UInt64 {
            var hasher = Hasher()
            hasher.combine(local)
            hasher.combine(isEnd)
            for letter in letters { hasher.combine(letter.value) }
            return UInt64(bitPattern: Int64(hasher.finalize()))
        }
    }
}

/// All addresses that are listed for somebody: those of the creators, by their numbers, and then
/// the agencies' and ours.
struct ListedAddresses: Sendable {
    private let creators: [Creator]
    private let others: [Address]

    init(creators: [Creator], others: [Address]) {
        self.creators = creators
        self.others = others
    }

    /// At least as many as there are numbers.
    var count: Int { creators.count + others.count }

    /// What one number stands for.
    subscript(_ number: Int) -> [Address] {
        number < creators.count ? creators[number].addresses : [others[number - creators.count]]
    }

    func forEach(_ body: (Int, Address) -> Void) {
        for (number, creator) in creators.enumerated() {
            for address in creator.addresses { body(number, address) }
        }
        for (number, address) in others.enumerated() { body(creators.count + number, address) }
    }
}
