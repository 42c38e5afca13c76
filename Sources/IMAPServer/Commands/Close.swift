internal import IMAPWire

// CLOSE (RFC 9051 §6.4.2): what is marked \Deleted goes, without being told.
extension CommandRun {
    func close(_ view: MailboxView, _ out: Responder) async throws(IMAPFailure) -> Completion {
        if !view.info.isReadOnly { try await view.mailbox.expunge(nil, progress: Progress(of: tag, out)) }
        await view.mailbox.close()
        return Completion(
            answer: Completion.Answer(.ok, nil, "CLOSE done"),
            telling: nil,
            transition: .unselected
        )
    }
}
