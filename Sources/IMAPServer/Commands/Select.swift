internal import IMAPWire

// SELECT and EXAMINE (RFC 9051 §6.3.2, §6.3.3).
extension CommandRun {
    func select(
        _ name: MailboxName,
        readOnly: Bool,
        _ session: any IMAPSession,
        leaving old: MailboxView?,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        await old?.mailbox.close()
        let mailbox = try await session.open(name, readOnly: readOnly)
        let view = MailboxView(mailbox)
        describe(view, mailbox.latestSnapshot, out)
        let isReadOnly = readOnly || view.info.isReadOnly
        return Completion(
            answer: Completion.Answer(.ok, isReadOnly ? .readOnly : .readWrite, "Mailbox selected"),
            telling: nil,
            transition: .selected(view)
        )
    }

    private func describe(_ view: MailboxView, _ snapshot: MailboxSnapshot, _ out: Responder) {
        out.response(.flags(view.flagNames))
        out.response(.exists(UInt32(view.entries.count)))
        // \Recent is never set; RFC 3501 §6.3.1 wants the line all the same.
        out.response(.recent(0))
        if let unseen = view.entries.firstUnseen {
            tell(.unseen(UInt32(unseen + 1)), "First unseen message", out)
        }
        tell(.uidValidity(view.uidValidity), "UIDs are valid", out)
        tell(.uidNext(snapshot.uidNext), "Next UID", out)
        tell(.permanentFlags(permanentFlags(view)), "What may be changed", out)
        tell(.mailboxID(view.mailbox.objectIDs.id(of: snapshot.mailbox)), "Same mailbox, same id", out)
    }

    private func tell(_ code: ResponseCode, _ text: String, _ out: Responder) {
        out.response(.status(StatusResponse(tag: nil, .ok, code, text)))
    }

    private func permanentFlags(_ view: MailboxView) -> [String] {
        guard !view.info.isReadOnly else { return [] }
        return view.info.permanentFlags.names + (view.info.allowsNewKeywords ? ["\\*"] : [])
    }
}
