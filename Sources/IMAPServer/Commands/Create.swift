internal import IMAPWire

// CREATE (RFC 9051 §6.3.4).
extension CommandRun {
    func create(_ name: MailboxName, _ use: SpecialUse?, _ session: any IMAPSession) async throws(IMAPFailure)
        -> Completion
    {
        guard !name.isInbox else { return .no(.alreadyExists, "INBOX is always there") }
        try await session.create(name, use: use)
        return .ok("CREATE done")
    }
}
