internal import IMAPWire

// DELETE (RFC 9051 §6.3.5).
extension CommandRun {
    func delete(_ name: MailboxName, _ session: any IMAPSession) async throws(IMAPFailure) -> Completion {
        guard !name.isInbox else { return .no(.cannot, "INBOX cannot be deleted") }
        try await session.delete(name)
        return .ok("DELETE done")
    }
}
