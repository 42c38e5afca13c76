// MATCHING §5.3, §5.4, §5.9: known addresses.

extension Inquiry {
    /// §5.4 inbound: the creator whose address stands in From.
    func knownSender() -> Finding<CreatorID>? {
        owners(of: input.from.map(\.address), rule: "5.4", "known address")
    }

    /// §5.3: what one of our forms sends goes by Reply-To.
    func formCreators() -> Finding<CreatorID>? {
        guard let from = input.from.first?.address, directory.addresses.isFormSender(from.key) else { return nil }
        guard let found = owners(of: input.replyTo.map(\.address), rule: "5.3", "web form of") else { return nil }
        return found.attached.isEmpty ? found : .likely(found.attached, found.reason ?? Reason("5.3", "web form"))
    }

    /// §5.9: a stranger who names one known creator in Reply-To, or else in To and Cc.
    func bystanders() -> Finding<CreatorID>? {
        for (field, mailboxes) in [("Reply-To", input.replyTo), ("To or Cc", input.to + input.cc)] {
            let known = numbers(listing: mailboxes.map(\.address))
            if known.count == 1 {
                return .ambiguous(ids(known), Reason("5.9", "unknown sender, one known creator in \(field)"))
            }
        }
        return nil
    }

    /// §5.4 to §5.6 and §5.2 for outbound mail.
    func recipientCreators() -> Finding<CreatorID> {
        let recipients = input.recipients.map(\.address)
        if let known = allOwners(of: recipients) { return known }
        if let agency = agencyCreators(recipients) { return agency }
        if let relay = relayCreators(recipients.map(\.key)) { return relay }
        return threadCreators() ?? .nothing(Reason("5.11", "no known recipient"))
    }

    /// The creators that addresses are listed for, each once.
    func numbers(listing addresses: [Address]) -> Set<Int> {
        Set(addresses.flatMap { directory.addresses.owners(of: $0.key)?.creators ?? [] })
    }

    func ids(_ numbers: some Sequence<Int>) -> [CreatorID] { numbers.map { directory.creators[$0].id } }

    /// One sender: known addresses of one creator attach, of several they are candidates.
    private func owners(of addresses: [Address], rule: String, _ words: String) -> Finding<CreatorID>? {
        let known = addresses.compactMap { address in
            directory.addresses.owners(of: address.key).map { (address, $0.creators, $0.confidence) }
        }
        guard let first = known.first else { return nil }
        let reason = Reason(rule, "\(words) \(first.0)" + (first.2 == .likely ? " without its suffix" : ""))
        let creators = Set(known.flatMap(\.1))
        guard creators.count == 1 else { return .ambiguous(ids(creators), reason) }
        let confidence = known.contains { $0.2 == .certain } ? Confidence.certain : .likely
        // A second author whom nobody knows could have set the first one's address there.
        let strangers = addresses.count > known.count
        return strangers ? .ambiguous(ids(creators), reason) : .attached(ids(creators), confidence, reason)
    }

    /// All recipients: every known one is attached.
    ///
    /// An address of two records is nobody's: the whole is then for a person to decide.
    private func allOwners(of addresses: [Address]) -> Finding<CreatorID>? {
        var creators: Set<Int> = []
        var confidence = Confidence.certain
        var names: [String] = []
        for address in addresses {
            guard let owners = directory.addresses.owners(of: address.key) else { continue }
            creators.formUnion(owners.creators)
            confidence = confidence.limited(to: owners.creators.count == 1 ? owners.confidence : .ambiguous)
            names.append(address.description)
        }
        guard !creators.isEmpty else { return nil }
        let reason = Reason("5.4", "known recipient " + names.joined(separator: ", "))
        return confidence == .ambiguous
            ? .ambiguous(ids(creators), reason) : .attached(ids(creators), confidence, reason)
    }
}
