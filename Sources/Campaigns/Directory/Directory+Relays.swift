extension Directory {
    /// The marketplace relay addresses that a message comes from or goes to (MATCHING §5.2).
    package func relayAddresses(of input: MatchInput) -> [AddressKey] {
        guard !marketplaces.isEmpty else { return [] }
        return (input.from + input.replyTo + input.recipients).map(\.address.key).filter { isRelay($0) }
    }

    /// Whether an address stands for one conversation of a marketplace.
    func isRelay(_ key: AddressKey) -> Bool {
        guard case .marketplace(let number) = senders.sender(at: key.domain) else { return false }
        return marketplaces[number].relayAddresses.contains { $0.matches(wholeLine: key.text) != nil }
    }
}
