internal import IMAPWire

// RENAME (RFC 9051 §6.3.6).
extension CommandRun {
    func rename(
        _ name: MailboxName,
        to new: MailboxName,
        _ session: any IMAPSession
    ) async throws(IMAPFailure) -> Completion {
        guard !new.isInbox else { return .no(.alreadyExists, "INBOX is always there") }
        guard name != new else { return .no(.alreadyExists, "That is its name already") }
        guard !new.isBelow(name) else { return .no(.cannot, "A mailbox cannot move below itself") }
        try await session.rename(name, to: new)
        return .ok("RENAME done")
    }
}
