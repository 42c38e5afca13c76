internal import IMAPWire

// CHECK (RFC 3501 §6.4.1): nothing waits to be written, so it is NOOP.
extension CommandRun {
    func check(_ view: MailboxView) async throws(IMAPFailure) -> Completion {
        try await view.mailbox.refresh()
        return .ok("CHECK done")
    }
}
