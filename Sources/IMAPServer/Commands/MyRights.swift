internal import IMAPWire

// MYRIGHTS (RFC 4314 §3.5).
extension CommandRun {
    func myRights(
        _ name: MailboxName,
        _ session: any IMAPSession,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        let listing = try await session.mailboxes().first { $0.name == name && $0.exists }
        guard let listing, listing.isSelectable else { throw .noSuchMailbox }
        out.response(.myRights(name: wireName(name), listing.rights))
        return .ok("MYRIGHTS done")
    }
}
