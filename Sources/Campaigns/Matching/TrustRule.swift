// MATCHING §3: whether the sender is to be trusted.

extension Inquiry {
    /// Why the message is suspicious; `nil` where it is not.
    var suspicion: Reason? {
        if authentication.dmarc == .fail { return Reason("3.1", "dmarc=fail") }
        if input.fromFieldCount > 1 { return Reason("3.2", "more than one From field") }
        guard !input.from.isEmpty else { return Reason("3.2", "no address in From") }
        let shown = input.fromDecorations.flatMap { ShownAddresses.find(in: $0) }
        if !shown.isEmpty {
            let real = RealSenders(input.from.map(\.address), directory.addresses)
            if let mask = shown.first(where: { real.areMasked(by: $0) }) {
                return Reason("3.2", "From shows \(mask) and is \(input.from[0].address)")
            }
        }
        for sender in input.from {
            let key = sender.address.key
            if directory.addresses.isKnown(key) || directory.addresses.owners(of: key) != nil { continue }
            if directory.senders.sender(at: key.domain) != nil { continue }
            if let likeness = directory.likenesses.imitation(by: sender.address) {
                return Reason("3.3", "\(sender.address): \(likeness)")
            }
        }
        return nil
    }

    /// A suspicious message: candidates inside a known thread, nothing elsewhere.
    func suspicious(_ reason: Reason) -> Attachment {
        var attachment = Attachment(direction: .inbound, isSuspicious: true)
        let parent = thread.parent
        let creators = parent?.creators.keys ?? thread.allCreators
        attachment.creators = .ambiguous(creators, reason)
        if let parent, !creators.isEmpty { attachment.campaigns = .ambiguous(parent.campaigns.keys, reason) }
        if creators.isEmpty { attachment.creators = .nothing(reason) }
        return attachment
    }
}

/// Whose the addresses in From are, worked out once: a From field may show thousands beside them.
private struct RealSenders {
    private let addresses: Set<AddressKey>
    private let owners: Set<Int>
    private let agencies: Set<Int>
    private let isOwn: Bool
    private let book: AddressBook

    init(_ addresses: [Address], _ book: AddressBook) {
        self.book = book
        self.addresses = Set(addresses.map(\.key))
        owners = Set(addresses.flatMap { book.owners(of: $0.key)?.creators ?? [] })
        agencies = Set(addresses.compactMap { book.agency($0.key) })
        isOwn = addresses.contains { book.isOwn($0.key) }
    }

    /// Whether an address shown beside the real ones belongs to somebody we know, and none of them
    /// does to the same.
    func areMasked(by shown: Address) -> Bool {
        guard !addresses.contains(shown.key) else { return false }
        if book.isOwn(shown.key) { return !isOwn }
        if let known = book.owners(of: shown.key)?.creators { return owners.isDisjoint(with: known) }
        guard let agency = book.agency(shown.key) else { return false }
        return !agencies.contains(agency)
    }
}

/// Addresses that stand in a text for people: display names and comments.
enum ShownAddresses {
    static func find(in text: String) -> [Address] {
        var result: [Address] = []
        let characters = Array(text.unicodeScalars)
        for (index, scalar) in characters.enumerated() where scalar == "@" || scalar.value == 0xFF20 {
            var start = index
            while start > 0, isPart(characters[start - 1]) { start -= 1 }
            var end = index + 1
            while end < characters.count, isPart(characters[end]) { end += 1 }
            while end > index + 1, characters[end - 1] == "." || characters[end - 1] == "-" { end -= 1 }
            let local = String(String.UnicodeScalarView(characters[start..<index]))
            let domain = String(String.UnicodeScalarView(characters[(index + 1)..<end]))
            if let address = Address(local + "@" + domain) { result.append(address) }
        }
        return result
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x2B, 0x2D, 0x2E, 0x5F, 0x25, 0x23, 0x26, 0x2A, 0x2F, 0x3D, 0x7E: true
        case ..<0x80: false
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }
}
