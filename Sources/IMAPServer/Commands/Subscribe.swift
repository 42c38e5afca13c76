internal import IMAPWire

// SUBSCRIBE (RFC 9051 §6.3.7).
extension CommandRun {
    func subscribe(_ name: MailboxName, _ session: any IMAPSession) async throws(IMAPFailure) -> Completion {
        try await session.subscribe(name, true)
        return .ok("SUBSCRIBE done")
    }
}
