internal import IMAPWire

// UNSELECT (RFC 3691): CLOSE that removes nothing.
extension CommandRun {
    func unselect(_ view: MailboxView) async -> Completion {
        await view.mailbox.close()
        return Completion(
            answer: Completion.Answer(.ok, nil, "UNSELECT done"),
            telling: nil,
            transition: .unselected
        )
    }
}
