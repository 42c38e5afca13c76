internal import IMAPWire

// CREATE (RFC 9051 §6.3.4), with a special use (RFC 6154 §3).
extension CommandRun {
    func create(_ name: MailboxName, _ uses: [String], _ session: any IMAPSession) async throws(IMAPFailure)
        -> Completion
    {
        guard !name.isInbox else { return .no(.alreadyExists, "INBOX is always there") }
        var use: SpecialUse?
        for text in uses {
            guard let known = SpecialUse(name: text), use == nil || use == known else {
                return .no(.useAttribute, "A mailbox can be made for one use, and for one that is known here")
            }
            use = known
        }
        let mailbox = try await session.create(name, use: use)
        // RFC 8474 §4.1.
        return .ok("CREATE done", .mailboxID(session.objectIDs.id(of: mailbox)))
    }
}
