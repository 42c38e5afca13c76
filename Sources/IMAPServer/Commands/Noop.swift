internal import IMAPWire

// NOOP (RFC 9051 §6.1.2): the client asks for news.
extension CommandRun {
    func noop(_ view: MailboxView) async throws(IMAPFailure) -> Completion {
        try await view.mailbox.refresh()
        return .ok("NOOP done")
    }
}
