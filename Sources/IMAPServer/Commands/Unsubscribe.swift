internal import IMAPWire

// UNSUBSCRIBE (RFC 9051 §6.3.8).
extension CommandRun {
    func unsubscribe(_ name: MailboxName, _ session: any IMAPSession) async throws(IMAPFailure) -> Completion {
        try await session.subscribe(name, false)
        return .ok("UNSUBSCRIBE done")
    }
}
