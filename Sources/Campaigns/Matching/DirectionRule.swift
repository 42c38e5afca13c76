// MATCHING §2: which way a message goes.

extension Inquiry {
    static func direction(
        of input: MatchInput,
        _ directory: Directory,
        _ authentication: AuthenticationVerdict
    ) -> Direction {
        // More than one From field is no evidence of being ours (§3.2).
        guard let from = input.from.first?.address, input.fromFieldCount == 1 else { return .inbound }
        // Our forms speak for strangers (§5.3).
        if directory.addresses.isFormSender(from.key) { return .inbound }
        let allOwn = input.from.allSatisfy { directory.isOwn($0.address) }
        guard allOwn, authentication.dmarc != .fail else { return .inbound }
        return input.recipients.contains { !directory.isOwn($0.address) } ? .outbound : .internal
    }
}
